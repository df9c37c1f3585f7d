"""How often one stream is looked at: rarely when all is well, often when it may not be.

Looking for faces and hands is what costs, so each has a budget of looks per stream. A
part of it is kept for the seconds after something has changed. Looks are counted and not
the time they take, so that a film is judged alike on every machine; where there is not
time for all, the pressure says so: every stream of a worker waits longer, and none is
left out.
"""

from relay.eye.thresholds import Thresholds

_SLOWEST_SAMPLES = 2.5  # times the interval: still three in each window
_RESERVE = 0.8  # of what can be saved: left for what looks wrong


class Pace:
    """Time is that of the frames; a look is at one picture, or at a part of one."""

    def __init__(self, thresholds: Thresholds) -> None:
        rule = self._rule = thresholds.sampling
        self._stretch = 1.0
        self._sampled_at: float | None = None
        self._faces = _Budget(rule.face_looks_per_s, rule.face_looks_saved)
        self._hands = _Budget(rule.hands_looks_per_s, rule.hands_looks_saved)

    def press(self, pressure: float) -> None:
        """Take note of how much longer everybody has to wait; 1 when all is well."""
        self._stretch = max(pressure, 1.0)

    def mind(self, at: float, *, face: bool, hands: bool) -> None:
        """Something has changed or looks wrong: look closely for some seconds."""
        until = at + self._rule.alert_s
        if face:
            self._faces.alert_until = until
        self._hands.alert_until = until if hands else at

    def wants_sample(self, at: float) -> bool:
        stretch = min(self._stretch, _SLOWEST_SAMPLES)
        return _is_due(at, self._sampled_at, self._rule.interval_s * stretch)

    def sampled(self, at: float) -> None:
        self._sampled_at = at

    def wants_face(self, at: float, *, changed: bool = False) -> bool:
        """Whether the sample that is being taken should be searched for a face.

        Sooner when most of the picture has changed: a place may be another one now.
        """
        rule = self._rule
        usual_s = rule.interval_s if changed else rule.face_interval_s
        return self._wants(self._faces, at, usual_s)

    def searched(self, at: float, looks: int) -> None:
        self._faces.spend(at, looks)

    def wants_hands(self, at: float, *, moving: bool) -> bool:
        """Whether the sample that is being taken should be checked for hands."""
        if not moving:
            self._hands.alert_until = at
            return self._wants(self._hands, at, self._rule.hands_interval_resting_s)
        return self._wants(self._hands, at, self._rule.hands_interval_s)

    def checked(self, at: float) -> None:
        self._hands.spend(at, 1)

    def _wants(self, budget: "_Budget", at: float, usual_s: float) -> bool:
        interval_s = self._rule.interval_s if budget.is_alert(at) else usual_s
        return budget.allows(at, interval_s * self._stretch)


class _Budget:
    """Earns looks, and saves up some of them for when it is alert."""

    def __init__(self, per_s: float, most: float) -> None:
        self._per_s = per_s
        self._most, self._kept = most, most * _RESERVE
        self._saved = most
        self._at: float | None = None
        self._spent_at: float | None = None
        self.alert_until = float("-inf")

    def is_alert(self, at: float) -> bool:
        return at < self.alert_until

    def allows(self, at: float, interval_s: float) -> bool:
        elapsed = at - self._at if self._at is not None else 0.0
        self._at = at
        self._saved = min(self._saved + elapsed * self._per_s, self._most)
        kept = 0.0 if self.is_alert(at) else self._kept
        return self._saved > kept and _is_due(at, self._spent_at, interval_s)

    def spend(self, at: float, looks: int) -> None:
        self._spent_at = at
        self._saved -= looks


def _is_due(at: float, before: float | None, interval_s: float) -> bool:
    """A frame comes every 33 ms: half of that early is nearer than one frame late."""
    return before is None or at - before >= interval_s - 0.017
