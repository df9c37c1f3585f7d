"""The chain writer beside a real queue: what is away comes back, nothing is lost."""

import asyncio
import random
import socket
import sqlite3
import time
from contextlib import closing

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ledger.desk import DayDesk
from ledger.model import POOL_CHAIN, CompanyId
from ledger.store import LedgerStore
from queueing.keys import Keys
from queueing.texts import SEPARATOR
from tests.integration.ledger.houses import (
    TELECOM,
    a_finished_call,
    a_ledger_process,
    a_queue,
    a_writer,
    all_links,
    chained_numbers,
    note,
    numbers_so_far,
    start_badly,
    until,
)
from tests.integration.queueing.servers import a_server

STREAM = Keys("fr").ledger


def has_chained(store, numbers):
    async def claim():
        return sorted(await numbers_so_far(store)) == list(numbers)

    return claim


async def stream_length(server):
    with server.plain() as plain:
        return plain.xlen(STREAM)


async def test_every_note_is_chained_once_and_the_stream_is_emptied(
    queue, store, server
):
    rung: list[CompanyId] = []
    async with a_writer(queue, store, on_chained=rung.extend):
        for number in range(30):
            await note(queue, number)
        await until(has_chained(store, range(30)))

        async def emptied():
            return await stream_length(server) == 0

        await until(emptied)

    assert await chained_numbers(store) == list(range(30))
    assert set(rung) == {TELECOM, POOL_CHAIN}  # and that a life of the queue began


async def test_a_whole_call_is_one_chain_with_its_evidence(queue, store):
    async with a_writer(queue, store):
        await a_finished_call(queue, "call-1")

        async def is_ended():
            return "call_ended" in [link.kind for link in await all_links(store)]

        await until(is_ended)

    kinds = [link.kind for link in await all_links(store)]
    assert kinds[0] == "call_queued"
    assert kinds.index("call_accepted") < kinds.index("call_answered")
    assert len(await all_links(store, POOL_CHAIN)) > 0
    assert all("agent-1" not in link.body for link in await all_links(store))


async def test_a_crash_between_commit_and_trim_doubles_nothing(queue, store, server):
    class Untrimmed:
        ledger = queue.ledger

        async def ledger_trim(self, up_to):
            raise OSError("the process dies here")

    async with a_writer(Untrimmed(), store):
        for number in range(5):
            await note(queue, number)
        await until(has_chained(store, range(5)))
    assert await stream_length(server) == 1 + 5  # the first: a life has begun

    async with a_writer(queue, store):
        await note(queue, 5)
        await until(has_chained(store, range(6)))

    assert await chained_numbers(store) == list(range(6))


@pytest.mark.timeout(120)
async def test_the_writer_killed_again_and_again_loses_and_doubles_nothing(
    queue, url, server
):
    stop = asyncio.Event()
    written = 0

    async def keep_noting():
        nonlocal written
        while not stop.is_set():
            await note(queue, written)
            written += 1
            await asyncio.sleep(0.001)

    async with LedgerStore.open(url) as store, asyncio.TaskGroup() as tasks:
        tasks.create_task(keep_noting())
        for _ in range(3):
            async with a_ledger_process(server, url) as ledger:
                await asyncio.sleep(random.uniform(0.05, 0.4))  # a kill at any moment
                ledger.kill()
                await ledger.ended()
        stop.set()
        async with a_ledger_process(server, url) as ledger:
            await until(has_chained(store, range(written)))
            assert await ledger.stop() == 0

        assert await chained_numbers(store) == list(range(written))


async def test_two_processes_at_once_chain_each_event_once(queue, url, server):
    async with (
        LedgerStore.open(url) as store,
        a_ledger_process(server, url),
        a_ledger_process(server, url),
    ):
        for number in range(200):
            await note(queue, number)
        await until(has_chained(store, range(200)))

        assert await chained_numbers(store) == list(range(200))


