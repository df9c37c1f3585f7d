"""How smooth a picture was, from counts of decoded pictures taken ten times a second."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from benchmarks.figures import percentile

LONG_GAP_MS: Final = 300
FULL_FPS: Final = 29.5
FULL_HEIGHT: Final = 480
FULL_OVER_MS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Poll:
    """What the browser had decoded at a moment, by the browser's own clock."""

    at_ms: float
    frames: int
    height: int = 0
    held: float = 0.0


@dataclass(frozen=True, slots=True)
class Smoothness:
    """How a time of watching was.

    Attributes:
        fps: the median of whole seconds.
        gap_p99_ms: of the times between two counts that had grown.
        gap_max_ms: the longest such time, or the time that nothing came at an end.
        long_gaps: how many of them were over 300 ms, a minute.
        height: of the last picture.
        held_ms: how long a picture was held back on average, so that it was smooth.
    """

    fps: float
    gap_p99_ms: float
    gap_max_ms: float
    long_gaps: float
    height: int
    held_ms: float


def smoothness(polls: Sequence[Poll]) -> Smoothness:
    """Judge a time of at least a second.

    Raises:
        ValueError: it is shorter.
    """
    rates = list(_rates(polls))
    if not rates:
        raise ValueError("nothing was watched for a second")
    gaps = list(_gaps(polls))
    minutes = (polls[-1].at_ms - polls[0].at_ms) / 60_000
    return Smoothness(
        fps=round(percentile(rates, 0.5), 1),
        gap_p99_ms=round(percentile(gaps, 0.99), 1),
        gap_max_ms=round(max(gaps), 1),
        long_gaps=round(sum(gap > LONG_GAP_MS for gap in gaps) / minutes, 1),
        height=polls[-1].height,
        held_ms=round(_held_ms(polls)),
    )


def full_again_s(polls: Sequence[Poll]) -> float | None:
    """Tell since when the picture was whole again, in seconds from the first count.

    Whole are two seconds of thirty pictures a second, 480 high or more all the while.

    Returns:
        None when it was not.
    """
    for last, poll in enumerate(polls):
        for first in reversed(polls[:last]):
            if first.height < FULL_HEIGHT:
                break
            gone = poll.at_ms - first.at_ms
            if gone >= FULL_OVER_MS:
                if 1000 * (poll.frames - first.frames) / gone >= FULL_FPS:
                    return round((first.at_ms - polls[0].at_ms) / 1000, 1)
                break
    return None


def between(polls: Sequence[Poll], since_ms: float, until_ms: float) -> list[Poll]:
    """Give the counts of a time; its ends count from the first of all counts."""
    began = polls[0].at_ms if polls else 0.0
    return [p for p in polls if since_ms <= p.at_ms - began <= until_ms]


def _rates(polls: Sequence[Poll]) -> Iterator[float]:
    """Give pictures a second of each whole second; a late count moves all that follow."""
    if not polls:
        return
    before = polls[0]
    for poll in polls:
        gone = poll.at_ms - before.at_ms
        if gone >= 1000:
            yield 1000 * (poll.frames - before.frames) / gone
            before = poll


def _held_ms(polls: Sequence[Poll]) -> float:
    pictures = polls[-1].frames - polls[0].frames
    return 1000 * (polls[-1].held - polls[0].held) / max(1, pictures)


def _gaps(polls: Sequence[Poll]) -> Iterator[float]:
    grown = polls[0].at_ms
    for before, poll in pairwise(polls):
        if poll.frames > before.frames:
            yield poll.at_ms - grown
            grown = poll.at_ms
    if polls[-1].at_ms > grown:
        yield polls[-1].at_ms - grown
