"""Chains in a real database: each event once, whoever writes and whatever breaks."""

import asyncio
import json

import pytest
from sqlalchemy import text

from ledger import paris
from ledger.client import LedgerClient
from ledger.database import open_engine
from ledger.errors import NewerDatabaseError
from ledger.model import POOL_CHAIN
from ledger.store import Batch, LedgerStore
from tests.integration.ledger.houses import (
    ASSURANCE,
    NOW_US,
    TELECOM,
    all_links,
    an_event,
    chained_numbers,
)


def a_batch(numbers, company=TELECOM, **facts):
    events = [an_event(n, company, **facts) for n in numbers]
    return Batch("fr", f"{numbers[-1]}-0", events)


async def test_a_batch_that_comes_twice_is_chained_once(store):
    first = await store.append(a_batch(range(1, 6)))

    second = await store.append(a_batch(range(1, 8)))

    assert (first.chained, first.known) == (5, 0)
    assert (second.chained, second.known) == (2, 5)
    assert await chained_numbers(store) == [1, 2, 3, 4, 5, 6, 7]
    assert await store.cursor("fr") == "7-0"


async def test_an_event_that_comes_twice_in_one_batch_is_chained_once(store):
    event = an_event(1)

    done = await store.append(Batch("fr", "2-0", [event, event]))

    assert (done.chained, done.known) == (1, 1)
    assert await chained_numbers(store) == [1]


async def test_two_writers_at_once_chain_each_event_once(url):
    async with LedgerStore.open(url) as one, LedgerStore.open(url) as two:
        for begin in range(1, 60, 3):
            numbers = range(begin, begin + 8)
            await asyncio.gather(
                one.append(a_batch(numbers)), two.append(a_batch(numbers))
            )

        assert await chained_numbers(one) == list(range(1, 66))


async def test_two_first_starts_at_once_both_find_the_tables(url):
    async def start():
        async with LedgerStore.open(url) as opened:
            return await opened.cursor("fr")

    assert [*await asyncio.gather(start(), start(), start())] == ["0"] * 3


async def test_companies_and_the_pool_have_chains_of_their_own(store):
    events = [an_event(1), an_event(2, ASSURANCE), an_event(3, POOL_CHAIN), an_event(4)]

    done = await store.append(Batch("fr", "4-0", events))

    assert {name: head.position for name, head in done.heads.items()} == {
        TELECOM: 2,
        ASSURANCE: 1,
        POOL_CHAIN: 1,
    }
    assert await chained_numbers(store, POOL_CHAIN) == [3]


async def test_an_older_stream_moves_the_cursor_back_and_says_so(store):
    await store.append(a_batch([100]))

    done = await store.append(a_batch([50]))

    assert done.went_back
    assert await store.cursor("fr") == "50-0"
    assert await chained_numbers(store) == [100, 50]


async def test_a_batch_of_known_events_never_moves_the_cursor_back(store):
    await store.append(a_batch([1, 2, 3]))

    await store.append(a_batch([1, 2]))

    assert await store.cursor("fr") == "3-0"


async def test_a_failed_transaction_leaves_nothing(store, monkeypatch):
    await store.append(a_batch([1]))
    too_long = an_event(3, TELECOM, kind="x")
    broken = Batch("fr", "3-0", [an_event(2), _without_kind(too_long)])

    with pytest.raises(Exception, match=r"NOT NULL|not-null"):
        await store.append(broken)

    assert await chained_numbers(store) == [1]
    assert await store.cursor("fr") == "1-0"


def _without_kind(event):
    object.__setattr__(event, "kind", None)
    return event


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ("UPDATE ledger_event SET kind = 'x' WHERE position = 3", 3),
        ("UPDATE ledger_event SET body = body || ' ' WHERE position = 2", 2),
        ('UPDATE ledger_event SET erasable = \'{"comment": ["00", "no"]}\'', 1),
        ("DELETE FROM ledger_event WHERE position = 4", 4),
        ("DELETE FROM ledger_event WHERE position = 6", 6),
        ("DELETE FROM ledger_head", 7),
        ("UPDATE ledger_head SET position = 5", 7),
    ],
)
async def test_damage_in_the_database_is_found_at_its_place(url, damage, place):
    async with LedgerStore.open(url) as store:
        await store.append(a_batch(range(1, 7), comment="merci"))
        async with store._writing.begin() as connection:
            await connection.execute(text(damage))

    async with LedgerClient.open(url) as ledger:
        (company,) = await ledger.companies()
        verdict = await ledger.verify(company)

    assert verdict.found is not None
    assert verdict.found.position == place


async def test_an_erased_comment_leaves_no_word_and_a_whole_chain(store):
    await store.append(a_batch([1], comment="mot secret"))

    async with store._writing.begin() as connection:
        await connection.execute(text("UPDATE ledger_event SET erasable = NULL"))

    (link,) = await all_links(store)
    assert "secret" not in link.body
    assert "comment" in json.loads(link.body)["committed"]
    assert await chained_numbers(store) == [1]


async def test_letters_of_every_kind_survive(store):
    await store.append(a_batch([1], reason="é 手話 \x00 \ud83e\udd1f \ud800"))

    assert await chained_numbers(store) == [1]


async def test_a_day_is_its_calls_even_after_midnight(store):
    begin, end = paris.bounds_us(paris.day_at(NOW_US))
    events = [
        _at(an_event(1, kind="call_queued"), begin - 1),
        _at(an_event(2, kind="call_queued"), end - 1),
        _at(an_event(3, kind="call_queued"), end),
        _at(_of(an_event(4, kind="call_ended"), "c2"), end + 5),
        _at(_of(an_event(5, kind="call_ended"), "c1"), begin + 5),
        _at(an_event(6, kind="call_closed"), begin),
    ]
    await store.append(Batch("fr", "6-0", events))

    pages = [page async for page in store.day(TELECOM, (begin, end), after=0, up_to=9)]

    assert [position for page in pages for position, _ in page] == [2, 4, 6]


def _at(event, at_us):
    object.__setattr__(event, "at_us", at_us)
    return event


def _of(event, call):
    object.__setattr__(event, "call", call)
    return event


async def test_a_database_of_a_newer_version_is_refused(url):
    async with LedgerStore.open(url) as store, store._writing.begin() as connection:
        await connection.execute(text("UPDATE ledger_version SET version_num = '9999'"))

    with pytest.raises(NewerDatabaseError):
        async with open_engine(url):
            pass
