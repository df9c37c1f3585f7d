"""Whole VP8 frames out of packets, for the eye; what is incomplete is dropped."""

from dataclasses import dataclass, field
from typing import Final

from relay.forwarding.serial import ahead32
from relay.forwarding.vp8 import describe

MAX_PENDING: Final = 4
MAX_PACKETS: Final = 512


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded frame; ``timestamp`` counts at 90 kHz."""

    data: bytes = field(repr=False)
    key: bool
    temporal_id: int
    timestamp: int


@dataclass(slots=True)
class _Pending:
    parts: dict[int, bytes] = field(default_factory=dict)
    first: int = -1
    last: int = -1
    key: bool = False
    temporal_id: int = 0


class FrameAssembler:
    """Puts the frames of one source together."""

    def __init__(self) -> None:
        self._pending: dict[int, _Pending] = {}
        self._done: int | None = None

    def add(
        self, sequence: int, timestamp: int, payload: bytes, *, marker: bool
    ) -> Frame | None:
        """Take a packet's payload; gives the frame that it completes."""
        descriptor = describe(payload, 0, len(payload))
        if descriptor is None or self._is_past(timestamp):
            return None
        pending = self._pending.setdefault(timestamp, _Pending())
        if descriptor.starts_frame:
            pending.first, pending.key = sequence, descriptor.key
            pending.temporal_id = descriptor.temporal_id
        if marker:
            pending.last = sequence
        pending.parts[sequence] = payload[descriptor.length :]
        if len(pending.parts) > MAX_PACKETS:
            del self._pending[timestamp]
            return None
        frame = _whole(pending, timestamp)
        if frame is not None:
            self._finish(timestamp)
        elif len(self._pending) > MAX_PENDING:
            del self._pending[next(iter(self._pending))]
        return frame

    def _is_past(self, timestamp: int) -> bool:
        return self._done is not None and -900_000 < ahead32(timestamp, self._done) <= 0

    def _finish(self, timestamp: int) -> None:
        self._done = timestamp
        for other in [t for t in self._pending if ahead32(t, timestamp) <= 0]:
            del self._pending[other]


def _whole(pending: _Pending, timestamp: int) -> Frame | None:
    if pending.first < 0 or pending.last < 0:
        return None
    count = ((pending.last - pending.first) & 0xFFFF) + 1
    if count != len(pending.parts):
        return None
    parts = [pending.parts.get((pending.first + i) & 0xFFFF) for i in range(count)]
    if any(part is None for part in parts):
        return None
    data = b"".join(part for part in parts if part is not None)
    return Frame(data, pending.key, pending.temporal_id, timestamp)
