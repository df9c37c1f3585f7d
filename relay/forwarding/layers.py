"""How many temporal layers of a picture one m-line gets, where a stream has layers.

A participant is thinned only as a brake: half the pictures for a moment are better than
none, but signing needs them all, so the sender has to follow. An observer gets what their
line carries for as long as it takes.
"""

from collections import deque
from typing import Final

TOP: Final = 2
SHARES: Final = (0.4, 0.6, 1.0)
"""Which part of a stream's bits the layers up to each one have, as browsers share them."""

HEADERS: Final = 1.15
"""Octets on the line for each octet of payload."""

SLACK: Final = 1.1
BRAKE_FOR: Final = 3.0
"""Seconds in which a sender must have followed; then a participant gets all again."""

REST: Final = 5.0
"""Seconds between two brakes."""

ROOM_FOR: Final = 1.0
"""Seconds that there must be room before an observer gets a layer back."""

WINDOW: Final = 6
"""Looks over which the rate is taken."""


class Thinning:
    """Chooses the layers of one m-line; ``highest`` is what passes now."""

    __slots__ = (
        "_aim",
        "_allowed",
        "_braked_at",
        "_counted",
        "_counts",
        "_room_since",
        "highest",
    )

    def __init__(self) -> None:
        self.highest = self._allowed = self._aim = self._counted = TOP
        self._counts: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self._braked_at = -1e9
        self._room_since: float | None = None

    def passes(self, temporal_id: int, *, layer_sync: bool) -> bool:
        """Say whether a packet's picture goes on.

        Layers change where a picture of the lowest begins, so that no picture is torn;
        one comes back only with a picture that needs nothing of what was left out.
        """
        if temporal_id == 0:
            self._allowed = self._aim
            self.highest = min(self.highest, self._allowed)
            return True
        if temporal_id == self.highest + 1 <= self._allowed and layer_sync:
            self.highest = temporal_id
        return temporal_id <= self.highest

    def judge(
        self, octets: int, budget: int | None, now: float, *, observes: bool
    ) -> bool:
        """Look again at what the m-line gets; says whether anything is left out.

        Args:
            octets: of payload, sent so far.
            budget: what the line carries of this picture, in bit/s; None is no bound.
            now: seconds.
            observes: whether nobody waits for who gets it.
        """
        if self._counted != self.highest:  # what was counted had other layers
            self._counted = self.highest
            self._counts.clear()
        self._counts.append((now, octets))
        wanted = TOP if budget is None else self._fitting(budget)
        if not observes:
            wanted = self._braked(wanted, now)
        if wanted <= self._aim or not observes or self._has_room(now):
            self._aim, self._room_since = wanted, None
        return min(self._aim, self.highest) < TOP

    def _fitting(self, budget: int) -> int:
        (since, before), (now, octets) = self._counts[0], self._counts[-1]
        if now - since < 0.25:
            return self._aim
        sent = 8 * HEADERS * (octets - before) / (now - since)
        whole = sent / SHARES[self.highest]
        fitting = (n for n in (TOP, 1) if whole * SHARES[n] <= budget * SLACK)
        return next(fitting, 0)

    def _braked(self, wanted: int, now: float) -> int:
        if wanted < TOP and now - self._braked_at >= BRAKE_FOR + REST:
            self._braked_at = now
        return wanted if now - self._braked_at < BRAKE_FOR else TOP

    def _has_room(self, now: float) -> bool:
        if self._room_since is None:
            self._room_since = now
        return now - self._room_since >= ROOM_FOR
