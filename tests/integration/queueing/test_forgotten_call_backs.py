"""A call-back of which the store forgot something: left, accepted, come or answered."""

import pytest

from queueing.model import AgentState, CallState
from tests.integration.queueing.pools import START, a_request, an_agent
from tests.integration.queueing.returning import (
    Copy,
    adopt,
    adopt_talk,
    is_here,
    nothing,
    settled,
)
from tests.integration.queueing.test_ways import (
    BACK,
    LONG,
    a_long_wait,
    at_work,
    come,
    leave,
)


async def a_forgotten_talk(pool):
    """All that the store knows is that the caller left; agent1 is in the talk."""
    await a_long_wait(pool)
    await leave(pool, BACK)
    forgotten = Copy(pool)
    await at_work(pool)
    await pool.accept("c1")
    await come(pool, connection="c1-tab")
    talk = await pool.answer("c1")
    forgotten.restore()
    await adopt_talk(pool, talk)
    await is_here(pool.here, "agent1")
    return talk


async def test_a_call_back_forgotten_with_all_data_is_one_again(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)
    nothing(pool).restore()
    await pool.publish(an_agent("agent1"), services=[LONG])

    view = await adopt(pool, "c1", is_here=True, comes=False, left=True)
    told = [(e.kind, e.facts.get("adopted")) for e in await pool.new_ledger()]
    assert told[:2] == [("call_queued", True), ("call_left", True)]
    assert (view.state, view.t0, view.call_back) == (CallState.QUEUED, START, True)
    await pool.here.caller_lost(call="c1", connection="new-tab", request=a_request())
    assert await pool.state("c1") == CallState.QUEUED
    await pool.advance(2)
    await pool.ready("agent1")
    accepted = await pool.accept("c1")

    assert (accepted.state, accepted.call_back) == (CallState.CONNECTING, True)


async def test_a_caller_who_left_is_not_taken_for_one_who_waits_when_that_is_forgotten(
    pool,
):
    await a_long_wait(pool)
    forgotten = Copy(pool)
    await leave(pool, BACK)
    forgotten.restore()

    assert (await adopt(pool, "c1", is_here=True, comes=False, left=True)).call_back
    await is_here(pool.here, "agent1")
    await settled(pool)
    await at_work(pool)
    await pool.accept("c1")

    assert (await pool.here.view("c1")).call_back


async def test_a_page_alone_makes_no_call_back_of_a_wait(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")

    view = await adopt(pool, "c1", comes=False)

    assert (view.state, view.call_back) == (CallState.QUEUED, False)
    assert "call_left" not in [entry.kind for entry in await pool.new_ledger()]
    nothing(pool).restore()
    await pool.publish(an_agent("agent1"))
    assert not (await adopt(pool, "c1", comes=False)).call_back


async def test_a_page_that_comes_alone_brings_the_call_back_from_being_lost(pool):
    await a_long_wait(pool)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())

    view = await adopt(pool, "c1", comes=False, left=True)

    assert (view.state, view.call_back) == (CallState.QUEUED, True)
    (left,) = [e for e in await pool.new_ledger() if e.kind == "call_left"]
    assert left.facts == {"way": "call_back", "leg": 0, "adopted": True}


async def test_a_page_alone_takes_nothing_from_a_talk(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")

    view = await adopt(pool, "c1", comes=False, left=True)

    assert (view.state, view.call_back) == (CallState.ANSWERED, False)


async def test_a_caller_lost_from_the_forgotten_talk_of_a_call_back_is_lost(pool):
    await a_forgotten_talk(pool)
    await adopt(pool, "c1", connection="c1-tab", is_here=True)
    await settled(pool)

    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await pool.advance(60)

    assert await pool.state("c1") == CallState.ENDED
    assert await pool.agent("agent1") == AgentState.WRAP_UP


async def test_nobody_who_left_a_forgotten_talk_of_a_call_back_is_waited_for(pool):
    """The socket drops before the caller was presented."""
    await a_forgotten_talk(pool)

    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await settled(pool)
    await pool.advance(60)

    assert await pool.state("c1") == CallState.ENDED
    assert await pool.agent("agent1") == AgentState.WRAP_UP


async def test_a_page_gone_since_the_caller_left_leaves_the_talk_its_grace(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    forgotten = Copy(pool)
    await at_work(pool)
    await pool.accept("c1")
    await come(pool)
    talk = await pool.answer("c1")
    forgotten.restore()

    assert (await adopt_talk(pool, talk)).state == CallState.LOST
    back = await come(pool)

    assert (back.state, back.call_back) == (CallState.ANSWERED, False)


async def test_whoever_was_called_back_is_in_the_talk_and_no_lease_stays(pool):
    await a_forgotten_talk(pool)
    view = await adopt(pool, "c1", connection="c1-tab", is_here=True)
    assert (view.state, view.call_back) == (CallState.ANSWERED, False)
    await settled(pool)
    await pool.advance(200)

    assert await pool.state("c1") == CallState.ANSWERED
    leases = pool.plain.zrange(pool.key("leases"), 0, -1)
    assert sorted(leases) == ["server here", "server there"]


async def test_a_forgotten_accept_still_summons_the_caller(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)
    await at_work(pool)
    talk = await pool.accept("c1")
    nothing(pool).restore()
    await pool.publish(an_agent("agent1"), services=[LONG])

    back = await adopt_talk(pool, talk)
    await is_here(pool.here, "agent1")
    assert (back.state, back.call_back) == (CallState.CONNECTING, True)
    await adopt(pool, "c1", connection="c1-tab", is_here=True, comes=False, left=True)
    await settled(pool)
    came = await come(pool, connection="c1-tab")

    assert (came.state, came.call_back) == (CallState.CONNECTING, False)


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_forgotten_accept_summons_even_where_the_leaving_was_forgotten(
    pool, is_lost
):
    await a_long_wait(pool)
    forgotten = Copy(pool)
    if is_lost:
        await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
        forgotten = Copy(pool)
        await come(pool)
    await leave(pool, BACK)
    await at_work(pool)
    talk = await pool.accept("c1")
    forgotten.restore()

    back = await adopt_talk(pool, talk)

    assert (back.state, back.call_back) == (CallState.CONNECTING, True)
    assert (await pool.here.agent_view("agent1")).until == pool.now + 45


async def test_a_caller_who_had_come_is_not_summoned_again(pool):
    await a_long_wait(pool)
    await leave(pool, BACK)
    forgotten = Copy(pool)
    await at_work(pool)
    await pool.accept("c1")
    talk = await come(pool, connection="c1-tab")
    forgotten.restore()

    back = await adopt_talk(pool, talk)

    assert (back.state, back.call_back) == (CallState.CONNECTING, False)
