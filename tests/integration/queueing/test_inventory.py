"""A pool laid open keeps its invariants, and a planted fault is found."""

import pytest

from queueing.catalogue import Need
from queueing.invariants import changes, violations
from tests.integration.queueing.pools import a_request, a_service, an_agent

SERVICES = [
    a_service(words={"topics": {"bill": Need("billing", 2)}}),
    a_service("claims", "insurance", lsf=1),
]


async def a_busy_pool(pool):
    """Have people in every state: one rings, one talks, one writes notes, two wait."""
    await pool.staff(
        an_agent("agent1", "telecom", "insurance"),
        an_agent("agent2"),
        an_agent("agent3", lsf=2),
        an_agent("agent4", "insurance", lsf=1),
        services=SERVICES,
    )
    await pool.call("c1")
    await pool.answer("c1")
    await pool.hang_up("c1")
    await pool.call("c2")
    await pool.answer("c2")
    await pool.call("c3")
    await pool.call("c4")
    await pool.advance(1)
    await pool.call("c5", topic="bill")
    await pool.call("c6", client=pool.there)
    await pool.here.caller_lost(call="c4", connection="c4-tab", request=a_request())


async def test_a_busy_pool_is_laid_open_whole_and_keeps_every_invariant(pool):
    await a_busy_pool(pool)

    found = await pool.here.inventory()

    assert found.whole
    assert {call: c["state"] for call, c in found.calls.items()} == {
        "c2": "answered", "c3": "offered", "c4": "lost", "c5": "queued", "c6": "queued",
    }  # fmt: skip
    assert {agent: a["state"] for agent, a in found.agents.items()} == {
        "agent1": "in_call", "agent2": "offered", "agent3": "wrap_up", "agent4": "ready",
    }  # fmt: skip
    assert found.levels(found.calls["c5"]["signature"]) == {"lsf": 2, "billing": 2}
    assert violations(found) == []


async def test_a_lost_agent_whom_the_directory_does_not_list_any_more_is_shown(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    await pool.call("c1")
    await pool.answer("c1")
    await pool.publish()
    await pool.advance(4, sweep=False)
    await pool.here.heartbeat()
    await pool.sweep()

    found = await pool.here.inventory()

    assert found.agents["agent1"]["state"] == "lost"
    assert violations(found) == []


async def test_a_large_pool_is_shown_in_part_and_says_so(pool):
    await a_busy_pool(pool)

    found = await pool.here.inventory(3)

    assert not found.whole
    assert (len(found.agents), len(found.calls)) == (3, 3)
    assert {"c5", "c6"} <= set(found.calls)


async def test_what_happens_between_two_moments_keeps_the_invariants_too(pool):
    await a_busy_pool(pool)
    before = await pool.here.inventory()
    await pool.refuse("c3")
    await pool.hang_up("c2")
    await pool.advance(61)

    after = await pool.here.inventory()

    assert violations(after) == []
    assert changes(before, after) == []


PLANTED = {
    "a second call for one agent": ("I1", ("rewrite", "agent", "agent1", "call", "c5")),
    "another token": ("I1", ("rewrite", "agent", "agent2", "token", "7")),
    "a lost lease": ("I3", ("ZREM", "leases", "call c3")),
    "a lease of nothing": ("I3", ("ZADD", "leases", "99", "call c99")),
    "a call-back without an end": ("I3", ("rewrite", "call", "c5", "call_back", "1")),
    "a wait for one alone without an end": (
        "I3",
        ("rewrite", "call", "c2", "only", "x"),
    ),
    "a caller whom nobody holds": ("I3", ("rewrite", "call", "c2", "server", "")),
    "a server without a lease": ("I3", ("ZREM", "leases", "server there")),
    "an end without a reason": ("I4", ("rewrite", "call", "c5", "state", "ended")),
    "a call that never came": ("I4", ("HDEL", "count:telecom-demo", "call_queued")),
    "a call that is in no index": ("I6", ("DEL", "waiting:telecom")),
    "a head that is none": ("I6", ("ZADD", "live:telecom", "5", "3")),
    "a place that is another": ("I6", ("ZADD", "waiting:telecom", "5", "c6")),
    "an agent in no index": ("I6", ("rewrite", "agent", "agent4", "state", "away")),
    "a token from the future": (
        "I7",
        ("rewrite", "call", "c2", "token", "9999999999999999"),
    ),
}


def plant(pool, name, first, *rest):
    """Run a command on a key of the pool, or rewrite one field of a record."""
    if name == "rewrite":
        record, field, value = rest
        pool.rewrite(first, record, **{field: value})
    else:
        pool.plain.execute_command(name, pool.key(first), *rest)


@pytest.mark.parametrize(("invariant", "command"), PLANTED.values(), ids=PLANTED)
async def test_a_planted_fault_is_found(pool, invariant, command):
    await a_busy_pool(pool)
    plant(pool, *command)

    found = violations(await pool.here.inventory())

    assert invariant in {each.invariant for each in found}


async def test_a_missed_match_is_found_unless_the_pair_rests(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.refuse("c1")
    resting = await pool.here.inventory()
    pool.plain.delete(pool.key("rests:c1"))

    missed = await pool.here.inventory()

    assert violations(resting) == []
    assert [each.invariant for each in violations(missed)] == ["I2"]


async def test_a_wait_for_an_agent_who_is_away_is_found(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.call("c2", prefer="agent1")
    pool.rewrite("agent", "agent1", state="away")

    found = violations(await pool.here.inventory())

    assert "call c2 waits for agent1, who is away" in {each.what for each in found}


REWRITTEN = {
    "another T0": ("I5", ("t0", "5")),
    "another deadline": ("I5", ("deadline", "5")),
    "another relay": ("I9", ("relay", "r9")),
    "an older token": ("I7", ("token", "5")),
    "an older version": ("I7", ("version", "5")),
}


@pytest.mark.parametrize(("invariant", "fields"), REWRITTEN.values(), ids=REWRITTEN)
async def test_a_rewritten_past_is_found(pool, invariant, fields):
    await a_busy_pool(pool)
    before = await pool.here.inventory()
    pool.rewrite("call", "c3", **dict([fields]))

    after = await pool.here.inventory()

    assert [each.invariant for each in changes(before, after)] == [invariant]


async def test_a_caller_who_is_overtaken_by_an_equal_one_is_found(pool):
    await pool.publish(an_agent("agent1"))
    for call in ("c1", "c2"):
        await pool.call(call)
        await pool.advance(1)
    before = await pool.here.inventory()
    pool.plain.zrem(pool.key("calls:telecom:3"), "c1")
    pool.plain.zadd(pool.key("live:telecom"), {"3": 1})
    await pool.ready("agent1")

    after = await pool.here.inventory()

    assert await pool.rings_at("c2") == "agent1"
    assert "I8" in {each.invariant for each in changes(before, after)}
