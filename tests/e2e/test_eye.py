"""The eye in a call: only for a yes, only for the person concerned."""

import asyncio
import re

import aiohttp
import pytest
from playwright.async_api import expect

from benchmarks.people import Caller, couple, firefox
from benchmarks.signer import Identity, Signer, Trouble, drawn, write_mjpeg
from tests.e2e.chains import events_of
from tests.e2e.visitors import an_agent

SOON_MS = 3000
"""Milliseconds between a change of the light and that of the page."""

OF_ONE_COLOUR = re.compile(r"^eye-(camera_covered|low_contrast|too_dark)$")
"""What light says of the picture that Firefox's own camera gives."""

RECORD = """
(element) => {
  const page = element.renderRoot;
  const self = page.querySelector("self-view").renderRoot.querySelector("video");
  const pen = new OffscreenCanvas(32, 24).getContext("2d", { willReadFrequently: true });
  const seen = element.seen = [];
  const last = {};
  const note = (what, value) => {
    if (last[what] === value) return;
    last[what] = value;
    seen.push({ at: performance.now(), what, value });
  };
  const look = () => {
    pen.drawImage(self, 0, 0, 32, 24);
    const { data } = pen.getImageData(0, 0, 32, 24);
    const luma = data.filter((_, at) => at % 4 === 1);
    note("dark", luma.reduce((sum, value) => sum + value, 0) / luma.length < 60);
    self.requestVideoFrameCallback(look);
  };
  const read = () =>
    note("told", page.querySelector("[data-testid=verdict]")?.dataset.key ?? null);
  new MutationObserver(read)
    .observe(page, { subtree: true, childList: true, attributes: true });
  read();
  look();
}
"""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def film_with_a_dark_spell(tmp_path_factory):
    """Sixteen seconds of light and eight of darkness, again and again."""
    film = tmp_path_factory.mktemp("spell") / "caller.mjpeg"
    pictures = drawn(
        Signer(Identity.RED), seconds=24, trouble=Trouble.DARK, starts_s=8, ends_s=16
    )
    write_mjpeg(film, pictures)
    return film


async def after(person, what, value, since):
    """When the page changed so, after a moment; both in its own milliseconds."""
    page = person.page.locator(person.root)
    async with asyncio.timeout(60):
        while True:
            for one in await page.evaluate("page => page.seen"):
                if one["at"] > since and (one["what"], one["value"]) == (what, value):
                    return one["at"]
            await asyncio.sleep(0.1)


async def looked_at(platform):
    """How many people the relay looks at, and how many pictures it has looked at."""
    ground = platform.running.ground
    connector = aiohttp.UnixConnector(str(ground.sockets / "relay-1.sock"))
    head = {"Authorization": f"Bearer {ground.secrets.relay}"}
    async with (
        aiohttp.ClientSession(connector=connector, headers=head) as session,
        session.get("http://relay/metrics") as answer,
    ):
        text = await answer.text()
    figure = r"^illico_eye_(streams|frames_total|samples_total) ([\d.]+)$"
    figures = dict(re.findall(figure, text, re.MULTILINE))
    return int(float(figures["streams"])), {
        name: int(float(value)) for name, value in figures.items() if name != "streams"
    }


