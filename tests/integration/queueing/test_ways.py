"""Other ways out of a long wait: a call-back, a text call, a message in signs."""

import pytest

from queueing.catalogue import OverflowStep
from queueing.errors import EndedCallError, NotOfferedError, UnknownCallError
from queueing.messages import Accepted, CallerBack, OverflowOffered, Summoned
from queueing.model import (
    AgentState,
    CallState,
    EndReason,
    Evidence,
    Mode,
    OfferReason,
    Overflow,
)
from tests.integration.queueing.pools import (
    START,
    a_request,
    a_service,
    an_agent,
    events_of,
    offer_of,
    some_needs,
)

BACK, TEXT, MESSAGE = Overflow.CALL_BACK, Overflow.TEXT, Overflow.VIDEO_MESSAGE
STEPS = (
    OverflowStep(20, frozenset({BACK})),
    OverflowStep(40, frozenset({TEXT, MESSAGE})),
)
LONG = a_service(words={"overflow": STEPS, "variants": {"text": some_needs(text=1)}})


async def leave(pool, way, call="c1"):
    return await pool.here.leave_another_way(call=call, way=way, request=a_request())


async def come(pool, call="c1", *, comes=True, connection="new-tab"):
    return await pool.here.resume(
        call=call, connection=connection, request=a_request(), comes=comes
    )


async def a_long_wait(pool, *agents, seconds=40, **words):
    """A caller has waited so long, while the agents were away."""
    agents = agents or (an_agent("agent1"),)
    await pool.staff(*agents, services=[LONG])
    for agent in agents:
        await pool.here.agent_away(agent=agent.id, request=a_request())
    await pool.call("c1", **words)
    await pool.advance(seconds)


async def at_work(pool, agent="agent1"):
    await pool.here.agent_ready(agent=agent, request=a_request())


async def an_accepted_call_back(pool):
    """The caller has left, keeps the page open, and agent1 accepted 60 s later."""
    await a_long_wait(pool)
    await leave(pool, BACK)
    await pool.advance(60)
    await at_work(pool)
    await pool.accept("c1")


# ------------------------------------------------------------------------- offering


async def test_other_ways_are_offered_by_elapsed_time(pool):
    await a_long_wait(pool, seconds=19.9)
    early = (await pool.here.view("c1")).ways
    await pool.advance(0.1)
    first = (await pool.here.view("c1")).ways

    await pool.advance(20)

    assert (early, first) == (frozenset(), {BACK})
    assert (await pool.here.view("c1")).ways == {BACK, TEXT, MESSAGE}
    told = [(await events_of(pool.here, OverflowOffered))[-1].ways for _ in range(2)]
    assert told == [{BACK}, {BACK, TEXT, MESSAGE}]
    facts = [e.facts for e in await pool.new_ledger() if e.kind == "overflow_offered"]
    assert facts == [
        {"ways": ["call_back"]},
        {"ways": ["call_back", "text", "video_message"]},
    ]


async def test_a_caller_at_whom_somebody_looks_is_offered_nothing(pool):
    await pool.staff(an_agent("agent1"), services=[LONG])
    await pool.call("c1")
    await pool.advance(10)
    await pool.refuse("c1")
    await pool.advance(9)
    await pool.publish(an_agent("agent1"), an_agent("agent2"), services=[LONG])
    await pool.ready("agent2")

    await pool.advance(5)
    ringing = (await pool.here.view("c1")).ways
    await pool.refuse("c1")

    assert ringing == frozenset()
    assert (await pool.here.view("c1")).ways == {BACK}


async def test_a_caller_who_was_lost_is_offered_what_came_meanwhile(pool):
    await a_long_wait(pool, seconds=5)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await pool.advance(20)

    assert (await come(pool)).ways == {BACK}


