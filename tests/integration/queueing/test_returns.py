"""The store forgets its last writes or all of them; people bring back what they know."""

from dataclasses import replace

import pytest

from queueing.errors import (
    EndedCallError,
    StaleTokenError,
    UnknownAgentError,
    UnknownCallError,
    UnknownServiceError,
    UnknownTopicError,
)
from queueing.library import microseconds
from queueing.messages import Accepted, Answered, CallRinging, OfferEnded, Resync
from queueing.model import AgentState, CallState, Evidence, Mode, ReservationState
from tests.integration.queueing.pools import (
    START,
    a_request,
    a_service,
    an_agent,
    events_of,
)

TWO = {"agent1": 2, "agent2": 3}


async def adopt(pool, call, *, t0=START, client=None, connection="new-tab", **changes):
    wanted = {
        "service": "telecom-demo",
        "topic": None,
        "mode": Mode.VIDEO,
        "variant": None,
        "relay": "r1",
    }
    return await (client or pool.here).adopt(
        call=call,
        t0=t0,
        connection=connection,
        request=a_request(),
        **(wanted | changes),
    )


async def adopt_talk(pool, talk, client=None):
    return await (client or pool.here).adopt_talk(talk=talk, request=a_request())


class Copy:
    """The data of a pool as they were, to be gone on with by another process."""

    def __init__(self, pool):
        self._pool = pool
        self._values = {key: pool.plain_bytes().dump(key) for key in self._keys()}

    def _keys(self):
        clock = self._pool.key("clock")
        found = self._pool.plain.scan_iter(self._pool.key("*"), count=1000)
        return [key for key in found if key != clock]

    def restore(self):
        for key in self._keys():
            self._pool.plain.delete(key)
        for key, value in self._values.items():
            self._pool.plain_bytes().restore(key, 0, value)
        if self._values:
            self._pool.plain.hset(self._pool.key("meta"), "process", "another")


def nothing(pool):
    """No data at all, as after a lost disk."""
    copy = Copy(pool)
    copy._values = {}
    return copy


async def settled(pool, *clients):
    """Let the servers live and present everybody, and the sweeper match again."""
    for client in clients or (pool.here, pool.there):
        await client.heartbeat()
        await events_of(client, Resync)
        await client.presented()
    await pool.sweep()


async def is_here(client, *people):
    """Present calls and agents as connected as they were."""
    for name in people:
        connection, kind = f"{name}-tab", name.rstrip("0123456789")
        if kind == "agent":
            await client.agent_connected(
                agent=name, connection=connection, request=a_request()
            )
        else:
            await client.resume(call=name, connection=connection, request=a_request())


async def the_talk(pool, call="c1"):
    """A call that agent1 answered; the view that both servers hold."""
    await pool.call(call)
    return await pool.answer(call)


async def test_a_ticket_brings_a_forgotten_call_back_with_its_t0(pool):
    await pool.publish(an_agent("agent1"))
    forgotten = Copy(pool)
    await pool.call("c1")
    await pool.advance(7)
    await pool.call("c2")
    forgotten.restore()
    await pool.advance(1, sweep=False)

    await adopt(pool, "c2", t0=START + 7)
    first = await adopt(pool, "c1")

    assert (first.state, first.t0, first.position) == (CallState.QUEUED, START, 1)
    assert (first.server, first.connection) == ("here", "new-tab")
    entries = await pool.new_ledger()
    queued = [e for e in entries if e.kind == "call_queued"]
    assert {e.call: e.at for e in queued} == {
        "c1": microseconds(START),
        "c2": microseconds(START + 7),
    }
    assert all(e.facts["adopted"] for e in queued)


