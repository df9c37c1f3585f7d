"""Numbers without a jump where a browser's picture changes its source.

While the source stays the same its own numbers pass through (moved by what was left out
on purpose), so that reordering, padding and end-to-end NACKs just work. The very first
number is below 2^15: a browser that misses the first packets cannot mistake them for
those after a wrap-around and lose SRTP's rollover counter for good (RFC 3711 §3.3.1). On
a switch the new source's first packet follows the last one sent: next sequence number, a
timestamp moved on by the time gone by, next VP8 picture id.
"""

from dataclasses import dataclass
from typing import Final

from relay.forwarding import vp8
from relay.forwarding.history import History
from relay.forwarding.numbers import NumberMap
from relay.forwarding.rtp import payload_offset

MAX_EPOCHS: Final = 4
LOW: Final = 0x7FFF
"""What an m-line's first sequence number may be at most."""

LONG: Final = 8192
"""Packets after which nothing before this source matters; well below a wrap-around."""

LOOK_BACK: Final = 64
"""Packets among which the last picture of a source is looked for."""


@dataclass(slots=True)
class Epoch:
    """One source's stay on an m-line; offsets turn its numbers into those sent.

    ``renumbers`` says whether a VP8 payload must be touched at all.
    """

    history: History
    numbers: NumberMap
    timestamp_offset: int
    picture_offset: int
    tl0_offset: int
    renumbers: bool

    def pictured(self, payload: bytes, sequence: int) -> bytes:
        """Give a payload the picture id and TL0PICIDX under which it goes out."""
        left_out = self.numbers.pictures(sequence)
        return vp8.renumber(payload, self.picture_offset - left_out, self.tl0_offset)


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
        self._last: Numbers | None = None

    def switch(
        self, history: History, first: Numbers, now: float, sent_at: float
    ) -> Epoch:
        """Begin with a new source, whose first packet has these numbers.

        The last packet of the one before went out at ``sent_at``.
        """
        last = self._last
        if last is None:
            numbers = NumberMap(first.sequence, first.sequence & LOW)
            epoch = Epoch(history, numbers, 0, 0, 0, renumbers=False)
        else:
            gone = max(1, int((now - sent_at) * self._clock_rate))
            epoch = _following(history, first, last, gone)
        self._epochs.append(epoch)
        del self._epochs[:-MAX_EPOCHS]
        return epoch

    def leave(self, epoch: Epoch) -> None:
        """End a stay: remember with what numbers, while its history still stands."""
        before = self._last
        sent = _last_sent(epoch)
        if before is not None:
            sent = Numbers(
                sent.sequence,
                before.timestamp if sent.timestamp < 0 else sent.timestamp,
                before.picture if sent.picture < 0 else sent.picture,
                before.tl0 if sent.tl0 < 0 else sent.tl0,
            )
        self._last = sent

    def original(self, sequence: int) -> tuple[Epoch, int] | None:
        """Find whose packet went out under this number, and its own number there."""
        for epoch in reversed(self._epochs):
            found = epoch.numbers.original(sequence)
            if found >= 0:
                return epoch, found
        return None

    def settle(self) -> None:
        """Let go of sources that nobody can ask for any more; once a second."""
        if self._epochs and self._epochs[-1].numbers.span > LONG:
            del self._epochs[:-1]


def _following(history: History, first: Numbers, last: Numbers, gone: int) -> Epoch:
    pictures = tl0s = 0
    if min(last.picture, first.picture) >= 0:
        pictures = (last.picture + 1 - first.picture) & 0x7FFF
    if min(last.tl0, first.tl0) >= 0:
        tl0s = (last.tl0 + 1 - first.tl0) & 0xFF
    return Epoch(
        history,
        NumberMap(first.sequence, (last.sequence + 1) & 0xFFFF),
        (max(0, last.timestamp) + gone - first.timestamp) & 0xFFFFFFFF,
        pictures,
        tl0s,
        renumbers=(pictures or tl0s) != 0,
    )


def _last_sent(epoch: Epoch) -> Numbers:
    """Read from its newest packets what a stay has sent last; -1 where they lack it."""
    numbers = epoch.numbers
    timestamp = -1
    for back in range(LOOK_BACK):
        sequence = (numbers.newest - back) & 0xFFFF
        packet = epoch.history.get(sequence)
        if packet is None:
            continue
        if timestamp < 0:
            own = int.from_bytes(packet[4:8])
            timestamp = (own + epoch.timestamp_offset) & 0xFFFFFFFF
        found = vp8.describe(packet, payload_offset(packet), len(packet))
        if found is None or found.picture_id < 0:
            continue
        left_out = numbers.pictures(sequence)
        picture = found.picture_id + epoch.picture_offset - left_out
        tl0 = -1 if found.tl0 < 0 else (found.tl0 + epoch.tl0_offset) & 0xFF
        width = 0x7FFF if found.wide else 0x7F
        return Numbers(numbers.last, timestamp, picture & width, tl0)
    return Numbers(numbers.last, timestamp, -1, -1)
