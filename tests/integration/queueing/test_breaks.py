"""Breaks, cool-downs and rests: what nobody takes from an agent."""

import pytest

from queueing.errors import (
    CoolingDownError,
    IndependentAgentError,
    InvalidTransitionError,
    UnknownAgentError,
)
from queueing.messages import AgentChanged
from queueing.model import AgentState, Durations, Side
from tests.integration.queueing.pools import (
    START,
    a_request,
    a_service,
    an_agent,
    events_of,
)

COOL = a_service(words={"cool_down": 20.0, "wrap_up": 45.0})


async def take_break(pool, agent="agent1"):
    return await pool.here.agent_break(agent=agent, request=a_request())


async def get_ready(pool, agent="agent1"):
    return await pool.here.agent_ready(agent=agent, request=a_request())


async def go_away(pool, agent="agent1"):
    return await pool.here.agent_away(agent=agent, request=a_request())


async def force(pool, state, agent="agent1"):
    return await pool.here.agent_forced(
        agent=agent, state=state, by="supervisor1", request=a_request()
    )


async def reload(pool):
    await pool.here.agent_lost(
        agent="agent1", connection="agent1-tab", request=a_request()
    )
    return await pool.here.agent_connected(
        agent="agent1", connection="agent1-tab", request=a_request()
    )


async def talk(pool, call="c1"):
    """Be called, answer, and let the caller hang up: a wrap-up begins."""
    await pool.call(call)
    await pool.answer(call)
    await pool.hang_up(call)


async def test_nothing_but_the_agent_ends_a_break(pool):
    await pool.staff(an_agent("agent1"))
    await take_break(pool)

    await pool.advance(3600)
    view = await pool.call("c1")

    assert (view.agent, view.nobody) == (None, False)
    assert await pool.agent("agent1") == AgentState.BREAK
    assert (await get_ready(pool)).call == "c1"


async def test_a_break_ends_in_being_away_as_well(pool):
    await pool.staff(an_agent("agent1"))
    await take_break(pool)

    assert (await go_away(pool)).state == AgentState.AWAY


