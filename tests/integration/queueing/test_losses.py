"""Callers, agents and whole servers vanish; nobody else loses anything."""

import pytest

from queueing.errors import EndedCallError, UnknownAgentError, UnknownCallError
from queueing.library import microseconds
from queueing.messages import (
    AgentBack,
    AgentLost,
    CallerBack,
    CallerLost,
    Ended,
    OfferEnded,
    Requeued,
    Resync,
    Superseded,
)
from queueing.model import (
    AgentState,
    CallState,
    EndReason,
    Evidence,
    RequeueReason,
    ReservationState,
)
from tests.integration.queueing.pools import (
    START,
    a_request,
    an_agent,
    events_of,
)


async def lose_caller(pool, call, connection=None):
    await pool.here.caller_lost(
        call=call, connection=connection or f"{call}-tab", request=a_request()
    )


async def resume(pool, call, *, client=None, connection="new-tab"):
    return await (client or pool.here).resume(
        call=call, connection=connection, request=a_request()
    )


async def lose_agent(pool, agent, connection=None):
    await pool.here.agent_lost(
        agent=agent, connection=connection or f"{agent}-tab", request=a_request()
    )


async def agent_back(pool, agent, *, client=None):
    return await (client or pool.here).agent_connected(
        agent=agent, connection="new-tab", request=a_request()
    )


async def resyncs(pool, server):
    """What a server was told to look at again, so far."""
    told = pool.plain.xrange(pool.key(f"out:{server}"))
    return [fields for _, fields in told if fields["type"] == "resync"]


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


