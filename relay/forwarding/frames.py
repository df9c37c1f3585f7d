"""VP8 frames out of packets, for the eye: in order, and saying where one is missing.

VP8 frames build on each other. A decoder that is shown them in another order, or with
one left out, draws pictures that nobody sent and does not notice. So frames come out
in the order of their timestamps; a whole one waits for the one before it as long as a
retransmission may take, for the eye is in no hurry.
"""

from dataclasses import dataclass, field
from typing import Final

from relay.forwarding.serial import ahead32
from relay.forwarding.vp8 import Descriptor, describe

PATIENCE: Final = 0.5
"""Seconds that frames wait for one that is missing."""

MAX_PENDING: Final = 32
MAX_PACKETS: Final = 512
MAX_WAITING: Final = 1024
"""Frames that wait, packets of one of them, and packets of all."""

LONG_PAST: Final = 900_000
"""Ticks: timestamps so far back (10 s) are a new beginning, not late packets."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded frame; ``timestamp`` counts at 90 kHz.

    ``data`` is empty where the frame never came whole, and for temporal layers above
    0, on which nothing that is looked at builds. ``follows`` says that the frame
    which this one builds on was given too.
    """

    data: bytes = field(repr=False)
    key: bool
    follows: bool
    temporal_id: int
    timestamp: int


@dataclass(slots=True)
class _Pending:
    timestamp: int
    since: float
    first: int = -1
    last: int = -1
    whole: bool = False
    key: bool = False
    temporal_id: int = 0
    picture_id: int = -1
    wide: bool = False
    tl0: int = -1
    parts: dict[int, bytes] = field(default_factory=dict)

    def add(
        self, sequence: int, payload: bytes, found: Descriptor, *, marker: bool
    ) -> None:
        if found.starts_frame:
            self.first, self.key = sequence, found.key
            self.temporal_id, self.tl0 = found.temporal_id, found.tl0
            self.picture_id, self.wide = found.picture_id, found.wide
        if marker:
            self.last = sequence
        self.parts[sequence] = b"" if found.temporal_id else payload[found.length :]
        self.whole = self._is_whole()

    def data(self) -> bytes:
        if not self.whole or self.temporal_id:
            return b""
        numbers = ((self.first + ahead) & 0xFFFF for ahead in range(len(self.parts)))
        return b"".join(self.parts[number] for number in numbers)

    def _is_whole(self) -> bool:
        if self.first < 0 or self.last < 0:
            return False
        count = ((self.last - self.first) & 0xFFFF) + 1
        return count == len(self.parts) and all(
            (number - self.first) & 0xFFFF < count for number in self.parts
        )


class FrameAssembler:
    """Puts the frames of one source together."""

    def __init__(self) -> None:
        self._pending: dict[int, _Pending] = {}
        self._packets = 0
        self._last: _Pending | None = None
        self._base: _Pending | None = None

    def add(
        self, sequence: int, timestamp: int, payload: bytes, now: float, *, marker: bool
    ) -> list[Frame]:
        """Take a packet's payload; gives the frames that need not wait any longer."""
        found = describe(payload, 0, len(payload))
        if found is None or self._is_past(timestamp):
            return []
        pending = self._pending.get(timestamp)
        if pending is None:
            pending = self._pending[timestamp] = _Pending(timestamp, now)
        before = len(pending.parts)
        if before < MAX_PACKETS:
            pending.add(sequence, payload, found, marker=marker)
            self._packets += len(pending.parts) - before
        return self._release(now)

    def _is_past(self, timestamp: int) -> bool:
        last = self._last
        return last is not None and -LONG_PAST < ahead32(timestamp, last.timestamp) <= 0

    def _release(self, now: float) -> list[Frame]:
        given: list[Frame] = []
        while self._pending:
            oldest = self._oldest()
            follows = oldest.whole and self._follows(oldest)
            if not follows and not self._gives_up(oldest, now):
                break
            given.append(self._give(oldest, follows=follows))
        return given

    def _oldest(self) -> _Pending:
        pending = iter(self._pending.values())
        oldest = next(pending)
        for other in pending:
            if ahead32(other.timestamp, oldest.timestamp) < 0:
                oldest = other
        return oldest

    def _gives_up(self, oldest: _Pending, now: float) -> bool:
        return (
            now - oldest.since > PATIENCE
            or len(self._pending) > MAX_PENDING
            or self._packets > MAX_WAITING
            or any(
                other.key and other.whole and other is not oldest
                for other in self._pending.values()
            )
        )

    def _follows(self, frame: _Pending) -> bool:
        """Whether what it builds on was given, by its layer's numbers or by its own."""
        base = self._base
        if frame.key or frame.temporal_id:
            return True
        if base is None or not base.whole:
            return False
        if base.tl0 >= 0 and frame.tl0 == (base.tl0 + 1) & 0xFF:
            return True
        return base is self._last and (
            frame.first == (base.last + 1) & 0xFFFF
            or (
                base.picture_id >= 0
                and frame.picture_id
                == (base.picture_id + 1) & (0x7FFF if frame.wide else 0x7F)
            )
        )

    def _give(self, frame: _Pending, *, follows: bool) -> Frame:
        del self._pending[frame.timestamp]
        self._packets -= len(frame.parts)
        self._last = frame
        if not frame.temporal_id:
            self._base = frame
        data = frame.data()
        frame.parts.clear()
        return Frame(data, frame.key, follows, frame.temporal_id, frame.timestamp)
