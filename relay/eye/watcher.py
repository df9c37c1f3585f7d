"""Looks at one stream: decodes, measures now and then, and judges when told."""

import time
from dataclasses import asdict, dataclass
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from relay.eye import measures
from relay.eye.decoding import Decoded, Decoder, luma_of, rgb_of
from relay.eye.judge import Judge
from relay.eye.messages import Tick, Work
from relay.eye.model import HandsSeen, Sample, Verdict
from relay.eye.pace import Pace
from relay.eye.rules_hands import is_cut
from relay.eye.thresholds import Thresholds

HANDS_WIDTH = 320
"""Pixels; a wider picture costs more and finds no more hands."""


class FindsHands(Protocol):
    def find(self, picture: NDArray[np.uint8]) -> HandsSeen: ...


@dataclass(slots=True)
class Effort:
    """What the streams of a worker have cost so far; see `Work`."""

    frames: int = 0
    samples: int = 0
    checks: int = 0
    decode_s: float = 0.0
    measure_s: float = 0.0
    hands_s: float = 0.0
    waited_s: float = 0.0

    def work(self) -> Work:
        return Work(**asdict(self))


class Watcher:
    """Keeps one small picture at most, to compare the next one with."""

    def __init__(
        self, thresholds: Thresholds, hands: FindsHands, effort: Effort
    ) -> None:
        self._thresholds = thresholds
        self._hands = hands
        self._effort = effort
        self._decoder = Decoder()
        self._judge = Judge(thresholds)
        self._pace = Pace(thresholds)
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
            self._judge.look(self._sample(decoded, at))

    def judge(self, tick: Tick) -> Verdict | None:
        self._pace.press(tick.pressure)
        return self._judge.judge(tick.at, frames=tick.frames, arrived=tick.arrived)

    def _sample(self, decoded: Decoded, at: float) -> Sample:
        started = time.process_time()
        small = measures.shrink(luma_of(decoded.frame))
        light = measures.light(small)
        change = self._change(small)
        self._effort.samples += 1
        self._effort.measure_s += time.process_time() - started
        moving_share = change.moving_share if change else None
        return Sample(
            at=at,
            **asdict(light),
            quantizer=decoded.quantizer,
            moving_share=moving_share,
            shift=change.shift if change else None,
            hands=self._check_hands(decoded.frame, at, moving_share),
        )

    def _change(self, small: measures.Gray) -> measures.Change | None:
        before, self._before = self._before, small
        if before is None:
            return None
        block_change = self._thresholds.motion.block_change
        return measures.change(before, small, block_change=block_change)

    def _check_hands(
        self, frame: av.VideoFrame, at: float, moving_share: float | None
    ) -> HandsSeen | None:
        moving = (moving_share or 0.0) >= self._thresholds.motion.moving_share
        if not self._pace.wants_hands(at, moving=moving):
            return None
        started = time.process_time()
        hands = self._hands.find(rgb_of(frame, HANDS_WIDTH))
        cost_s = time.process_time() - started
        cut = is_cut(hands, self._thresholds)
        self._pace.checked(at, seen=hands.count > 0, cut=cut, cost_s=cost_s)
        self._effort.checks += 1
        self._effort.hands_s += cost_s
        return hands
