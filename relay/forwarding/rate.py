"""How much a browser may send: the weakest of those who watch it, a pace, and loss."""

from collections.abc import Iterable
from typing import Final

MAX_BPS: Final = 2_500_000
MIN_BPS: Final = 100_000
"""The least with which somebody who signs is still understood (ITU-T H Suppl. 1)."""

LOSS_FLOOR_BPS: Final = 150_000
ENOUGH: Final = 40
"""Packets in a second below which their loss says nothing."""

START: Final = 8.0
START_FLOOR_BPS: Final = 500_000
"""What 640 by 480 at thirty pictures a second needs to be read."""

STALE: Final = 6.0
"""Seconds after which a sink's estimate says nothing any more."""

JAM: Final = 0.1
"""Seconds by which a round trip is longer than the shortest when a queue has formed."""

CALM: Final = 2.0
GROWTH: Final = 0.1
MOST: Final = 1.5
"""A browser's estimate follows what it is sent: while all is calm it counts for more with
each second, so that both can grow."""


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
    """What a watching browser can take: what it says (REMB), and what it shows.

    Its estimator knows only what has arrived, and takes the first key frame's burst for
    a jam: it then asks for a fraction of what the line carries and climbs by 8 % a
    second (draft-ietf-rmcat-gcc-02, 5.5), so a call would begin with standing pictures.
    For `START` seconds it counts no lower than `START_FLOOR_BPS`, unless its line loses
    much or a queue forms. Later, while all is calm, it counts for a little more than it
    says. A browser that says nothing is still judged by what it loses.
    """

    def __init__(self) -> None:
        self._bps: int | None = None
        self._at = 0.0
        self._since = 0.0
        self._troubled_at = -1e9
        self._jammed_at = -1e9
        self._fell_at = -1e9
        self._shortest = 1e9
        self._loss = LossLimit()

    def hear(self, bps: int, now: float) -> None:
        """Take an estimate."""
        if self._bps is None:
            self._since = now
        if self._bps is None or bps < 0.97 * self._bps:
            self._troubled_at = now
        if self._bps is not None and bps < 0.9 * self._bps:
            self._fell_at = now
        self._bps, self._at = bps, now

    def hear_loss(
        self, share: float, sent_bps: float, packets: int, now: float
    ) -> None:
        """Take which share the browser has lost of a second's packets of ours."""
        self._loss.update(int(256 * share), sent_bps * (1 - share), packets)
        if packets < ENOUGH:
            return
        if share > 0.02:
            self._troubled_at = now
        if share > 0.10:
            self._jammed_at = now

    def hear_rtt(self, rtt: float, now: float) -> None:
        """Take a round-trip time: it grows when a queue forms."""
        self._shortest = min(self._shortest, rtt)
        if rtt > self._shortest + JAM / 2:
            self._troubled_at = now
        if rtt > self._shortest + JAM:
            self._jammed_at = now

    def is_jammed(self, now: float) -> bool:
        """Say whether a queue or a loss on the line is seen, or was a moment ago."""
        return now - max(self._jammed_at, self._fell_at) < CALM

    def bps(self, now: float) -> int | None:
        """Give the bits a second that count now, if any do."""
        limits = [self._loss.bps] if self._loss.bps < MAX_BPS else []
        if self._bps is not None and now - self._at <= STALE:
            limits.append(self._believed(self._bps, now))
        return min(limits, default=None)

    def _believed(self, bps: int, now: float) -> int:
        calm = now - self._troubled_at - CALM
        if calm > 0:
            bps = int(bps * min(MOST, 1 + GROWTH * calm))
        if now - self._since < START and now - self._jammed_at > CALM:
            bps = max(bps, START_FLOOR_BPS)
        return bps