async def test_an_agent_lost_while_it_rings_loses_nobody(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.advance(3)

    await lose_agent(pool, "agent1")

    view = await pool.here.view("c1")
    assert (view.state, view.agent, view.t0) == (CallState.OFFERED, "agent2", START)
    assert await pool.agent("agent1") == AgentState.LOST
    assert (await agent_back(pool, "agent1")).state == AgentState.READY


async def test_an_agent_lost_in_a_call_may_come_back_to_it(pool):
    await pool.staff(an_agent("agent1"))
    view = await pool.call("c1")
    await pool.answer("c1")
    await lose_agent(pool, "agent1")
    await pool.advance(9)

    agent = await agent_back(pool, "agent1", client=pool.there)

    assert (agent.state, agent.call) == (AgentState.IN_CALL, "c1")
    assert (agent.token, agent.until) == (view.token, None)
    await events_of(pool.here, AgentLost)
    await events_of(pool.here, AgentBack)
    await pool.advance(60)
    assert await pool.state("c1") == CallState.ANSWERED


async def test_an_agent_lost_in_a_call_for_too_long_loses_nobody(pool):
    await pool.staff(an_agent("agent1", lsf=2))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.advance(20)
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c2")
    await pool.call("c3")
    await lose_agent(pool, "agent1")
    await pool.advance(10)
    await pool.ready("agent2")

    view = await pool.here.view("c1")
    assert (view.state, view.agent) == (CallState.OFFERED, "agent2")
    assert (view.t0, view.t1) == (START, START)
    assert await pool.agent("agent1") == AgentState.OFFLINE
    assert (await events_of(pool.here, Requeued))[-1].reason == RequeueReason.AGENT_LOST

    again = await pool.answer("c1")
    entries = [e for e in await pool.new_ledger() if e.kind == "call_answered"]
    assert again.t1 == START
    assert [e.facts["again"] for e in entries] == [False, True]


async def test_an_agent_who_signs_out_in_a_call_loses_nobody(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.answer("c1")

    await pool.here.agent_offline(agent="agent1", request=a_request())

    assert await pool.rings_at("c1") == "agent2"


async def test_caller_and_agent_lost_together_are_both_found_again(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await lose_caller(pool, "c1")
    await lose_agent(pool, "agent1")
    await pool.advance(5)

    assert (await resume(pool, "c1")).state == CallState.ANSWERED
    assert (await agent_back(pool, "agent1")).state == AgentState.IN_CALL


async def test_a_lost_caller_whose_agent_left_waits_again(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.accept("c1")
    await lose_caller(pool, "c1")
    await lose_agent(pool, "agent1")
    await pool.advance(10)
    assert await pool.state("c1") == CallState.LOST

    await pool.advance(60)
    await resume(pool, "c1")

    assert await pool.rings_at("c1") == "agent2"


async def test_a_call_that_ends_while_the_agent_is_lost_leaves_the_wrap_up(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await lose_agent(pool, "agent1")
    await pool.hang_up("c1")

    agent = await agent_back(pool, "agent1")

    assert (agent.state, agent.until) == (AgentState.WRAP_UP, START + 60)


async def test_the_newest_connection_wins_and_the_older_one_is_told(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.here.agent_away(agent="agent1", request=a_request())
    await pool.call("c1")

    moved = await resume(pool, "c1", client=pool.there, connection="phone")
    await agent_back(pool, "agent1", client=pool.there)

    assert (moved.server, moved.connection) == ("there", "phone")
    caller = (await events_of(pool.here, Superseded))[-1]
    agent = (await events_of(pool.here, Superseded))[-1]
    assert (caller.call, caller.connection) == ("c1", "c1-tab")
    assert (agent.agent, agent.connection) == ("agent1", "agent1-tab")


async def test_the_end_of_a_superseded_connection_has_no_effect(pool):
    await pool.staff(an_agent("agent1"))
    await pool.here.agent_away(agent="agent1", request=a_request())
    await pool.call("c1")
    await resume(pool, "c1", connection="phone")
    await agent_back(pool, "agent1")

    await lose_caller(pool, "c1", "c1-tab")
    await lose_agent(pool, "agent1", "agent1-tab")

    assert await pool.state("c1") == CallState.QUEUED
    assert await pool.agent("agent1") == AgentState.AWAY


async def test_unknown_callers_and_agents_have_codes_of_their_own(pool):
    await pool.publish(an_agent("agent1"))

    with pytest.raises(UnknownCallError):
        await resume(pool, "c9")
    with pytest.raises(UnknownCallError):
        await lose_caller(pool, "c9")
    with pytest.raises(UnknownAgentError):
        await agent_back(pool, "agent9")
    with pytest.raises(UnknownAgentError):
        await lose_agent(pool, "agent9")


async def test_a_dead_server_loses_its_people_who_are_then_found_again(pool):
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2", lsf=3))
    await pool.ready("agent1", client=pool.there)
    await pool.ready("agent2")
    await pool.call("c1", client=pool.there)
    await pool.call("c2", client=pool.there)
    await pool.answer("c2")
    assert [await pool.rings_at("c1"), await pool.agent("agent2")] == [
        "agent1",
        "in_call",
    ]

    await pool.advance(4, sweep=False)
    await pool.here.heartbeat()
    await pool.sweep()

    assert await pool.state("c1") == CallState.LOST
    assert await pool.state("c2") == CallState.LOST
    assert await pool.agent("agent1") == AgentState.LOST
    assert await pool.agent("agent2") == AgentState.IN_CALL
    assert isinstance((await events_of(pool.there, Resync))[-1], Resync)

    back = await resume(pool, "c1")
    assert (back.state, back.t0) == (CallState.QUEUED, START)
    assert (await resume(pool, "c2")).state == CallState.ANSWERED
    await agent_back(pool, "agent1")
    assert await pool.rings_at("c1") == "agent1"


async def test_a_dead_servers_ringing_call_of_a_living_caller_goes_on(pool):
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2", lsf=3))
    await pool.ready("agent1", client=pool.there)
    await pool.ready("agent2")
    await pool.call("c1")

    await pool.advance(4, sweep=False)
    await pool.here.heartbeat()
    await pool.sweep()

    assert await pool.rings_at("c1") == "agent2"


async def test_a_dead_server_with_many_people_is_swept_in_portions(pool):
    await pool.publish(an_agent("agent1"))
    for number in range(25):
        await pool.call(f"c{number}", client=pool.there)
    await pool.advance(4, sweep=False)
    await pool.here.heartbeat()

    portions = [await pool.here.sweep(10) for _ in range(4)]

    states = {await pool.state(f"c{number}") for number in range(25)}
    assert states == {CallState.LOST}
    assert portions == [10, 10, 1, 0]  # as many as asked for: do not wait for the next
    assert len(await resyncs(pool, "there")) == 1


async def test_a_server_that_lives_again_before_all_are_lost_is_told_to_look(pool):
    await pool.publish(an_agent("agent1"))
    for number in range(25):
        await pool.call(f"c{number}", client=pool.there)
    await pool.advance(5, sweep=False)
    await pool.here.heartbeat()

    await pool.here.sweep(10)
    assert await resyncs(pool, "there") == []
    await pool.there.heartbeat()
    await pool.there.heartbeat()
    await pool.sweep()

    states = [await pool.state(f"c{number}") for number in range(25)]
    assert (states.count(CallState.LOST), states.count(CallState.QUEUED)) == (10, 15)
    assert len(await resyncs(pool, "there")) == 1


async def test_a_new_life_of_a_server_holds_nobody_of_the_old_one(pool):
    skills = {"agent1": 3, "agent2": 2, "agent3": 1}
    await pool.publish(*(an_agent(name, lsf=lsf) for name, lsf in skills.items()))
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.answer("c1")
    await pool.ready("agent2")
    await pool.call("c2")
    await pool.ready("agent3")
    await pool.advance(1)
    await pool.call("c3")
    assert await pool.rings_at("c2") == "agent2"

    async with pool.another("here") as new:
        calls = {await pool.state(call) for call in ("c1", "c2", "c3")}
        agents = {await pool.agent(agent) for agent in skills}

        talking = await resume(pool, "c1", client=new)
        waiting = await resume(pool, "c2", client=new)
        back = await agent_back(pool, "agent1", client=new)

    assert (calls, agents) == ({CallState.LOST}, {AgentState.LOST})
    assert (talking.state, waiting.state) == (CallState.ANSWERED, CallState.QUEUED)
    assert (waiting.t0, waiting.position) == (START, 1)
    assert (back.state, back.call) == (AgentState.IN_CALL, "c1")


async def test_nothing_is_offered_to_an_agent_of_a_servers_old_life(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1", client=pool.there)
    assert await pool.rings_at("c1") == "agent1"

    async with pool.another("here"):
        rings_at = [await pool.rings_at("c1")]
        rings_at.append((await pool.call("c2", client=pool.there)).agent)
        await pool.advance(10)

    assert rings_at == [None, None]
    assert await pool.agent("agent1") == AgentState.OFFLINE


async def test_the_people_of_another_server_stay_when_one_begins_again(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    await pool.call("c1", client=pool.there)
    await pool.new_ledger()

    async with pool.another("here"):
        assert await pool.rings_at("c1") == "agent1"

    assert await pool.kinds() == []


async def test_a_new_life_loses_more_people_than_one_portion(pool):
    await pool.publish(an_agent("agent1"))
    names = [f"c{number}" for number in range(205)]
    for name in names:
        await pool.call(name)

    async with pool.another("here"):
        states = {await pool.state(name) for name in names}

    assert states == {CallState.LOST}


async def test_an_old_life_that_is_still_there_is_told_to_look_again(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")

    async with pool.another("here") as new:
        assert isinstance((await events_of(pool.here, Resync))[-1], Resync)
        await resume(pool, "c1", client=new)
        await pool.hang_up("c1")
        heard = await events_of(new, Ended)

    assert [type(event) for event in heard] == [Ended]


async def test_an_agent_on_a_dead_server_leaves_after_the_grace(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    await pool.advance(4, sweep=False)
    await pool.sweep()
    await pool.advance(10)

    assert await pool.agent("agent1") == AgentState.OFFLINE
    assert (await pool.call("c1")).nobody


async def test_a_server_hears_of_the_end_of_its_lost_caller(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await lose_caller(pool, "c1")
    await pool.advance(120)

    assert (await events_of(pool.here, Ended))[-1].reason == EndReason.NO_ONE_THERE


async def test_a_lease_whose_end_changes_nothing_does_not_stay_due(pool):
    """Else a few of them would be all that a sweep ever sees."""
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    leases, due = pool.key("leases"), microseconds(START - 60)
    stuck = ("call c1", "call forgotten", "agent forgotten", "widen forgotten")
    pool.plain.zadd(leases, dict.fromkeys(stuck, due))

    for _ in range(len(stuck)):
        assert await pool.here.sweep(1) == 1
    assert await pool.here.sweep(1) == 0
    await pool.advance(15)

    assert pool.plain.hget(pool.key("meta"), "violations") == str(len(stuck))
    assert await pool.state("c1") == CallState.ANSWERED
    assert "offer_timed_out" in await pool.kinds()
