"""Among many profiles, who is found is who the model finds."""

import random
from typing import Any

import pytest

from queueing.model import AgentState, CallState, Durations
from queueing.twin.records import SECOND
from queueing.twin.twin import Twin
from tests.integration.queueing.pools import (
    START,
    a_directory,
    a_request,
    a_service,
    an_agent,
)

SKILLS = [f"skill{n}" for n in range(12)]


def many_agents(chance, number):
    """Agents of as many profiles; all sign, some of them other things."""
    return [
        an_agent(
            f"agent{n:03}",
            reserve=n % 20 == 0,
            lsf=chance.randint(1, 3),
            **{s: chance.randint(1, 3) for s in chance.sample(SKILLS, 4)},
        )
        for n in range(number)
    ]


def with_topics(name, levels, **skills):
    """An agent of a profile of their own: so many levels in topics, beside skills."""
    topics = {f"topic{n}": min(3, levels - 3 * n) for n in range((levels + 2) // 3)}
    return an_agent(name, **skills, **topics)


def services_of(chance):
    """One that most can serve, some that few can, and one that nobody can."""
    some = [
        a_service(
            f"service{n}", lsf=1, **dict.fromkeys(chance.sample(SKILLS, n % 4), 2)
        )
        for n in range(12)
    ]
    return [*some, a_service("nobody", lsf=1, international=1)]


@pytest.mark.parametrize("seed", range(2))
async def test_the_best_of_many_agents_is_found(pool, seed):
    chance = random.Random(seed)
    agents, services = many_agents(chance, 250), services_of(chance)
    await pool.publish(*agents, services=services)
    directory = a_directory(1, services, agents)
    oracle: Any = Twin(START * SECOND, directory, Durations())
    for agent in chance.sample(agents, 200):
        oracle.agent_connected(agent.id, "here")
        oracle.agent_ready(agent.id)
        await pool.ready(agent.id)

    for n in range(220):
        service = chance.choice(services).id
        oracle.enqueue(f"c{n:03}", service, "here")
        view = await pool.call(f"c{n:03}", service=service)
        c = oracle.calls[f"c{n:03}"]
        assert (view.agent, view.state) == (c.agent, c.state)
        if c.state == CallState.QUEUED:
            assert view.nobody is oracle.nobody(c)


async def test_whoever_comes_and_goes_counts_while_there(pool):
    services = [a_service("rare", lsf=1, tactile=1)]
    others = [an_agent(f"agent{n}", lsf=1 + n % 3) for n in range(5)]
    rare = an_agent("rare", lsf=1, tactile=2)
    await pool.staff(*others, services=services)
    await pool.publish(*others, rare, services=services)
    assert (await pool.call("c1", service="rare")).nobody

    for again in ("c2", "c3"):
        await pool.ready("rare")
        assert await pool.rings_at("c1") == "rare"
        assert not (await pool.call(again, service="rare")).nobody
        await pool.hang_up(again)

        await pool.here.agent_offline(agent="rare", request=a_request())
        assert (await pool.here.view("c1")).nobody


async def test_a_skill_that_is_unlearnt_is_forgotten(pool):
    needs = {"lsf": 1, "tactile": 1}
    services = [a_service("rare", **needs)]
    await pool.staff(an_agent("rare", lsf=1, tactile=2), services=services)
    await pool.publish(an_agent("rare", lsf=1), services=services)

    assert (await pool.call("c1", service="rare")).nobody
    present = pool.plain.hgetall(pool.key("present:telecom"))
    assert list(present.values()) == ["1"]

    await pool.publish(an_agent("rare", lsf=2, tactile=1), services=services)
    assert await pool.rings_at("c1") == "rare"
    assert await pool.agent("rare") == AgentState.OFFERED


async def test_a_profile_that_is_forgotten_hides_no_other_one(pool):
    """A list of the first that fit, then one of them goes, then it has to go on."""
    fits = [with_topics(f"fit{n:02}", n, lsf=3) for n in range(40)]
    others = [with_topics(f"other{n:02}", n, international=1) for n in range(30)]
    companies = [f"company{n}" for n in range(210)]  # more than are kept in mind
    far = [an_agent(f"{name}-agent", name, lsf=3) for name in companies]
    services = [a_service(), *(a_service(name, company=name) for name in companies)]
    await pool.publish(*fits, *others, *far, services=services)
    for agent in fits:
        await pool.here.agent_connected(
            agent=agent.id, connection=f"{agent.id}-tab", request=a_request()
        )
    for agent in [*others, fits[0]]:
        await pool.ready(agent.id)
    await pool.call("c0")
    assert await pool.rings_at("c0") == "fit00"

    fits[5] = with_topics("fit05", 6, lsf=3)  # as the next one: no new profile comes
    await pool.publish(*fits, *others, *far, services=services)
    for name in companies:
        await pool.call(f"{name}-call", service=name)
    await pool.here.agent_ready(agent="fit24", request=a_request())

    await pool.call("c1")
    assert await pool.rings_at("c1") == "fit24"


def commands(pool, name):
    """How often the server has run this command, inside of functions too."""
    return pool.plain.info("commandstats").get(f"cmdstat_{name}", {"calls": 0})["calls"]


async def test_a_profile_that_comes_is_put_where_it_belongs_and_nothing_is_read_anew(
    pool,
):
    skills = [f"skill{n}" for n in range(12)]
    agents = [
        an_agent(f"agent{n:03}", lsf=3, **dict.fromkeys(skills[: n % 12], 1 + n % 3))
        for n in range(36)
    ]
    late = [an_agent("late1", lsf=2), an_agent("late2", lsf=2, tactile=1)]
    services = [a_service(), a_service("rare", lsf=1, tactile=1)]
    await pool.publish(*agents, *late, services=services)
    for agent in agents:
        await pool.ready(agent.id)
    await pool.call("c1")
    assert (await pool.call("c2", service="rare")).nobody
    before = commands(pool, "hkeys")

    for agent in late:
        await pool.ready(agent.id)
    assert await pool.rings_at("c2") == "late2"
    await pool.refuse("c2")

    await pool.call("c3")
    assert await pool.rings_at("c3") == "late1"
    assert not (await pool.call("c4", service="rare")).nobody
    assert commands(pool, "hkeys") == before
