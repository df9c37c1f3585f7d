"""A queue that goes on with older data: what it forgot is marked, and the figures hold."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from ledger import paris
from ledger.client import LedgerClient
from ledger.desk import DayDesk
from ledger.model import POOL_CHAIN, CallId, Event, EventId, Outcome
from ledger.store import Batch
from ledger.superseded import number_of
from queueing.model import AgentId, Evidence, Mode, RelayId, ServiceId, Side
from tests.integration.ledger.houses import (
    NOW_US,
    TELECOM,
    a_queue,
    a_writer,
    all_links,
    until,
)
from tests.integration.queueing.servers import a_server

AGENT = AgentId("agent-1")


@pytest.fixture
def own():
    with a_server("valkey", "--appendonly", "yes") as running:
        yield running


async def enqueue(queue, call):
    return await queue.enqueue(
        call=call,
        service=ServiceId("telecom-demo"),
        topic=None,
        mode=Mode.VIDEO,
        relay=RelayId("r1"),
        connection=f"{call}-tab",
        request=f"{call}-queue",
    )


async def talk(queue, call):
    """Answer a call that rings at the one agent."""
    view = await queue.view(call)
    words = {"call": call, "token": view.token}
    await queue.accept(agent=AGENT, **words, request=f"{call}-accept")
    return await queue.answered(
        **words,
        evidence=Evidence.PRESENTED,
        browser_ms=812,
        forwarded_at=None,
        request=f"{call}-answer",
    )


def has(store, kind, call, count=1):
    async def claim():
        links = await all_links(store)
        return sum(k.kind == kind and k.call == call for k in links) >= count

    return claim


async def rows(store):
    """Each call of the day of its T0, as the portal shows it."""
    (first, *_) = await all_links(store)
    desk = DayDesk(store, lambda: first.at_us / 1_000_000 + 60)
    copy = await desk.copy(TELECOM, paris.day_at(first.at_us))
    return {row.call: row for row in copy.sheet.calls}


@asynccontextmanager
async def going_back(server):
    """The server lives on with the data that it has now, whatever is done meanwhile."""
    with server.plain() as plain:
        server.keep_copy(plain)
    yield
    server.kill()
    server.go_back()
    server.start()


async def test_a_talk_that_the_queue_forgot_counts_once_and_a_lost_call_is_ours(
    store, own
):
    async with a_queue(own) as queue, a_writer(queue, store):
        await queue.agent_connected(agent=AGENT, connection="t", request="1")
        await queue.agent_ready(agent=AGENT, request="2")
        await enqueue(queue, "known")
        async with going_back(own):
            view = await talk(queue, "known")
            await enqueue(queue, "gone")
            await until(has(store, "call_queued", "gone"))
        await queue.heartbeat()
        await until(has(store, "superseded", "gone"))
        assert (await rows(store))["known"].outcome is Outcome.WAITING
        await queue.adopt_talk(talk=view, request="3")
        await queue.hang_up(call="known", by=Side.CALLER, request="4")
        await until(has(store, "call_ended", "known"))

    found = await rows(store)
    assert (found["known"].outcome, found["known"].in_time) == (Outcome.ANSWERED, True)
    assert (found["gone"].outcome, found["gone"].breach) == (Outcome.TECHNICAL, True)
    assert (await LedgerClient(store).verify(TELECOM)).found is None
    links = await all_links(store)
    (mark,) = [k for k in links if k.kind == "superseded" and k.call == "known"]
    facts = json.loads(mark.body)["facts"]
    assert facts["count"] == 2
    assert [
        link.kind
        for link in links[: mark.position - 1]
        if link.call == "known"
        and facts["after"] < number_of(link.event_id) <= facts["last"]
    ] == ["call_accepted", "call_answered"]


def a_numbered(number, kind, call="c1", **facts):
    event_id = EventId(f"fr-{number}@{number}-0")
    at_us = NOW_US + number
    return Event(event_id, kind, at_us, "fr", TELECOM, None, CallId(call), facts)


def a_life(number, after):
    facts = {"after": after, "life": number - 1}
    return Event(
        EventId(f"fr-{number}@{number}-0"),
        *("life_began", NOW_US + number, "fr", POOL_CHAIN),
        facts=facts,
    )


async def marked(store):
    found = [k for k in await all_links(store) if k.kind == "superseded"]
    return {k.call: json.loads(k.body)["facts"] for k in found}


async def test_what_a_slow_writer_chains_after_the_life_that_forgot_it_is_marked_too(
    store,
):
    queued = a_numbered(10, "call_queued")
    await store.append(Batch("fr", "10-0", [queued]))
    await store.append(Batch("fr", "30-0", [a_life(30, after=10)]))
    assert await marked(store) == {}

    answered = a_numbered(12, "call_answered", evidence="presented")
    await store.append(Batch("fr", "31-0", [answered, a_numbered(31, "offer_made")]))

    facts = (await marked(store))["c1"]
    assert (facts["first"], facts["last"], facts["gone"]) == (12, 12, False)


async def test_a_life_that_forgot_nothing_marks_nothing(store):
    events = [a_numbered(n, "offer_made") for n in range(1, 9)]

    await store.append(Batch("fr", "9-0", [*events, a_life(9, after=8)]))

    assert await marked(store) == {}


async def test_a_lost_disk_marks_the_open_calls_of_that_pool_alone(store):
    others = replace(a_numbered(3, "call_queued", "c3"), pool="other")
    events = [
        *(a_numbered(1, "call_queued"), a_numbered(2, "call_ended")),
        *(others, a_numbered(4, "call_queued", "c4"), a_life(9, after=0)),
    ]

    await store.append(Batch("fr", "9-0", events))

    assert list(await marked(store)) == ["c4"]
