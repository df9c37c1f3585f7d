"""Plays films to a real eye: in packets, by the relay's own assembler, to its workers.

A film is played as fast as the eye looks, on the film's own clock, so that a busy
machine is late and not blind.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Final, Self

from benchmarks.eye_films import HAND_MODEL, Film
from benchmarks.eye_rows import Played, Told
from benchmarks.packets import descriptor, pictures
from benchmarks.vp8 import Vp8Frame
from relay.eye.model import Verdict
from relay.eye.pool import EyePool
from relay.eye_port import EncodedFrame
from relay.forwarding.frames import Frame, FrameAssembler

SIGNER: Final = "caller"

ROOM: Final = 0.1
"""Seconds of a film that may wait; from half a second on the workers would hurry."""

POLL: Final = 0.002
SILENCE: Final = 4.5
"""Seconds of the clock on the wall that are waited when no picture comes any more."""


class Screening:
    """An open eye, and what it has told of whom."""

    def __init__(self) -> None:
        self._told: defaultdict[str, list[Told]] = defaultdict(list)
        self._numbers = itertools.count(1)
        self._pool: EyePool | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, workers: int = 1) -> AsyncIterator[Self]:
        """Start the eye; it has ended when the block is left."""
        screening = cls()
        async with EyePool.open(
            workers=workers, model=HAND_MODEL, on_verdict=screening._hear
        ) as pool:
            screening._pool = pool
            yield screening

    @property
    def pool(self) -> EyePool:
        """The eye itself."""
        assert self._pool is not None
        return self._pool

    async def play(self, film: Film, *, ends_silent: bool = False) -> Played:
        """Show a film from its beginning to its end."""
        call = f"film-{next(self._numbers)}"
        self.pool.start(call, SIGNER)
        for frame, at in assembled(film.frames):
            self.pool.submit(encoded(call, frame, at))
            while self.pool.load.late_s > ROOM:  # noqa: ASYNC110 - it tells no event
                await asyncio.sleep(POLL)
        await self.pool.rest()
        if ends_silent:
            await asyncio.sleep(SILENCE)
        counts = self.pool.stop(call, SIGNER)
        return Played(tuple(self._told.pop(call, ())), counts.windows)

    def _hear(self, call: str, _participant: str, verdict: Verdict) -> None:
        self._told[call].append((verdict.at, verdict.reasons))


def assembled(frames: Iterable[Vp8Frame]) -> Iterator[tuple[Frame, float]]:
    """Send frames in packets, and put them together again as the relay does."""
    assembler = FrameAssembler()
    for sequence, piece in enumerate(pictures(frames)):
        payload = descriptor(piece, 0, 0) + piece.body
        for frame in assembler.add(
            sequence & 0xFFFF, piece.timestamp, payload, piece.at, marker=piece.marker
        ):
            yield frame, piece.at


def encoded(call: str, frame: Frame, at: float) -> EncodedFrame:
    """Say what the relay says to its eye."""
    return EncodedFrame(
        call=call,
        participant=SIGNER,
        data=frame.data,
        key=frame.key,
        follows=frame.follows,
        temporal_id=frame.temporal_id,
        timestamp=frame.timestamp,
        arrived=at,
    )
