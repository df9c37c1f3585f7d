"""How long calls take and how long callers have patience, learned as the day goes.

Pure. Both are ratios of sums: seconds of handling over calls handled, seconds of
waiting over callers who left (which is right also for those who were answered before
their patience ended). Old sums fade, and a little belief about every service comes
first, so that its first call is estimated too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from queueing.tallies import Tally

HALF_LIFE: Final = 900.0
"""Seconds after which what was seen counts half."""

HANDLE: Final = 300.0
"""Seconds that a call takes an agent, notes included, before anything was seen."""

PATIENCE: Final = 180.0
"""Mean seconds of patience before anything was seen."""

BELIEF: Final = 3.0
"""How many calls the belief weighs as much as."""

MEMORY: Final = 30.0
"""The calls of a process's first look weigh no more than so many."""


@dataclass
class _Learned:
    handled: float = 0.0
    handled_seconds: float = 0.0
    left: float = 0.0
    waited_seconds: float = 0.0

    def fade(self, kept: float) -> None:
        self.handled *= kept
        self.handled_seconds *= kept
        self.left *= kept
        self.waited_seconds *= kept

    def add(self, now: Tally, before: Tally | None, share: float) -> None:
        self.handled += share * (now.handled - (before.handled if before else 0))
        self.handled_seconds += share * (
            now.handled_seconds - (before.handled_seconds if before else 0)
        )
        self.left += share * (now.left - (before.left if before else 0))
        self.waited_seconds += share * (
            now.waited_seconds - (before.waited_seconds if before else 0)
        )


@dataclass
class Rates:
    """What one process has learned of every service."""

    _learned: dict[str, _Learned] = field(default_factory=dict)
    _seen: dict[str, Tally] = field(default_factory=dict)
    _at: float = 0.0

    def look(self, tallies: Mapping[str, Tally], now: float) -> None:
        """Learn from the counters at a time (seconds, any origin)."""
        kept = 0.5 ** (max(0.0, now - self._at) / HALF_LIFE) if self._at else 1.0
        self._at = now
        for service, tally in tallies.items():
            learned = self._learned.setdefault(service, _Learned())
            before = self._seen.get(service)
            if before is not None and tally.handled < before.handled:
                before = None  # the store lost its data and counts anew
            learned.fade(kept)
            first = MEMORY / max(MEMORY, tally.handled, tally.left)
            learned.add(tally, before, 1.0 if before else first)
            self._seen[service] = tally

    def is_known(self, service: str) -> bool:
        """Say whether more is known of the service than was believed before."""
        return self._learned.get(service, _Learned()).handled >= BELIEF

    def handle(self, service: str) -> float:
        """Give the mean seconds that a call of the service takes an agent."""
        learned = self._learned.get(service, _Learned())
        return (learned.handled_seconds + BELIEF * HANDLE) / (learned.handled + BELIEF)

    def patience(self, service: str) -> float:
        """Give the mean seconds after which a caller of the service leaves."""
        learned = self._learned.get(service, _Learned())
        return (learned.waited_seconds + BELIEF * PATIENCE) / (learned.left + BELIEF)
