"""A caller signs, an agent signs back: real browsers, real processes, every room."""

import asyncio

import pytest
from PIL import Image

from benchmarks.people import Agent, Caller, chromium, couple, firefox
from benchmarks.signer import Identity, Signer, drawn, write_mjpeg
from benchmarks.timeline import Timeline
from benchmarks.watched import CallBench, Habits
from tests.e2e.chains import events_of, verdict

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

LOOK = 10.0
FRAMES_A_SECOND = 25


async def frames_a_second(person):
    """Pictures decoded a second, over ten seconds."""
    loop = asyncio.get_running_loop()
    start, before = loop.time(), await person.frames_decoded()
    await asyncio.sleep(LOOK)
    return (await person.frames_decoded() - before) / (loop.time() - start)


async def until(look, wanted, patience=10.0):
    """Poll until somebody sees what is wanted; gives the last thing seen."""
    async with asyncio.timeout(patience):
        while (seen := await look()) != wanted:  # noqa: ASYNC110  a browser sets no event
            await asyncio.sleep(0.1)
    return seen


async def the_call(person):
    """The id of the call that a page is in."""
    return await person.page.locator(person.root).evaluate("page => page.state.call")


@pytest.mark.parametrize("films", ["drawn", "real"], indirect=True)
async def test_each_side_presents_the_others_picture(
    platform, account, films, screenshots
):
    caller_film, agent_film = films
    async with couple(
        platform.url(1),
        account("agent1"),
        caller_video=caller_film,
        agent_video=agent_film,
        agent_url=platform.url(2),
    ) as (caller, agent):
        await agent.is_ready()
        await caller.call(eye=True)
        await agent.accepts()
        await caller.reaches("call")
        await agent.reaches("in-call")
        call = await the_call(caller)

        assert await until(caller.sees, Identity.BLUE)
        assert await until(agent.sees, Identity.RED)
        rates = await asyncio.gather(frames_a_second(caller), frames_a_second(agent))
        assert min(rates) >= FRAMES_A_SECOND, rates

        for letter in "Bonjour":
            await caller.type(letter)
            await agent.reads("Bonjour"[: "Bonjour".index(letter) + 1])
        await agent.type("Oui")
        await caller.reads("Oui")
        await caller.screenshot(screenshots / "caller-call.png")
        await agent.screenshot(screenshots / "console-in-call.png")

        await caller.press("hang-up")
        await caller.reaches("ended")
        await agent.reaches("wrap-up")

    events = await events_of(platform, call, until="eye_counted")
    kinds = [kind for kind, _ in events]
    in_order = [
        "call_queued",
        "offer_made",
        "call_accepted",
        "call_answered",
        "call_ended",
    ]
    assert [kind for kind in kinds if kind in in_order] == in_order
    answered = dict(events)["call_answered"]["facts"]
    assert answered["evidence"] == "presented"
    assert abs(answered["wait_ms"] - answered["browser_ms"]) < 100, answered
    assert (await verdict(platform, "telecom")).found is None


@pytest.mark.long
async def test_an_agent_who_let_it_ring_is_seen_within_a_second_of_accepting(
    platform, account
):
    habits = Habits(seconds=1, accept_after=2.0)
    async with CallBench.open(platform.url(1), account("agent1"), habits) as bench:
        call = await bench.one_call()

    assert Timeline(call.caller, call.agent).accept_to_first_frame_ms < 1_000


async def test_the_agent_may_end_the_call_as_well(platform, account, drawn_films):
    async with couple(
        platform.url(1), account("agent1"), agent_url=platform.url(2)
    ) as (caller, agent):
        await agent.is_ready()
        await caller.call()
        await agent.accepts()
        await agent.reaches("in-call")
        await agent.press("end-difficult")

        await agent.reaches("wrap-up")
        await caller.reaches("ended")


async def test_firefox_calls_without_showing_its_addresses(
    platform, account, drawn_films, screenshots
):
    _, agent_film = drawn_films
    async with chromium(agent_film) as ours, firefox() as theirs:
        agent = await Agent.open(ours, platform.url(2), account("agent1"))
        await agent.is_ready()
        caller = await Caller.open(theirs, platform.url(1), "telecom-demo")
        await caller.call()
        await agent.accepts()
        await caller.reaches("call")
        await agent.reaches("in-call")
        call = await the_call(caller)

        assert await until(caller.sees, Identity.BLUE)
        rates = await asyncio.gather(frames_a_second(caller), frames_a_second(agent))
        assert min(rates) >= FRAMES_A_SECOND, rates
        await caller.type("Bonjour")
        await agent.reads("Bonjour")
        await caller.screenshot(screenshots / "caller-call-firefox.png")
        await agent.press("end")
        await caller.reaches("ended")
    answered = dict(await events_of(platform, call))["call_answered"]["facts"]
    assert answered["evidence"] == "presented"
    assert abs(answered["wait_ms"] - answered["browser_ms"]) < 100, answered


