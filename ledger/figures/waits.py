"""How long people waited: percentiles, the mean, a histogram, and who lost patience.

All in whole microseconds; a percentile is the nearest rank, so it is a wait that
somebody had.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Waits: TypeAlias = NDArray[np.int64]
"""Microseconds, shortest first."""

EDGES_S: Final = (10, 20, 30, 45, 60, 90, 120, 180)
"""Edges of the histogram; a wait of exactly an edge is still below it."""

PERCENTILES: Final = (50, 90, 95, 99)
PATIENCE_STEP_S: Final = 5
PATIENCE_STEPS: Final = 36
_SECOND: Final = 1_000_000


def in_order(packed: Iterable[bytes]) -> Waits:
    """Unpack waits, 8 bytes each."""
    return np.sort(np.frombuffer(b"".join(packed), dtype=np.int64))


def all_of(*parts: Waits) -> Waits:
    """Put several lists of waits into one."""
    return np.sort(np.concatenate(parts))


def nearest_rank(ordered: Waits, percent: int) -> int:
    """Find a percentile of at least one wait."""
    return int(ordered[max(0, -(-len(ordered) * percent // 100) - 1)])


def waits(ordered: Waits) -> dict[str, int | None]:
    """Tell percentiles, the longest and the mean (average speed of answer), in µs."""
    if not len(ordered):
        names = (*(f"p{percent}" for percent in PERCENTILES), "max", "mean")
        return {"count": 0} | dict.fromkeys(names)
    told = {f"p{each}": nearest_rank(ordered, each) for each in PERCENTILES}
    mean = int(ordered.sum()) // len(ordered)
    return {"count": len(ordered), **told, "max": int(ordered[-1]), "mean": mean}


def histogram(ordered: Waits) -> list[int]:
    """Count the waits up to each edge since the one before, and those beyond all."""
    edges = [edge * _SECOND for edge in EDGES_S]
    up_to = np.searchsorted(ordered, edges, side="right").tolist()
    return [b - a for a, b in pairwise((0, *up_to, len(ordered)))]


def patience(left: Waits, all_of_them: Waits) -> list[tuple[int, int, int]]:
    """Tell for every 5 s: who still waited at its begin, and who of them then left.

    The last step has no end. Who was answered is at risk until then.
    """
    starts = [step * PATIENCE_STEP_S for step in range(PATIENCE_STEPS + 1)]
    edges = [start * _SECOND for start in starts]
    gone = [*np.searchsorted(left, edges).tolist(), len(left)]
    begun = np.searchsorted(all_of_them, edges).tolist()
    return [
        (start, len(all_of_them) - before, end - begin)
        for start, before, (begin, end) in zip(
            starts, begun, pairwise(gone), strict=True
        )
    ]
