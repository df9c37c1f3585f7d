"""`python -m queueing`: the process that ends what is due, on the real clock."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager

import pytest

from queueing.app import serve
from queueing.catalogue import (
    Directory,
)
from queueing.model import (
    CallState,
    Mode,
)
from queueing.settings import Settings
from tests.integration.queueing.pools import a_client, a_request, a_service, an_agent

FAST = {
    "ILLICO_SWEEP_INTERVAL_MS": "20",
    "ILLICO_OFFER_SECONDS": "0.2",
    "ILLICO_PAIR_REST_SECONDS": "0.2",
    "ILLICO_SERVER_LEASE_SECONDS": "0.3",
}


@asynccontextmanager
async def a_process(**environment):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "queueing"),
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until(claim):
    async with asyncio.timeout(10):
        while not await claim():  # noqa: ASYNC110  another process makes it true
            await asyncio.sleep(0.02)


async def a_ringing_call(client):
    await client.publish(Directory(1, (a_service(),), (an_agent("agent1"),)))
    await client.agent_connected(agent="agent1", connection="t", request=a_request())
    await client.agent_ready(agent="agent1", request=a_request())
    return await client.enqueue(
        call="c1",
        service="telecom-demo",
        topic=None,
        mode=Mode.VIDEO,
        relay="r1",
        connection="tab",
        request=a_request(),
    )


async def test_the_process_says_that_it_is_ready_sweeps_and_ends(real_server):
    settings = FAST | {"ILLICO_REDIS_URL": real_server.url, "ILLICO_QUEUE_POOL": "fast"}
    async with (
        a_process(**settings) as process,
        a_client(real_server.url, "fast") as client,
    ):
        async with asyncio.timeout(10):
            assert await process.stdout.readline() == b"ready queueing fast\n"
        call = await a_ringing_call(client)

        async def is_offered_again():
            await client.heartbeat()
            view = await client.view(call.call)
            return view.state == CallState.OFFERED and view.token > call.token

        await until(is_offered_again)

        async def is_lost_with_its_server():
            return (await client.view(call.call)).state == CallState.LOST

        await until(is_lost_with_its_server)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(5):
            assert await process.wait() == 0


async def test_two_sweepers_do_no_more_than_one(real_server):
    settings = Settings.model_validate(
        FAST | {"ILLICO_REDIS_URL": real_server.url, "ILLICO_QUEUE_POOL": "two"}
    )
    async with (
        serve(settings),
        serve(settings),
        a_client(real_server.url, "two") as client,
    ):
        call = await a_ringing_call(client)

        async def is_missed():
            await client.heartbeat()
            return (await client.view(call.call)).state == CallState.QUEUED

        await until(is_missed)
        entries = await client.ledger(after="0", count=100, block_ms=0)

    assert [e.kind for e in entries].count("offer_timed_out") == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ILLICO_REDIS_URL", "http://somewhere"),
        ("ILLICO_SWEEP_INTERVAL_MS", "0"),
        ("ILLICO_OFFER_SECONDS", "soon"),
        ("ILLICO_QUEUE_POOL", "a b"),
    ],
)
async def test_a_bad_environment_ends_the_start_with_every_error(variable, value):
    async with a_process(**{variable: value, "ILLICO_WRAP_UP_SECONDS": "0"}) as process:
        async with asyncio.timeout(10):
            _, errors = await process.communicate()

    lines = errors.decode().splitlines()
    assert process.returncode == 2
    assert [line.split(":")[0] for line in lines] == [
        variable,
        "ILLICO_WRAP_UP_SECONDS",
    ]
