"""What the library counts of each service beside its events, and where. Pure.

The library's own table is generated from this one. Counters are added up in place, one
command a moment whatever their number, so each has a fixed place in one value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

EDGES: Final = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
"""Seconds; the waits until T1 are counted by the first of these that they do not
exceed. One of them is exactly the promise."""

NAMES: Final = (
    "handled",
    "handled_ms",
    "answered_ms",
    "left",
    "left_ms",
    *(f"answered_{edge}" for edge in EDGES),
    "answered_later",
)
"""Agents' times from the first ring to the end of the notes, with their sum; the sum
of the waits until T1; callers who left before it, and the sum of their waits; waits
until T1, by edge."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one service since the store began."""

    counts: Mapping[str, int]

    @property
    def handled(self) -> int:
        return self.counts["handled"]

    @property
    def handled_seconds(self) -> float:
        return self.counts["handled_ms"] / 1000

    @property
    def left(self) -> int:
        return self.counts["left"]

    @property
    def answered_seconds(self) -> float:
        """The waits until T1."""
        return self.counts["answered_ms"] / 1000

    @property
    def waited_seconds(self) -> float:
        """All waits, of those who were answered and of those who left."""
        return (self.counts["answered_ms"] + self.counts["left_ms"]) / 1000

    @property
    def answered_by(self) -> list[int]:
        """How many waits until T1 each edge bounds, and at last how many there were."""
        total, found = 0, []
        for name in (*(f"answered_{edge}" for edge in EDGES), "answered_later"):
            total += self.counts[name]
            found.append(total)
        return found


def read_tally(numbers: Sequence[int | str]) -> Tally:
    """Read the counters in the order of `NAMES`; those that are missing are 0."""
    padded = [*map(int, numbers), *([0] * (len(NAMES) - len(numbers)))]
    return Tally(dict(zip(NAMES, padded, strict=True)))
