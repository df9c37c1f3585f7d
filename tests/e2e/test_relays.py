"""A relay dies or ends in the middle of real calls: both see each other again, and why."""

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
import pytest_asyncio

from benchmarks.platform import Platform
from tests.e2e.visitors import a_caller, an_agent, pictures_flow
from tests.integration.signaling.signers import signing_couples
from tests.integration.signaling.two_relays import (
    bring_to,
    counted,
    move_to,
    process,
    relays_of,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

SOON = 3.0
"""Seconds after which all must see each other again."""

BREAK = 1.0
"""Seconds that no picture may stand still when a relay ends as it should."""

WATCH = """
(page) => {
  const seen = globalThis.seen = { moments: [], said: [], leg: page.peerConnection };
  const video = page.renderRoot.querySelector("video[data-testid=remote-video]");
  const look = () => {
    seen.moments.push(performance.timeOrigin + performance.now());
    video.requestVideoFrameCallback(look);
  };
  const read = () => {
    const pill = page.renderRoot.querySelector("[data-testid=call-status]");
    const key = pill?.dataset.key;
    if (key && seen.said.at(-1) !== key) seen.said.push(key);
    requestAnimationFrame(read);
  };
  look();
  read();
}
"""
IS_BACK = """
(page) => globalThis.seen.leg !== page.peerConnection
  && page.renderRoot.querySelector(".stage.live") !== null
  && performance.timeOrigin + performance.now() - globalThis.seen.moments.at(-1) < 200
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory):
    """Two signaling processes, two relays."""
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        signaling=2,
        relays=2,
        durations={"pair_rest": 1.0},
    ) as running:
        yield running


@asynccontextmanager
async def a_talk(visits, callers, agents, account):
    """Two people at real browsers who see each other; hung up at the end."""
    agent = await an_agent(visits, agents, account("agent1"))
    await agent.is_ready()
    caller = await a_caller(visits, callers)
    await caller.call()
    await agent.accepts()
    await caller.reaches("call")
    await agent.reaches("in-call")
    for person in (caller, agent):
        await pictures_flow(person)
    yield caller, agent
    assert await caller.state() == "call"
    assert await agent.state() == "in-call"
    await caller.press("hang-up")
    await agent.reaches("wrap-up")


async def the_call(person):
    return await evaluate(person, "page => page.state.call")


async def evaluate(person, script):
    return await person.page.locator(person.root).evaluate(script)


async def watched(*people):
    for person in people:
        await evaluate(person, WATCH)


async def back(person, within):
    """Wait until the picture lives on another leg than before."""
    async with asyncio.timeout(within):
        while not await evaluate(person, IS_BACK):  # noqa: ASYNC110 - a browser sets no event
            await asyncio.sleep(0.05)


async def stood_still(person, since):
    """The longest time without a new picture on the screen, and when it ended; seconds."""
    moments = await evaluate(person, "() => globalThis.seen.moments")
    gaps = [
        ((b - a) / 1000, b / 1000 - since)
        for a, b in pairwise(moments)
        if b / 1000 > since
    ]
    return max(gaps)


async def said(person):
    """The sentences of the call's status that stood on the screen, by their keys."""
    return await evaluate(person, "() => globalThis.seen.said")


async def test_a_killed_relay_shows_on_the_screen_and_costs_a_moment(
    platform, visits, callers, agents, account
):
    async with a_talk(visits, callers, agents, account) as (caller, agent):
        call = await the_call(caller)
        await move_to(platform, "r1", call)
        await asyncio.gather(pictures_flow(caller), pictures_flow(agent))
        await watched(caller, agent)

        killed = time.time()
        platform.kill("relay-1")
        await asyncio.gather(back(caller, 20), back(agent, 20))

        for person in (caller, agent):
            longest, seen_again = await stood_still(person, killed)
            print(
                f"{person.root}: dark for {longest:.2f} s, back after {seen_again:.2f} s"
            )
            assert seen_again <= SOON
            assert "leg-relay_gone" in await said(person)
        assert await relays_of(platform, call) == {"r2"}
    assert await counted(platform, [call], "call_queued") == [1]


async def test_a_relay_that_ends_hands_a_call_over_under_the_peoples_eyes(
    platform, visits, callers, agents, account
):
    async with a_talk(visits, callers, agents, account) as (caller, agent):
        call = await the_call(caller)
        [relay] = await relays_of(platform, call)
        pid = platform.pid(process(relay))
        await watched(caller, agent)

        told = time.time()
        os.kill(pid, signal.SIGTERM)
        await asyncio.gather(back(caller, 20), back(agent, 20))
        await platform.back(process(relay), than=pid)

        for person in (caller, agent):
            longest, _ = await stood_still(person, told)
            print(f"{person.root}: no new picture for {longest * 1000:.0f} ms at most")
            assert longest <= BREAK
            assert "leg-relay_leaves" in await said(person)
            assert "leg-relay_gone" not in await said(person)
        assert relay not in await relays_of(platform, call)


@pytest.mark.long
async def test_a_relay_that_dies_in_ten_calls_ends_none_of_them(
    platform, visits, callers, agents, account
):
    async with (
        signing_couples(platform, 9) as couples,
        a_talk_beside(couples, visits, callers, agents, account) as (caller, agent),
    ):
        call = await the_call(caller)
        brought = await bring_to(platform, "r1", couples)
        brought += await move_to(platform, "r1", call)
        calls = [*couples.calls, call]
        await couples.talk()
        await asyncio.gather(pictures_flow(caller), pictures_flow(agent))
        await watched(caller, agent)

        killed, on_our_clock = time.time(), time.monotonic()
        platform.kill("relay-1")
        took, *_ = await asyncio.gather(
            couples.see_again(on_our_clock), back(caller, 20), back(agent, 20)
        )

        shown = [(await stood_still(each, killed))[1] for each in (caller, agent)]
        print(f"ten calls: nine see again after {took:.2f} s, browsers after {shown} s")
        assert max(took, *shown) <= SOON
        assert await relays_of(platform, *calls) == {"r2"}
    moved = await counted(platform, calls, "call_moved")
    assert moved == [1 + (each in brought) for each in calls]
    for kind in ("call_queued", "call_answered", "call_ended"):
        assert await counted(platform, calls, kind) == [1] * 10


@asynccontextmanager
async def a_talk_beside(couples, visits, callers, agents, account):
    """The same once all others are in their calls: whoever is ready is with them."""
    await couples.call()
    await couples.talk()
    async with a_talk(visits, callers, agents, account) as people:
        yield people
