"""A platform for the tests of a module, and films for the cameras."""

import os
from pathlib import Path

import pytest
import pytest_asyncio

from benchmarks.platform import Platform
from benchmarks.signer import Identity, Signer, clip, drawn, write_mjpeg

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
CLIPS = os.environ.get("ILLICO_SIGNING_CLIPS")


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
    if not CLIPS:
        pytest.skip("ILLICO_SIGNING_CLIPS names no folder of real signing")
    folder = tmp_path_factory.mktemp("clips")
    caller, agent = folder / "caller.mjpeg", folder / "agent.mjpeg"
    for target, source, identity in (
        (caller, "signer_portrait_540x720_30fps.mp4", Identity.RED),
        (agent, "signer_landscape_320x240_a.gif", Identity.BLUE),
    ):
        pictures = clip(Path(CLIPS) / source, identity=identity, seconds=6)
        write_mjpeg(target, pictures)
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
