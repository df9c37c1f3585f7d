"""Numbers without a jump where a browser's picture changes its source.

While the source stays the same its own numbers pass through (with a constant offset), so
that reordering, padding and end-to-end NACKs just work. The very first number is below
2^15: a browser that misses the first packets cannot mistake them for those after a
wrap-around and lose SRTP's rollover counter for good (RFC 3711 §3.3.1). On a switch the new source's
first packet follows the last one sent: next sequence number, a timestamp moved on by the
time gone by, next VP8 picture id.
"""

from dataclasses import dataclass
from typing import Final

from relay.forwarding.history import History
from relay.forwarding.serial import ahead16, ahead32

MAX_EPOCHS: Final = 4
LOW: Final = 0x7FFF
"""What an m-line's first sequence number may be at most."""

LONG: Final = 8192
"""Packets after which nothing before this source matters; well below a wrap-around."""


@dataclass(slots=True)
class Epoch:
    """One source's stay on an m-line; offsets turn its numbers into those sent."""

    history: History
    first: int
    sequence_offset: int
    timestamp_offset: int
    picture_offset: int
    tl0_offset: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a source's packet is numbered; -1 where VP8 has no picture id or TL0PICIDX."""

    sequence: int
    timestamp: int
    picture: int
    tl0: int


class Continuity:
    """What one m-line has sent, and how to go on from there."""

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._epochs: list[Epoch] = []
        self._sent_at = 0.0
        self._sequence = -1
        self._timestamp = 0
        self._picture = -1
        self._tl0 = -1

    def switch(self, history: History, first: Numbers, now: float) -> Epoch:
        """Begin with a new source, whose first packet has these numbers."""
        if self._sequence < 0:
            start = first.sequence & LOW
            offset = (start - first.sequence) & 0xFFFF
            epoch = Epoch(history, start, offset, 0, 0, 0)
        else:
            epoch = self._follow(history, first, now)
        self._epochs.append(epoch)
        del self._epochs[:-MAX_EPOCHS]
        return epoch

    def sent(
        self, sequence: int, timestamp: int, picture: int, tl0: int, now: float
    ) -> None:
        """Note the numbers of a packet that went out; -1 where it has none."""
        if self._sequence < 0 or ahead16(sequence, self._sequence) > 0:
            self._sequence = sequence
            self._sent_at = now
            if ahead16(sequence, self._epochs[-1].first) > LONG:
                self._settle(sequence)
            if ahead32(timestamp, self._timestamp) > 0 or self._timestamp == 0:
                self._timestamp = timestamp
        if picture >= 0 and (
            self._picture < 0 or ((picture - self._picture) & 0x7FFF) < 0x4000
        ):
            self._picture = picture
            if tl0 >= 0:
                self._tl0 = tl0

    def original(self, sequence: int) -> tuple[Epoch, int] | None:
        """Find whose packet went out under this number, and its own number there."""
        for epoch in reversed(self._epochs):
            if ahead16(sequence, epoch.first) >= 0:
                return epoch, (sequence - epoch.sequence_offset) & 0xFFFF
        return None

    def _settle(self, sequence: int) -> None:
        """Let the present stay begin later, so that its first number never wraps."""
        del self._epochs[:-1]
        self._epochs[0].first = (sequence - LONG // 2) & 0xFFFF

    def _follow(self, history: History, first: Numbers, now: float) -> Epoch:
        sequence = (self._sequence + 1) & 0xFFFF
        gone = max(1, int((now - self._sent_at) * self._clock_rate))
        pictures = tl0s = 0
        if min(self._picture, first.picture) >= 0:
            pictures = self._picture + 1 - first.picture
        if min(self._tl0, first.tl0) >= 0:
            tl0s = self._tl0 + 1 - first.tl0
        return Epoch(
            history,
            sequence,
            (sequence - first.sequence) & 0xFFFF,
            (self._timestamp + gone - first.timestamp) & 0xFFFFFFFF,
            pictures & 0x7FFF,
            tl0s & 0xFF,
        )
