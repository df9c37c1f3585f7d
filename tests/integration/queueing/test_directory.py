"""The directory changes while callers wait and agents work."""

import asyncio

import pytest

from queueing.catalogue import (
    AgentEntry,
    Directory,
)
from queueing.directory import encode_agents, encode_reserves, encode_services
from queueing.errors import BadIdError, UnknownAgentError, UnknownServiceError
from queueing.messages import OfferEnded
from queueing.model import AgentState, ReservationState
from queueing.store import open_store
from tests.integration.queueing.pools import (
    a_directory,
    a_request,
    a_service,
    an_agent,
    events_of,
)


@pytest.fixture
async def store(pool):
    """The functions by which a directory is written, step by step."""
    async with open_store(pool.server.url, pool.key("").removesuffix(":")) as store:
        yield store


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


async def test_what_rings_at_an_agent_who_is_not_listed_any_more_goes_on(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    assert await pool.rings_at("c1") == "agent1"

    await pool.publish(an_agent("agent2"))

    assert await pool.rings_at("c1") == "agent2"
    ended = (await events_of(pool.here, OfferEnded))[-1]
    assert (ended.agent, ended.how) == ("agent1", ReservationState.RESCINDED)


async def test_an_agent_who_is_not_listed_any_more_comes_back_to_the_call(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    talk = await pool.answer("c1")
    await pool.publish()
    tab = {"connection": "agent1-tab", "request": a_request()}
    await pool.here.agent_lost(agent="agent1", **tab)

    assert (await pool.here.adopt_talk(talk=talk, request=a_request())).agent
    back = await pool.here.agent_connected(
        agent="agent1", connection="new-tab", request=a_request()
    )
    await pool.hang_up("c1")
    await pool.here.wrap_up_done(agent="agent1", ready=False, request=a_request())

    assert (back.state, back.call) == (AgentState.IN_CALL, "c1")
    assert await pool.agent("agent1") == AgentState.AWAY
    with pytest.raises(UnknownAgentError):
        await pool.here.agent_ready(agent="agent1", request=a_request())


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


async def test_a_directory_of_many_parts_is_in_force_as_a_whole(pool):
    services = [a_service(f"service{n}") for n in range(50)]
    agents = [an_agent(f"agent{n:03}") for n in range(120)]
    await pool.staff(*agents, services=services)
    await pool.publish(*agents[:1], services=services[:1])
    free = await asyncio.gather(*(pool.agent(each.id) for each in agents))

    assert set(free) == {AgentState.READY}
    assert (await pool.call("c1", service="service0")).agent == "agent000"
    assert (await pool.call("c2", service="service0")).agent is None
    with pytest.raises(UnknownServiceError):
        await pool.call("c3", service="service49")


async def test_until_the_last_step_calls_need_what_the_old_version_says(pool, store):
    await pool.staff(an_agent("agent1", bill=1), services=[a_service(bill=1)])
    new = a_directory(9, [a_service(billing=1)], [an_agent("agent1", billing=1)])
    written = encode_services(new.services, new.kind)
    number = store.number

    assert await number("publish", 9, encode_reserves(new)) == 1
    assert await number("publish_agents", 9, encode_agents(new.agents)) == 0
    assert await number("publish_services", 9, written) == 0
    during = await pool.call("during")
    assert await pool.here.heartbeat() == 1
    assert await number("publish_switch", 9) == 0
    after = await pool.call("after")

    assert (during.agent, during.nobody) == (None, False)
    assert (after.agent, after.nobody) == ("agent1", False)
    assert await pool.here.heartbeat() == 9


async def test_a_newer_version_takes_over_from_one_that_was_never_finished(pool, store):
    await pool.publish(an_agent("old"))
    half = a_directory(7, [a_service("never")], [an_agent("half")])
    number = store.number
    await number("publish", 7, encode_reserves(half))
    await number("publish_agents", 7, encode_agents(half.agents))
    await number("publish_services", 7, encode_services(half.services, half.kind))

    new = a_directory(8, [a_service()], [an_agent("new")])
    assert await pool.here.publish(new)

    assert await number("publish_switch", 7) == -1
    await pool.ready("new")
    for name in ("old", "half"):
        with pytest.raises(UnknownAgentError):
            await pool.ready(name)
    with pytest.raises(UnknownServiceError):
        await pool.call("c1", service="never")
    assert await number("publish", 7, encode_reserves(half)) == -1


async def test_two_who_write_one_version_both_succeed(pool):
    agents = [an_agent(f"agent{n:03}") for n in range(120)]
    new = a_directory(9, [a_service()], agents)

    assert any(await asyncio.gather(pool.here.publish(new), pool.there.publish(new)))

    await pool.ready("agent119")
    assert (await pool.call("c1")).agent == "agent119"


@pytest.mark.parametrize("bad", ["", "a b", "x" * 65, "{q:fr}", "a\nb", "é"])
async def test_an_id_that_would_break_a_key_is_refused(pool, bad):
    with pytest.raises(BadIdError):
        await pool.call(bad)
    with pytest.raises(BadIdError):
        await pool.here.agent_ready(agent=bad, request=a_request())
    entry = AgentEntry(bad, frozenset(), {"lsf": 3})
    with pytest.raises(BadIdError):
        await pool.here.publish(Directory(99, (), (entry,)))