async def test_a_break_refuses_what_rings(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")

    view = await take_break(pool)

    assert (view.state, view.call) == (AgentState.BREAK, None)
    assert await pool.rings_at("c1") == "agent2"


async def test_a_break_wished_in_a_call_begins_after_the_wrap_up(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")

    wished = await take_break(pool)
    await pool.hang_up("c1")
    await pool.advance(59.9)
    noting = await pool.agent("agent1")
    await pool.advance(0.1)

    assert (wished.state, wished.wish) == (AgentState.IN_CALL, AgentState.BREAK)
    assert noting == AgentState.WRAP_UP
    view = await pool.here.agent_view("agent1")
    assert (view.state, view.wish) == (AgentState.BREAK, None)


async def test_a_break_wished_before_the_picture_begins_when_the_caller_leaves(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.accept("c1")
    await take_break(pool)
    await pool.call("c2")

    await pool.hang_up("c1")

    assert await pool.agent("agent1") == AgentState.BREAK
    assert await pool.rings_at("c2") is None


async def test_a_wish_is_taken_back_by_being_ready(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await take_break(pool)

    assert (await get_ready(pool)).wish is None
    with pytest.raises(InvalidTransitionError):
        await get_ready(pool)
    await pool.hang_up("c1")
    await pool.advance(60)

    assert await pool.agent("agent1") == AgentState.READY


@pytest.mark.parametrize(("ready", "state"), [(True, "ready"), (False, "break")])
async def test_the_end_of_the_notes_takes_the_wish_unless_the_agent_is_ready(
    pool, ready, state
):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await take_break(pool)
    await pool.hang_up("c1")

    await pool.here.wrap_up_done(agent="agent1", ready=ready, request=a_request())

    view = await pool.here.agent_view("agent1")
    assert (view.state, view.wish) == (state, None)


async def test_a_console_that_comes_back_finds_the_break_and_the_wish(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    await pool.call("c1")
    await pool.answer("c1")
    await take_break(pool)
    wishing = await reload(pool)
    await pool.hang_up("c1")
    await pool.advance(60)
    resting = await reload(pool)

    assert wishing.wish == AgentState.BREAK
    assert resting.state == AgentState.BREAK


async def test_an_agent_who_is_offline_has_no_break(pool):
    await pool.publish(an_agent("agent1"))

    with pytest.raises(InvalidTransitionError):
        await take_break(pool)


async def test_notes_may_take_as_long_as_the_service_says(pool):
    await pool.staff(an_agent("agent1"), services=[COOL])
    await talk(pool)

    view = await pool.here.agent_view("agent1")

    assert (view.until, view.cool_until) == (START + 45, START + 20)


async def test_nothing_shortens_a_cool_down(pool):
    await pool.staff(an_agent("agent1"), services=[COOL])
    await talk(pool)
    await pool.advance(19)

    async def sign_out_and_in(pool):
        await pool.here.agent_offline(agent="agent1", request=a_request())
        await pool.here.agent_connected(
            agent="agent1", connection="new-tab", request=a_request()
        )

    async def be_forced(pool):
        await force(pool, AgentState.AWAY)

    with pytest.raises(CoolingDownError):
        await pool.here.wrap_up_done(agent="agent1", ready=True, request=a_request())
    for detour in (go_away, take_break, go_away, sign_out_and_in, be_forced):
        await detour(pool)
        with pytest.raises(CoolingDownError):
            await get_ready(pool)
    await pool.advance(1)

    assert (await get_ready(pool)).state == AgentState.READY


async def test_signing_out_of_a_call_does_not_spare_the_cool_down(pool):
    await pool.staff(an_agent("agent1"), services=[COOL])
    await pool.call("c1")
    await pool.answer("c1")
    await pool.here.agent_offline(agent="agent1", request=a_request())
    await pool.here.agent_connected(
        agent="agent1", connection="new-tab", request=a_request()
    )

    with pytest.raises(CoolingDownError):
        await get_ready(pool)


async def test_a_call_that_was_never_seen_needs_no_cool_down(pool):
    await pool.staff(an_agent("agent1"), services=[COOL])
    await pool.call("c1")
    await pool.accept("c1")
    await pool.hang_up("c1")

    assert await pool.agent("agent1") == AgentState.READY


async def test_a_difficult_call_is_followed_by_a_longer_rest(pool):
    await pool.here.configure(Durations(difficult_cool_down=300))
    await pool.staff(an_agent("agent1"), services=[COOL])
    await pool.call("c1")
    await pool.answer("c1")

    await pool.hang_up("c1", by=Side.AGENT, difficult=True)

    view = await pool.here.agent_view("agent1")
    assert (view.until, view.cool_until) == (START + 300, START + 300)
    changed = (await events_of(pool.here, AgentChanged))[-1]
    while changed.state != AgentState.WRAP_UP:
        changed = (await events_of(pool.here, AgentChanged))[-1]
    assert changed.cool_until == START + 300


async def test_a_supervisor_sends_an_agent_away_and_the_ledger_says_who(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")

    view = await force(pool, AgentState.AWAY)

    assert view.state == AgentState.AWAY
    assert await pool.rings_at("c1") == "agent2"
    facts = [e.facts for e in await pool.new_ledger() if e.kind == "agent_forced"]
    assert facts == [{"state": "away", "by": "supervisor1"}]


async def test_a_supervisor_who_signs_an_agent_out_loses_no_caller(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.answer("c1")

    await force(pool, AgentState.OFFLINE)

    assert await pool.agent("agent1") == AgentState.OFFLINE
    assert await pool.rings_at("c1") == "agent2"


async def test_a_supervisor_ends_no_break_and_interrupts_no_call(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    with pytest.raises(InvalidTransitionError):
        await force(pool, AgentState.AWAY)
    await take_break(pool)
    await pool.hang_up("c1")
    await pool.advance(60)

    for state in (AgentState.AWAY, AgentState.OFFLINE):
        with pytest.raises(InvalidTransitionError):
            await force(pool, state)

    assert await pool.agent("agent1") == AgentState.BREAK


async def test_nobody_can_be_forced_to_be_ready_and_nobody_unknown_at_all(pool):
    await pool.staff(an_agent("agent1"))
    await go_away(pool)

    with pytest.raises(InvalidTransitionError):
        await force(pool, AgentState.READY)
    with pytest.raises(UnknownAgentError):
        await force(pool, AgentState.AWAY, "agent9")


async def test_an_independent_cannot_be_forced_into_a_state(pool):
    await pool.staff(an_agent("agent1", independent=True))

    for state in (AgentState.AWAY, AgentState.OFFLINE):
        with pytest.raises(IndependentAgentError):
            await force(pool, state)

    assert await pool.agent("agent1") == AgentState.READY


async def test_an_independent_who_misses_three_offers_rests_and_stays_ready(pool):
    await pool.staff(an_agent("agent1", independent=True))
    for number in range(4):
        await pool.call(f"c{number}")
    for _ in range(3):
        await pool.advance(15)

    view = await pool.here.agent_view("agent1")
    assert (view.state, view.until) == (AgentState.READY, START + 45 + 60)
    assert {await pool.rings_at(f"c{number}") for number in range(4)} == {None}
    await pool.advance(60)

    assert await pool.rings_at("c0") == "agent1"


async def test_a_resting_independent_who_is_ready_again_takes_the_next_call(pool):
    await pool.staff(an_agent("agent1", independent=True))
    for number in range(4):
        await pool.call(f"c{number}")
    for _ in range(3):
        await pool.advance(15)

    view = await get_ready(pool)

    assert (view.state, view.call) == (AgentState.OFFERED, "c0")