async def test_a_ticket_of_a_known_call_resumes_it(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await pool.advance(100)

    view = await adopt(pool, "c1", client=pool.there)

    assert (view.state, view.t0, view.server) == (CallState.QUEUED, START, "there")
    assert "call_queued" not in [e.kind for e in await pool.new_ledger()][1:]


async def test_no_ticket_brings_back_a_call_that_is_over_or_too_old(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.hang_up("c1")

    with pytest.raises(EndedCallError):
        await adopt(pool, "c1")
    with pytest.raises(UnknownCallError):
        await adopt(pool, "c2", t0=START - 3600)
    assert (await adopt(pool, "c3", t0=START - 3599)).t0 == START - 3599


async def test_a_t0_that_lies_ahead_is_now(pool):
    await pool.publish(an_agent("agent1"))

    assert (await adopt(pool, "c1", t0=START + 60)).t0 == START


async def test_a_forgotten_directory_is_told(pool):
    with pytest.raises(UnknownServiceError):
        await adopt(pool, "c1")
    await pool.publish(an_agent("agent1"), services=[a_service()])
    with pytest.raises(UnknownTopicError):
        await adopt(pool, "c1", topic="gone")
    talk = await the_talk_of_another_time(pool)
    with pytest.raises(UnknownAgentError):
        await adopt_talk(pool, talk)


async def the_talk_of_another_time(pool):
    await pool.staff(an_agent("agent1"))
    return replace(await the_talk(pool, "c9"), agent="agent9")


async def test_a_forgotten_accept_does_not_double_the_call(pool):
    await pool.publish(*(an_agent(name, lsf=lsf) for name, lsf in TWO.items()))
    await pool.ready("agent1", client=pool.there)
    await pool.call("c1")
    forgotten = Copy(pool)
    talk = await pool.answer("c1")
    forgotten.restore()
    await pool.ready("agent2")

    after = await adopt_talk(pool, talk, pool.there)
    await is_here(pool.there, "agent1")
    await is_here(pool.here, "c1")
    await settled(pool)

    assert (after.state, after.agent, after.token) == (
        CallState.ANSWERED,
        "agent1",
        talk.token,
    )
    assert (after.t0, after.t1, after.evidence) == (START, START, Evidence.PRESENTED)
    assert await pool.agent("agent1") == AgentState.IN_CALL
    assert await pool.agent("agent2") == AgentState.READY


async def test_a_forgotten_offer_is_as_harmless_as_a_forgotten_accept(pool):
    await pool.publish(*(an_agent(name, lsf=lsf) for name, lsf in TWO.items()))
    await pool.call("c1")
    forgotten = Copy(pool)
    await pool.ready("agent1", client=pool.there)
    talk = await pool.answer("c1")
    forgotten.restore()

    await pool.ready("agent2")  # nobody is asked while the pool settles
    assert await pool.state("c1") == CallState.QUEUED
    await adopt_talk(pool, talk, pool.there)
    await is_here(pool.there, "agent1")
    await is_here(pool.here, "c1")
    await settled(pool)

    assert await pool.state("c1") == CallState.ANSWERED
    assert await pool.agent("agent1") == AgentState.IN_CALL
    assert (await pool.here.agent_view("agent1")).call == "c1"


async def test_a_talk_outlives_the_loss_of_everything(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c0", client=pool.there)
    talk = await pool.answer("c0")
    await pool.advance(30)
    nothing(pool).restore()
    await pool.publish(an_agent("agent1"), an_agent("agent2"))
    await pool.ready("agent2")

    view = await adopt(pool, "c0", client=pool.there)  # by ticket: nobody rings yet
    assert view.state == CallState.QUEUED
    back = await adopt_talk(pool, talk)
    agent = await pool.here.agent_connected(
        agent="agent1", connection="agent1-tab", request=a_request()
    )

    assert (back.state, back.t0, back.t1) == (CallState.ANSWERED, START, START)
    assert (agent.state, agent.call, agent.token) == (
        AgentState.IN_CALL,
        "c0",
        talk.token,
    )
    await pool.advance(2)
    assert await pool.agent("agent2") == AgentState.READY


async def test_who_comes_back_by_ticket_alone_is_served_when_all_has_settled(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    nothing(pool).restore()
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")

    assert (await adopt(pool, "c1")).state == CallState.QUEUED
    await pool.advance(1.9)
    assert await pool.state("c1") == CallState.QUEUED
    await pool.advance(0.1)

    assert await pool.rings_at("c1") == "agent1"


async def test_an_agent_in_a_forgotten_talk_who_does_not_come_back_loses_nobody(pool):
    await pool.staff(an_agent("agent1", lsf=2))
    talk = await the_talk(pool)
    nothing(pool).restore()
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.ready("agent2")

    await adopt_talk(pool, talk)
    await adopt(pool, "c1")
    assert await pool.agent("agent1") == AgentState.LOST
    await pool.advance(9)
    assert await pool.state("c1") == CallState.ANSWERED
    await pool.advance(1)

    assert await pool.rings_at("c1") == "agent2"


async def test_a_talk_takes_its_call_back_from_a_later_ring_it_never_heard_of(pool):
    await pool.publish(*(an_agent(name, lsf=lsf) for name, lsf in TWO.items()))
    await pool.call("c1")
    await pool.call("c2")
    forgotten = Copy(pool)
    await pool.advance(5)
    await pool.ready("agent1")
    talk = await pool.answer("c1")
    forgotten.restore()
    await pool.advance(-5, sweep=False)  # the new master's clock is behind
    await is_here(pool.here, "c1", "c2")
    await settled(pool)
    await pool.ready("agent2", client=pool.there)
    assert await pool.rings_at("c1") == "agent2"

    with_lower_token = await pool.here.view("c1")
    assert with_lower_token.token < talk.token
    await adopt_talk(pool, talk)

    heard = await events_of(pool.here, Answered)
    assert [type(e) for e in heard[-2:]] == [Accepted, Answered]
    assert await pool.state("c1") == CallState.ANSWERED
    assert await pool.rings_at("c2") == "agent2"
    ended = (await events_of(pool.there, OfferEnded))[-1]
    assert ended.how == ReservationState.RESCINDED
    assert (await pool.here.view("c2")).token > talk.token


async def test_a_talk_that_went_on_without_them_is_not_brought_back(pool):
    await pool.staff(an_agent("agent1", lsf=2))
    talk = await the_talk(pool)
    await pool.here.agent_offline(agent="agent1", request=a_request())

    with pytest.raises(StaleTokenError):
        await adopt_talk(pool, talk)
    await pool.ready("agent1")
    with pytest.raises(StaleTokenError):
        await adopt_talk(pool, talk)
    await pool.hang_up("c1")
    with pytest.raises(EndedCallError):
        await adopt_talk(pool, talk)


async def test_an_agent_who_went_on_is_not_brought_back_into_an_old_talk(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c0")
    talk = await pool.answer("c0")
    await pool.hang_up("c0")
    await pool.advance(60)
    await pool.call("c2")
    assert await pool.rings_at("c2") == "agent1"
    pool.plain.delete(pool.key("call:c0"))

    with pytest.raises(StaleTokenError):
        await adopt_talk(pool, talk)
    assert await pool.rings_at("c2") == "agent1"


async def test_bringing_back_a_talk_that_is_known_changes_nothing(pool):
    await pool.staff(an_agent("agent1"))
    talk = await the_talk(pool)
    await pool.new_ledger()

    after = await adopt_talk(pool, talk)

    assert after == talk
    assert await pool.kinds() == []


async def test_nobody_is_offered_while_the_pool_settles(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    Copy(pool).restore()

    await pool.call("c1")
    assert await pool.state("c1") == CallState.QUEUED
    await settled(pool, pool.here)
    assert await pool.state("c1") == CallState.QUEUED  # the other one is awaited
    await is_here(pool.there, "agent1")
    await settled(pool, pool.there)

    assert await pool.rings_at("c1") == "agent1"
    assert pool.plain.hget(pool.key("meta"), "violations") is None


async def test_a_dead_server_holds_nobody_up_for_longer_than_it_takes_to_settle(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.there.heartbeat()
    await pool.call("c1", client=pool.there)
    await pool.refuse("c1")
    Copy(pool).restore()

    await is_here(pool.here, "agent1")
    await settled(pool, pool.here)
    await pool.call("c2")
    assert await pool.state("c2") == CallState.QUEUED
    await pool.advance(2)

    assert await pool.rings_at("c2") == "agent1"


async def test_no_lease_ends_while_the_pool_settles(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(14)
    copy = Copy(pool)
    await pool.advance(6, sweep=False)  # nobody could reach the store
    copy.restore()

    await pool.sweep()
    assert await pool.rings_at("c1") == "agent1"
    accepted = await pool.accept("c1")

    assert accepted.state == CallState.CONNECTING


async def test_whom_a_living_server_does_not_present_is_lost(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    Copy(pool).restore()

    await is_here(pool.here, "c2")
    await settled(pool)

    assert await pool.state("c1") == CallState.LOST
    assert await pool.state("c2") == CallState.QUEUED
    assert await pool.agent("agent1") == AgentState.LOST


async def test_whoever_comes_on_a_newer_connection_during_the_roll_call_is_not_lost(
    pool,
):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    Copy(pool).restore()

    await pool.here.heartbeat()
    await events_of(pool.here, Resync)
    for call in ("c1", "c2"):
        await adopt(pool, call, connection="newer-tab")
    await pool.here.agent_connected(
        agent="agent1", connection="newer-tab", request=a_request()
    )
    await pool.here.presented()

    assert await pool.state("c1") == CallState.ANSWERED
    assert await pool.state("c2") == CallState.QUEUED
    assert await pool.agent("agent1") == AgentState.IN_CALL


async def test_the_matches_after_settling_are_made_in_the_order_of_deadlines(pool):
    names = [f"agent{number}" for number in range(5)]
    await pool.publish(*(an_agent(name) for name in names))
    for number in range(8):
        await pool.call(f"c{number}")
        await pool.advance(1)
    Copy(pool).restore()
    for name in names:
        await pool.ready(name)
    await is_here(pool.here, *(f"c{number}" for number in range(8)))

    await settled(pool)

    ringing = [f"c{n}" for n in range(8) if await pool.rings_at(f"c{n}")]
    assert ringing == ["c0", "c1", "c2", "c3", "c4"]


async def test_settling_ends_in_portions(pool):
    names = [f"agent{number:03}" for number in range(25)]
    await pool.publish(*(an_agent(name) for name in names))
    for name in names:
        await pool.ready(name)
        await pool.here.agent_away(agent=name, request=a_request())
    for number in range(30):
        await pool.call(f"c{number}")
    Copy(pool).restore()
    for name in names:
        await pool.here.agent_ready(agent=name, request=a_request())
    await pool.advance(2, sweep=False)

    ringing = []
    while await pool.here.sweep(10) >= 10:
        views = [await pool.here.view(f"c{number}") for number in range(30)]
        ringing.append(sum(view.agent is not None for view in views))

    assert len(ringing) > 2
    assert ringing == sorted(ringing)
    assert ringing[-1] == 25
    assert await pool.call("new") is not None
    assert pool.plain.hget(pool.key("meta"), "settles") is None


async def test_a_client_is_told_to_look_again_when_the_store_lives_anew(pool):
    await pool.publish(an_agent("agent1"))
    await pool.here.heartbeat()
    copy = Copy(pool)
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.refuse("c1")
    copy.restore()

    await pool.here.heartbeat()
    assert [type(e) for e in await events_of(pool.here, Resync)] == [Resync]
    await pool.here.presented()
    await pool.sweep()
    await pool.ready("agent1")
    await pool.call("c2")

    heard = await events_of(pool.here, CallRinging)
    assert Resync not in [type(event) for event in heard]


async def test_an_agent_whose_socket_drops_before_the_talk_is_back_is_not_lost_for_ever(
    pool,
):
    await pool.staff(an_agent("agent1"))
    forgotten = Copy(pool)
    talk = await the_talk(pool)
    forgotten.restore()
    await pool.here.agent_lost(
        agent="agent1", connection="agent1-tab", request=a_request()
    )

    await adopt_talk(pool, talk)
    await adopt(pool, "c1", is_here=True)
    assert await pool.state("c1") == CallState.ANSWERED
    await pool.advance(9)
    assert await pool.agent("agent1") == AgentState.LOST
    await pool.advance(1)

    assert await pool.agent("agent1") == AgentState.OFFLINE
    assert await pool.state("c1") == CallState.QUEUED


async def test_ticks_go_on_after_the_token_of_a_talk_that_a_late_clock_forgot(pool):
    await pool.staff(an_agent("agent1", lsf=2))
    talk = await the_talk(pool)
    nothing(pool).restore()
    await pool.advance(-5, sweep=False)  # the new master's clock is behind
    await pool.publish(an_agent("agent1", lsf=2), an_agent("agent2"))

    await adopt_talk(pool, talk)
    await adopt(pool, "c1", is_here=True)
    await pool.ready("agent2")
    assert int(pool.plain.hget(pool.key("meta"), "tick")) > talk.token
    await pool.here.agent_offline(agent="agent1", request=a_request())
    await settled(pool)
    await pool.advance(2)

    assert await pool.rings_at("c1") == "agent2"
    assert (await pool.here.view("c1")).token > talk.token


async def test_a_talk_of_a_later_leg_that_had_not_begun_is_brought_back_not_begun(pool):
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    await the_talk(pool)
    await pool.here.not_understood(call="c1", request=a_request())
    forgotten = Copy(pool)
    talk = await pool.accept("c1")
    assert talk.t1 == START
    forgotten.restore()

    back = await adopt_talk(pool, talk)
    await is_here(pool.here, "c1", "agent1", "agent2")

    assert (back.state, back.t1) == (CallState.CONNECTING, START)
    assert await pool.agent(talk.agent) == AgentState.CONNECTING
    await settled(pool)
    await pool.advance(30)
    assert await pool.state("c1") != CallState.CONNECTING
