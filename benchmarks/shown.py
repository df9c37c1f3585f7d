"""What a peer is shown: whole pictures, their numbers, and how long none came."""

from dataclasses import dataclass, field
from typing import Final

from relay.forwarding import rtp, vp8

MAX_OPEN: Final = 64
"""Pictures that wait for a packet; the oldest is given up."""


@dataclass(slots=True)
class _Picture:
    numbers: set[int] = field(default_factory=set)
    first: int = -1
    last: int = -1
    key: bool = False
    picture_id: int = -1

    @property
    def is_whole(self) -> bool:
        if self.first < 0 or self.last < 0:
            return False
        return len(self.numbers) == ((self.last - self.first) & 0xFFFF) + 1


class Shown:
    """Puts the packets of one stream of VP8 together, in whatever order they come.

    ``frames`` counts whole pictures, ``keys`` the key frames among them, ``given_up``
    those that never became whole, ``jumps`` picture ids that did not follow.
    """

    def __init__(self) -> None:
        self.frames = self.keys = self.given_up = self.jumps = 0
        self.last_at = -1.0
        self.worst_gap = 0.0
        self.gaps: list[float] = []
        self._open: dict[int, _Picture] = {}
        self._ids: set[int] = set()
        self._newest_id = -1

    def hear(self, packet: bytes, now: float) -> None:
        """Take a decrypted packet of the stream."""
        offset = rtp.payload_offset(packet)
        _, second, sequence, timestamp, _ = rtp.HEADER.unpack_from(packet)
        descriptor = vp8.describe(packet, offset, len(packet))
        if descriptor is None:
            return
        picture = self._open.setdefault(timestamp, _Picture())
        picture.numbers.add(sequence)
        picture.picture_id = descriptor.picture_id
        if descriptor.starts_frame:
            picture.first, picture.key = sequence, descriptor.key
        if second & 0x80:
            picture.last = sequence
        if picture.is_whole:
            del self._open[timestamp]
            self._show(picture, now)
        elif len(self._open) > MAX_OPEN:
            del self._open[next(iter(self._open))]
            self.given_up += 1

    def _show(self, picture: _Picture, now: float) -> None:
        self.frames += 1
        self.keys += picture.key
        if self.last_at >= 0:
            self.gaps.append(now - self.last_at)
            self.worst_gap = max(self.worst_gap, now - self.last_at)
        self.last_at = now
        self._follow(picture.picture_id)

    def _follow(self, picture_id: int) -> None:
        """Look whether ids are without holes; late ones fill theirs."""
        if self._newest_id < 0:
            self._newest_id = picture_id
            return
        ahead = (picture_id - self._newest_id) & 0x7FFF
        if ahead >= 0x4000:
            self._ids.discard(picture_id)
        else:
            between = ((self._newest_id + n) & 0x7FFF for n in range(1, ahead))
            self._ids.update(between)
            self._newest_id = picture_id
        self.jumps = len(self._ids)
