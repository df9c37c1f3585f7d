"""Agents vanish, or one connection takes over from another; no caller loses anything."""

import pytest

from queueing.errors import UnknownAgentError, UnknownCallError
from queueing.messages import AgentBack, AgentLost, Requeued, Superseded
from queueing.model import AgentState, CallState, RequeueReason
from tests.integration.queueing.losing import (
    agent_back,
    lose_agent,
    lose_caller,
    resume,
)
from tests.integration.queueing.pools import START, a_request, an_agent, events_of


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