async def test_a_text_call_is_not_offered_to_become_one(pool):
    await a_long_wait(pool, an_agent("agent1", text=1), mode=Mode.TEXT)

    assert (await pool.here.view("c1")).ways == {BACK, MESSAGE}


async def test_a_new_leg_offers_other_ways_by_its_own_clock(pool):
    await a_long_wait(pool)
    await at_work(pool)
    await pool.answer("c1")
    view = await pool.here.not_understood(call="c1", request=a_request())
    await pool.advance(20)

    assert view.ways == frozenset()
    assert (await pool.here.view("c1")).ways == {BACK}


# -------------------------------------------------------------------------- leaving


async def test_only_a_way_that_was_offered_can_be_taken(pool):
    await a_long_wait(pool, seconds=20)

    for way in (TEXT, MESSAGE):
        with pytest.raises(NotOfferedError):
            await leave(pool, way)
    with pytest.raises(UnknownCallError):
        await leave(pool, BACK, "c9")
    await pool.hang_up("c1")
    with pytest.raises(EndedCallError):
        await leave(pool, BACK)


async def test_whoever_is_being_connected_cannot_leave_another_way(pool):
    await a_long_wait(pool)
    await at_work(pool)
    await pool.accept("c1")

    with pytest.raises(NotOfferedError):
        await leave(pool, BACK)

    assert await pool.state("c1") == CallState.CONNECTING


async def test_a_message_in_signs_ends_the_call(pool):
    await a_long_wait(pool)

    view = await leave(pool, MESSAGE)

    assert (view.state, view.end_reason) == ("ended", EndReason.LEFT_ANOTHER_WAY)
    entries = (await pool.new_ledger())[-2:]
    assert [entry.kind for entry in entries] == ["call_left", "call_ended"]
    assert entries[0].facts == {"way": "video_message", "leg": 0, "waited_ms": 40_000}


async def test_a_text_call_instead_keeps_the_deadline_and_needs_somebody_who_writes(
    pool,
):
    await a_long_wait(pool, an_agent("agent1"), an_agent("agent2", text=1))
    before = await pool.here.view("c1")
    view = await leave(pool, TEXT)
    await at_work(pool)
    nobody_yet = await pool.rings_at("c1")

    await at_work(pool, "agent2")

    assert (view.mode, view.variant, view.deadline) == ("text", "text", before.deadline)
    assert view.ways == {BACK, MESSAGE}
    assert (nobody_yet, await pool.rings_at("c1")) == (None, "agent2")


async def test_an_agent_at_whom_it_rings_is_free_when_the_caller_writes_instead(pool):
    await a_long_wait(pool, an_agent("agent1"), an_agent("agent2", text=1))
    await at_work(pool)

    await leave(pool, TEXT)

    assert await pool.agent("agent1") == AgentState.READY
    assert await pool.state("c1") == CallState.QUEUED


# ------------------------------------------------------------------------ call-backs


async def test_a_caller_who_left_keeps_the_place(pool):
    await a_long_wait(pool)
    await pool.call("c2")
    view = await leave(pool, BACK)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await pool.advance(600)

    await at_work(pool)

    assert (view.state, view.call_back, view.position) == ("queued", True, 1)
    assert view.ways == frozenset()
    assert await pool.rings_at("c1") == "agent1"
    assert (await offer_of(pool.here, "c1")).why == OfferReason.CALL_BACK


async def test_an_accepted_call_back_summons_the_caller(pool):
    await an_accepted_call_back(pool)

    view = await pool.here.view("c1")
    summoned = (await events_of(pool.here, Summoned))[-1]

    assert (view.state, view.call_back) == (CallState.CONNECTING, True)
    assert summoned.expires_at == START + 100 + 45
    assert (await pool.here.agent_view("agent1")).until == START + 100 + 45


