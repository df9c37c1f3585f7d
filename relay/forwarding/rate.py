"""How much a browser may send: the weakest of those who watch it, a pace, and loss."""

from collections.abc import Iterable
from typing import Final

MAX_BPS: Final = 2_500_000
MIN_BPS: Final = 50_000
LOSS_FLOOR_BPS: Final = 150_000
ENOUGH: Final = 40
"""Packets in a second below which their loss says nothing."""

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
