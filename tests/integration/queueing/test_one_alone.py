"""A call for one agent alone, for a time: the same person again, or a colleague."""

import pytest

from queueing.model import AgentState, CallState, OfferReason
from tests.integration.queueing.pools import (
    a_request,
    an_agent,
    offer_of,
)


async def test_a_caller_who_comes_back_waits_a_little_for_the_same_agent(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.hang_up("c1")

    view = await pool.call("c2", prefer="agent1")
    await pool.here.wrap_up_done(agent="agent1", ready=True, request=a_request())

    assert (view.state, view.agent) == (CallState.QUEUED, None)
    assert await pool.rings_at("c2") == "agent1"
    await offer_of(pool.here, "c1")
    assert (await offer_of(pool.here, "c2")).why == OfferReason.PREFERRED


async def test_a_caller_waits_for_the_same_agent_ten_seconds_at_most(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2", prefer="agent1")

    await pool.advance(9.9)
    waiting = await pool.rings_at("c2")
    await pool.advance(0.1)

    assert (waiting, await pool.rings_at("c2")) == (None, "agent2")


async def test_an_agent_takes_an_earlier_caller_before_one_who_prefers_them(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    await pool.advance(1)
    await pool.call("c3", prefer="agent1")
    await pool.hang_up("c1")

    await pool.here.wrap_up_done(agent="agent1", ready=True, request=a_request())

    assert await pool.rings_at("c2") == "agent1"


@pytest.mark.parametrize("state", ["offline", "away", "break"])
async def test_nobody_waits_for_an_agent_who_is_not_at_work(pool, state):
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    act = getattr(pool.here, f"agent_{state}")
    await act(agent="agent1", request=a_request())

    view = await pool.call("c1", prefer="agent1")

    assert view.agent == "agent2"


@pytest.mark.parametrize("prefer", ["agent2", "agent9"])
async def test_nobody_waits_for_an_agent_who_could_not_serve(pool, prefer):
    await pool.staff(an_agent("agent1"), an_agent("agent2", lsf=1))

    assert (await pool.call("c1", prefer=prefer)).agent == "agent1"


async def test_a_caller_who_leaves_takes_the_lease_along(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.call("c2", prefer="agent1")
    await pool.hang_up("c2")

    leases = pool.plain.zrange(pool.key("leases"), 0, -1)
    assert "only c2" not in leases
    assert not pool.plain.exists(pool.key("live:telecom"))


# ----------------------------------------------------- that one is not at work any more


async def a_call_for_agent1(pool, *, client=None):
    """Both are ready but agent1, who writes notes; c2 waits for that one alone."""
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.ready("agent1", client=client)
    await pool.ready("agent2")
    await pool.call("c1")
    await pool.answer("c1")
    await pool.hang_up("c1")
    await pool.call("c2", prefer="agent1")
    await pool.advance(3)
    assert await pool.agent("agent1") == AgentState.WRAP_UP
    assert await pool.state("c2") == CallState.QUEUED


@pytest.mark.parametrize("state", ["offline", "away", "break"])
async def test_whoever_waits_for_an_agent_who_stops_goes_on_to_another(pool, state):
    await a_call_for_agent1(pool)
    before = await pool.here.view("c2")

    act = getattr(pool.here, f"agent_{state}")
    await act(agent="agent1", request=a_request())

    view = await pool.here.view("c2")
    assert (view.state, view.agent) == (CallState.OFFERED, "agent2")
    assert (view.t0, view.deadline) == (before.t0, before.deadline)
    assert "only c2" not in pool.plain.zrange(pool.key("leases"), 0, -1)
    assert not pool.plain.exists(pool.key("only:agent1"))


async def test_whoever_waits_for_an_agent_goes_on_when_a_supervisor_sends_them_away(
    pool,
):
    await a_call_for_agent1(pool)

    await pool.here.agent_forced(
        agent="agent1", state=AgentState.AWAY, by="supervisor1", request=a_request()
    )

    assert await pool.rings_at("c2") == "agent2"


async def test_whoever_waits_for_an_agent_who_is_lost_goes_on_to_another(pool):
    await a_call_for_agent1(pool)

    await pool.here.agent_lost(
        agent="agent1", connection="agent1-tab", request=a_request()
    )

    assert await pool.rings_at("c2") == "agent2"


async def test_whoever_waits_for_an_agent_of_a_dead_server_goes_on_to_another(pool):
    await a_call_for_agent1(pool, client=pool.there)

    await pool.advance(4, sweep=False)
    await pool.here.heartbeat()
    await pool.sweep()

    assert await pool.rings_at("c2") == "agent2"


async def test_whoever_waits_for_an_agent_goes_on_when_the_wished_break_begins(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.here.agent_break(agent="agent1", request=a_request())
    await pool.call("c2", prefer="agent1")
    await pool.hang_up("c1")
    waiting = await pool.rings_at("c2")

    await pool.here.wrap_up_done(agent="agent1", ready=False, request=a_request())

    assert (waiting, await pool.rings_at("c2")) == (None, "agent2")


@pytest.mark.parametrize(
    "new",
    [[an_agent("agent1", "insurance")], [an_agent("agent1", lsf=1)], []],
    ids=["another company", "less skill", "unlisted"],
)
async def test_whoever_waits_for_an_agent_who_cannot_serve_any_more_goes_on(pool, new):
    await a_call_for_agent1(pool)

    await pool.publish(*new, an_agent("agent2"))

    assert await pool.rings_at("c2") == "agent2"


async def test_of_two_calls_that_an_agent_leaves_the_earlier_goes_on_first(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c2")
    await pool.advance(1)
    await pool.call("c1", prefer="agent1")

    await pool.here.agent_away(agent="agent1", request=a_request())

    assert await pool.rings_at("c2") == "agent2"
    assert (await pool.here.view("c1")).position == 1


async def test_whoever_is_lost_while_waiting_for_one_agent_comes_back_for_all(pool):
    await a_call_for_agent1(pool)
    await pool.here.caller_lost(call="c2", connection="c2-tab", request=a_request())
    await pool.here.agent_away(agent="agent1", request=a_request())

    await pool.here.resume(call="c2", connection="new-tab", request=a_request())

    assert await pool.rings_at("c2") == "agent2"
