"""Callers are served in the order of their T0, and keep it whatever happens."""

import pytest

from queueing.catalogue import (
    Need,
)
from queueing.errors import (
    CallExistsError,
    UnknownServiceError,
    UnknownTopicError,
)
from queueing.model import (
    CallState,
)
from tests.integration.queueing.pools import START, a_request, a_service, an_agent


async def test_a_call_with_no_agent_waits_at_its_position(pool):
    await pool.publish(an_agent("agent1"))

    first = await pool.call("c1")
    second = await pool.call("c2")

    assert (first.state, first.position, first.t0) == (CallState.QUEUED, 1, START)
    assert second.position == 2
    assert await pool.places("c1", "c2", "c9") == {
        "c1": (1, True),
        "c2": (2, True),
    }


async def test_two_agents_serve_four_callers_in_the_order_of_t0(pool):
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    for number in range(1, 5):
        await pool.call(f"c{number}")
        await pool.advance(1)

    order = []
    for _ in range(4):
        ringing = [c for c in ("c1", "c2", "c3", "c4") if await pool.rings_at(c)]
        order.append(ringing[0])
        await pool.answer(ringing[0])
        await pool.hang_up(ringing[0])
        await pool.advance(61)

    assert order == ["c1", "c2", "c3", "c4"]


async def test_a_call_goes_to_the_agent_with_the_least_surplus_skill(pool):
    await pool.staff(an_agent("agent1", lsf=3, tactile=1), an_agent("agent2", lsf=2))

    assert (await pool.call("c1")).agent == "agent2"
    assert (await pool.call("c2")).agent == "agent1"


async def test_of_equal_agents_the_longest_idle_one_is_asked(pool):
    await pool.publish(an_agent("agent1"), an_agent("agent2"))
    await pool.ready("agent2")
    await pool.advance(1)
    await pool.ready("agent1")

    assert (await pool.call("c1")).agent == "agent2"


async def test_agents_of_other_profiles_with_equal_surplus_share_one_order(pool):
    await pool.publish(an_agent("agent1", lsf=2, bill=1), an_agent("agent2", lsf=3))
    await pool.ready("agent2")
    await pool.advance(1)
    await pool.ready("agent1")

    assert (await pool.call("c1")).agent == "agent2"
    assert (await pool.call("c2")).agent == "agent1"
    for call, agent in (("c2", "agent1"), ("c1", "agent2")):
        await pool.hang_up(call)
        await pool.here.agent_away(agent=agent, request=a_request())
        await pool.advance(1)
        await pool.here.agent_ready(agent=agent, request=a_request())

    assert (await pool.call("c3")).agent == "agent1"


async def test_an_agent_below_the_level_or_of_another_company_is_never_asked(pool):
    await pool.staff(
        an_agent("agent1", lsf=1),
        an_agent("agent2", "insurance"),
        an_agent("agent3", topic=3),
    )

    view = await pool.call("c1")

    assert (view.state, view.nobody) == (CallState.QUEUED, True)


async def test_a_topic_adds_its_skill_to_the_service(pool):
    service = a_service(words={"topics": {"bill": Need("billing", 2)}})
    await pool.staff(
        an_agent("agent1", lsf=3),
        an_agent("agent2", lsf=3, billing=3),
        services=[service],
    )

    assert (await pool.call("c1", topic="bill")).agent == "agent2"
    assert (await pool.call("c2")).agent == "agent1"


async def test_many_skills_spill_into_a_second_word(pool):
    needs = {f"skill{n}": 1 + n % 3 for n in range(25)}
    await pool.staff(
        an_agent("agent1", **(needs | {"skill24": 0 + needs["skill24"], "skill23": 1})),
        an_agent("agent2", **needs),
        services=[a_service(**needs)],
    )

    assert (await pool.call("c1")).agent == "agent2"
    assert (await pool.call("c2")).agent is None


async def test_unknown_services_and_topics_are_refused_and_change_nothing(pool):
    await pool.publish(an_agent("agent1"))
    before = pool.plain.dbsize()

    with pytest.raises(UnknownServiceError):
        await pool.call("c1", service="nowhere")
    with pytest.raises(UnknownTopicError):
        await pool.call("c1", topic="weather")

    assert pool.plain.dbsize() == before
    assert await pool.here.view("c1") is None


async def test_a_call_id_is_taken_once(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")

    with pytest.raises(CallExistsError):
        await pool.call("c1")


async def test_a_duplicate_request_is_answered_again_and_done_once(pool):
    await pool.publish(an_agent("agent1"))
    request = a_request()

    first = await pool.call("c1", request=request)
    await pool.advance(5)
    again = await pool.call("c1", request=request)

    assert again == first
    assert await pool.kinds() == ["call_queued", "no_one_there"]
