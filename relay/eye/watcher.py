"""Looks at one stream: decodes, measures now and then, and judges when told."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from relay.eye import measures
from relay.eye.decoding import Decoded, Decoder, luma_of, rgb_of
from relay.eye.judge import Judge
from relay.eye.messages import Tick, Work
from relay.eye.model import Box, FrameSeen, HandsSeen, Sample, Verdict
from relay.eye.pace import Pace
from relay.eye.seeker import WIDE, WIDTH, FindsFaces, Seeker
from relay.eye.thresholds import Thresholds

RGB = NDArray[np.uint8]


class FindsHands(Protocol):
    def find(self, picture: RGB, space: Box = ...) -> HandsSeen: ...


@dataclass(frozen=True, slots=True)
class Finders:
    """The detectors of a worker, for all of its streams."""

    faces: FindsFaces
    hands: FindsHands


@dataclass(slots=True)
class Effort:
    """What the streams of a worker have cost so far; see `Work`."""

    frames: int = 0
    samples: int = 0
    searches: int = 0
    checks: int = 0
    decode_s: float = 0.0
    measure_s: float = 0.0
    faces_s: float = 0.0
    hands_s: float = 0.0
    waited_s: float = 0.0

    def work(self) -> Work:
        return Work(**asdict(self))


class Watcher:
    """Keeps one small picture and the place of one face, to compare the next with."""

    def __init__(
        self, thresholds: Thresholds, finders: Finders, effort: Effort
    ) -> None:
        self._thresholds = thresholds
        self._finders = finders
        self._effort = effort
        self._decoder = Decoder()
        self._judge = Judge(thresholds)
        self._pace = Pace(thresholds)
        self._seeker = Seeker(finders.faces, thresholds.face)
        self._before: measures.Gray | None = None

    @property
    def is_blind(self) -> bool:
        return self._decoder.is_blind

    def see(self, data: bytes, at: float) -> None:
        started = time.process_time()
        decoded = self._decoder.decode(data)
        self._effort.frames += 1
        self._effort.decode_s += time.process_time() - started
        if decoded is not None and self._pace.wants_sample(at):
            self._pace.sampled(at)
            self._look(decoded, at)

    def judge(self, tick: Tick) -> Verdict | None:
        self._pace.press(tick.pressure)
        return self._judge.judge(tick.at, frames=tick.frames, arrived=tick.arrived)

    def _look(self, decoded: Decoded, at: float) -> None:
        picture = _pictures(decoded.frame)
        with self._measuring():
            scaled = measures.scale(luma_of(decoded.frame))
            change = self._change(scaled.small)
        frame = self._find_face(picture, at, change)
        aspect = decoded.frame.width / decoded.frame.height
        hands = self._check_hands(picture, at, change, aspect)
        with self._measuring():
            face = self._seeker.face(at)
            part = measures.person_of(face) if face is not None else None
            sample = Sample(
                at=at,
                size=(decoded.frame.width, decoded.frame.height),
                **asdict(measures.light(scaled.small)),
                edge=measures.edge_width(scaled.wide, part),
                quantizer=decoded.quantizer,
                moving_share=change.moving_share if change else None,
                shift=change.shift if change else None,
                difference=change.difference if change else None,
                person=measures.person_light(scaled.small, face) if face else None,
                frame=frame,
                hands=hands,
            )
            self._judge.look(sample)
            doubts = self._judge.doubts(at)
        self._pace.mind(at, face=doubts.face, hands=doubts.hands)
        self._effort.samples += 1

    def _change(self, small: measures.Gray) -> measures.Change | None:
        before, self._before = self._before, small
        if before is None:
            return None
        block_change = self._thresholds.motion.block_change
        return measures.change(before, small, block_change=block_change)

    def _find_face(
        self,
        picture: Callable[[int], RGB],
        at: float,
        change: measures.Change | None,
    ) -> FrameSeen | None:
        least = self._thresholds.motion.changed_share
        changed = change is not None and change.moving_share >= least
        if not self._pace.wants_face(at, changed=changed):
            return None
        started = time.process_time()
        frame = self._seeker.seek(picture, at, change.blocks if change else None)
        self._pace.searched(at, self._seeker.looks)
        self._effort.searches += 1
        self._effort.faces_s += time.process_time() - started
        return frame

    def _check_hands(
        self,
        picture: Callable[[int], RGB],
        at: float,
        change: measures.Change | None,
        aspect: float,
    ) -> HandsSeen | None:
        moving = self._judge.is_signing(change.moving_share if change else None)
        if not self._pace.wants_hands(at, moving=moving):
            return None
        started = time.process_time()
        space = self._seeker.space(at, aspect)
        if space is None:
            hands = self._finders.hands.find(picture(WIDTH))
        else:
            width = min(round(WIDTH / space.width), WIDE)
            hands = self._finders.hands.find(picture(width), space)
        self._pace.checked(at)
        self._effort.checks += 1
        self._effort.hands_s += time.process_time() - started
        return hands

    @contextmanager
    def _measuring(self) -> Iterator[None]:
        started = time.process_time()
        yield
        self._effort.measure_s += time.process_time() - started


def _pictures(frame: av.VideoFrame) -> Callable[[int], RGB]:
    """Make each width of a picture at most once, and none that nobody asks for."""

    @cache
    def picture(width: int) -> RGB:
        return rgb_of(frame, min(width, frame.width))

    return picture
