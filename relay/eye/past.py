"""The seconds that a rule of the eye may look back on."""

from collections.abc import Callable, Sequence
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

    def share(self, span_s: float, claim: Callable[[Sample], bool | None]) -> float:
        """For what share of a span a claim held.

        What a sample says holds until another one says something: pictures are looked
        at more often when something may be wrong, and that must not make it weigh
        more. A sample that cannot know says None.
        """
        start, until, held_s = self.at - span_s, self.at, 0.0
        for sample in reversed(self.samples):
            answer = claim(sample)
            if answer is None:
                continue
            since = max(sample.at, start)
            held_s += answer * (until - since)
            until = since
            if sample.at <= start:
                break
        return held_s / span_s

    def holds(self, claim: Callable[[Sample], bool | None], *, held: bool) -> bool:
        """A claim holds for about half of the window, as most reasons must."""
        thresholds = self.thresholds
        enough = thresholds.keep_share if held else thresholds.raise_share
        return self.share(thresholds.window_s, claim) >= enough - EDGE


def moving(samples: Sequence[Sample], thresholds: Thresholds) -> list[bool]:
    """Of each sample, whether somebody moves about as much as signing does.

    Signing stops and starts, so that it is asked over three samples.
    """
    shares = [sample.moving_share for sample in samples]
    around = [shares[max(index - 2, 0) : index + 1] for index in range(len(shares))]
    return [moves(some, thresholds) for some in around]


def moves(shares: Sequence[float | None], thresholds: Thresholds) -> bool:
    """Whether so much moves about as signing does."""
    known = [one for one in shares if one is not None]
    least = thresholds.motion.moving_share - EDGE
    return bool(known) and sum(known) / len(known) >= least


def share(claims: Sequence[bool]) -> float:
    return sum(claims) / len(claims) if claims else 0.0