async def test_a_covered_camera_is_no_answer(platform, account, tmp_path):
    film = tmp_path / "covered.mjpeg"
    dark = [Image.new("RGB", (640, 480))] * 150
    write_mjpeg(film, [*dark, *drawn(Signer(Identity.BLUE), seconds=6)])
    async with chromium() as theirs, chromium(film) as ours:
        agent = await Agent.open(ours, platform.url(2), account("agent1"))
        await agent.is_ready()
        caller = await Caller.open(theirs, platform.url(1), "telecom-demo")
        await caller.call()
        await agent.accepts()
        await caller.reaches("call")
        call = await the_call(caller)
        await caller.press("hang-up")
        await caller.reaches("ended")
    events = dict(await events_of(platform, call))
    accepted, answered = events["call_accepted"], events["call_answered"]
    assert answered["facts"]["evidence"] == "presented"
    assert answered["at_us"] - accepted["at_us"] > 3_000_000


async def test_a_page_that_says_nothing_is_answered_by_its_network(
    platform, account, drawn_films
):
    caller_film, agent_film = drawn_films
    async with chromium(caller_film) as theirs, chromium(agent_film) as ours:
        agent = await Agent.open(ours, platform.url(2), account("agent1"))
        await agent.is_ready()
        caller = await Caller.open(theirs, platform.url(1), "telecom-demo")
        await caller.page.evaluate(
            "HTMLVideoElement.prototype.requestVideoFrameCallback = () => 0"
        )
        await caller.call()
        await agent.accepts()
        await agent.reaches("in-call")
        call = await the_call(caller)
        await agent.press("end")
        await caller.reaches("ended")
    answered = dict(await events_of(platform, call))["call_answered"]["facts"]
    assert answered["evidence"] == "delivered"
    assert "browser_ms" not in answered


async def test_a_caller_who_reloads_keeps_the_place(platform):
    async with chromium() as theirs:
        caller = await Caller.open(theirs, platform.url(1), "telecom-demo")
        await caller.call()
        call = await the_call(caller)
        await caller.page.reload()
        await caller.reaches("waiting")

        assert await the_call(caller) == call
        await caller.press("leave")
        await caller.reaches("ended")


async def test_a_caller_who_reloads_in_a_call_is_back_in_it(
    platform, account, drawn_films
):
    caller_film, agent_film = drawn_films
    async with couple(
        platform.url(1),
        account("agent1"),
        caller_video=caller_film,
        agent_video=agent_film,
    ) as (caller, agent):
        await agent.is_ready()
        await caller.call()
        await agent.accepts()
        await caller.reaches("call")
        await until(agent.sees, Identity.RED)
        await caller.page.reload()

        await caller.reaches("call")
        assert await until(caller.sees, Identity.BLUE)
        before = await agent.frames_decoded()

        async def goes_on():
            return await agent.frames_decoded() > before + 30

        assert await until(goes_on, wanted=True)
        await caller.press("hang-up")
        await caller.reaches("ended")


@pytest.mark.parametrize("moment", ["ringing", "in-call"])
async def test_an_agent_whose_browser_is_killed_loses_nobody(
    platform, account, drawn_films, moment
):
    caller_film, agent_film = drawn_films
    async with chromium(caller_film) as theirs, chromium(agent_film) as second:
        caller = await Caller.open(theirs, platform.url(1), "telecom-demo")
        async with chromium() as first:
            doomed = await Agent.open(first, platform.url(1), account("agent2"))
            await doomed.is_ready()
            await caller.call()
            call = await the_call(caller)
            await doomed.reaches("ringing")
            if moment == "in-call":
                await doomed.accepts()
                await caller.reaches("call")
        spare = await Agent.open(second, platform.url(2), account("agent1"))
        await spare.is_ready()
        await spare.accepts()

        await spare.reaches("in-call")
        await caller.reaches("call")
        assert await the_call(caller) == call
        assert await until(caller.sees, Identity.BLUE)
        await caller.press("hang-up")
        await caller.reaches("ended")
    queued = [
        body for kind, body in await events_of(platform, call) if kind == "call_queued"
    ]
    assert len(queued) == 1
