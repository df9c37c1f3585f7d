"""A call from its accept to its end, and what the ledger holds of it."""

import pytest

from queueing.errors import InvalidTransitionError, StaleTokenError
from queueing.messages import Ended
from queueing.model import AgentState, CallState, EndReason, Evidence, Mode, Side
from tests.integration.queueing.pools import (
    START,
    a_request,
    an_agent,
    events_of,
)


async def test_t1_is_the_moment_the_queue_learns_of_the_first_evidence(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.advance(4)
    await pool.accept("c1")
    await pool.advance(1)

    view = await pool.answer("c1")
    await pool.advance(1)
    again = await pool.answer("c1", Evidence.DELIVERED)

    assert (view.state, view.t1) == (CallState.ANSWERED, START + 5)
    assert again == view
    assert await pool.agent("agent1") == AgentState.IN_CALL


async def test_a_whole_call_leaves_one_chain_of_events(pool):
    await pool.staff(an_agent("agent1"))
    await pool.new_ledger()
    await pool.call("c1")
    await pool.advance(4)
    await pool.answer("c1")
    await pool.advance(100)
    await pool.hang_up("c1")
    await pool.advance(60)

    entries = await pool.new_ledger()

    assert [entry.kind for entry in entries] == [
        "call_queued",
        "offer_made",
        "call_accepted",
        "call_answered",
        "call_ended",
        "wrap_up_started",
        "wrap_up_done",
    ]
    answered, ended = entries[3], entries[4]
    assert answered.facts == {
        "evidence": "presented",
        "browser_ms": 900,
        "forwarded_at_us": (START + 4) * 1_000_000,
        "wait_ms": 4000,
        "again": False,
        "leg": 0,
        "leg_wait_ms": 4000,
    }
    assert ended.facts["reason"] == "caller_hung_up"
    assert (ended.facts["waited_ms"], ended.facts["talk_ms"]) == (4000, 100_000)
    assert ended.facts["t0_us"] == START * 1_000_000
    assert ended.at == (START + 104) * 1_000_000
    assert len({entry.event for entry in entries}) == len(entries)
    assert {entry.company for entry in entries[:-1]} == {"telecom"}


async def test_counters_move_once_a_transition(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.hang_up("c1")

    assert pool.plain.hgetall(pool.key("count:telecom-demo")) == {
        "call_queued": "1",
        "offer_made": "1",
        "call_accepted": "1",
        "call_answered": "1",
        "call_ended": "1",
        "wrap_up_started": "1",
    }


@pytest.mark.parametrize("steps", ["queued", "offered", "connecting"])
async def test_a_caller_who_leaves_before_t1_has_abandoned(pool, steps):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1")
    if steps == "queued":
        await pool.here.agent_away(agent="agent1", request=a_request())
    await pool.call("c1")
    if steps == "connecting":
        await pool.accept("c1")
    await pool.advance(7)

    view = await pool.hang_up("c1")

    assert (view.state, view.end_reason) == (CallState.ENDED, EndReason.ABANDONED)
    ended = [e for e in await pool.new_ledger() if e.kind == "call_ended"]
    assert [each.facts["waited_ms"] for each in ended] == [7000]
    assert await pool.agent("agent1") in {AgentState.READY, AgentState.AWAY}


async def test_a_caller_who_leaves_when_nobody_is_signed_in_met_no_one(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")

    view = await pool.hang_up("c1")

    assert view.end_reason == EndReason.NO_ONE_THERE
    assert await pool.kinds() == ["call_queued", "no_one_there", "call_ended"]


async def test_nobody_is_taken_back_when_an_agent_signs_in(pool):
    await pool.publish(an_agent("agent1"))
    view = await pool.call("c1")
    await pool.here.agent_connected(agent="agent1", connection="t", request=a_request())

    assert view.nobody
    assert await pool.places("c1") == {"c1": (1, False)}


async def test_a_text_call_is_answered_by_the_agents_first_words(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1", mode=Mode.TEXT)
    await pool.accept("c1")
    await pool.advance(30)

    view = await pool.answer("c1", Evidence.TEXT)

    assert view.t1 == START + 30


async def test_no_frame_after_the_accept_goes_to_somebody_else(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    await pool.accept("c1")

    await pool.advance(10)

    view = await pool.here.view("c1")
    assert (view.state, view.agent, view.t0) == (CallState.OFFERED, "agent2", START)
    assert view.attempts == 1
    assert await pool.agent("agent1") == AgentState.READY


async def test_no_frame_twice_is_a_technical_end(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c1")
    for _ in range(2):
        view = await pool.accept("c1")
        await pool.here.media_failed(call="c1", token=view.token, request=a_request())

    view = await pool.here.view("c1")
    assert (view.state, view.end_reason) == (CallState.ENDED, EndReason.TECHNICAL)
    assert await pool.agent("agent2") == AgentState.READY
    assert [k for k in await pool.kinds() if k.startswith(("media", "call_"))] == [
        "call_queued",
        "call_accepted",
        "media_failed",
        "call_requeued",
        "call_accepted",
        "media_failed",
        "call_ended",
    ]


async def test_media_cannot_fail_after_t1_or_with_a_stale_token(pool):
    await pool.staff(an_agent("agent1"))
    view = await pool.call("c1")
    await pool.answer("c1")

    with pytest.raises(InvalidTransitionError):
        await pool.here.media_failed(call="c1", token=view.token, request=a_request())
    with pytest.raises(StaleTokenError):
        await pool.here.media_failed(call="c1", token=1, request=a_request())


async def test_evidence_with_a_stale_token_is_refused(pool):
    await pool.staff(an_agent("agent1", lsf=2), an_agent("agent2"))
    old = await pool.call("c1")
    await pool.accept("c1")
    await pool.advance(10)
    await pool.accept("c1")

    with pytest.raises(StaleTokenError):
        await pool.here.answered(
            call="c1",
            token=old.token,
            evidence=Evidence.PRESENTED,
            browser_ms=None,
            forwarded_at=None,
            request=a_request(),
        )
    assert await pool.state("c1") == CallState.CONNECTING


async def test_an_agent_hangs_up_and_wraps_up(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.hang_up("c1", by=Side.AGENT, difficult=True)
    agent = await pool.here.agent_view("agent1")
    ended = next(e for e in await pool.new_ledger() if e.kind == "call_ended")

    assert (agent.state, agent.until) == (AgentState.WRAP_UP, START + 60)
    assert ended.facts["reason"] == "agent_hung_up"
    assert (ended.facts["by"], ended.facts["difficult"]) == ("agent", True)


async def test_an_agent_cannot_hang_up_a_call_that_only_rings(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")

    with pytest.raises(InvalidTransitionError):
        await pool.hang_up("c1", by=Side.AGENT)

    assert await pool.rings_at("c1") == "agent1"


@pytest.mark.parametrize("ready", [True, False])
async def test_the_agent_ends_the_wrap_up(pool, ready):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    await pool.hang_up("c1")

    await pool.here.wrap_up_done(agent="agent1", ready=ready, request=a_request())

    assert await pool.rings_at("c2") == ("agent1" if ready else None)
    assert await pool.agent("agent1") == ("offered" if ready else "away")


async def test_a_wrap_up_ends_by_itself_and_the_next_caller_is_served(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.answer("c1")
    await pool.call("c2")
    await pool.hang_up("c1")

    await pool.advance(59.9)
    waiting = await pool.rings_at("c2")
    await pool.advance(0.1)

    assert (waiting, await pool.rings_at("c2")) == (None, "agent1")


async def test_without_a_wrap_up_there_is_none_to_end(pool):
    await pool.staff(an_agent("agent1"))

    with pytest.raises(InvalidTransitionError):
        await pool.here.wrap_up_done(agent="agent1", ready=True, request=a_request())


async def test_both_servers_hear_of_the_end(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    await pool.call("c1")
    await pool.answer("c1")
    await pool.hang_up("c1")

    for client in (pool.here, pool.there):
        ended = (await events_of(client, Ended))[-1]
        assert (ended.call, ended.agent) == ("c1", "agent1")
        assert ended.reason == EndReason.CALLER_HUNG_UP
        assert (ended.t0, ended.t1) == (START, START)


async def test_whoever_hears_of_the_end_can_close_the_call_at_its_relay(pool):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=pool.there)
    view = await pool.call("c1")
    await pool.answer("c1")
    await pool.hang_up("c1")

    for client in (pool.here, pool.there):
        ended = (await events_of(client, Ended))[-1]
        assert (ended.token, ended.relay) == (view.token, "r1")


async def test_a_call_that_rang_nowhere_ends_without_a_token(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.hang_up("c1")

    ended = (await events_of(pool.here, Ended))[-1]
    assert (ended.token, ended.relay) == (None, "r1")


async def test_a_note_is_a_ledger_event_without_a_transition(pool):
    await pool.here.note(
        kind="call_rated",
        company="telecom",
        service="telecom-demo",
        call="c1",
        facts={"face": "good", "nested": {"n": [1, None]}},
        request=a_request(),
    )

    (entry,) = await pool.new_ledger()
    assert (entry.kind, entry.call, entry.agent) == ("call_rated", "c1", None)
    assert entry.facts == {"face": "good", "nested": {"n": [1, None]}}


async def test_the_ledger_is_trimmed_up_to_a_position_and_no_further(pool):
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")
    await pool.hang_up("c1")
    first, second, third = await pool.new_ledger()

    await pool.here.ledger_trim(second.position)

    left = await pool.here.ledger(after="0", count=10, block_ms=0)
    assert left == [third]
    await pool.here.ledger_trim(first.position)
    assert await pool.here.ledger(after="0", count=10, block_ms=0) == [third]
