"""The read models: the same figures as a fold of the whole chain, whatever came when."""

import asyncio
import json
import random
from dataclasses import replace

import msgspec
from sqlalchemy import update

from benchmarks.ledger_month import a_month
from ledger import chain, tables
from ledger.alone import illico_verify as alone
from ledger.books.projector import Projector
from ledger.client import LedgerClient
from ledger.events import Kind, read_event
from ledger.model import POOL_CHAIN, CompanyId, Event, EventId
from ledger.store import Batch
from ledger.superseded import number_of
from queueing.messages import read_ledger_entries
from tests.integration.ledger.houses import NOW_US, TELECOM, all_links

MONTH = "2026-11"
COMPANY = CompanyId("company00")
SECOND = 1_000_000


def a_months_events(calls, seed=3):
    """Read a generated month as the chain writer does."""
    return [
        read_event(entry)
        for number, noted in enumerate(a_month(calls, seed, companies=1), 1)
        for entry in read_ledger_entries("fr", f"{number}-0", noted.text)
    ]


async def chained(store, events):
    await store.append(Batch("fr", "1-0", events))


async def by_the_export(store, company, month=MONTH, service=None):
    """Compute the figures as a company does: from its export, by the file alone."""
    fold = alone.Fold()
    pages = [page async for page in LedgerClient(store).export(company)]
    lines = [line.encode() for line in "".join(pages).splitlines(keepends=True)]
    alone.check(lines, (), fold)
    return alone.figures(fold, company, month, service)


def as_told(report):
    return json.loads(chain.canonical(msgspec.to_builtins(report)))


def told(kind, after_s, call="c1", service="a", **facts):
    number = f"{kind}-{call}-{after_s}"
    at_us = NOW_US + round(after_s * SECOND)
    ids = EventId(number), kind, at_us, "fr", TELECOM
    return Event(*ids, service=service, call=call, facts=facts)


async def test_a_month_is_the_same_from_the_books_and_from_a_companys_export(store):
    events, chance = a_months_events(150), random.Random(7)
    projector = Projector(store)
    while events:
        some, events = events[: (n := chance.randrange(1, 200))], events[n:]
        await chained(store, some)
        if chance.random() < 0.7:
            await projector.catch_up(COMPANY, await store.head(COMPANY))

    report = await LedgerClient(store).month(COMPANY, MONTH)

    assert report.counters.offered == 150
    assert as_told(report) == await by_the_export(store, COMPANY)
    assert await projector.differences(COMPANY) == 0


def with_failovers(events, chance, count=4):
    """Let the queue forget its last events again and again, and people bring some back.

    Numbers go on from where the data remember, as a promoted server's do.
    """
    vanished = set()
    rings = [n for n, each in enumerate(events) if each.kind == "offer_made"]
    cuts = sorted(chance.sample(rings[10:], count))  # somebody waits then
    for begin, end in zip([0, *cuts], [*cuts, len(events)], strict=True):
        yield from (each for each in events[begin:end] if each.call not in vanished)
        if end == len(events):
            return
        lost = events[end - 20 : end]
        after = (number_of(lost[0].event_id) or 0) - 1
        life = (number_of(lost[-1].event_id) or 0) + 1
        facts = {"after": after, "life": life}
        ids = EventId(f"fr-{life}@{end}-99"), "life_began", lost[-1].at_us, "fr"
        yield Event(*ids, POOL_CHAIN, facts=facts)
        for number, each in enumerate(lost, life + 2):
            if each.kind != "call_queued":
                continue
            if chance.random() < 0.5:
                vanished.add(each.call)
            else:
                again = EventId(f"fr-{number}@{end}-100")
                adopted = {**each.facts, "adopted": True}
                yield replace(each, event_id=again, facts=adopted)


async def test_a_month_with_failovers_is_the_same_from_books_and_export(store):
    events, chance = a_months_events(120), random.Random(5)
    events = [*with_failovers(events, chance)]
    projector = Projector(store)
    while events:
        some, events = events[: (n := chance.randrange(1, 150))], events[n:]
        await chained(store, some)
        await projector.catch_up(COMPANY, await store.head(COMPANY))

    report = await LedgerClient(store).month(COMPANY, MONTH)

    marks = [
        each for each in await all_links(store, COMPANY) if each.kind == Kind.SUPERSEDED
    ]
    assert len(marks) >= 8
    assert report.counters.offered == 120
    assert report.counters.technical > 0
    assert as_told(report) == await by_the_export(store, COMPANY)
    assert await projector.differences(COMPANY) == 0


