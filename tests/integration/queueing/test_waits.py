"""What is counted in the transitions, and what callers are told from it."""

import pytest

from queueing.catalogue import ScarceReserve, SkillKind, WideningStep
from queueing.model import Wait
from queueing.monitor import Monitor
from tests.integration.queueing.pools import a_request, a_service, an_agent


async def tally(pool, service="telecom-demo"):
    return (await pool.here.survey()).figures.tallies[service]


async def test_a_call_is_counted_once_it_is_answered_and_once_its_agent_is_free(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(10)
    await pool.answer("c1")
    await pool.advance(100)
    await pool.hang_up("c1")
    during_notes = await tally(pool)
    await pool.advance(20)
    await pool.here.wrap_up_done(agent="agent1", ready=True, request=a_request())

    found = await tally(pool)

    assert (during_notes.handled, during_notes.answered_seconds) == (0, 10)
    assert (found.handled, found.handled_seconds) == (1, 130)
    assert (found.left, found.waited_seconds) == (0, 10)
    assert found.counts["answered_10"] == 1


@pytest.mark.parametrize(
    ("waited", "edge"), [(60, "answered_60"), (60.000001, "answered_90")]
)
async def test_the_edge_of_the_promise_is_exact(pool, waited, edge):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(waited)
    await pool.ready("agent1")
    await pool.answer("c1")

    assert (await tally(pool)).counts[edge] == 1


async def test_who_leaves_before_the_answer_is_counted_with_the_wait(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.call("c2")
    await pool.advance(30)
    await pool.hang_up("c1")
    await pool.here.caller_lost(call="c2", connection="c2-tab", request=a_request())
    await pool.advance(121)

    found = await tally(pool)

    assert (found.left, found.waited_seconds, found.answered_by[-1]) == (2, 60, 0)


async def test_a_survey_counts_agents_lines_and_counters(pool):
    await pool.staff(an_agent("agent1"), an_agent("agent2", lsf=1))
    await pool.here.agent_away(agent="agent2", request=a_request())
    for call in ("c1", "c2", "c3"):
        await pool.call(call)
        await pool.advance(1)

    survey = await pool.here.survey()

    assert survey.states == {"offered": 1, "away": 1}
    assert [(crew.agents, crew.companies) for crew in survey.crews] == [
        (1, frozenset({"telecom"}))
    ]
    (line,) = survey.lines
    assert (line.company, line.service, line.length) == ("telecom", "telecom-demo", 2)
    assert survey.figures.counts["telecom-demo"]["call_queued"] == 3
    assert survey.figures.leases > 0


async def a_line(pool, agents=2, callers=4):
    await pool.staff(*(an_agent(f"agent{n}") for n in range(agents)))
    for n in range(agents):
        await pool.call(f"talk{n}")
        await pool.answer(f"talk{n}")
    for n in range(callers):
        await pool.call(f"c{n}")
        await pool.advance(0.5)
    return [f"c{n}" for n in range(callers)]


async def test_each_caller_is_told_how_long_it_will_take(pool):
    calls = await a_line(pool)
    await Monitor(pool.here).look()

    waits = await pool.here.waits([*calls, "talk0", "nobody"])

    assert list(waits) == calls
    assert [wait.position for wait in waits.values()] == [1, 2, 3, 4]
    assert all(0 <= wait.low < wait.high for wait in waits.values())
    highs = [wait.high for wait in waits.values()]
    assert highs == sorted(highs)
    assert 120 <= highs[0] <= 600  # two agents of about 300 s a call
    assert all(0.5 < wait.breach <= 1 for wait in waits.values())


async def test_the_breach_comes_nearer_while_nobody_comes_and_is_sure_at_its_moment(
    pool,
):
    calls = await a_line(pool, agents=20, callers=1)
    monitor = Monitor(pool.here)
    found = []
    for _ in range(4):
        await monitor.look()
        found.append((await pool.here.waits(calls))["c0"].breach)
        await pool.advance(20)

    assert found == sorted(found)
    assert found[0] < 0.1
    assert found[-1] == 1.0


async def test_nothing_is_promised_where_nobody_serves(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    alone = (await pool.here.waits(["c1"]))["c1"]
    await pool.ready("agent1")
    await pool.call("c2")
    await pool.here.agent_away(agent="agent1", request=a_request())
    await Monitor(pool.here).look()

    waits = await pool.here.waits(["c1", "c2"])

    assert alone == Wait(1, nobody=True, low=None, high=None, breach=None)
    assert waits["c1"] == Wait(1, nobody=False, low=None, high=None, breach=None)


async def test_a_widened_call_counts_on_those_who_fit_it_now(pool):
    service = a_service(
        words={"widening": (WideningStep(10, frozenset({SkillKind.TOPIC})),)},
        lsf=2,
        claims=1,
    )
    await pool.staff(
        an_agent("agent1"), an_agent("agent2", lsf=3, claims=1), services=[service]
    )
    await pool.call("talk")
    await pool.answer("talk")
    await pool.here.agent_away(agent="agent1", request=a_request())
    await pool.call("c1")
    monitor = Monitor(pool.here)
    await monitor.look()
    before = (await pool.here.survey()).lines[0].signature
    await pool.advance(11)
    await monitor.look()

    survey = await pool.here.survey()

    assert survey.lines[0].signature != before
    assert (await pool.here.waits(["c1"]))["c1"].high is not None


async def test_agents_kept_for_a_scarce_skill_are_none_for_others(pool):
    keep = (ScarceReserve("claims", 1),)
    step = WideningStep(20, frozenset({SkillKind.TOPIC}))
    services = [
        a_service(lsf=2),
        a_service("hard", words={"widening": (step,)}, lsf=3, claims=2),
    ]
    agents = (an_agent("agent1", lsf=3, claims=1), an_agent("agent2", lsf=2))
    await pool.staff(*agents, services=services, reserves=keep)
    for call in ("talk", "c1"):
        await pool.call(call)
    for call in ("hard1", "hard2"):
        await pool.call(call, service="hard")
    monitor = Monitor(pool.here)
    await monitor.look()
    before = await pool.here.waits(["c1", "hard2"])
    await pool.here.agent_away(agent="agent2", request=a_request())
    await pool.advance(21)
    await monitor.look()

    after = await pool.here.waits(["c1", "hard2"])

    assert before["c1"].high is not None
    assert before["hard2"].high is None, "nobody has its level until it widens"
    assert after["c1"].high is None, "agent1 is kept"
    assert await pool.rings_at("hard1") == "agent1"
    assert after["hard2"].high is not None


async def test_one_process_estimates_and_another_takes_over(pool):
    calls = await a_line(pool)
    first, second = Monitor(pool.here), Monitor(pool.there)
    await first.look()
    key = pool.key("outlook")
    pool.plain.hset(key, "telecom 9", "0.01")

    await second.look()
    of_another = pool.plain.hgetall(key)
    pool.plain.delete(pool.key("estimator"))
    await second.look()

    assert "telecom 9" in of_another
    assert "telecom 9" not in pool.plain.hgetall(key)
    assert (await pool.here.waits(calls))["c0"].high is not None


async def test_what_the_store_lost_is_announced_again(pool):
    calls = await a_line(pool)
    monitor = Monitor(pool.here)
    await monitor.look()
    pool.plain.delete(pool.key("outlook"))

    await monitor.look()
    await monitor.look()

    assert (await pool.here.waits(calls))["c0"].high is not None


async def test_a_line_that_is_gone_is_taken_back(pool):
    calls = await a_line(pool)
    monitor = Monitor(pool.here)
    await monitor.look()
    for call in calls:
        await pool.hang_up(call)

    await monitor.look()

    assert pool.plain.hgetall(pool.key("outlook")) == {}
