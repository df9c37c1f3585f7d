"""Calls go on while SQL stands still, and afterwards the ledger has all their events."""

import asyncio
import json
import sqlite3
import time
from collections import Counter
from contextlib import closing, contextmanager

import pytest
import redis

from benchmarks.platform import Platform
from ledger.client import LedgerClient
from ledger.store import LedgerStore
from queueing.keys import Keys
from tests.integration.signaling.crowd import a_crowd

pytestmark = pytest.mark.timeout(240)

SHORT_S, WHOLE_S = 6, 60
PATIENCE_S = 10.0
"""Seconds in which somebody is served at least, with four callers and three agents."""

AFTER_S = 40
"""Seconds, of two cores that others use, in which the ledger has caught up."""

DURATIONS = {"offer": 5.0, "wrap_up": 5.0, "pair_rest": 1.0}


@pytest.fixture(params=["postgresql", pytest.param("sqlite", marks=pytest.mark.long)])
def sql(request, tmp_path):
    """A database's URL, and how it is stopped for as long as a block lasts."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        return url, request.getfixturevalue("postgresql").frozen
    file = tmp_path / "illico.sqlite3"
    return f"sqlite+aiosqlite:///{file}", lambda: locked(file)


@contextmanager
def locked(file):
    """Hold what only one may hold: nobody else writes."""
    with closing(sqlite3.connect(file, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@pytest.mark.parametrize(
    "seconds", [SHORT_S, pytest.param(WHOLE_S, marks=pytest.mark.long)]
)
async def test_calls_go_on_while_sql_stands_still_and_every_event_is_chained(
    seconds, sql, tmp_path
):
    url, stopped = sql
    words = {"ILLICO_EYE_WORKERS": "0", "ILLICO_DATABASE_URL": url}
    async with (
        Platform.start(tmp_path / "data", durations=DURATIONS, settings=words) as house,
        a_crowd(house, callers=4, agents=3, servers=1) as crowd,
    ):
        await served(crowd, 4)
        with stopped():
            before, ended_before = crowd.served, ended(crowd)
            begun = time.monotonic()
            while time.monotonic() - begun < seconds:
                await served(crowd, 1, within=PATIENCE_S)
            print(f"{crowd.served - before} calls in {time.monotonic() - begun:.1f} s")
            assert not await crowd.settled(0.5)
        await served(crowd, 2)
        assert set(ended(crowd) - ended_before) == {"caller_hung_up"}
        await crowd.leave()

        async with LedgerStore.open(url) as store:
            await until_the_same(store, house.redis_url)
        assert "Traceback" not in house.log("ledger")


def ended(crowd):
    return sum((caller.ended for caller in crowd.callers), Counter())


async def served(crowd, calls, within=30.0):
    """Wait until so many more calls have come to their end."""
    before = crowd.served
    async with asyncio.timeout(within):
        while crowd.served < before + calls:  # noqa: ASYNC110 - pages set no event of ours
            await asyncio.sleep(0.05)


async def until_the_same(store, redis_url):
    """Wait until the chains hold each event that the queue counted, once."""
    deadline = time.monotonic() + AFTER_S
    while (found := await chained(store)) != (counted := told(redis_url)):
        assert time.monotonic() < deadline, (counted - found, found - counted)
        await asyncio.sleep(0.2)
    print(f"{found.total()} events")
    for company in await LedgerClient(store).companies():
        assert (await LedgerClient(store).verify(company)).found is None


def told(redis_url):
    """How many events of each kind and service the queue has written, ever."""
    found: Counter[tuple[str, str]] = Counter()
    prefix = f"{Keys('fr').tag}:count:"
    with redis.Redis.from_url(redis_url, decode_responses=True) as plain:
        for key in plain.scan_iter(f"{prefix}*"):
            for kind, count in plain.hgetall(key).items():
                found[key.removeprefix(prefix), kind] += int(count)
    return found


async def chained(store):
    """How many it chained of each, but for what the ledger itself adds."""
    found: Counter[tuple[str, str]] = Counter()
    for company in await store.companies():
        async for page in store.links(company):
            for link in page:
                if link.kind in {"terms_set", "superseded"}:
                    continue
                found[json.loads(link.body)["service"] or "", link.kind] += 1
    return found
