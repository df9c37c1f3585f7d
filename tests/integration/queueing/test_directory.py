"""The directory changes while callers wait and agents work."""

import pytest

from queueing.catalogue import (
    Directory,
)
from queueing.errors import BadIdError, UnknownAgentError, UnknownServiceError
from queueing.model import (
    AgentState,
)
from tests.integration.queueing.pools import a_request, a_service, an_agent


async def test_an_older_version_changes_nothing(pool):
    new = Directory(7, (a_service(),), (an_agent("agent1"),))
    old = Directory(6, (), ())

    assert await pool.here.publish(new)
    assert not await pool.here.publish(old)
    assert not await pool.here.publish(new)

    assert (await pool.call("c1")).service == "telecom-demo"


async def test_a_ready_agent_who_learns_a_skill_serves_who_waited_for_it(pool):
    await pool.staff(an_agent("agent1", lsf=1))
    await pool.call("c1")

    await pool.publish(an_agent("agent1", lsf=2))

    assert await pool.rings_at("c1") == "agent1"


async def test_a_ready_agent_who_loses_a_skill_is_not_asked_for_it(pool):
    await pool.staff(an_agent("agent1"))
    await pool.publish(an_agent("agent1", lsf=1))

    view = await pool.call("c1")

    assert (view.agent, view.nobody) == (None, True)


async def test_a_waiting_call_keeps_the_needs_it_came_with(pool):
    await pool.publish(an_agent("agent1", lsf=2))
    await pool.call("c1")

    await pool.publish(an_agent("agent1", lsf=2), services=[a_service(lsf=3)])
    await pool.call("c2")
    await pool.ready("agent1")

    assert await pool.rings_at("c1") == "agent1"
    await pool.hang_up("c1")
    assert await pool.rings_at("c2") is None


async def test_an_agent_who_is_not_listed_any_more_ends_the_call_and_has_no_other(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")

    await pool.publish()
    assert await pool.agent("agent1") == AgentState.IN_CALL
    await pool.hang_up("c1")
    await pool.advance(60)

    assert await pool.rings_at("c2") is None
    with pytest.raises(UnknownAgentError):
        await pool.here.agent_connected(
            agent="agent1", connection="t", request="request"
        )


async def test_a_service_that_is_gone_takes_no_new_calls_and_serves_the_old_ones(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.publish(an_agent("agent1"), services=[a_service("other")])

    with pytest.raises(UnknownServiceError):
        await pool.call("c2")
    await pool.ready("agent1")

    assert await pool.rings_at("c1") == "agent1"


async def test_a_new_agent_of_another_company_hears_nothing_of_this_one(pool):
    services = [a_service(), a_service("insurance-demo", "insurance")]
    await pool.staff(
        an_agent("agent1", "telecom", "insurance"),
        an_agent("agent2", "insurance"),
        services=services,
    )

    assert (await pool.call("c1", service="insurance-demo")).agent == "agent1"
    assert (await pool.call("c2")).agent is None


@pytest.mark.parametrize("bad", ["", "a b", "x" * 65, "{q:fr}", "a\nb", "é"])
async def test_an_id_that_would_break_a_key_is_refused(pool, bad):
    with pytest.raises(BadIdError):
        await pool.call(bad)
    with pytest.raises(BadIdError):
        await pool.here.agent_ready(agent=bad, request=a_request())
    with pytest.raises(BadIdError):
        await pool.here.publish(Directory(99, (), (an_agent(bad),)))
