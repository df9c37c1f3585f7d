"""How much a browser may send: the weakest of those who watch it, a pace, and loss."""

from collections.abc import Iterable
from typing import Final

MAX_BPS: Final = 2_500_000
MIN_BPS: Final = 50_000
LOSS_FLOOR_BPS: Final = 150_000
ENOUGH: Final = 40
"""Packets in a second below which their loss says nothing."""

START: Final = 8.0
START_FLOOR_BPS: Final = 500_000
"""What 640 by 480 at thirty pictures a second needs to be read."""

STALE: Final = 6.0
"""Seconds after which a sink's estimate says nothing any more."""


def uplink_limit(sinks: Iterable[int], pace: int | None, loss_limit: int) -> int:
    """Give the bits a second that a browser may send.

    ``sinks`` are the estimates of the participants who watch it, observers left out.
    """
    limits = [*sinks, loss_limit, MAX_BPS]
    if pace is not None:
        limits.append(pace)
    return max(MIN_BPS, min(limits))


class LossLimit:
    """Steps back while much is lost on the way to the relay, and comes again soon.

    Browsers judge loss by themselves, and slower upwards than this: it only catches what
    they would ride out. A handful of packets proves nothing, so it changes nothing.
    """

    def __init__(self) -> None:
        self.bps = MAX_BPS

    def update(self, fraction_lost: int, received_bps: float, packets: int) -> int:
        """Feed a second's loss (in 1/256), rate and packets; gives the limit in bits."""
        share = fraction_lost / 256
        if packets < ENOUGH:
            return self.bps
        if share > 0.10:
            level = min(self.bps, max(received_bps, LOSS_FLOOR_BPS))
            self.bps = max(LOSS_FLOOR_BPS, int(level * (1 - share / 2)))
        elif share < 0.05:
            self.bps = min(MAX_BPS, int(self.bps * 1.25) + 50_000)
        return self.bps


class SinkEstimate:
    """What a watching browser says that it can take (REMB), with care at first.

    Its estimator knows only what has arrived, and takes the first key frame's burst for
    a jam: it then asks for a fraction of what the line carries and climbs by 8 % a
    second (draft-ietf-rmcat-gcc-02, 5.5), so a call would begin with standing pictures.
    For `START` seconds it counts no lower than `START_FLOOR_BPS`, unless packets of
    ours are lost on the way there.
    """

    def __init__(self) -> None:
        self._bps: int | None = None
        self._at = 0.0
        self._since = 0.0
        self._loses = False

    def hear(self, bps: int, now: float) -> None:
        """Take an estimate."""
        if self._bps is None:
            self._since = now
        self._bps, self._at = bps, now

    def hear_loss(self, fraction_lost: int) -> None:
        """Take what the browser reports lost of what we sent (in 1/256)."""
        self._loses = fraction_lost / 256 > 0.05

    def bps(self, now: float) -> int | None:
        """Give the bits a second that count now, if any do."""
        if self._bps is None or now - self._at > STALE:
            return None
        if now - self._since < START and not self._loses:
            return max(self._bps, START_FLOOR_BPS)
        return self._bps
