"""The seconds that a rule of the eye may look back on."""

from collections.abc import Sequence
from dataclasses import dataclass

from relay.eye.model import Sample
from relay.eye.thresholds import Thresholds

EDGE = 1e-6
"""Seconds: sums of thirds do not meet whole seconds exactly."""


@dataclass(frozen=True, slots=True)
class Past:
    """The seconds that a rule may look back on."""

    at: float
    arrived: float
    samples: Sequence[Sample]
    frames: Sequence[tuple[float, int]]  # when, how many had arrived
    thresholds: Thresholds

    def since(self, span_s: float) -> list[Sample]:
        start = self.at - span_s + EDGE
        return [sample for sample in self.samples if sample.at >= start]


def is_moving(sample: Sample, thresholds: Thresholds) -> bool:
    """Somebody moves about as much as signing does."""
    share = sample.moving_share
    return share is not None and share >= thresholds.motion.moving_share


def share(claims: Sequence[bool]) -> float:
    return sum(claims) / len(claims) if claims else 0.0
