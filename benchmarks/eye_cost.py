"""What the eye costs: its worker's processor time for one who signs, in real time."""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.eye_degrade import Picture
from benchmarks.eye_films import HAND_MODEL, Someone, filmed, frames_in, loop_of
from benchmarks.eye_play import SIGNER, Screening, assembled, encoded
from benchmarks.relay_rivals import cpu_seconds
from relay.eye.hands import Hands
from relay.forwarding.frames import Frame

WARM_UP: Final = 4.0
"""Seconds that are not counted: the first key frames, and the first verdict."""

LOOP_S: Final = 12.0
CHECKS: Final = 40
CHECKED_WIDTH: Final = 320

Steady = tuple[tuple[Frame, float], ...]


async def core_share(people: Sequence[Someone], seconds: float) -> dict[str, float]:
    """Let all sign at once at one worker; give the cores that one of them takes."""
    shares = {}
    for name, layers in (("layers", True), ("no_layers", False)):
        films = [_steady(one, layers=layers) for one in people]
        shares[name] = round(await _share(films, seconds), 4)
    return shares


def ms_per_hand_check(people: Sequence[Someone]) -> float:
    """Give the milliseconds of processor time that one look for hands takes."""
    hands = Hands(HAND_MODEL.read_bytes())
    pictures = [_small(one) for someone in people for one in loop_of(someone)[::12]]
    hands.find(pictures[0])
    begun = time.process_time()
    for picture in itertools.islice(itertools.cycle(pictures), CHECKS):
        hands.find(picture)
    return round((time.process_time() - begun) / CHECKS * 1e3, 1)


def _steady(someone: Someone, *, layers: bool) -> Steady:
    loop = loop_of(someone)
    shown = (loop[n % len(loop)] for n in range(frames_in(LOOP_S)))
    return tuple(assembled(filmed(shown, kbps=600, layers=layers)))


async def _share(films: Sequence[Steady], seconds: float) -> float:
    others = children_of(os.getpid())
    async with Screening.open() as screening:
        for number in range(len(films)):
            screening.pool.start(f"call-{number}", SIGNER)
        [worker] = children_of(os.getpid()) - others
        begun = time.monotonic()
        cpu, since = 0.0, 0.0
        frames = [_for_ever(film) for film in films]
        for index in itertools.count():
            due = index / 30
            await asyncio.sleep(max(0.0, begun + due - time.monotonic()))
            if not since and due >= WARM_UP:
                cpu, since = cpu_seconds(worker), time.monotonic()
            if due >= WARM_UP + seconds:
                break
            for number, following in enumerate(frames):
                frame, at = next(following)
                screening.pool.submit(encoded(f"call-{number}", frame, at))
        return (cpu_seconds(worker) - cpu) / (time.monotonic() - since) / len(films)


def _for_ever(film: Steady) -> Iterator[tuple[Frame, float]]:
    for turn in itertools.count():
        for frame, at in film:
            yield frame, at + turn * LOOP_S


def _small(picture: Picture) -> Picture:
    height = round(picture.shape[0] * CHECKED_WIDTH / picture.shape[1])
    size = (CHECKED_WIDTH, height)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def children_of(pid: int) -> set[int]:
    """Find the processes that a process has started and that still run."""
    found: set[int] = set()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found |= set(map(int, (thread / "children").read_text("ascii").split()))
    return found
