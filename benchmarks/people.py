"""People at real browsers: a caller and an agent, for tests and benchmarks.

Each browser is a process of its own, because Chromium's fake camera belongs to the
process. Nothing here knows the platform's inside: it presses what people press.
"""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.signer import PROBE, Colour, Identity
from illico.settings import environment

CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream",
)
FIREFOX_PREFERENCES: Final = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
}
PATIENCE_MS: Final = 20_000

_DECODED: Final = """
async (element) => {
  const reports = await element.peerConnection.getStats();
  for (const report of reports.values()) {
    if (report.type === "inbound-rtp" && report.kind === "video") {
      return [report.framesDecoded ?? 0, report.frameWidth ?? 0];
    }
  }
  return [0, 0];
}
"""
_PIXEL: Final = """
(video, [x, y]) => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  if (canvas.width === 0) return null;
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const at = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)];
  return Array.from(pen.getImageData(at[0], at[1], 1, 1).data.slice(0, 3));
}
"""


class BrowserMissingError(Exception):
    """No such browser is installed; `make browsers` installs it."""


@asynccontextmanager
async def chromium(
    video: Path | None = None, *, camera: bool = True, home: Path | None = None
) -> AsyncIterator[Browser]:
    """Start a Chromium.

    Args:
        video: the film that its camera shows, an absolute path; else its own pattern.
        camera: false for a machine whose page is refused a camera.
        home: the home folder, where `.pki/nssdb` holds certificates to trust.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise BrowserMissingError("chromium")
    flags = [*CHROMIUM_FLAGS]
    if video is not None:
        flags.append(f"--use-file-for-fake-video-capture={video}")
    if not camera:
        flags = [flag for flag in flags if "fake" not in flag]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=flags,
            env={**environment(), **({"HOME": str(home)} if home else {})},
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def firefox(
    preferences: Mapping[str, bool | int | str] | None = None,
) -> AsyncIterator[Browser]:
    """Start a Firefox ESR whose camera shows its own pattern."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        raise BrowserMissingError("firefox-esr")
    async with async_playwright() as playwright:
        browser = await playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=path,
            firefox_user_prefs={**FIREFOX_PREFERENCES, **(preferences or {})},
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True)
class Person:
    """Somebody at a page of ours."""

    page: Page
    root: str

    async def state(self) -> str:
        """Tell which screen the page shows."""
        return str(await self.page.locator(self.root).get_attribute("data-state"))

    async def reaches(self, *states: str, patience_ms: int = PATIENCE_MS) -> str:
        """Wait for one of these screens; gives the one that came.

        Raises:
            playwright TimeoutError: none of them came.
        """
        wanted = ", ".join(f'{self.root}[data-state="{state}"]' for state in states)
        await self.page.wait_for_selector(wanted, timeout=patience_ms, state="attached")
        return await self.state()

    async def press(self, testid: str) -> None:
        await self.page.get_by_test_id(testid).click(timeout=PATIENCE_MS)

    async def type(self, words: str) -> None:
        """Type real-time text, key by key."""
        await self.page.get_by_test_id("text-input").press_sequentially(words)

    async def reads(self, words: str) -> None:
        """Wait until the other side's words stand on the screen."""
        line = self.page.get_by_test_id("text-received").filter(has_text=words)
        await line.first.wait_for(timeout=PATIENCE_MS)

    async def frames_decoded(self) -> int:
        """Count the pictures of the other side that this browser has decoded."""
        decoded, _ = await self.page.locator(self.root).evaluate(_DECODED)
        return int(decoded)

    async def frame_width(self) -> int:
        """Tell how wide the other side's pictures are."""
        _, width = await self.page.locator(self.root).evaluate(_DECODED)
        return int(width)

    async def sees(self) -> Identity | None:
        """Tell whose picture the remote video presents, by the colour of its border."""
        pixel = await self.pixel("remote-video")
        return None if pixel is None else Identity.of(pixel)

    async def pixel(self, testid: str) -> Colour | None:
        video = self.page.get_by_test_id(testid)
        value: Any = await video.evaluate(_PIXEL, list(PROBE))
        return None if value is None else (value[0], value[1], value[2])

    async def screenshot(self, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=target)


class Caller(Person):
    """A caller at a company's page."""

    @classmethod
    async def open(
        cls, browser: Browser, url: str, service: str, **context: Any
    ) -> Self:
        page = await (await browser.new_context(**_french(context))).new_page()
        await page.goto(f"{url}/{service}")
        person = cls(page, "illico-caller")
        await person.reaches("entry", "closed")
        return person

    async def call(self, *, eye: bool = False) -> None:
        """Look into the mirror, answer the eye's question, press *Appeler*."""
        await self.press("call-video")
        await self.reaches("mirror")
        await self.page.locator('main[data-camera="on"]').wait_for(timeout=PATIENCE_MS)
        await self.press("eye-yes" if eye else "eye-no")
        await self.press("call-now")
        await self.reaches("waiting", "connecting", "call")

    async def call_by_text(self) -> None:
        await self.press("call-text")
        await self.reaches("waiting", "connecting", "call")


class Agent(Person):
    """An agent at the console."""

    @classmethod
    async def open(
        cls,
        browser: Browser,
        url: str,
        account: Mapping[str, str],
        **context: Any,
    ) -> Self:
        page = await (await browser.new_context(**_french(context))).new_page()
        await page.goto(f"{url}/agent")
        person = cls(page, "illico-agent")
        await person.reaches("sign-in")
        await page.get_by_test_id("login").fill(account["login"])
        await page.get_by_test_id("password").fill(account["password"])
        await person.press("sign-in-go")
        await person.rests()
        return person

    async def rests(self) -> None:
        """Be away, whatever an earlier console of this agent has left."""
        leave = {
            "ready": "be-away",
            "break": "be-away",
            "wrap-up": "wrap-away",
            "in-call": "end",
        }
        while (state := await self.reaches("away", *leave)) != "away":
            await self.press(leave[state])
            await self.page.wait_for_selector(
                f'{self.root}:not([data-state="{state}"])',
                timeout=PATIENCE_MS,
                state="attached",
            )

    async def is_ready(self) -> None:
        await self.press("be-ready")
        await self.reaches("ready", "ringing")

    async def accepts(self) -> None:
        await self.reaches("ringing")
        await self.press("accept")


def _french(context: Mapping[str, Any]) -> dict[str, Any]:
    """Read French, unless somebody says otherwise."""
    return {"locale": "fr-FR", **context}


@asynccontextmanager
async def couple(
    url: str,
    account: Mapping[str, str],
    *,
    service: str = "telecom-demo",
    caller_video: Path | None = None,
    agent_video: Path | None = None,
    agent_url: str | None = None,
) -> AsyncIterator[tuple[Caller, Agent]]:
    """Open a caller's and an agent's browser, both at their first screen."""
    async with AsyncExitStack() as stack:
        theirs = await stack.enter_async_context(chromium(caller_video))
        ours = await stack.enter_async_context(chromium(agent_video))
        agent = await Agent.open(ours, agent_url or url, account)
        caller = await Caller.open(theirs, url, service)
        yield caller, agent
