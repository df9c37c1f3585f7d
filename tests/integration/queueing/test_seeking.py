"""Whoever fits is found, a piece of the pool at a time; tests count the commands it takes."""

import pytest

from queueing.catalogue import ScarceReserve
from tests.integration.queueing.pools import a_request, a_service, an_agent
from tests.integration.queueing.returning import is_here, settled

A_PIECE = 1_200
"""Commands that one function call may take: less than two milliseconds of them."""

SKILLS = 9
ENGLISH = {"international": 1}


def lines(number):
    """So many services whose callers stand in lines of their own."""
    return [
        a_service(
            f"s{n}", lsf=2, **{f"t{k}": 1 for k in range(SKILLS) if n + 1 >> k & 1}
        )
        for n in range(number)
    ]


def commands(pool):
    """How many commands the server has run, those inside of functions too."""
    found = pool.plain.info("commandstats")
    return sum(each["calls"] for each in found.values())


async def pieces(pool, sweeps):
    """Sweep so often; the commands of each time."""
    taken = []
    for _ in range(sweeps):
        before = commands(pool)
        await pool.here.sweep(100)
        taken.append(commands(pool) - before)
    return taken


async def a_failover(pool):
    """Another process goes on with the data."""
    pool.move_to_another_process()
    await pool.here.heartbeat()
    await pool.there.heartbeat()


async def refused(pool, *calls):
    for call in calls:
        await pool.call(call)
        await pool.refuse(call)


async def test_whoever_stands_behind_callers_who_were_refused_is_served_after_settling(
    pool,
):
    await pool.staff(an_agent("agent1"))
    await refused(pool, *(f"c{n:02}" for n in range(12)))
    await a_failover(pool)
    await pool.call("c99")

    await is_here(pool.here, "agent1", *(f"c{n:02}" for n in range(12)))
    await settled(pool)

    assert await pool.rings_at("c99") == "agent1"


async def test_the_end_of_settling_looks_at_so_many_callers_at_once(pool):
    await pool.staff(
        an_agent("agent1", lsf=1), an_agent("agent2", **ENGLISH), services=lines(400)
    )
    for n in range(400):
        await pool.call(f"c{n:03}", service=f"s{n}")
    await a_failover(pool)
    await pool.advance(2.5, sweep=False)

    taken = []
    while pool.plain.hget(pool.key("meta"), "settles"):
        taken += await pieces(pool, 1)

    assert len(taken) > 5
    assert max(taken) < A_PIECE


async def test_a_caller_who_comes_while_all_are_matched_waits_for_the_turn(pool):
    names = [f"agent{n:02}" for n in range(20)]
    await pool.publish(*(an_agent(name) for name in names))
    for n in range(21):
        await pool.call(f"c{n:02}")
    await a_failover(pool)
    for name in names:
        await pool.ready(name)
    await pool.advance(2.5, sweep=False)
    await pool.here.sweep(100)
    assert await pool.rings_at("c19") is None

    await pool.call("new")
    assert await pool.rings_at("new") is None
    await pool.sweep()

    assert await pool.rings_at("c19") is not None
    assert await pool.rings_at("c20") is None
    assert await pool.rings_at("new") is None


async def test_an_agent_who_comes_while_all_are_matched_takes_the_first_caller(pool):
    names = [f"agent{n:02}" for n in range(20)]
    await pool.publish(*(an_agent(name) for name in [*names, "late"]))
    for n in range(22):
        await pool.call(f"c{n:02}")
    await a_failover(pool)
    for name in names:
        await pool.ready(name)
    await pool.advance(2.5, sweep=False)
    await pool.here.sweep(100)
    waits = [f"c{n:02}" for n in range(22)]
    waits = [call for call in waits if await pool.rings_at(call) is None]

    await pool.ready("late")

    assert waits
    assert await pool.rings_at(waits[0]) == "late"


@pytest.mark.parametrize("behind", [0, 10])
async def test_a_missed_match_is_found_and_counted_by_one_of_the_next_sweeps(
    pool, behind
):
    services = [a_service(), *lines(400)]
    await pool.staff(an_agent("agent1"), services=services)
    for n in range(400):
        await pool.call(f"x{n:03}", service=f"s{n}")
    await refused(pool, *(f"c{n:02}" for n in range(behind)), "missed")
    pool.plain.delete(pool.key("rests:missed"))  # nothing of ours does that

    await pool.advance(1, sweep=False)
    taken = await pieces(pool, 15)

    assert max(taken) < A_PIECE
    assert await pool.rings_at("missed") == "agent1"
    assert pool.plain.hget(pool.key("meta"), "violations") == "1"


@pytest.mark.parametrize("many", [10, 60])
async def test_one_more_ready_agent_with_a_scarce_skill_asks_for_nobody_else(
    pool, many
):
    agents = [an_agent(f"agent{n:02}", lsf=3, lfpc=3) for n in range(many)]
    await pool.staff(*agents, reserves=[ScarceReserve("lfpc", 2)])
    await pool.here.agent_away(agent="agent00", request=a_request())
    before = commands(pool)

    await pool.here.agent_ready(agent="agent00", request=a_request())

    assert commands(pool) - before < 50


async def test_a_new_life_awaits_the_servers_that_have_a_lease(pool):
    await pool.publish(an_agent("agent1"))
    await pool.here.heartbeat()
    await pool.call("c1", client=pool.there)
    pool.move_to_another_process()
    await pool.here.heartbeat()

    awaited = pool.plain.smembers(pool.key("awaited"))

    assert awaited == pool.plain.smembers(pool.key("servers")) == {"here", "there"}


async def test_a_server_without_a_lease_is_not_awaited(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1", client=pool.there)
    await pool.advance(5, sweep=False)
    await pool.here.heartbeat()
    await pool.sweep()

    assert pool.plain.smembers(pool.key("servers")) == {"here"}
