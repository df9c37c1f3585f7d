"""How fast a service burns what its promise allows to fail, and when that is an alert.

Pure. Of all calls, a contract lets some be late: a budget. The burn rate is by how many
times the present would use it up: 1 is just kept, 20 means that nobody is answered in time
where 95 % are promised. A short window notices soon and a long one keeps one bad minute
from being an alert; so both must burn, and an alert goes when both have calmed down to
half. Few calls say nothing about a rate: then a caller who waits too long is the alert.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

SHARE_PERMILLE: Final = 950
"""What is promised (rules)."""

SHORT_S: Final = 300
LONG_S: Final = 3_600

BURNS_SHORT: Final = 14_400
BURNS_LONG: Final = 6_000
"""Burn rates above which it is an alert, in thousandths: both windows."""

ENOUGH_CALLS: Final = 10
"""In the short window; with fewer, no rate is an alert."""

LONG_WAIT_S: Final = 45.0
"""Then the oldest wait is, from here on."""


class Alert(StrEnum):
    """What is wrong with a service."""

    BURN = "burn"
    LONG_WAIT = "long_wait"


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a service since the store began."""

    queued: int = 0
    over: int = 0
    """Callers who saw somebody or left."""

    broken: int = 0

    def since(self, before: "Counted") -> "Counted":
        """Give what came in between; a store that lost its data counts anew."""
        if self.queued < before.queued:
            return self
        return Counted(
            self.queued - before.queued,
            self.over - before.over,
            self.broken - before.broken,
        )


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert of a service, with the window and the rate that raised it."""

    alert: Alert
    window_s: int
    burn_permille: int


@dataclass
class Past:
    """What was counted of every service in the last hour."""

    _times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _counts: dict[str, list[Counted]] = field(default_factory=lambda: defaultdict(list))
    _began: float | None = None

    def add(self, now: float, counts: Mapping[str, Counted]) -> None:
        """Remember what is counted now; of a service that rests, nothing new."""
        self._began = now if self._began is None else self._began
        for service, counted in counts.items():
            times, known = self._times[service], self._counts[service]
            if known and known[-1] == counted:
                continue
            times.append(now)
            known.append(counted)
            gone = bisect_right(times, now - LONG_S) - 1
            if gone > 0:
                del times[:gone], known[:gone]

    def last(self, service: str, seconds: float, now: float) -> Counted:
        """Count what happened in the last so many seconds, or since all began."""
        times, known = self._times.get(service), self._counts.get(service)
        if not times or not known:
            return Counted()
        before = max(0, bisect_right(times, now - seconds) - 1)
        return known[-1].since(known[before])

    def watched(self, seconds: float, now: float) -> float:
        """Say how much of the last so many seconds was seen."""
        return min(seconds, now - self._began) if self._began is not None else 0.0


def burn_permille(counted: Counted, share_permille: int = SHARE_PERMILLE) -> int:
    """Give the burn rate in thousandths; 0 where nothing was counted."""
    # a promise breaks before its call is over
    calls = max(counted.over, counted.broken)
    if calls == 0:
        return 0
    return counted.broken * 1_000_000 // (calls * (1_000 - share_permille))


def judge(
    short: Counted, long: Counted, oldest_s: float, *, was: frozenset[Alert]
) -> dict[Alert, Raised]:
    """Say which alerts hold, given those that held: each clears later than it comes."""
    found: dict[Alert, Raised] = {}
    calm = 2 if Alert.BURN in was else 1
    fast, slow = burn_permille(short), burn_permille(long)
    is_known = max(short.over, short.broken) >= ENOUGH_CALLS
    is_burning = fast > BURNS_SHORT // calm and slow > BURNS_LONG // calm
    if is_burning and (is_known or Alert.BURN in was):
        found[Alert.BURN] = Raised(Alert.BURN, SHORT_S, fast)
    if oldest_s > LONG_WAIT_S and not is_known:
        found[Alert.LONG_WAIT] = Raised(Alert.LONG_WAIT, 0, fast)
    return found
