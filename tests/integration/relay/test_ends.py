"""How a relay ends: killed, vanished without a word, or told to."""

import asyncio
import signal
import time
from contextlib import contextmanager

import pytest

from relay import messages
from relay.errors import DrainingError, UnreachableError
from relay.messages import Role
from tests.integration.relay.offers import an_offer
from tests.integration.relay.relays import eventually, listening, relay_process


async def a_leg(server, call="c1"):
    await server.client.open_leg(
        call=call,
        participant="caller",
        role=Role.CALLER,
        leg="leg-1",
        token=0,
        sdp=an_offer(),
        eye=False,
    )


async def claim(server):
    await server.client.claim(call="c1", participant="caller")


async def is_mute(server):
    return not await server.client.is_alive()


@contextmanager
def frozen(process):
    """A process that stands still, as a machine without a network would be."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


async def test_a_killed_relay_is_known_to_be_gone_at_once(relay_folder):
    async with (
        relay_process(relay_folder) as (address, process),
        listening(address) as server,
    ):
        await claim(server)

        process.kill()

        await server.wait_for(messages.ChannelRefused, within=1)
        assert server.client.is_gone
        assert not await server.client.is_alive()
        with pytest.raises(UnreachableError):
            async with asyncio.timeout(0.5):
                await claim(server)


async def test_a_relay_that_vanished_without_a_word_is_noticed_by_asking(relay_folder):
    async with (
        relay_process(relay_folder) as (address, process),
        listening(address) as server,
    ):
        await claim(server)
        assert await server.client.is_alive()

        with frozen(process):
            await eventually(lambda: is_mute(server), within=2)
            await server.wait_for(messages.ChannelLost, within=1)
            assert not server.client.is_gone
        back = await server.wait_for(messages.ChannelBack)
        assert back.same
        assert await eventually(server.client.is_alive)


async def test_a_command_to_a_relay_that_vanished_fails_soon(relay_folder):
    async with (
        relay_process(relay_folder) as (address, process),
        listening(address) as server,
    ):
        await claim(server)

        with frozen(process), pytest.raises(UnreachableError):
            async with asyncio.timeout(3):
                await claim(server)


async def test_a_relay_that_is_told_to_end_waits_until_its_last_leg_is_elsewhere(
    relay_folder,
):
    async with (
        relay_process(relay_folder, ILLICO_RELAY_DRAIN_SECONDS="10") as (
            address,
            process,
        ),
        listening(address) as server,
    ):
        await a_leg(server)
        process.terminate()
        await eventually(lambda: server.of(messages.Load)[-1].draining)
        with pytest.raises(DrainingError):
            await a_leg(server, call="c2")
        assert process.returncode is None

        began = time.monotonic()
        await server.client.close_leg(call="c1", participant="caller")
        await process.wait()

        assert time.monotonic() - began < 5


async def test_a_relay_whose_calls_nobody_can_move_ends_soon(relay_folder):
    async with relay_process(relay_folder, ILLICO_RELAY_DRAIN_SECONDS="30") as (
        address,
        process,
    ):
        async with listening(address) as server:
            await a_leg(server)
            process.terminate()
            await eventually(lambda: server.of(messages.Load)[-1].draining)

        began = time.monotonic()
        await process.wait()

        assert time.monotonic() - began < 5
