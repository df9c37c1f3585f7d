"""How much a browser may send: the weakest of those who watch it, a pace, and loss."""

from collections.abc import Iterable
from typing import Final

MAX_BPS: Final = 2_500_000
MIN_BPS: Final = 50_000
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
    """Steps back while much is lost on the way to the relay, and comes again."""

    def __init__(self) -> None:
        self.bps = MAX_BPS

    def update(self, fraction_lost: int, received_bps: float) -> int:
        """Feed a second's loss (in 1/256) and rate; gives the limit in bits a second."""
        share = fraction_lost / 256
        if share > 0.10:
            level = min(self.bps, max(received_bps, MIN_BPS))
            self.bps = max(MIN_BPS, int(level * (1 - share / 2)))
        elif share < 0.05:
            self.bps = min(MAX_BPS, int(self.bps * 1.08) + 10_000)
        return self.bps
