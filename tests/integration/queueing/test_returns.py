"""The store forgets its last writes or all of them; people bring back what they know."""

import pytest

from queueing.errors import (
    EndedCallError,
    StaleTokenError,
    UnknownAgentError,
    UnknownCallError,
    UnknownServiceError,
    UnknownTopicError,
)
from queueing.library import microseconds
from queueing.messages import Accepted, Answered, OfferEnded
from queueing.model import AgentState, CallState, Evidence, ReservationState
from tests.integration.queueing.pools import (
    START,
    a_request,
    a_service,
    an_agent,
    events_of,
)
from tests.integration.queueing.returning import (
    TWO,
    Copy,
    adopt,
    adopt_talk,
    is_here,
    nothing,
    settled,
    the_talk,
    the_talk_of_another_time,
)


async def test_a_ticket_brings_a_forgotten_call_back_with_its_t0(pool):
    await pool.publish(an_agent("agent1"))
    forgotten = Copy(pool)
    await pool.call("c1")
    await pool.advance(7)
    await pool.call("c2")
    forgotten.restore()
    await pool.advance(1, sweep=False)

    await adopt(pool, "c2", t0=START + 7)
    first = await adopt(pool, "c1")

    assert (first.state, first.t0, first.position) == (CallState.QUEUED, START, 1)
    assert (first.server, first.connection) == ("here", "new-tab")
    entries = await pool.new_ledger()
    queued = [e for e in entries if e.kind == "call_queued"]
    assert {e.call: e.at for e in queued} == {
        "c1": microseconds(START),
        "c2": microseconds(START + 7),
    }
    assert all(e.facts["adopted"] for e in queued)


