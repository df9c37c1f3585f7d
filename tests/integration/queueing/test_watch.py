"""What is simulated is what runs: the monitor of a pool and that of a twin act alike."""

import random
from typing import Any

import pytest

from queueing.catalogue import OverflowStep, SkillKind, WideningStep
from queueing.model import CallState, Durations, Overflow
from queueing.monitor import Monitor
from queueing.twin.live import Live
from queueing.twin.records import SECOND
from queueing.twin.watch import Watch
from tests.integration.queueing.pools import (
    START,
    a_directory,
    a_service,
    an_agent,
)

STEPS = (
    WideningStep(20.0, relax=frozenset({SkillKind.TOPIC})),
    WideningStep(None, reserve=True),
)
WAYS = (OverflowStep(None, frozenset({Overflow.CALL_BACK})),)
SERVICES = [
    a_service("telecom-a", words={"widening": STEPS}, lsf=2, bills=1),
    a_service("telecom-b", words={"widening": STEPS[1:], "overflow": WAYS}, lsf=1),
    a_service(
        "bank-a", "bank", words={"widening": STEPS, "target": 90.0}, lsf=2, cards=2
    ),
]
SERVERS = ["here", "there"]


def some_agents(chance):
    return [
        an_agent(
            f"agent{n}",
            *chance.choice([("telecom",), ("bank",), ("telecom", "bank")]),
            reserve=n % 3 == 0,
            lsf=chance.randint(1, 3),
            **{
                skill: chance.randint(1, 3)
                for skill in chance.sample(("bills", "cards"), 1)
            },
        )
        for n in range(8)
    ]


def acted(events):
    return [(e.call, e.facts["act"]) for e in events if e.kind == "monitor_acted"]


async def everybody_who_rings_is_answered(pool, twin):
    for c in [c for c in twin.calls.values() if c.state == CallState.OFFERED]:
        twin.accept(c.agent, c.id, c.offer)
        twin.answered(c.id, c.offer)
        await pool.answer(c.id)


@pytest.mark.parametrize("seed", range(4))
async def test_a_twin_is_watched_as_the_pool_is(pool, seed):
    chance = random.Random(seed)
    agents = some_agents(chance)
    twin: Any = Live(START * SECOND, a_directory(1, SERVICES, agents), Durations())
    monitor, watch = Monitor(pool.here), Watch(twin)
    await pool.publish(*agents, services=SERVICES)
    for each in chance.sample(agents, 6):
        await pool.ready(each.id)
        twin.agent_connected(each.id, "here")
        twin.agent_ready(each.id)

    did, mirrored = [], []
    for second in range(60):
        for n in range(chance.choice((0, 0, 1, 2))):
            name, service = f"c{second:02}{n}", chance.choice(SERVICES).id
            await pool.call(name, service=service)
            twin.enqueue(name, service, "here")
        await pool.advance(1)
        twin.advance(1, SERVERS)
        await monitor.look()
        watch.look()
        did += acted(await pool.new_ledger())
        mirrored += acted(twin.take())
        if second % 7 == 6:
            await everybody_who_rings_is_answered(pool, twin)

    assert did == mirrored
    assert did, "a minute in which nothing happens shows nothing"
