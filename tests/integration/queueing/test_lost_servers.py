"""Whole servers vanish with their people, and begin again."""

from queueing.library import microseconds
from queueing.messages import Ended, Resync
from queueing.model import AgentState, CallState, EndReason
from tests.integration.queueing.losing import agent_back, lose_caller, resume, resyncs
from tests.integration.queueing.pools import START, an_agent, events_of


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