async def test_a_ticket_of_a_known_call_resumes_it(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await pool.advance(100)

    view = await adopt(pool, "c1", client=pool.there)

    assert (view.state, view.t0, view.server) == (CallState.QUEUED, START, "there")
    assert "call_queued" not in [e.kind for e in await pool.new_ledger()][1:]


async def test_no_ticket_brings_back_a_call_that_is_over_or_too_old(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.hang_up("c1")

    with pytest.raises(EndedCallError):
        await adopt(pool, "c1")
    with pytest.raises(UnknownCallError):
        await adopt(pool, "c2", t0=START - 3600)
    assert (await adopt(pool, "c3", t0=START - 3599)).t0 == START - 3599


async def test_a_t0_that_lies_ahead_is_now(pool):
    await pool.publish(an_agent("agent1"))

    assert (await adopt(pool, "c1", t0=START + 60)).t0 == START


async def test_a_forgotten_directory_is_told(pool):
    with pytest.raises(UnknownServiceError):
        await adopt(pool, "c1")
    await pool.publish(an_agent("agent1"), services=[a_service()])
    with pytest.raises(UnknownTopicError):
        await adopt(pool, "c1", topic="gone")
    talk = await the_talk_of_another_time(pool)
    with pytest.raises(UnknownAgentError):
        await adopt_talk(pool, talk)


async def test_a_forgotten_accept_does_not_double_the_call(pool):
    await pool.publish(*(an_agent(name, lsf=lsf) for name, lsf in TWO.items()))
    await pool.ready("agent1", client=pool.there)
    await pool.call("c1")
    forgotten = Copy(pool)
    talk = await pool.answer("c1")
    forgotten.restore()
    await pool.ready("agent2")

    after = await adopt_talk(pool, talk, pool.there)
    await is_here(pool.there, "agent1")
    await is_here(pool.here, "c1")
    await settled(pool)

    assert (after.state, after.agent, after.token) == (
        CallState.ANSWERED,
        "agent1",
        talk.token,
    )
    assert (after.t0, after.t1, after.evidence) == (START, START, Evidence.PRESENTED)
    assert await pool.agent("agent1") == AgentState.IN_CALL
    assert await pool.agent("agent2") == AgentState.READY


async def test_a_forgotten_offer_is_as_harmless_as_a_forgotten_accept(pool):
    await pool.publish(*(an_agent(name, lsf=lsf) for name, lsf in TWO.items()))
    await pool.call("c1")
    forgotten = Copy(pool)
    await pool.ready("agent1", client=pool.there)
    talk = await pool.answer("c1")
    forgotten.restore()

    await pool.ready("agent2")  # nobody is asked while the pool settles
    assert await pool.state("c1") == CallState.QUEUED
    await adopt_talk(pool, talk, pool.there)
    await is_here(pool.there, "agent1")
    await is_here(pool.here, "c1")
    await settled(pool)

    assert await pool.state("c1") == CallState.ANSWERED
    assert await pool.agent("agent1") == AgentState.IN_CALL
    assert (await pool.here.agent_view("agent1")).call == "c1"


async def test_a_talk_outlives_the_loss_of_everything(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c0", client=pool.there)
    talk = await pool.answer("c0")
    await pool.advance(30)
    nothing(pool).restore()
    await pool.publish(an_agent("agent1"), an_agent("agent2"))
    await pool.ready("agent2")

    view = await adopt(pool, "c0", client=pool.there)  # by ticket: nobody rings yet
    assert view.state == CallState.QUEUED
    back = await adopt_talk(pool, talk)
    agent = await pool.here.agent_connected(
        agent="agent1", connection="agent1-tab", request=a_request()
    )

    assert (back.state, back.t0, back.t1) == (CallState.ANSWERED, START, START)
    assert (agent.state, agent.call, agent.token) == (
        AgentState.IN_CALL,
        "c0",
        talk.token,
    )
    await pool.advance(2)
    assert await pool.agent("agent2") == AgentState.READY


async def test_who_comes_back_by_ticket_alone_is_served_when_all_has_settled(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    nothing(pool).restore()
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")

    assert (await adopt(pool, "c1")).state == CallState.QUEUED
    await pool.advance(1.9)
    assert await pool.state("c1") == CallState.QUEUED
    await pool.advance(0.1)

    assert await pool.rings_at("c1") == "agent1"


async def test_an_agent_in_a_forgotten_talk_who_does_not_come_back_loses_nobody(pool):
    await pool.staff(an_agent("agent1", lsf=2))
    talk = await the_talk(pool)
    nothing(pool).restore()
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.ready("agent2")

    await adopt_talk(pool, talk)
    await adopt(pool, "c1")
    assert await pool.agent("agent1") == AgentState.LOST
    await pool.advance(9)
    assert await pool.state("c1") == CallState.ANSWERED
    await pool.advance(1)

    assert await pool.rings_at("c1") == "agent2"


async def test_a_talk_takes_its_call_back_from_a_later_ring_it_never_heard_of(pool):
    await pool.publish(*(an_agent(name, lsf=lsf) for name, lsf in TWO.items()))
    await pool.call("c1")
    await pool.call("c2")
    forgotten = Copy(pool)
    await pool.advance(5)
    await pool.ready("agent1")
    talk = await pool.answer("c1")
    forgotten.restore()
    await pool.advance(-5, sweep=False)  # the new master's clock is behind
    await is_here(pool.here, "c1", "c2")
    await settled(pool)
    await pool.ready("agent2", client=pool.there)
    assert await pool.rings_at("c1") == "agent2"

    with_lower_token = await pool.here.view("c1")
    assert with_lower_token.token < talk.token
    await adopt_talk(pool, talk)

    heard = await events_of(pool.here, Answered)
    assert [type(e) for e in heard[-2:]] == [Accepted, Answered]
    assert await pool.state("c1") == CallState.ANSWERED
    assert await pool.rings_at("c2") == "agent2"
    ended = (await events_of(pool.there, OfferEnded))[-1]
    assert ended.how == ReservationState.RESCINDED
    assert (await pool.here.view("c2")).token > talk.token


async def test_a_talk_that_went_on_without_them_is_not_brought_back(pool):
    await pool.staff(an_agent("agent1", lsf=2))
    talk = await the_talk(pool)
    await pool.here.agent_offline(agent="agent1", request=a_request())

    with pytest.raises(StaleTokenError):
        await adopt_talk(pool, talk)
    await pool.ready("agent1")
    with pytest.raises(StaleTokenError):
        await adopt_talk(pool, talk)
    await pool.hang_up("c1")
    with pytest.raises(EndedCallError):
        await adopt_talk(pool, talk)


async def test_an_agent_who_went_on_is_not_brought_back_into_an_old_talk(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c0")
    talk = await pool.answer("c0")
    await pool.hang_up("c0")
    await pool.advance(60)
    await pool.call("c2")
    assert await pool.rings_at("c2") == "agent1"
    pool.plain.delete(pool.key("call:c0"))

    with pytest.raises(StaleTokenError):
        await adopt_talk(pool, talk)
    assert await pool.rings_at("c2") == "agent1"


async def test_bringing_back_a_talk_that_is_known_changes_nothing(pool):
    await pool.staff(an_agent("agent1"))
    talk = await the_talk(pool)
    await pool.new_ledger()

    after = await adopt_talk(pool, talk)

    assert after == talk
    assert await pool.kinds() == []


async def test_an_agent_whose_socket_drops_before_the_talk_is_back_is_not_lost_for_ever(
    pool,
):
    await pool.staff(an_agent("agent1"))
    forgotten = Copy(pool)
    talk = await the_talk(pool)
    forgotten.restore()
    await pool.here.agent_lost(
        agent="agent1", connection="agent1-tab", request=a_request()
    )

    await adopt_talk(pool, talk)
    await adopt(pool, "c1", is_here=True)
    assert await pool.state("c1") == CallState.ANSWERED
    await pool.advance(9)
    assert await pool.agent("agent1") == AgentState.LOST
    await pool.advance(1)

    assert await pool.agent("agent1") == AgentState.OFFLINE
    assert await pool.state("c1") == CallState.QUEUED


async def test_ticks_go_on_after_the_token_of_a_talk_that_a_late_clock_forgot(pool):
    await pool.staff(an_agent("agent1", lsf=2))
    talk = await the_talk(pool)
    nothing(pool).restore()
    await pool.advance(-5, sweep=False)  # the new master's clock is behind
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2"))

    await adopt_talk(pool, talk)
    await adopt(pool, "c1", is_here=True)
    await pool.ready("agent2")
    assert int(pool.plain.hget(pool.key("meta"), "tick")) > talk.token
    await pool.here.agent_offline(agent="agent1", request=a_request())
    await settled(pool)
    await pool.advance(2)

    assert await pool.rings_at("c1") == "agent2"
    assert (await pool.here.view("c1")).token > talk.token


async def test_a_talk_of_a_later_leg_that_had_not_begun_is_brought_back_not_begun(pool):
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    await the_talk(pool)
    await pool.here.not_understood(call="c1", request=a_request())
    forgotten = Copy(pool)
    talk = await pool.accept("c1")
    assert talk.t1 == START
    forgotten.restore()

    back = await adopt_talk(pool, talk)
    await is_here(pool.here, "c1", "agent1", "agent2")

    assert (back.state, back.t1) == (CallState.CONNECTING, START)
    assert await pool.agent(talk.agent) == AgentState.CONNECTING
    await settled(pool)
    await pool.advance(30)
    assert await pool.state("c1") != CallState.CONNECTING
