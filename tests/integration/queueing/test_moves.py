"""A call whose relay died or ends: its pictures pass another one, and nothing else changes."""

import pytest

from queueing.errors import EndedCallError, UnknownCallError
from queueing.messages import Accepted, CallMoved, Ended
from queueing.model import CallState
from tests.integration.queueing.pools import a_request, an_agent, events_of

UNCHANGED = ("state", "t0", "t1", "deadline", "leg", "agent", "token", "attempts")


async def move(pool, call="c1", *, away_from="r1", to="r2", client=None, request=None):
    return await (client or pool.here).move_call(
        call=call, away_from=away_from, to=to, request=request or a_request()
    )


def kept(view):
    return [getattr(view, name) for name in UNCHANGED]


async def queued(pool, client=None):
    """A call whose agent, of this client, is not ready."""
    await pool.publish(an_agent("agent1"))
    await pool.call("c1")


async def ringing(pool, client=None):
    await pool.publish(an_agent("agent1"))
    await pool.ready("agent1", client=client)
    await pool.call("c1")


async def connecting(pool, client=None):
    await ringing(pool, client)
    await pool.accept("c1")


async def answered(pool, client=None):
    await ringing(pool, client)
    await pool.answer("c1")


async def lost(pool, client=None):
    await answered(pool, client)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())


@pytest.mark.parametrize("stage", [queued, ringing, connecting, answered, lost])
async def test_a_move_changes_the_relay_and_nothing_else(pool, stage):
    await stage(pool)
    before = await pool.here.view("c1")
    await pool.advance(1)

    view = await move(pool)

    assert view.relay == "r2"
    assert kept(view) == kept(before)
    assert view.version > before.version


async def test_the_first_who_moves_a_call_wins_and_the_others_learn_where_it_is(pool):
    await answered(pool)
    await pool.new_ledger()

    first = await move(pool, to="r2", client=pool.here)
    second = await move(pool, to="r3", client=pool.there)

    assert second == first
    assert await pool.kinds() == ["call_moved"]


async def test_a_move_that_is_sent_again_is_answered_again(pool):
    await answered(pool)
    request = a_request()
    first = await move(pool, request=request)
    await move(pool, away_from="r2", to="r1")

    again = await move(pool, request=request)

    assert again == first
    assert (await pool.here.view("c1")).relay == "r1"


async def test_a_move_to_where_the_call_is_does_nothing(pool):
    await answered(pool)
    await pool.new_ledger()
    before = await pool.here.view("c1")

    view = await move(pool, to="r1")

    assert view == before
    assert await pool.kinds() == []


@pytest.mark.parametrize("stage", [ringing, connecting, answered])
async def test_both_peoples_servers_hear_of_a_move(pool, stage):
    await stage(pool, pool.there)

    view = await move(pool)

    for client in (pool.here, pool.there):
        moved = (await events_of(client, CallMoved))[-1]
        assert (moved.call, moved.relay, moved.version) == ("c1", "r2", view.version)


async def test_whoever_comes_later_is_told_of_the_new_relay(pool):
    await queued(pool)
    await move(pool)
    await pool.ready("agent1")
    await pool.accept("c1")

    accepted = (await events_of(pool.here, Accepted))[-1]
    resumed = await pool.there.resume(
        call="c1", connection="another", request=a_request()
    )
    await pool.hang_up("c1")
    ended = (await events_of(pool.there, Ended))[-1]

    assert accepted.relay == resumed.relay == ended.relay == "r2"


async def test_a_ticket_that_names_the_old_relay_does_not_bring_the_call_back_there(
    pool,
):
    await queued(pool)
    view = await pool.here.view("c1")
    await move(pool)

    adopted = await pool.there.adopt(
        call="c1",
        service=view.service,
        topic=None,
        mode=view.mode,
        variant=None,
        t0=view.t0,
        relay="r1",
        connection="another",
        request=a_request(),
    )

    assert adopted.relay == "r2"


async def test_the_ledger_says_from_where_and_where_to(pool):
    await answered(pool)
    await pool.new_ledger()

    await move(pool)
    await pool.hang_up("c1")

    moved, ended = (await pool.new_ledger())[:2]
    assert (moved.kind, moved.call, moved.agent) == ("call_moved", "c1", "agent1")
    assert moved.facts == {"from": "r1", "relay": "r2"}
    assert ended.kind == "call_ended"


async def test_a_call_that_is_over_or_unknown_is_not_moved(pool):
    await answered(pool)
    await pool.hang_up("c1")
    assert await pool.state("c1") == CallState.ENDED

    with pytest.raises(EndedCallError):
        await move(pool)
    with pytest.raises(UnknownCallError):
        await move(pool, "nobody")