async def test_a_stream_that_starts_anew_is_chained_on(store):
    with a_server("valkey") as own:
        async with a_queue(own) as queue, a_writer(queue, store) as writer:
            await note(queue, 0)
            await until(has_chained(store, [0]))

            own.kill()
            await until(_says(writer, "stream_away"))
            own.start()
            async with a_queue(own, name="s2") as again:
                await note(again, 1)
            await until(has_chained(store, [0, 1]))
            await until(_says(writer, None))


async def test_a_stream_of_an_older_time_is_chained_too(store, server, queue):
    async with a_writer(queue, store):
        await note(queue, 0)
        await until(has_chained(store, [0]))
        an_older_event = (
            *("7", "call_rated", "1795334400000000", TELECOM, "telecom-demo", "c1"),
            *("", "", "{}"),
        )
        with server.plain() as plain:
            plain.delete(STREAM)
            plain.xadd(
                STREAM,
                {"events": SEPARATOR.join(an_older_event)},
                id="1000-0",
            )

        await until(has_chained(store, [0, 1]))


def _says(writer, code):
    async def claim():
        return writer.away == code

    return claim


async def test_events_wait_while_postgresql_is_away(queue, postgresql_url):
    async with LedgerStore.open(postgresql_url) as store:
        async with a_writer(queue, store) as writer:
            await note(queue, 0)
            await until(has_chained(store, [0]))
            await _allow_connections(postgresql_url, allowed=False)
            for number in range(1, 20):
                await note(queue, number)
            await until(_says(writer, "database_away"))

            await _allow_connections(postgresql_url, allowed=True)
            await until(has_chained(store, range(20)))

        assert await chained_numbers(store) == list(range(20))


async def test_a_database_that_stands_still_is_away_and_loses_nothing(
    queue, postgresql, postgresql_url
):
    async with LedgerStore.open(postgresql_url, wait_s=0.4) as store:
        desk = DayDesk(store, time.time)
        async with a_writer(queue, store) as writer:
            await note(queue, 0)
            await until(has_chained(store, [0]))

            with postgresql.frozen():
                for number in range(1, 20):
                    await note(queue, number)
                await until(_says(writer, "database_away"), within_s=5)
                async with asyncio.timeout(5):  # whoever looks is told so, too
                    with pytest.raises((SQLAlchemyError, OSError)):
                        await desk.copy(TELECOM, desk.today())

            await until(has_chained(store, range(20)))
            await until(_says(writer, None))
        assert (await desk.copy(TELECOM, desk.today())).sheet.chain.position == 20

        assert await chained_numbers(store) == list(range(20))


async def test_a_locked_file_is_away_and_loses_nothing(queue, sqlite_url):
    async with LedgerStore.open(sqlite_url, wait_s=0.4) as store:
        async with a_writer(queue, store) as writer:
            await note(queue, 0)
            await until(has_chained(store, [0]))

            with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as other:
                other.execute("BEGIN IMMEDIATE")
                for number in range(1, 20):
                    await note(queue, number)
                await until(_says(writer, "database_away"), within_s=5)
                assert await numbers_so_far(store) == [0]  # readers go on

            await until(has_chained(store, range(20)))

        assert await chained_numbers(store) == list(range(20))


async def _allow_connections(url, *, allowed):
    address = make_url(url)
    admin = await asyncpg.connect(host=address.query["host"], user="postgres")
    name = address.database
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}")
    if not allowed:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
            name,
        )
    await admin.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"ILLICO_PORTAL_PORT": "0", "ILLICO_QUEUE_POOL": "!"}, "ILLICO_PORTAL_PORT"),
        ({"ILLICO_DATABASE_URL": "mysql://x/y"}, "mysql"),
        ({"ILLICO_LEDGER_KEY": "/nowhere/key.pem"}, "/nowhere/key.pem"),
        ({"ILLICO_PORTAL_PORT": "TAKEN"}, "address already in use"),
    ],
)
async def test_a_start_that_cannot_be_ends_with_a_sentence(
    words, told, server, sqlite_url
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told_words = {k: port if v == "TAKEN" else v for k, v in words.items()}
        code, said = await start_badly(server, sqlite_url, told_words)

    assert code != 0
    assert told in said
    assert "Traceback" not in said
