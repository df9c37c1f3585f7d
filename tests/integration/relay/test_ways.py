"""A leg's way to its browser: measured, followed when it changes, freed at the end."""

import asyncio
import socket
from contextlib import suppress

import pytest
from aioice import stun
from aiortc import RTCDtlsTransport

from tests.integration.relay.peers import (
    HERE,
    Stranger,
    a_check,
    a_leg,
    a_peer,
    answer_the_check,
    going_on,
    meet,
)
from tests.integration.relay.relays import eventually

PATIENCE = 10
REPORT = b"\x80\xc9\0\1\0\0\0\7"


async def test_a_browser_that_moves_to_an_address_it_only_tried_before_is_followed():
    """A phone has two ways: one is taken first, the other when that one ends."""
    async with a_leg() as leg, a_peer() as peer:
        with Stranger(leg) as other_way:

            async def comes():
                other_way.sends(a_check(leg, peer))
                while (await other_way.hears()).message_class is not stun.Class.REQUEST:
                    pass  # the leg tries it, and has no answer yet
                await peer.reach(leg)
                await peer.shake_hands(leg)

            async with going_on(comes()) as coming:
                assert await leg.lets_in(peer)
                await coming

            other_way.sends(a_check(leg, peer, nominates=True))
            await answer_the_check(other_way, leg, peer)
            assert await hears_media(other_way, leg)


async def hears_media(stranger, leg):
    """Say whether what the leg sends arrives there in the end."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE):
        while True:
            leg.transport.media.send_rtcp(REPORT)
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    data = await loop.sock_recv(stranger.socket, 2048)
                    if 127 < data[0] < 192:
                        return True


async def test_the_way_there_and_back_is_known_before_anything_is_lost():
    async with a_leg() as leg, a_peer() as peer:
        measured: list[float] = []
        leg.transport.tell_round_trips(measured.append)

        assert await meet(leg, peer)

        assert measured
        assert all(0 < seconds < stun.RETRY_RTO for seconds in measured)


def is_free(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.bind((HERE, address[1]))
        except OSError:
            return False
    return True


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_a_goodbye_that_never_ends_keeps_no_socket(monkeypatch, is_cancelled):
    async with a_leg() as leg, a_peer() as peer:
        assert await meet(leg, peer)
        address = leg.address
        assert not is_free(address)

        with monkeypatch.context() as patched:
            patched.setattr(RTCDtlsTransport, "stop", never_ends)
            async with going_on(leg.transport.close()) as closing:
                if is_cancelled:
                    await asyncio.sleep(0)
                    closing.cancel()
                with suppress(asyncio.CancelledError):
                    await closing
        await eventually(lambda: is_free(address))


async def never_ends(_transport):
    await asyncio.Event().wait()
