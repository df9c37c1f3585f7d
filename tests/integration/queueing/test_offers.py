"""Offers: refused, ignored, taken back; the caller keeps T0 and goes to somebody else."""

import pytest

from queueing.errors import (
    EndedCallError,
    InvalidTransitionError,
    StaleTokenError,
    UnknownCallError,
)
from queueing.messages import Accepted, AgentChanged, CallRinging, Offered, OfferEnded
from queueing.model import AgentState, CallState, ReservationState
from tests.integration.queueing.pools import START, a_request, an_agent, events_of


async def test_a_refused_offer_goes_to_the_next_agent_with_the_original_t0(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.advance(3)

    await pool.refuse("c1")

    view = await pool.here.view("c1")
    assert (view.state, view.agent, view.t0) == (CallState.OFFERED, "agent2", START)
    assert await pool.agent("agent1") == AgentState.READY


async def test_an_ignored_offer_goes_to_the_next_agent_with_the_original_t0(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")

    await pool.advance(14.9)
    still = await pool.rings_at("c1")
    await pool.advance(0.1)

    view = await pool.here.view("c1")
    assert (still, view.agent, view.t0) == ("agent1", "agent2", START)


async def test_an_agent_who_refused_is_not_asked_again_at_once(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.refuse("c1")

    await pool.advance(29)
    resting = await pool.rings_at("c1")
    await pool.advance(1)

    assert (resting, await pool.rings_at("c1")) == (None, "agent1")


async def test_an_agent_who_refused_one_call_takes_the_next_one(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(1)
    await pool.call("c2")

    await pool.refuse("c1")

    assert (await pool.rings_at("c1"), await pool.rings_at("c2")) == (None, "agent1")


async def test_a_call_that_ends_leaves_no_rest_behind(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.refuse("c1")
    await pool.hang_up("c1")

    leases = pool.plain.zrange(pool.key("leases"), 0, -1)
    assert set(leases) <= {"server here", "server there"}
    assert not pool.plain.exists(pool.key("rests:c1"))


async def test_three_missed_offers_in_a_row_make_an_agent_away(pool):
    await pool.staff(an_agent("agent1"))
    for number in range(3):
        await pool.call(f"c{number}")
    for _ in range(2):
        await pool.advance(15)
        assert await pool.agent("agent1") == AgentState.OFFERED

    await pool.advance(15)

    assert await pool.agent("agent1") == AgentState.AWAY
    assert (await pool.new_ledger())[-1].facts == {
        "state": "away",
        "reason": "missed_offers",
    }


async def test_an_accept_forgets_earlier_misses(pool):
    await pool.staff(an_agent("agent1"))
    for number in range(4):
        await pool.call(f"c{number}")
    await pool.advance(15)
    await pool.advance(15)
    await pool.answer("c2")
    await pool.hang_up("c2")
    await pool.here.agent_ready(agent="agent1", request=a_request())
    assert await pool.agent("agent1") == AgentState.OFFERED

    await pool.advance(15)

    assert await pool.agent("agent1") == AgentState.OFFERED


async def test_an_accept_with_an_old_token_is_stale(pool):
    await pool.staff(an_agent("agent1"))
    old = await pool.call("c1")
    await pool.advance(15)
    await pool.advance(30)
    new = await pool.here.view("c1")

    with pytest.raises(StaleTokenError):
        await pool.here.accept(
            agent="agent1", call="c1", token=old.token, request=a_request()
        )

    assert new.token > old.token
    assert await pool.here.view("c1") == new


async def test_the_token_of_one_agent_is_stale_in_the_hands_of_another(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    view = await pool.call("c1")

    with pytest.raises(StaleTokenError):
        await pool.here.accept(
            agent="agent2", call="c1", token=view.token, request=a_request()
        )


async def test_accepting_twice_is_invalid_unless_it_is_the_same_request(pool):
    await pool.staff(an_agent("agent1"))
    view = await pool.call("c1")
    taken = {"agent": "agent1", "call": "c1", "token": view.token}
    request = a_request()

    first = await pool.here.accept(**taken, request=request)
    again = await pool.here.accept(**taken, request=request)

    assert first == again
    with pytest.raises(InvalidTransitionError):
        await pool.here.accept(**taken, request=a_request())


async def test_an_unknown_and_an_ended_call_have_codes_of_their_own(pool):
    await pool.staff(an_agent("agent1"))
    view = await pool.call("c1")
    await pool.hang_up("c1")

    for call, error in (("c9", UnknownCallError), ("c1", EndedCallError)):
        with pytest.raises(error):
            await pool.here.accept(
                agent="agent1", call=call, token=view.token, request=a_request()
            )


async def test_a_caller_who_hangs_up_while_it_rings_frees_the_agent(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.hang_up("c1")

    assert await pool.agent("agent1") == AgentState.READY
    assert (await pool.call("c2")).agent == "agent1"


async def test_an_agent_who_goes_away_while_it_rings_refuses(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")

    view = await pool.here.agent_away(agent="agent1", request=a_request())

    assert view.state == AgentState.AWAY
    assert await pool.rings_at("c1") == "agent2"


async def test_nothing_is_offered_to_an_agent_who_is_away_or_gone(pool):
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    await pool.here.agent_away(agent="agent1", request=a_request())
    await pool.here.agent_offline(agent="agent2", request=a_request())

    view = await pool.call("c1")

    assert (view.agent, view.nobody) == (None, False)


async def test_getting_ready_twice_is_the_same_as_once(pool):
    await pool.staff(an_agent("agent1"))

    view = await pool.here.agent_ready(agent="agent1", request=a_request())

    assert view.state == AgentState.READY
    assert (await pool.kinds()).count("agent_state") == 2


async def test_an_agent_who_is_offline_cannot_be_ready(pool):
    await pool.publish(an_agent("agent1"))

    with pytest.raises(InvalidTransitionError):
        await pool.here.agent_ready(agent="agent1", request=a_request())

    assert await pool.agent("agent1") == AgentState.OFFLINE


async def test_both_servers_hear_of_an_offer_and_its_accept(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    await pool.call("c1")

    view = await pool.here.view("c1")
    offered = (await events_of(pool.there, Offered))[-1]
    assert (offered.agent, offered.token, offered.t0) == ("agent1", view.token, START)
    assert offered.expires_at == START + 15
    assert (await events_of(pool.here, CallRinging))[-1].call == "c1"

    await pool.accept("c1")

    accepted = (await events_of(pool.here, Accepted))[-1]
    assert (accepted.agent_name, accepted.relay) == ("Agent1", "r1")
    changed = (await events_of(pool.there, AgentChanged))[-1]
    assert changed.state == AgentState.OFFERED
    assert (await events_of(pool.there, Accepted))[-1].token == view.token


async def test_an_agent_hears_how_the_ringing_ended(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(15)
    await pool.advance(30)
    await pool.hang_up("c1")

    first = (await events_of(pool.here, OfferEnded))[-1]
    second = (await events_of(pool.here, OfferEnded))[-1]

    assert first.how == ReservationState.TIMED_OUT
    assert second.how == ReservationState.CANCELLED
