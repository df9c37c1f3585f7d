"""A platform for the tests of a module, films for the cameras, and browsers."""

import shutil
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from benchmarks.people import CHROMIUM_FLAGS, chromium
from benchmarks.platform import Platform
from benchmarks.signer import Identity, Signer, clip, drawn, write_mjpeg
from tests.clips import signing_clips
from tests.e2e.looks import Visits

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
FAKE_UI = "--use-fake-ui-for-media-stream"
FAKE_DEVICE = "--use-fake-device-for-media-stream"
CAMERAS = {
    "refused": (FAKE_DEVICE, f"{FAKE_UI}=deny"),
    "absent": (f"{FAKE_DEVICE}=device-count=0", FAKE_UI),
}


@pytest.fixture(scope="session")
def screenshots():
    """Where the tests leave their pictures; git ignores it."""
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(scope="session")
def drawn_films(tmp_path_factory):
    """Two drawn signers, red for the caller and blue for the agent."""
    folder = tmp_path_factory.mktemp("films")
    caller, agent = folder / "caller.mjpeg", folder / "agent.mjpeg"
    write_mjpeg(caller, drawn(Signer(Identity.RED)))
    write_mjpeg(agent, drawn(Signer(Identity.BLUE, tone=4, seed=3)))
    return caller, agent


@pytest.fixture(scope="session")
def real_films(tmp_path_factory):
    """Two real signers, with the same two borders."""
    clips = signing_clips(at_least=2)
    folder = tmp_path_factory.mktemp("clips")
    caller, agent = folder / "caller.mjpeg", folder / "agent.mjpeg"
    write_mjpeg(caller, clip(clips[0], identity=Identity.RED, seconds=6))
    write_mjpeg(agent, clip(clips[1], identity=Identity.BLUE, seconds=6))
    return caller, agent


@pytest.fixture(scope="session")
def films(request):
    """The films that a test names: ``drawn`` or ``real``."""
    return request.getfixturevalue(f"{request.param}_films")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory):
    """Two signaling processes, so that caller and agent sit at different ones."""
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        signaling=2,
        durations={"offer": 6.0, "agent_grace": 3.0, "pair_rest": 1.0},
    ) as running:
        yield running


@pytest.fixture
def account(platform):
    """Give an agent's login and password."""

    def of(login):
        found = platform.accounts[login]
        return {"login": found.login, "password": found.password}

    return of


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def callers(drawn_films):
    async with chromium(drawn_films[0]) as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agents(drawn_films):
    async with chromium(drawn_films[1]) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def visits(platform, screenshots, callers, agents):
    """Visits whose pages are closed at the end, and had nothing to hide."""
    visits = Visits(platform, screenshots)
    yield visits
    for browser in (callers, agents):
        for context in browser.contexts:
            await context.close()
    assert visits.strangers == []
    assert visits.complaints == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cameraless():
    """Give a browser whose camera is refused or absent."""
    async with async_playwright() as driver:
        opened = {}

        async def of(camera):
            if camera not in opened:
                flags = [flag for flag in CHROMIUM_FLAGS if "fake" not in flag]
                opened[camera] = await driver.chromium.launch(
                    executable_path=shutil.which("chromium"),
                    args=[*flags, *CAMERAS[camera]],
                )
            return opened[camera]

        yield of
        for browser in opened.values():
            await browser.close()
