"""The eye in a call: only for a yes, only for the person concerned."""

import asyncio

import pytest
from playwright.async_api import expect

from benchmarks.people import couple
from benchmarks.signer import Identity, Signer, Trouble, drawn, write_mjpeg
from tests.e2e.chains import events_of

LONG_ENOUGH = 180
"""Pictures, six seconds: twice the window that a verdict takes."""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def dark_film(tmp_path_factory):
    film = tmp_path_factory.mktemp("dark") / "caller.mjpeg"
    signer = Signer(Identity.RED)
    write_mjpeg(film, drawn(signer, seconds=8, trouble=Trouble.DARK))
    return film


async def test_a_caller_in_the_dark_is_told_and_the_agent_only_waits(
    platform, account, dark_film, drawn_films, screenshots
):
    _, agent_film = drawn_films
    async with couple(
        platform.url(1),
        account("agent1"),
        caller_video=dark_film,
        agent_video=agent_film,
        agent_url=platform.url(2),
    ) as (caller, agent):
        await agent.is_ready()
        await caller.call(eye=True)
        await agent.accepts()
        await caller.reaches("call")
        verdict = caller.page.get_by_test_id("verdict")

        await expect(verdict).to_have_attribute(
            "data-key", "eye-too_dark", timeout=20_000
        )
        await caller.screenshot(screenshots / "caller-call-too-dark.png")
        await expect(agent.page.get_by_test_id("verdict")).to_have_count(0)
        await expect(agent.page.get_by_test_id("call-status")).to_be_visible()

        await caller.press("eye-toggle")
        await expect(verdict).to_have_count(0)
        call = await caller.page.locator(caller.root).evaluate(
            "page => page.state.call"
        )
        await caller.press("hang-up")
        await caller.reaches("ended")
    counted = dict(await events_of(platform, call, until="eye_counted"))["eye_counted"]
    assert counted["facts"]["lost"] + counted["facts"]["at_risk"] > 0


async def test_who_said_no_is_not_looked_at(platform, account, dark_film, drawn_films):
    _, agent_film = drawn_films
    async with couple(
        platform.url(1),
        account("agent1"),
        caller_video=dark_film,
        agent_video=agent_film,
    ) as (caller, agent):
        await agent.is_ready()
        await caller.call(eye=False)
        await agent.accepts()
        await caller.reaches("call")
        call = await caller.page.locator(caller.root).evaluate(
            "page => page.state.call"
        )
        before = await caller.frames_decoded()
        async with asyncio.timeout(30):
            while await caller.frames_decoded() < before + LONG_ENOUGH:  # noqa: ASYNC110  a browser sets no event
                await asyncio.sleep(0.2)

        await expect(caller.page.get_by_test_id("verdict")).to_have_count(0)
        await caller.press("hang-up")
        await caller.reaches("ended")
    assert "eye_counted" not in dict(await events_of(platform, call))