async def test_the_dark_brings_the_right_advice_within_three_seconds_and_light_takes_it(
    platform, account, film_with_a_dark_spell, drawn_films, screenshots
):
    _, agent_film = drawn_films
    async with couple(
        platform.url(1),
        account("agent1"),
        caller_video=film_with_a_dark_spell,
        agent_video=agent_film,
        agent_url=platform.url(2),
    ) as (caller, agent):
        await agent.is_ready()
        await caller.call(eye=True)
        await agent.accepts()
        await caller.reaches("call")
        verdict = caller.page.get_by_test_id("verdict")
        await expect(verdict).to_have_attribute("data-key", "verdict-legible")
        await caller.page.locator(caller.root).evaluate(RECORD)

        dark = await after(caller, "dark", True, 0)
        told = await after(caller, "told", "eye-too_dark", dark)
        await caller.screenshot(screenshots / "caller-call-too-dark.png")
        await expect(agent.page.get_by_test_id("verdict")).to_have_count(0)
        await expect(agent.page.get_by_test_id("call-status")).to_be_visible()
        light = await after(caller, "dark", False, told)
        right = await after(caller, "told", "verdict-legible", light)

        assert told - dark <= SOON_MS
        assert right - light <= SOON_MS
        assert (await looked_at(platform))[0] == 1
        await caller.press("eye-toggle")
        await expect(verdict).to_have_count(0)
        async with asyncio.timeout(2):
            while (await looked_at(platform))[0] > 0:  # noqa: ASYNC110  the relay sets no event
                await asyncio.sleep(0.05)
        call = await caller.page.locator(caller.root).evaluate(
            "page => page.state.call"
        )
        await caller.press("hang-up")
        await caller.reaches("ended")
    counted = dict(await events_of(platform, call, until="eye_counted"))["eye_counted"]
    assert set(counted["facts"]) == {"windows", "legible", "at_risk", "lost"}
    assert counted["facts"]["lost"] + counted["facts"]["at_risk"] > 0


async def test_who_said_no_is_told_by_their_own_page_and_the_relay_looks_at_nobody(
    platform, account, film_with_a_dark_spell, drawn_films
):
    _, agent_film = drawn_films
    async with couple(
        platform.url(1),
        account("agent1"),
        caller_video=film_with_a_dark_spell,
        agent_video=agent_film,
    ) as (caller, agent):
        before = await looked_at(platform)
        await agent.is_ready()
        await caller.call(eye=False)
        await agent.accepts()
        await caller.reaches("call")
        await caller.page.locator(caller.root).evaluate(RECORD)
        call = await caller.page.locator(caller.root).evaluate(
            "page => page.state.call"
        )

        dark = await after(caller, "dark", True, 0)
        told = await after(caller, "told", "eye-too_dark", dark)
        await expect(agent.page.get_by_test_id("call-status")).to_have_count(0)
        light = await after(caller, "dark", False, told)
        await after(caller, "told", None, light)
        dark = await after(caller, "dark", True, light)
        await after(caller, "told", "eye-too_dark", dark)
        await caller.press("eye-toggle")
        await expect(caller.page.get_by_test_id("verdict")).to_have_count(0)

        assert await looked_at(platform) == before
        assert before[0] == 0
        await caller.press("hang-up")
        await caller.reaches("ended")
    assert "eye_counted" not in dict(await events_of(platform, call))


async def test_an_agent_checks_their_picture_at_the_desk_and_the_camera_closes(
    visits, agents, account
):
    agent = await an_agent(visits, agents, account("agent1"))
    mirror = agent.page.get_by_test_id("mirror-video")
    await agent.press("check-picture")
    look = agent.page.get_by_test_id("look")
    await expect(look).to_have_attribute("data-key", "check-right", timeout=15_000)
    await visits.look(agent.page, "agent-check")

    await agent.press("check-close")
    await expect(mirror).to_have_count(0)
    await agent.press("check-picture")
    await expect(mirror).to_be_visible()
    await agent.press("be-ready")
    await agent.reaches("ready")
    await expect(mirror).to_have_count(0)
    await expect(agent.page.get_by_test_id("camera-off")).to_be_visible()
    assert await agent.page.locator(agent.root).evaluate("page => page.camera") is None


async def test_without_webgl_the_page_looks_at_the_light_alone(platform):
    async with firefox({"webgl.disabled": True}) as browser:
        caller = await Caller.open(browser, platform.url(), "telecom-demo")
        await caller.press("call-video")
        hands = caller.page.get_by_test_id("hands")

        await expect(hands).to_have_attribute(
            "data-key", "check-hands-unable", timeout=60_000
        )
        await expect(caller.page.get_by_test_id("check-hands")).to_have_count(0)
        look = caller.page.get_by_test_id("look")
        await expect(look).to_have_attribute("data-key", OF_ONE_COLOUR)
        await caller.press("call-now")
        await caller.reaches("waiting")
