"""Heads in a real database: one a day and chain, whoever is first, never another."""

import asyncio

import pytest

from ledger import heads, tables
from ledger.errors import KeyNotCurrentError
from ledger.giving import HeadGiver
from ledger.keys import SigningKey, is_signed
from ledger.model import POOL_CHAIN
from ledger.store import Batch, LedgerStore
from tests.integration.ledger.houses import (
    ASSURANCE,
    NOW_US,
    TELECOM,
    a_ledger_process,
    an_event,
    until,
)

DAY_S = 86_400


class Clock:
    def __init__(self):
        self.now = NOW_US / 1e6

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "key.pem"
    file.write_text(SigningKey.made().pem())
    return file


async def chained(store, *numbers, company=TELECOM):
    events = [an_event(number, company) for number in numbers]
    await store.append(Batch("fr", f"{numbers[-1]}-0", events))


async def faults(store, company=TELECOM):
    given = await store.given.given(company)
    keys = await store.given.keys()
    return [what for _, what in heads.faults(company, given, keys, is_signed)]


async def test_each_chain_is_given_its_head_once_a_day(store, clock, key_file):
    giver = HeadGiver(store.given, key_file, clock)
    await chained(store, 1, 2)
    await chained(store, 3, company=ASSURANCE)
    await chained(store, 4, company=POOL_CHAIN)

    first = await giver.give()
    await chained(store, 5)
    again = await giver.give()
    clock.now += DAY_S
    next_day = await giver.give()

    assert [one.head.company for one in first] == [POOL_CHAIN, ASSURANCE, TELECOM]
    assert again == []
    assert len(next_day) == 3
    mine = await store.given.given(TELECOM)
    assert [one.head.position for one in mine] == [2, 3]
    assert mine[1].head.digest == (await store.head(TELECOM)).digest
    assert await faults(store) == []


async def test_two_processes_at_once_give_one_head(url, clock, key_file):
    async with LedgerStore.open(url) as one, LedgerStore.open(url) as two:
        await chained(one, 1)
        givers = [HeadGiver(each.given, key_file, clock) for each in (one, two)]
        for _ in range(5):
            await asyncio.gather(*(giver.give() for giver in givers))
            clock.now += DAY_S

        assert len(await one.given.given(TELECOM)) == 5
        assert await faults(one) == []
        assert len(await one.given.keys()) == 1


async def test_a_clock_that_went_back_gives_nothing(store, clock, key_file):
    giver = HeadGiver(store.given, key_file, clock)
    await chained(store, 1)
    await giver.give()

    clock.now -= DAY_S

    assert await giver.give() == []


async def test_a_new_key_signs_on_and_both_stay_listed(store, clock, key_file):
    giver = HeadGiver(store.given, key_file, clock)
    await chained(store, 1)
    await giver.give()
    old, new = SigningKey.read(key_file), SigningKey.made()

    await store.given.rotate(old, new, NOW_US + 1)
    key_file.write_text(new.pem())
    clock.now += DAY_S
    await giver.give()

    given = await store.given.given(TELECOM)
    keys = await store.given.keys()
    assert [one.head.key for one in given] == [old.id, new.id]
    assert [key.id for key in keys] == [old.id, new.id]
    assert heads.unproven_keys(keys, is_signed) == []
    assert await faults(store) == []


async def test_a_key_that_nobody_announced_signs_nothing(store, clock, key_file):
    giver = HeadGiver(store.given, key_file, clock)
    await chained(store, 1)
    await giver.give()

    key_file.write_text(SigningKey.made().pem())
    clock.now += DAY_S

    with pytest.raises(KeyNotCurrentError):
        await giver.give()
    with pytest.raises(KeyNotCurrentError):
        await store.given.rotate(SigningKey.made(), SigningKey.made(), NOW_US)
    assert len(await store.given.given(TELECOM)) == 1


async def test_a_running_ledger_gives_heads_by_itself(url, server, key_file):
    words = {"ILLICO_LEDGER_KEY": str(key_file)}
    async with LedgerStore.open(url) as store:
        await chained(store, 1)
        async with a_ledger_process(server, url, words):

            async def given():
                return len(await store.given.given(TELECOM)) == 1

            await until(given)

        assert await faults(store) == []


async def test_a_ledger_of_before_the_heads_keeps_its_chain_and_gets_heads(
    url, clock, key_file
):
    async with LedgerStore.open(url) as store:
        await chained(store, 1, 2)
        async with store._writing.begin() as connection:
            for table in tables.metadata.tables:
                if table not in {"ledger_event", "ledger_head", "ledger_cursor"}:
                    await connection.exec_driver_sql(f"DROP TABLE {table}")
            await connection.exec_driver_sql("DROP INDEX ix_ledger_event_number")
            await connection.exec_driver_sql(
                "ALTER TABLE ledger_event DROP COLUMN number"
            )
            await connection.exec_driver_sql(
                "UPDATE ledger_version SET version_num = '0001'"
            )

    async with LedgerStore.open(url) as store:
        await HeadGiver(store.given, key_file, clock).give()

        (given,) = await store.given.given(TELECOM)
        assert given.head.position == 2
