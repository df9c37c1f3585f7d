"""How long people waited: percentiles, the mean, a histogram, and who lost patience.

All in whole microseconds; a percentile is the nearest rank, so it is a wait that
somebody had.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

EDGES_S: Final = (10, 20, 30, 45, 60, 90, 120, 180)
"""Edges of the histogram; a wait of exactly an edge is still below it."""

PERCENTILES: Final = (50, 90, 95, 99)
PATIENCE_STEP_S: Final = 5
PATIENCE_STEPS: Final = 36
_SECOND: Final = 1_000_000


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """Find a percentile of at least one wait, shortest first."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def waits(ordered: Sequence[int]) -> dict[str, int | None]:
    """Tell percentiles, the longest and the mean (average speed of answer), in µs."""
    if not ordered:
        names = (*(f"p{percent}" for percent in PERCENTILES), "max", "mean")
        return {"count": 0} | dict.fromkeys(names)
    told = {f"p{each}": nearest_rank(ordered, each) for each in PERCENTILES}
    mean = sum(ordered) // len(ordered)
    return {"count": len(ordered), **told, "max": ordered[-1], "mean": mean}


def histogram(ordered: Sequence[int]) -> list[int]:
    """Count the waits up to each edge since the one before, and those beyond all."""
    up_to = [bisect_right(ordered, edge * _SECOND) for edge in EDGES_S]
    return [b - a for a, b in pairwise((0, *up_to, len(ordered)))]


def patience(
    left: Sequence[int], all_of_them: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Tell for every 5 s: who still waited at its begin, and who of them then left.

    Both are sorted; the last step has no end. Who was answered is at risk until then.
    """
    starts = [step * PATIENCE_STEP_S for step in range(PATIENCE_STEPS + 1)]
    gone = [bisect_left(left, start * _SECOND) for start in starts]
    risk = [len(all_of_them) - bisect_left(all_of_them, s * _SECOND) for s in starts]
    ends = [*gone[1:], len(left)]
    return [
        (start, at_risk, end - begin)
        for start, at_risk, begin, end in zip(starts, risk, gone, ends, strict=True)
    ]
