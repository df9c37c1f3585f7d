"""How often one stream is looked at: rarely when all is well, often when it may not be.

Hand tracking is what costs, so it has a budget of processor time per stream; under
pressure every stream of a worker waits longer, and none is left out.
"""

from relay.eye.thresholds import Thresholds

_SLOWEST_SAMPLES = 2.5  # times the interval: still three in each window


class Pace:
    """Time is that of the frames; cost is processor time in seconds."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._rule = thresholds.sampling
        self._stretch = 1.0
        self._sampled_at: float | None = None
        self._checked_at: float | None = None
        self._hands_at: float | None = None
        self._is_missed = False
        self._is_cut = False
        self._budget = self._rule.hands_budget_burst_s
        self._budget_at: float | None = None

    def press(self, pressure: float) -> None:
        """Take note of how much longer everybody has to wait; 1 when all is well."""
        self._stretch = max(pressure, 1.0)

    def wants_sample(self, at: float) -> bool:
        stretch = min(self._stretch, _SLOWEST_SAMPLES)
        return _is_due(at, self._sampled_at, self._rule.interval_s * stretch)

    def sampled(self, at: float) -> None:
        self._sampled_at = at

    def wants_hands(self, at: float, *, moving: bool) -> bool:
        """Whether the sample that is being taken should be checked for hands."""
        self._refill(at)
        interval = self._interval(at, moving=moving) * self._stretch
        return self._budget > 0 and _is_due(at, self._checked_at, interval)

    def checked(self, at: float, *, seen: bool, cut: bool, cost_s: float) -> None:
        self._checked_at = at
        self._is_missed = not seen
        self._is_cut = cut
        self._budget -= cost_s
        if seen or self._hands_at is None:
            self._hands_at = at

    def _interval(self, at: float, *, moving: bool) -> float:
        if not moving:
            return self._rule.hands_interval_resting_s
        if self._is_cut or self._misses_hands(at):
            return self._rule.interval_s
        return self._rule.hands_interval_s

    def _misses_hands(self, at: float) -> bool:
        if not self._is_missed or self._hands_at is None:
            return False
        return at - self._hands_at >= self._rule.hands_missed_s

    def _refill(self, at: float) -> None:
        elapsed = at - self._budget_at if self._budget_at is not None else 0.0
        earned = elapsed * self._rule.hands_budget_share
        self._budget_at = at
        self._budget = min(self._budget + earned, self._rule.hands_budget_burst_s)


def _is_due(at: float, before: float | None, interval_s: float) -> bool:
    """A frame comes every 33 ms: half of that early is nearer than one frame late."""
    return before is None or at - before >= interval_s - 0.017
