"""A real eye, and films of the drawn signer as VP8 frames for it."""

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from benchmarks.signer import FontMissingError, Identity, Signer, drawn, find_font
from benchmarks.vp8 import encode
from relay.eye.installation import mediapipe_version
from relay.eye.model import Verdict
from relay.eye.pool import EyePool
from relay.eye_port import EncodedFrame
from tests.clips import signing_clips

MODEL = Path(__file__).parents[3] / "relay/eye/vendor/hand_landmarker.task"
CALL, CALLER = "call-1", "caller"
ROOM = 8


@dataclass
class Watched:
    """An open eye, what it told, and whom it asked for a key frame."""

    pool: EyePool
    told: list[tuple[str, str, Verdict]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def play(self, frames, *, call=CALL, participant=CALLER, starts_s=0.0):
        """Show a film as fast as the worker can look, on the film's own clock."""
        for frame in frames:
            self.pool.submit(a_frame(frame, call, participant, starts_s))
            await until(lambda: self.backlog <= ROOM)
        await self.rest()

    async def rest(self):
        """Wait until the workers have looked at everything."""
        async with asyncio.timeout(15):
            await self.pool.rest()

    def a_frame(self, frame, call=CALL, starts_s=0.0):
        return a_frame(frame, call, CALLER, starts_s)

    @property
    def backlog(self):
        return sum(len(desk.backlog) for desk in self.pool._desks)

    def first(self, reason):
        return min(one.at for _, _, one in self.told if reason in one.reasons)

    def last_word(self):
        return self.told[-1][2]

    def reasons(self):
        return {reason for _, _, one in self.told for reason in one.reasons}


def a_frame(frame, call=CALL, participant=CALLER, starts_s=0.0):
    return EncodedFrame(
        call=call,
        participant=participant,
        data=frame.data,
        key=frame.key,
        follows=True,
        temporal_id=frame.temporal_id,
        timestamp=frame.timestamp,
        arrived=starts_s + frame.timestamp / 90_000,
    )


@pytest.fixture(name="until", scope="session")
def until_fixture():
    """Wait until something has happened, with a deadline."""
    return until


async def until(happened, within_s=15.0):
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.002)


@asynccontextmanager
async def _opened(workers=1):
    told, asked = [], []
    async with EyePool.open(
        workers=workers,
        model=MODEL,
        on_verdict=lambda *told_now: told.append(told_now),
        on_key_frame_wanted=lambda *who: asked.append(who),
    ) as pool:
        yield Watched(pool, told, asked)


@cache
def _film(
    seconds, trouble=None, *, starts_s=0.0, ends_s=1e9, layers=False, tone=2, every=1
):
    pictures = drawn(
        Signer(Identity.GREEN, tone=tone, seed=7),
        seconds=seconds,
        trouble=trouble,
        starts_s=starts_s,
        ends_s=ends_s,
    )
    return tuple(encode(list(pictures)[::every], layers=layers))


@pytest.fixture(scope="session")
def film():
    """Make VP8 frames of the drawn signer; the same film is drawn once."""
    try:
        find_font()
    except FontMissingError as missing:
        pytest.skip(str(missing))
    return _film


@pytest.fixture(scope="session")
def opened():
    """Open an eye with as many workers as asked for."""
    if mediapipe_version() is None:
        pytest.skip("there is no mediapipe for this machine")
    if not MODEL.is_file():
        pytest.skip("the hand model is not there: `make setup` fetches it")
    return _opened


@pytest.fixture
async def eye(opened):
    async with opened() as watched:
        watched.pool.start(CALL, CALLER)
        yield watched


@pytest.fixture(scope="session")
def clips():
    """The clips of real signing."""
    return signing_clips()
