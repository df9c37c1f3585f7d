"""Many people of one process ask at the same moment: with a store that answers, and without."""

import asyncio

import pytest
from structlog.testing import capture_logs

from queueing.catalogue import Directory
from queueing.connections import CONNECTIONS
from queueing.errors import QueueUnreachableError
from queueing.store import REPLY_SECONDS, open_store
from tests.integration.queueing.pools import a_client, a_service
from tests.integration.queueing.proxies import a_proxy
from tests.integration.queueing.servers import a_server

SLOW = 0.2
"""Seconds that each reply takes, a small part of what one may take."""

CROWD = round(1.2 * REPLY_SECONDS / SLOW) * CONNECTIONS
"""So many that the last wait longer for the others than any reply may take."""

SILENT = "the queue's store does not answer"


@pytest.fixture
async def proxy(real_server):
    async with a_proxy(real_server.url, f"{real_server.url[7:]}c") as proxy:
        yield proxy


async def all_ask(store, number):
    asked = (store.function("view", f"c{each}") for each in range(number))
    return await asyncio.gather(*asked, return_exceptions=True)


def fcalls(plain):
    return plain.info("commandstats")["cmdstat_fcall"]["calls"]


async def test_who_waits_for_their_turn_is_answered_and_asks_once(proxy, real_server):
    async with open_store(proxy.url, "{q:crowd}", budget=REPLY_SECONDS) as store:
        await store.load_library()
        with real_server.plain() as plain, capture_logs() as logs:
            plain.config_resetstat()
            proxy.delay = SLOW

            answers = await all_ask(store, CROWD)

            assert answers == [[]] * CROWD
            assert fcalls(plain) == CROWD
    assert not logs


async def test_a_heartbeat_does_not_stand_behind_a_crowd(proxy):
    async with a_client(proxy.url, "heart") as client, asyncio.TaskGroup() as tasks:
        proxy.delay = SLOW
        asking = (client.view(f"c{each}") for each in range(CROWD))
        crowd = [tasks.create_task(each) for each in asking]

        await client.heartbeat()

        assert sum(each.done() for each in crowd) < CROWD / 2
        for each in crowd:
            each.cancel()


async def test_a_crowd_that_misses_the_library_loads_it_and_goes_on(real_server):
    async with a_client(real_server.url, "library") as client:
        await client.publish(Directory(1, (a_service(),), ()))
        with real_server.plain() as plain:
            plain.function_flush()

        async with asyncio.timeout(5):
            answers = await all_ask(client._store, 3 * CONNECTIONS)

    assert answers == [[]] * (3 * CONNECTIONS)


async def test_a_crowd_without_a_store_is_told_so_within_the_budget(tmp_path):
    async with open_store(f"unix://{tmp_path}/none", "{q:x}", budget=0.3) as store:
        with capture_logs() as logs:
            async with asyncio.timeout(3):
                answers = await all_ask(store, 500)

    assert {type(answer) for answer in answers} == {QueueUnreachableError}
    assert [line["event"] for line in logs] == [SILENT]


async def test_a_crowd_at_a_store_that_stands_still_is_told_so_soon_after_the_budget():
    with a_server("valkey") as server:
        async with open_store(server.url, "{q:x}", budget=0.3) as store:
            await store.load_library()
            server.freeze()

            async with asyncio.timeout(2 * REPLY_SECONDS):
                answers = await all_ask(store, 10 * CONNECTIONS)

    assert {type(answer) for answer in answers} == {QueueUnreachableError}
