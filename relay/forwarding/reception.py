"""How well a source's packets arrive: what a receiver report says (RFC 3550 §6.4, A)."""

from enum import Enum, auto
from typing import Final

from relay.forwarding.serial import ahead16

MAX_JUMP: Final = 3000
MAX_LATE: Final = 1500


class Arrival(Enum):
    """What a packet's number means beside those before it."""

    NEXT = auto()
    GAP = auto()
    LATE = auto()
    JUMP = auto()


NEXT: Final = Arrival.NEXT


class Reception:
    """Counts of one source."""

    __slots__ = (
        "_base",
        "_clock_rate",
        "_expected_before",
        "_last_transit",
        "_received_before",
        "cycles",
        "highest",
        "jitter",
        "received",
        "timestamp",
    )

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._base = -1
        self._expected_before = 0
        self._received_before = 0
        self.timestamp = -1
        self._last_transit: float | None = None
        self.cycles = 0
        self.highest = -1
        self.jitter = 0.0
        self.received = 0

    def add(self, sequence: int) -> Arrival:
        """Count a packet that came the first way (not as a retransmission)."""
        self.received += 1
        if sequence and sequence - self.highest == 1:
            self.highest = sequence
            return NEXT
        if self._base < 0:
            self._restart(sequence)
            return NEXT
        ahead = ahead16(sequence, self.highest)
        if ahead == 1:
            arrival = Arrival.NEXT
        elif 1 < ahead <= MAX_JUMP:
            arrival = Arrival.GAP
        elif -MAX_LATE <= ahead <= 0:
            return Arrival.LATE
        else:
            self._restart(sequence)
            return Arrival.JUMP
        if sequence < self.highest:
            self.cycles += 0x10000
        self.highest = sequence
        return arrival

    def time(self, timestamp: int, now: float) -> None:
        """Feed the jitter with the two times of a picture's first packet."""
        self.timestamp = timestamp
        transit = now * self._clock_rate - timestamp
        if self._last_transit is not None:
            difference = abs(transit - self._last_transit)
            if difference < self._clock_rate * 10:
                self.jitter += (difference - self.jitter) / 16
        self._last_transit = transit

    @property
    def extended(self) -> int:
        """The highest number seen, with the count of wrap-arounds above it."""
        return (self.cycles + max(0, self.highest)) & 0xFFFFFFFF

    @property
    def lost(self) -> int:
        """Packets lost so far, retransmissions not counted."""
        if self._base < 0:
            return 0
        return self.cycles + self.highest - self._base + 1 - self.received

    def fraction_lost(self) -> int:
        """Share lost since the last call, in 1/256."""
        expected = self.received + self.lost
        span = expected - self._expected_before
        lost = span - (self.received - self._received_before)
        self._expected_before = expected
        self._received_before = self.received
        return min(255, (lost << 8) // span) if span > 0 and lost > 0 else 0

    def _restart(self, sequence: int) -> None:
        self._base = self.highest = sequence
        self.cycles = 0
        self.received = 1
        self._expected_before = self._received_before = 0
        self._last_transit = None
