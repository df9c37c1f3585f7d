"""What a bad line does to each packet: when it comes out at the far end, if it does."""

from dataclasses import dataclass
from random import Random
from typing import Final

OVERHEAD: Final = 28
"""Octets of IPv4 and UDP around each packet, which fill a line too."""

HELD_BACK: Final = 0.02
"""Seconds by which a packet that is overtaken comes later than it would have."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How one direction of a line is.

    Attributes:
        loss: the share of packets that never arrive, each by its own chance.
        delay: seconds that every packet takes at least.
        jitter: seconds that it may take longer; packets wait for those before them.
        reorder: the share of packets that those behind them overtake.
        cap_bps: what fits through, in bit/s, with IP and UDP; None is no bound.
        queue_ms: how long a packet may stand before the cap; a longer queue drops it.
    """

    loss: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0
    reorder: float = 0.0
    cap_bps: int | None = None
    queue_ms: int = 400


GOOD: Final = Quality()


class Link:
    """One direction of a line; its quality may change while packets are on it."""

    def __init__(self, quality: Quality, chance: Random) -> None:
        self._quality = quality
        self._chance = chance
        self._free_at = 0.0
        self._latest = 0.0
        self.packets = self.octets = 0
        self.lost = self.overflowed = 0

    @property
    def quality(self) -> Quality:
        return self._quality

    def change(self, quality: Quality, now: float) -> None:
        """Be another line from now on; what stands in the queue stays in it."""
        waiting = max(0.0, self._free_at - now) * (self._quality.cap_bps or 0)
        self._free_at = now + (waiting / quality.cap_bps if quality.cap_bps else 0.0)
        self._quality = quality

    def pass_on(self, size: int, now: float) -> float | None:
        """Take a packet of that many octets; gives when it comes out, None if never."""
        self.packets += 1
        self.octets += size
        quality = self._quality
        is_lost = self._chance.random() < quality.loss
        left = self._leaves(size, now)
        if left is None:
            self.overflowed += 1
            return None
        if is_lost:  # further on: it has taken its place before the cap
            self.lost += 1
            return None
        comes = left + quality.delay + self._chance.uniform(0, quality.jitter)
        if self._chance.random() < quality.reorder:
            return max(comes, self._latest) + HELD_BACK
        self._latest = max(comes, self._latest)
        return self._latest

    def _leaves(self, size: int, now: float) -> float | None:
        quality = self._quality
        if quality.cap_bps is None:
            return max(now, self._free_at)
        starts = max(now, self._free_at)
        if starts - now > quality.queue_ms / 1000:
            return None
        self._free_at = starts + (size + OVERHEAD) * 8 / quality.cap_bps
        return self._free_at
