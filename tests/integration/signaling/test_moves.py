"""A relay that dies, vanishes or ends takes no call with it: everybody sees each other again.

Real processes; people without browsers, whose legs follow as those of our pages do.
"""

import os
import signal
import time

import pytest

from tests.integration.signaling.pages import a_caller, an_agent
from tests.integration.signaling.signers import first_picture, signing_couples, until
from tests.integration.signaling.two_relays import (
    both_relays,
    bring_to,
    counted,
    process,
    relays_of,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

SOON = 3.0
"""Seconds after which all must see each other again."""


@pytest.mark.parametrize("count", [3, pytest.param(9, marks=pytest.mark.long)])
async def test_a_killed_relay_ends_no_call_and_begins_none(platform, count):
    async with signing_couples(platform, count) as couples:
        await couples.call()
        await couples.talk()
        brought = await bring_to(platform, "r1", couples)
        await couples.talk()

        killed = time.monotonic()
        platform.kill("relay-1")
        took = await couples.see_again(killed)

        print(f"{count} calls: all see each other again after {took:.2f} s")
        assert took <= SOON
        assert await relays_of(platform, *couples.calls) == {"r2"}
        assert {tuple(each.whys) for each in couples.everybody} == {("relay_gone",)}
    moved = await counted(platform, couples.calls, "call_moved")
    assert moved == [1 + (call in brought) for call in couples.calls]
    for kind in ("call_queued", "call_accepted", "call_answered", "call_ended"):
        assert await counted(platform, couples.calls, kind) == [1] * count


async def test_a_relay_that_vanishes_without_a_word_is_missed_by_its_pages(platform):
    async with signing_couples(platform, 2) as couples:
        await couples.call()
        await couples.talk()
        await bring_to(platform, "r1", couples)
        await couples.talk()

        vanished = time.monotonic()
        platform.freeze("relay-1")
        try:
            took = await couples.see_again(vanished)
        finally:
            platform.thaw("relay-1")

        print(f"all see each other again after {took:.2f} s")
        assert took <= SOON
        assert await relays_of(platform, *couples.calls) == {"r2"}


async def test_a_relay_that_is_told_to_end_gives_its_calls_away_without_a_break(
    platform,
):
    async with signing_couples(platform, 2) as couples:
        await couples.call()
        await couples.talk()
        await bring_to(platform, "r2", couples)
        await couples.talk()
        before, told = platform.pid("relay-2"), time.monotonic()

        os.kill(before, signal.SIGTERM)
        await couples.see_again(told)
        await platform.back("relay-2", than=before)

        lasted = time.monotonic() - told
        gap = max(each.worst_gap(told) for each in couples.everybody)
        print(f"moved and restarted in {lasted:.1f} s, worst gap {gap * 1000:.0f} ms")
        assert gap < 1.0
        assert {tuple(each.whys) for each in couples.everybody} == {("relay_leaves",)}
        assert await relays_of(platform, *couples.calls) == {"r1"}


async def test_who_waits_and_at_whom_it_rings_move_too(platform):
    async with signing_couples(platform, 1, accepts=False) as couples:
        [caller], [agent] = couples.callers, couples.agents
        await couples.call()
        await until(lambda: agent.leg and agent.leg.playing and caller.leg.playing)
        await bring_to(platform, "r2", couples)
        killed, tickets = time.monotonic(), len(caller.tickets)

        platform.kill("relay-2")
        await couples.have_new_legs(couples.calls, killed)
        await agent.page.accept(agent.offer)
        await couples.talk()

        assert await relays_of(platform, caller.call) == {"r1"}
        assert len(caller.tickets) == tickets + 1  # it says on which relay the call is


async def test_without_another_relay_people_are_told_and_see_each_other_on_its_next_life(
    platform,
):
    async with signing_couples(platform, 1) as couples:
        await couples.call()
        await couples.talk()
        await bring_to(platform, "r1", couples)
        await couples.talk()

        platform.kill("relay-2")
        await platform.gone("relay-2")
        killed = time.monotonic()
        platform.kill("relay-1")
        await couples.see_again(killed)

        for each in couples.everybody:
            assert each.whys[0] == "no_relay"
            assert set(each.whys[1:]) <= {"relay_gone"}


async def test_words_find_their_way_when_the_relay_dies(platform):
    account = platform.accounts["agent1"]
    await both_relays(platform)
    async with (
        an_agent(platform.url(1), account.login, account.password) as agent,
        a_caller(platform.url(2)) as caller,
    ):
        await agent.ready()
        ticket = await caller.call()
        await agent.take()
        await caller.hear("connecting")
        [relay] = await relays_of(platform, ticket["call"])

        platform.kill(process(relay))
        again = await caller.hear("ticket", within=SOON)
        await agent.say("text", call=ticket["call"], chars="Bonjour")
        heard = await caller.hear("text_from")

        assert again["call"] == ticket["call"]
        assert again["ticket"] != ticket["ticket"]
        assert heard["chars"] == "Bonjour"
        await caller.say("text_shown", call=ticket["call"], elapsed_ms=900)
        await agent.hear_status("in_call")
        await caller.say("hang_up", call=ticket["call"])
        await agent.hear_status("wrap_up")


async def test_who_loses_their_media_makes_a_new_leg_and_the_other_reads_why(platform):
    await both_relays(platform)
    async with signing_couples(platform, 1) as couples:
        [caller], [agent] = couples.callers, couples.agents
        await couples.call()
        await couples.talk()
        legs, lost = len(caller.legs), time.monotonic()

        agent.leg.vanish()
        seen = await first_picture(agent, lost)
        await until(lambda: caller.others == ["reconnecting", "here"])

        print(
            f"a new leg shows pictures {seen - lost:.2f} s after the old one fell silent"
        )
        assert agent.whys == ["silent"]
        assert (caller.whys, len(caller.legs)) == ([], legs)  # keeps its own
