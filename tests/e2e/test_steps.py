"""Every step before a call can be skipped: nobody waits for a camera."""

import asyncio

import pytest
from playwright.async_api import expect

from benchmarks.people import Agent, Caller, chromium
from benchmarks.signer import Identity

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(90)]

# The browser's question stays on the screen until the test answers it.
PROMPT = """
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const answered = new Promise((resolve) => (globalThis.allow = resolve));
    navigator.mediaDevices.getUserMedia = (wish) =>
        globalThis.film = answered.then(() => open(wish));
"""


async def at_the_prompt(browser, url):
    """Give a caller before the mirror, whose browser asks for the camera."""
    caller = await Caller.open(browser, url, "telecom-demo")
    await caller.page.add_init_script(PROMPT)
    await caller.page.reload()
    await caller.press("call-video")
    await caller.page.locator("main[data-camera=asking]").wait_for()
    return caller


async def test_a_caller_need_not_wait_for_the_camera(platform, account, drawn_films):
    caller_film, agent_film = drawn_films
    async with chromium(caller_film) as theirs, chromium(agent_film) as ours:
        agent = await Agent.open(ours, platform.url(1), account("agent1"))
        await agent.is_ready()
        caller = await at_the_prompt(theirs, platform.url(1))
        await caller.press("call-now")
        await agent.accepts()
        await caller.reaches("call")
        await expect(agent.page.get_by_test_id("curtain")).to_be_visible()

        await caller.page.evaluate("allow()")

        async with asyncio.timeout(10):
            while await agent.sees() != Identity.RED:  # noqa: ASYNC110  no event tells
                await asyncio.sleep(0.1)
        await expect(caller.page.get_by_test_id("self-video")).to_be_visible()
        await caller.press("hang-up")
        await agent.reaches("wrap-up")


async def test_a_text_call_gets_no_camera_that_was_asked_for_before(platform):
    async with chromium() as theirs:
        caller = await at_the_prompt(theirs, platform.url(1))
        await caller.call_by_text()

        await caller.page.evaluate("(allow(), film)")
        stopped = "film.then((film) => film.getTracks()[0].readyState === 'ended')"
        await caller.page.wait_for_function(stopped)

        await expect(caller.page.get_by_test_id("self-video")).to_have_count(0)
        await caller.press("leave")
        await caller.reaches("ended")
