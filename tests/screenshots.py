"""The pictures of the README, taken from a real call: `python -m tests.screenshots`.

Only drawn signers are in them, whatever ILLICO_SIGNING_CLIPS names: nobody's face belongs
in a README.
"""

import asyncio
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page

from benchmarks.people import Agent, Caller, chromium
from benchmarks.platform import Platform
from benchmarks.signer import BORDER, SIZE, Identity, Signer, drawn, write_mjpeg

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
WINDOW = (1280, 800)
PHONE = (390, 800)
COMPANY = "telecom"
SERVICE = "telecom-demo"
KILOBYTE = 1000
BOTH_BYTES, ONE_BYTES = 300 * KILOBYTE, 200 * KILOBYTE
GROUND = (226, 232, 235)
MARGIN = 24
MOST_COLOURS = 256
FRAMES_TO_SEE = 30
PATIENCE = 30.0

_WORDS = (
    ("agent", "Bonjour ! Je vous vois bien."),
    ("caller", "Bonjour, ma facture est trop haute."),
    ("agent", "Je regarde : 1024 ?"),
)


async def main() -> None:
    """Play one call and write its pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        films = folder / "caller.mjpeg", folder / "agent.mjpeg"
        _film(films[0], Signer(Identity.RED, tone=1))
        _film(films[1], Signer(Identity.BLUE, tone=4, seed=3, shirt=(120, 44, 60)))
        async with (
            Platform.start(folder / "data") as platform,
            chromium(films[0]) as theirs,
            chromium(films[1]) as ours,
        ):
            await _call(platform, theirs, ours)
            await _portal(platform, ours)


def _film(target: Path, signer: Signer) -> None:
    """Film a signer without the border that tests look for."""
    high = SIZE[1] - 2 * BORDER
    wide = high * SIZE[0] // SIZE[1]
    left = (SIZE[0] - wide) // 2
    inner = (left, BORDER, left + wide, BORDER + high)
    write_mjpeg(target, (each.crop(inner).resize(SIZE) for each in drawn(signer)))


async def _call(platform: Platform, theirs: Browser, ours: Browser) -> None:
    login = platform.accounts["agent1"]
    account = {"login": login.login, "password": login.password}
    agent = await Agent.open(ours, platform.url(), account, **_window(WINDOW))
    await agent.is_ready()
    caller = await Caller.open(theirs, platform.url(), SERVICE, **_window(PHONE))
    await caller.press("topic-facture")
    await caller.call()
    await agent.accepts()
    await caller.reaches("call")
    await agent.reaches("in-call")
    for who, words in _WORDS:
        speaker, reader = (agent, caller) if who == "agent" else (caller, agent)
        await speaker.type(words)
        await reader.reads(words)
        await speaker.page.get_by_test_id("text-input").press("Enter")
    for person in (caller, agent):
        await _sees(person)
        await person.page.get_by_test_id("text-input").blur()

    console = await _shoot(agent.page)
    phone = await _shoot(caller.page)
    _write("call.png", _beside(phone, console), BOTH_BYTES)
    _write("console.png", console, ONE_BYTES)
    await caller.page.set_viewport_size({"width": WINDOW[0], "height": WINDOW[1]})
    _write("caller.png", await _shoot(caller.page), ONE_BYTES)
    await caller.press("hang-up")
    await caller.reaches("ended")
    await agent.reaches("wrap-up")


async def _portal(platform: Platform, browser: Browser) -> None:
    """Photograph the company's day, with the call in it."""
    viewers = (
        login
        for login in platform.accounts.values()
        if login.role == "viewer" and COMPANY in login.login
    )
    viewer = next(viewers)
    page = await (await browser.new_context(**_window(WINDOW))).new_page()
    await page.goto(f"{platform.portal_url}/day")
    await page.get_by_label("Identifiant").fill(viewer.login)
    await page.get_by_label("Mot de passe").fill(viewer.password)
    await page.keyboard.press("Enter")
    await page.locator("[data-call]").first.wait_for()
    _write("portal.png", await _shoot(page), ONE_BYTES)


def _window(size: tuple[int, int]) -> dict[str, Any]:
    return {"viewport": {"width": size[0], "height": size[1]}, "locale": "fr-FR"}


async def _sees(person: Caller | Agent) -> None:
    """Wait until the other's picture has settled."""
    async with asyncio.timeout(PATIENCE):
        while await person.frames_decoded() < FRAMES_TO_SEE:  # noqa: ASYNC110  a browser sets no event
            await asyncio.sleep(0.1)
    await person.page.locator(".stage.live").wait_for()


async def _shoot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(await page.screenshot())).convert("RGB")


def _beside(phone: Image.Image, console: Image.Image) -> Image.Image:
    """Put the caller's phone and the agent's console on one ground."""
    width = phone.width + console.width + 3 * MARGIN
    height = max(phone.height, console.height) + 2 * MARGIN
    whole = Image.new("RGB", (width, height), GROUND)
    whole.paste(phone, (MARGIN, MARGIN))
    whole.paste(console, (phone.width + 2 * MARGIN, MARGIN))
    return whole


def _write(name: str, picture: Image.Image, most: int) -> None:
    """Write a PNG of at most so many bytes, with as many colours as that allows."""
    colours = MOST_COLOURS
    while True:
        buffer = io.BytesIO()
        picture.quantize(colours).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= most:
            break
        colours //= 2
    (TARGET / name).write_bytes(buffer.getvalue())
    sys.stdout.write(f"{name}: {buffer.tell() // KILOBYTE} kB, {colours} colours\n")


if __name__ == "__main__":
    asyncio.run(main())
