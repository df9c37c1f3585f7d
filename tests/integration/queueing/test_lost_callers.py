"""Callers vanish, waiting or in a call; nobody else loses anything."""

import pytest

from queueing.errors import EndedCallError
from queueing.messages import CallerBack, CallerLost, OfferEnded
from queueing.model import AgentState, CallState, EndReason, Evidence, ReservationState
from tests.integration.queueing.losing import lose_agent, lose_caller, resume
from tests.integration.queueing.pools import START, a_request, an_agent, events_of


async def test_a_caller_who_reloads_while_waiting_keeps_t0_and_place(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(1)
    await pool.call("c2")
    await lose_caller(pool, "c1")
    assert await pool.places("c1", "c2") == {"c2": (1, True)}

    await pool.advance(119)
    view = await resume(pool, "c1")

    assert (view.state, view.position, view.t0) == (CallState.QUEUED, 1, START)


async def test_a_caller_who_does_not_come_back_abandoned_at_the_moment_of_loss(pool):
    await pool.staff(an_agent("agent1"))
    await pool.here.agent_away(agent="agent1", request=a_request())
    await pool.call("c1")
    await pool.advance(5)
    await lose_caller(pool, "c1")

    await pool.advance(120)

    view = await pool.here.view("c1")
    assert (view.state, view.end_reason) == (CallState.ENDED, EndReason.LOST_WAITING)
    ended = (await pool.new_ledger())[-1]
    assert ended.facts["waited_ms"] == 5000
    assert ended.facts["ended_at_us"] == (START + 5) * 1_000_000
    with pytest.raises(EndedCallError):
        await resume(pool, "c1")


async def test_a_caller_who_closes_the_tab_while_nobody_is_signed_in_met_no_one(pool):
    await pool.publish(an_agent("agent1"), an_agent("agent2", lsf=1))
    await pool.ready("agent2")
    await pool.call("c1")
    await pool.advance(5)
    await lose_caller(pool, "c1")
    await pool.advance(1)
    await pool.ready("agent1")

    await pool.advance(119)

    assert (await pool.here.view("c1")).end_reason == EndReason.NO_ONE_THERE
    ended = (await pool.new_ledger())[-1]
    assert ended.facts["waited_ms"] == 5000
    assert ended.facts["ended_at_us"] == (START + 5) * 1_000_000


async def test_who_is_there_counts_at_the_moment_of_loss_and_not_later(pool):
    await pool.publish(an_agent("agent1"))
    await pool.here.agent_connected(agent="agent1", connection="t", request=a_request())
    await pool.call("c1")
    await pool.call("c2")
    await lose_caller(pool, "c1")
    await pool.here.agent_offline(agent="agent1", request=a_request())
    await lose_caller(pool, "c2")
    await resume(pool, "c2")
    await pool.here.agent_connected(agent="agent1", connection="t", request=a_request())
    await lose_caller(pool, "c2", "new-tab")

    await pool.advance(120)

    for call in ("c1", "c2"):
        assert (await pool.here.view(call)).end_reason == EndReason.LOST_WAITING


async def test_a_lost_caller_who_hangs_up_left_at_the_moment_of_loss(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(5)
    await lose_caller(pool, "c1")
    await pool.ready("agent1")
    await pool.advance(1)

    view = await pool.hang_up("c1")

    assert view.end_reason == EndReason.NO_ONE_THERE
    assert (await pool.new_ledger())[-1].facts["waited_ms"] == 5000


async def test_an_agent_who_leaves_within_a_sweep_is_not_there_for_the_next_loss(pool):
    await pool.publish(an_agent("agent1"))
    await pool.here.agent_connected(agent="agent1", connection="t", request=a_request())
    await pool.call("c1")
    await pool.call("c2", client=pool.there)
    await lose_agent(pool, "agent1", "t")
    await pool.advance(5, sweep=False)
    await pool.here.heartbeat()
    await pool.advance(3, sweep=False)
    await pool.there.heartbeat()

    await pool.advance(5, sweep=False)
    await pool.sweep()
    await pool.advance(120)

    reasons = [(await pool.here.view(call)).end_reason for call in ("c1", "c2")]
    assert reasons == [EndReason.LOST_WAITING, EndReason.NO_ONE_THERE]


async def test_a_lost_caller_is_offered_to_nobody(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await lose_caller(pool, "c1")

    await pool.ready("agent1")
    assert await pool.state("c1") == CallState.LOST
    await resume(pool, "c1")

    assert await pool.rings_at("c1") == "agent1"


async def test_a_caller_lost_while_it_rings_frees_the_agent(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(1)
    await pool.call("c2")
    await lose_caller(pool, "c1")

    assert await pool.rings_at("c2") == "agent1"
    ended = (await events_of(pool.here, OfferEnded))[-1]
    assert ended.how == ReservationState.CANCELLED


async def test_a_caller_lost_in_a_call_comes_back_to_the_same_agent(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    await pool.call("c1")
    await pool.answer("c1")
    await lose_caller(pool, "c1")
    await pool.advance(29)

    view = await resume(pool, "c1")

    assert (view.state, view.agent) == (CallState.ANSWERED, "agent1")
    events = await events_of(pool.there, CallerBack)
    assert [type(e) for e in events if isinstance(e, CallerLost | CallerBack)] == [
        CallerLost,
        CallerBack,
    ]


async def test_a_caller_lost_in_a_call_for_too_long_ends_it(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await lose_caller(pool, "c1")

    await pool.advance(30)

    assert (await pool.here.view("c1")).end_reason == EndReason.CALLER_LOST
    assert await pool.agent("agent1") == AgentState.WRAP_UP


async def test_a_caller_lost_before_the_first_frame_left_at_that_moment(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(50)
    await pool.ready("agent1")
    await pool.accept("c1")
    await pool.advance(5)
    await lose_caller(pool, "c1")
    await pool.new_ledger()

    await pool.advance(30)

    ended = next(e for e in await pool.new_ledger() if e.kind == "call_ended")
    assert (ended.facts["reason"], ended.facts["waited_ms"]) == ("caller_lost", 55_000)
    assert ended.facts["ended_at_us"] == (START + 55) * 1_000_000


async def test_nobody_pays_for_the_time_in_which_an_agent_waits_for_a_lost_caller(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.advance(40)
    await lose_caller(pool, "c1")
    await pool.new_ledger()

    await pool.advance(30)

    ended = next(e for e in await pool.new_ledger() if e.kind == "call_ended")
    assert (ended.facts["reason"], ended.facts["talk_ms"]) == ("caller_lost", 40_000)


async def test_a_picture_that_is_seen_after_the_loss_makes_no_talk(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.accept("c1")
    await lose_caller(pool, "c1")
    await pool.advance(1)
    await pool.answer("c1", Evidence.DELIVERED)
    await pool.new_ledger()

    await pool.advance(29)

    ended = next(e for e in await pool.new_ledger() if e.kind == "call_ended")
    assert (ended.facts["waited_ms"], ended.facts["talk_ms"]) == (1000, 0)


async def test_a_caller_lost_while_connecting_has_a_new_time_for_the_frame(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.accept("c1")
    await lose_caller(pool, "c1")
    await pool.advance(20)

    assert (await resume(pool, "c1")).state == CallState.CONNECTING
    await pool.advance(9)
    assert await pool.state("c1") == CallState.CONNECTING
    await pool.advance(1)

    assert (await pool.here.view("c1")).attempts == 1


async def test_evidence_counts_even_when_the_caller_is_lost_at_that_moment(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    view = await pool.accept("c1")
    await lose_caller(pool, "c1")
    answered = await pool.here.answered(
        call="c1",
        token=view.token,
        evidence=Evidence.DELIVERED,
        browser_ms=None,
        forwarded_at=pool.now,
        request=a_request(),
    )

    assert (answered.state, answered.t1) == (CallState.LOST, START)
    assert (await resume(pool, "c1")).state == CallState.ANSWERED
    assert await pool.agent("agent1") == AgentState.IN_CALL