async def test_the_agent_hears_that_the_caller_has_yet_to_come_and_comes(pool):
    await an_accepted_call_back(pool)
    accepted = (await events_of(pool.here, Accepted))[-1]
    await pool.advance(40)

    view = await come(pool)

    assert accepted.call_back
    assert (view.state, view.call_back) == (CallState.CONNECTING, False)
    assert (await events_of(pool.here, CallerBack))[-1].call == "c1"
    await pool.advance(9)
    assert (await pool.answer("c1")).state == CallState.ANSWERED


async def test_a_caller_who_came_has_the_usual_time_for_the_first_picture(pool):
    await an_accepted_call_back(pool)
    await pool.advance(40)
    await come(pool)

    await pool.advance(10)

    assert (await pool.here.view("c1")).attempts == 1


async def test_a_summoned_caller_who_does_not_come_has_missed_the_call_back(pool):
    await an_accepted_call_back(pool)

    await pool.advance(45)

    view = await pool.here.view("c1")
    assert (view.state, view.end_reason) == ("ended", EndReason.CALL_BACK_MISSED)
    assert await pool.agent("agent1") == AgentState.READY


async def test_a_page_whose_network_is_back_does_not_end_a_call_back(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    gone = await pool.here.view("c1")

    view = await come(pool, comes=False)

    assert (gone.state, gone.server, gone.connection) == ("queued", None, None)
    assert (view.call_back, view.server, view.connection) == (True, "here", "new-tab")


async def test_a_caller_who_comes_back_unasked_waits_on(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)
    await pool.advance(100)

    view = await come(pool)

    assert (view.state, view.call_back, view.t0) == ("queued", False, START)
    assert view.ways == {BACK, TEXT, MESSAGE}
    await at_work(pool)
    await pool.accept("c1")
    await pool.advance(10)
    assert (await pool.here.view("c1")).attempts == 1


async def test_a_dead_server_loses_no_call_back(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)

    async with pool.another("here"):
        view = await pool.there.view("c1")

    assert (view.state, view.call_back, view.server) == ("queued", True, None)


async def test_a_call_back_that_nobody_takes_does_not_wait_for_ever(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)

    await pool.advance(1799)
    waiting = await pool.state("c1")
    await pool.advance(1)

    assert waiting == CallState.QUEUED
    assert (await pool.here.view("c1")).end_reason == EndReason.CALL_BACK_MISSED


async def test_a_call_back_that_rings_when_its_time_is_over_still_rings(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)
    await pool.advance(1795)
    await at_work(pool)

    await pool.advance(5)

    assert await pool.rings_at("c1") == "agent1"


async def test_a_caller_may_ask_for_a_call_back_while_it_rings(pool):
    await a_long_wait(pool)
    await at_work(pool)
    view = await leave(pool, BACK)
    await pool.accept("c1")

    assert (view.state, view.call_back) == (CallState.OFFERED, True)
    assert (await events_of(pool.here, Summoned))[-1].call == "c1"


async def test_seeing_the_agent_is_having_come(pool):
    await an_accepted_call_back(pool)

    view = await pool.answer("c1", Evidence.PRESENTED)

    assert (view.state, view.call_back) == (CallState.ANSWERED, False)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    assert await pool.state("c1") == CallState.LOST


async def test_a_caller_who_is_seen_but_whose_page_is_gone_is_lost_in_the_call(pool):
    await an_accepted_call_back(pool)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())

    view = await pool.answer("c1", Evidence.DELIVERED)
    await pool.advance(30)

    assert (view.state, view.t1) == (CallState.LOST, START + 100)
    assert (await pool.here.view("c1")).end_reason == EndReason.CALLER_LOST


async def test_a_call_that_ends_leaves_no_lease_of_its_other_ways(pool):
    await a_long_wait(pool, seconds=20)
    await leave(pool, BACK)
    await pool.hang_up("c1")
    await pool.call("c2")
    await pool.hang_up("c2")

    leases = pool.plain.zrange(pool.key("leases"), 0, -1)
    assert set(leases) <= {"server here", "server there"}