async def test_books_that_are_made_anew_are_the_same_books(store):
    await chained(store, a_months_events(60))
    client = LedgerClient(store)
    before = await client.month(COMPANY, MONTH)

    await client.rebuild(COMPANY)

    assert await client.month(COMPANY, MONTH) == before


async def test_what_comes_late_changes_the_half_hour_in_which_the_call_began(store):
    client = LedgerClient(store)
    await chained(store, [told("call_queued", 0), told("anything", 3_000, call=None)])
    waiting = await client.month(TELECOM, MONTH)

    await chained(store, [told("call_ended", 30, reason="abandoned")])
    await chained(store, [told("call_queued", 31, service="b")])
    left = await client.month(TELECOM, MONTH)

    assert (waiting.counters.waiting_late, waiting.level.whole) == (1, 1)
    assert (left.counters.waiting, left.counters.abandoned) == (0, 1)
    assert (await client.month(TELECOM, MONTH, "a")).counters.offered == 0
    assert (await client.month(TELECOM, MONTH, "b")).counters.offered == 1
    assert await Projector(store).differences(TELECOM) == 0


async def test_terms_rule_the_calls_that_began_behind_them_whatever_page_they_are_in(
    store,
):
    def a_call(name, after_s):
        return [
            told("call_queued", after_s, name),
            told("call_accepted", after_s + 29, name),
            told("call_answered", after_s + 30, name, evidence="presented"),
        ]

    terms = {"version": 1, "valid_from_us": NOW_US, "target_us": 20 * SECOND}
    client = LedgerClient(store)
    early, late = a_call("c1", 0), a_call("c2", 1)
    await chained(store, early[:1])
    await client.month(TELECOM, MONTH)

    await chained(store, [told("terms_set", 0, None, **terms), *early[1:], *late])
    report = await client.month(TELECOM, MONTH)

    assert (report.counters.answered, report.counters.in_time) == (2, 1)
    assert as_told(report) == await by_the_export(store, TELECOM)


async def test_what_the_queue_forgot_is_forgotten_in_the_books_too(store):
    def numbered(number, kind, after_s, **facts):
        event = told(kind, after_s, **facts)
        return replace(event, event_id=EventId(f"fr-{number}@{number}-0"))

    client, seen = LedgerClient(store), {"evidence": "presented"}
    talk = [
        numbered(1, "call_queued", 0),
        numbered(2, "call_accepted", 9),
        numbered(3, "call_answered", 10, **seen),
    ]
    await chained(store, talk)
    answered = await client.month(TELECOM, MONTH)

    mark = {"first": 2, "last": 3, "over": False, "gone": False}
    await chained(store, [numbered(4, "superseded", 90, **mark)])
    waiting = await client.month(TELECOM, MONTH)

    assert (answered.counters.in_time, waiting.counters.in_time) == (1, 0)
    assert waiting.counters.waiting_late == 1
    assert as_told(waiting) == await by_the_export(store, TELECOM)
    assert await client.differences(TELECOM) == 0


async def test_books_of_another_edition_are_made_anew(store):
    await chained(store, a_months_events(20))
    client = LedgerClient(store)
    before = await client.month(COMPANY, MONTH)
    async with store.engine.begin() as connection:
        await connection.execute(update(tables.book).values(edition=0, as_of_us=7))

    assert await client.month(COMPANY, MONTH) == before


async def test_two_processes_that_make_the_same_books_make_them_once(store):
    await chained(store, a_months_events(120))
    head = await store.head(COMPANY)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(Projector(store).catch_up(COMPANY, head))

    assert await Projector(store).differences(COMPANY) == 0


async def test_a_company_without_a_call_has_a_month_without_figures(store):
    report = await LedgerClient(store).month(TELECOM, MONTH)

    assert (report.position, report.level.shown, report.waits["p95"]) == (0, None, None)
