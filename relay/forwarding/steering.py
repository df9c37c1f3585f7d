"""What one browser may send, and what it can take of others."""

from collections.abc import Iterable
from typing import Final

from relay.forwarding.rate import LossLimit, SinkEstimate, uplink_limit

ROOM: Final = 500_000
EVERY: Final = 1.0
"""Seconds after which an unchanged rate is told again."""


class Steering:
    """The rates of one leg. One who observes never slows anybody down.

    ``hurries`` says that the next rate must be told at once.
    """

    def __init__(self, *, observes: bool) -> None:
        self.observes = observes
        self.told_bps = 0
        self.hurries = False
        self._told_at = -1e9
        self._pace: int | None = None
        self._estimate = SinkEstimate()
        self._loss = LossLimit()

    def pace(self, bps: int | None) -> None:
        """Cap what the browser sends, whatever those who watch it could take."""
        self._pace, self.hurries = bps, True

    def hear_remb(self, bps: int, now: float) -> None:
        """Take the browser's estimate of what it can receive."""
        self._estimate.hear(bps, now)

    def hear_loss(
        self, share: float, sent_bps: float, packets: int, now: float
    ) -> None:
        """Take which share the browser has lost of a second's pictures."""
        self._estimate.hear_loss(share, sent_bps, packets, now)

    def hear_rtt(self, rtt: float, now: float) -> None:
        """Take how long a packet goes to the browser and back."""
        self._estimate.hear_rtt(rtt, now)

    def judge(self, fraction: int, received_bps: float, packets: int) -> None:
        """Take how the browser's own pictures arrived in the last second."""
        self._loss.update(fraction, received_bps, packets)

    def share(self, pictures: int, now: float) -> int | None:
        """Give what each source of this browser may send; None limits nobody."""
        bps = self._estimate.bps(now)
        if self.observes or bps is None:
            return None
        return bps // max(1, pictures)

    def carries(self, now: float) -> int | None:
        """Give what the browser's line carries towards it, by its own estimate."""
        return self._estimate.bps(now)

    def has_room(self, now: float) -> bool:
        """Say whether a few packets more are nothing to the browser's line."""
        bps = self._estimate.bps(now)
        return bps is not None and bps >= ROOM and not self._estimate.is_jammed(now)

    def bound(self, pictures: int, now: float) -> int | None:
        """Give what each picture for this browser may take of its line; None: all.

        A participant's is bounded only in a jam: otherwise the sender's rate is enough.
        """
        bps = self._estimate.bps(now)
        if bps is None or not (self.observes or self._estimate.is_jammed(now)):
            return None
        return bps // max(1, pictures)

    def tell(self, sinks: Iterable[int | None], now: float) -> int | None:
        """Give the rate to tell the browser now; None: it knows."""
        limit = uplink_limit(
            (bps for bps in sinks if bps is not None), self._pace, self._loss.bps
        )
        self.hurries = False
        changed = abs(limit - self.told_bps) > self.told_bps * 0.05
        if not changed and now - self._told_at < EVERY:
            return None
        self.told_bps, self._told_at = limit, now
        return limit
