"""Some of those who have a scarce skill are kept for the callers who need it."""

import pytest

from queueing.catalogue import ScarceReserve, SkillKind, WideningStep
from queueing.model import AgentState
from tests.integration.queueing.pools import a_request, a_service, an_agent

SERVICES = [a_service(), a_service("cued", lfpc=2)]
ONE = (ScarceReserve("lfpc", 1),)
BOTH = [an_agent(name, lsf=3, lfpc=3) for name in ("anna", "bert")]


async def test_the_last_ready_agent_with_the_skill_waits_for_who_needs_it(pool):
    await pool.staff(*BOTH, services=SERVICES, reserves=ONE)

    await pool.call("plain1")
    await pool.call("plain2")
    await pool.call("cued1", service="cued")

    assert await pool.rings_at("plain1") == "anna"
    assert await pool.rings_at("plain2") is None
    assert await pool.rings_at("cued1") == "bert"


async def test_one_more_ready_agent_frees_one_who_was_kept(pool):
    other = an_agent("carl", "insurance", lfpc=1)
    await pool.staff(BOTH[0], services=SERVICES, reserves=ONE)
    await pool.publish(BOTH[0], other, services=SERVICES, reserves=ONE)
    await pool.call("plain1")
    await pool.call("plain2")
    assert await pool.rings_at("plain1") is None

    await pool.ready("carl")

    assert await pool.rings_at("plain1") == "anna"
    assert await pool.rings_at("plain2") is None


async def test_whoever_is_kept_answers_once_the_reserve_is_called(pool):
    steps = (WideningStep(30.0, reserve=True),)
    services = [a_service(words={"widening": steps}), SERVICES[1]]
    await pool.staff(BOTH[0], services=services, reserves=ONE)
    await pool.call("plain1")

    await pool.advance(29)
    assert await pool.rings_at("plain1") is None
    await pool.advance(1)

    assert await pool.rings_at("plain1") == "anna"


async def test_a_call_whose_widening_dropped_the_scarce_skill_still_needs_it(pool):
    steps = (WideningStep(30.0, relax=frozenset({SkillKind.TOPIC})),)
    service = a_service(words={"widening": steps}, lsf=2, claims=3)
    keep = (ScarceReserve("claims", 1),)
    await pool.staff(
        an_agent("anna", lsf=3, claims=1), services=[service], reserves=keep
    )
    await pool.call("c1")

    await pool.advance(30)

    assert await pool.rings_at("c1") == "anna"


async def test_an_agent_with_two_scarce_skills_serves_who_needs_either(pool):
    keep = (*ONE, ScarceReserve("claims", 1))
    await pool.staff(
        an_agent("anna", lsf=3, lfpc=3, claims=2),
        an_agent("bert", "insurance", lfpc=3),
        services=SERVICES,
        reserves=keep,
    )

    await pool.call("plain1")
    await pool.call("cued1", service="cued")

    assert await pool.rings_at("plain1") is None
    assert await pool.rings_at("cued1") == "anna"


@pytest.mark.parametrize(("keep", "nobody"), [(1, False), (2, True)])
async def test_nobody_could_ever_serve_counts_whom_the_plan_keeps_for_good(
    pool, keep, nobody
):
    await pool.staff(*BOTH, services=SERVICES, reserves=(ScarceReserve("lfpc", keep),))

    assert (await pool.call("plain1")).nobody is nobody
    assert (await pool.call("cued1", service="cued")).nobody is False


async def test_a_new_plan_frees_whom_the_old_one_kept(pool):
    await pool.staff(*BOTH, services=SERVICES, reserves=(ScarceReserve("lfpc", 2),))
    await pool.call("plain1")
    await pool.call("plain2")

    await pool.publish(*BOTH, services=SERVICES, reserves=ONE)
    assert await pool.rings_at("plain1") == "anna"
    assert await pool.rings_at("plain2") is None

    await pool.publish(*BOTH, services=SERVICES)
    assert await pool.rings_at("plain2") == "bert"


async def test_a_new_plan_keeps_those_who_are_ready_already(pool):
    await pool.staff(*BOTH, services=SERVICES)

    await pool.publish(*BOTH, services=SERVICES, reserves=ONE)
    await pool.call("plain1")
    await pool.call("plain2")

    assert await pool.rings_at("plain1") == "anna"
    assert await pool.rings_at("plain2") is None


async def miss(pool, agent, times):
    for n in range(times):
        await pool.call(f"missed{n}", service="cued")
        assert await pool.rings_at(f"missed{n}") == agent
        await pool.advance(15)
        await pool.hang_up(f"missed{n}")


@pytest.mark.parametrize(
    ("independent", "after"), [(False, AgentState.AWAY), (True, AgentState.READY)]
)
async def test_whoever_goes_away_or_rests_after_missed_offers_frees_nobody(
    pool, independent, after
):
    anna = an_agent("anna", independent=independent, lsf=3, lfpc=3)
    await pool.staff(anna, services=SERVICES, reserves=ONE)
    await miss(pool, "anna", 2)
    await pool.publish(anna, BOTH[1], services=SERVICES, reserves=ONE)
    await pool.ready("bert")
    await pool.call("plain1")
    assert await pool.rings_at("plain1") == "anna"

    await pool.advance(15)

    assert await pool.agent("anna") == after
    assert await pool.rings_at("plain1") is None


async def test_whoever_has_the_wished_break_after_no_picture_frees_nobody(pool):
    await pool.staff(*BOTH, services=SERVICES, reserves=ONE)
    await pool.call("plain1")
    await pool.accept("plain1")
    await pool.here.agent_break(agent="anna", request=a_request())

    await pool.advance(10)

    assert await pool.agent("anna") == AgentState.BREAK
    assert await pool.rings_at("plain1") is None
