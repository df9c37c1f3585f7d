"""A store that lives anew settles: nobody is offered to anybody until all are here."""

import pytest

from queueing.errors import UnknownCallError
from queueing.messages import CallRinging, Offered, Resync
from queueing.model import AgentState, CallState, Side
from tests.integration.queueing.pools import a_request, an_agent, events_of
from tests.integration.queueing.returning import Copy, adopt, is_here, settled


async def lives(pool):
    entries = await pool.here.ledger(after="0", count=1000, block_ms=0)
    return [entry for entry in entries if entry.kind == "life_began"]


async def test_a_first_life_remembers_nothing_before_it(pool):
    await pool.publish(an_agent("agent1"))

    (life,) = await lives(pool)
    assert life.facts["after"] == 0
    assert life.company is None


async def test_a_new_life_says_up_to_which_tick_its_data_remember(pool):
    await pool.publish(an_agent("agent1"))
    copy = Copy(pool)
    remembered = int(pool.plain.hget(pool.key("meta"), "tick"))
    await pool.call("c1")
    forgotten = [int(entry.event.split("-")[1]) for entry in await pool.new_ledger()]
    copy.restore()

    await pool.sweep()

    life = (await lives(pool))[-1]
    assert life.facts["after"] == remembered < min(forgotten)
    assert int(life.event.split("-")[1]) > life.facts["life"] > remembered


async def test_a_life_is_told_also_when_the_function_that_notices_is_refused(pool):
    await pool.publish(an_agent("agent1"))
    Copy(pool).restore()
    before = len(await lives(pool))

    with pytest.raises(UnknownCallError):
        await pool.here.hang_up(call="c9", by=Side.CALLER, request=a_request())

    assert len(await lives(pool)) == before + 1
    await pool.sweep()
    assert len(await lives(pool)) == before + 1


async def test_nobody_is_offered_while_the_pool_settles(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    Copy(pool).restore()

    await pool.call("c1")
    assert await pool.state("c1") == CallState.QUEUED
    await settled(pool, pool.here)
    assert await pool.state("c1") == CallState.QUEUED  # the other one is awaited
    await is_here(pool.there, "agent1")
    await settled(pool, pool.there)

    assert await pool.rings_at("c1") == "agent1"
    assert pool.plain.hget(pool.key("meta"), "violations") is None


async def test_a_dead_server_holds_nobody_up_for_longer_than_it_takes_to_settle(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.there.heartbeat()
    await pool.call("c1", client=pool.there)
    await pool.refuse("c1")
    Copy(pool).restore()

    await is_here(pool.here, "agent1")
    await settled(pool, pool.here)
    await pool.call("c2")
    assert await pool.state("c2") == CallState.QUEUED
    await pool.advance(2)

    assert await pool.rings_at("c2") == "agent1"


async def test_no_lease_ends_while_the_pool_settles(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(14)
    copy = Copy(pool)
    await pool.advance(6, sweep=False)  # nobody could reach the store
    copy.restore()

    await pool.sweep()
    assert await pool.rings_at("c1") == "agent1"
    accepted = await pool.accept("c1")

    assert accepted.state == CallState.CONNECTING


@pytest.mark.parametrize("behind", [0, 3600])
async def test_tokens_rise_over_a_failover_to_a_clock_that_is_behind(pool, behind):
    await pool.staff(an_agent("agent1"))
    copy = Copy(pool)
    await pool.advance(10)
    await pool.call("c1")
    before = (await events_of(pool.here, Offered))[-1].token
    await pool.advance(-10 - behind, sweep=False)
    copy.restore()

    await is_here(pool.here, "agent1")
    await settled(pool)
    await adopt(pool, "c1", t0=pool.now)
    await pool.advance(2)

    after = (await events_of(pool.here, Offered))[-1].token
    assert after > before


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    Copy(pool).restore()
    await pool.call("c1")
    assert await pool.state("c1") == CallState.QUEUED  # it settles

    await pool.advance(-3600)

    assert await pool.rings_at("c1") == "agent1"


async def test_whom_a_living_server_does_not_present_is_lost(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    Copy(pool).restore()

    await is_here(pool.here, "c2")
    await settled(pool)

    assert await pool.state("c1") == CallState.LOST
    assert await pool.state("c2") == CallState.QUEUED
    assert await pool.agent("agent1") == AgentState.LOST


async def test_whoever_comes_on_a_newer_connection_during_the_roll_call_is_not_lost(
    pool,
):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    Copy(pool).restore()

    await pool.here.heartbeat()
    await events_of(pool.here, Resync)
    for call in ("c1", "c2"):
        await adopt(pool, call, connection="newer-tab")
    await pool.here.agent_connected(
        agent="agent1", connection="newer-tab", request=a_request()
    )
    await pool.here.presented()

    assert await pool.state("c1") == CallState.ANSWERED
    assert await pool.state("c2") == CallState.QUEUED
    assert await pool.agent("agent1") == AgentState.IN_CALL


async def test_the_matches_after_settling_are_made_in_the_order_of_deadlines(pool):
    names = [f"agent{number}" for number in range(5)]
    await pool.publish(*(an_agent(name) for name in names))
    for number in range(8):
        await pool.call(f"c{number}")
        await pool.advance(1)
    Copy(pool).restore()
    for name in names:
        await pool.ready(name)
    await is_here(pool.here, *(f"c{number}" for number in range(8)))

    await settled(pool)

    ringing = [f"c{n}" for n in range(8) if await pool.rings_at(f"c{n}")]
    assert ringing == ["c0", "c1", "c2", "c3", "c4"]


async def test_settling_ends_in_portions(pool):
    names = [f"agent{number:03}" for number in range(25)]
    await pool.publish(*(an_agent(name) for name in names))
    for name in names:
        await pool.ready(name)
        await pool.here.agent_away(agent=name, request=a_request())
    for number in range(30):
        await pool.call(f"c{number}")
    Copy(pool).restore()
    for name in names:
        await pool.here.agent_ready(agent=name, request=a_request())
    await pool.advance(2, sweep=False)

    ringing = []
    while await pool.here.sweep(10) >= 10:
        views = [await pool.here.view(f"c{number}") for number in range(30)]
        ringing.append(sum(view.agent is not None for view in views))

    assert len(ringing) > 2
    assert ringing == sorted(ringing)
    assert ringing[-1] == 25
    assert await pool.call("new") is not None
    assert pool.plain.hget(pool.key("meta"), "settles") is None


async def test_a_client_is_told_to_look_again_when_the_store_lives_anew(pool):
    await pool.publish(an_agent("agent1"))
    await pool.here.heartbeat()
    copy = Copy(pool)
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.refuse("c1")
    copy.restore()

    await pool.here.heartbeat()
    assert [type(e) for e in await events_of(pool.here, Resync)] == [Resync]
    await pool.here.presented()
    await pool.sweep()
    await pool.ready("agent1")
    await pool.call("c2")

    heard = await events_of(pool.here, CallRinging)
    assert Resync not in [type(event) for event in heard]
