"""What is shown for somebody who pauses: one still picture, a stream like any other.

It is two encoded VP8 frames: a key frame, and one that changes nothing and that nothing
builds on, so it may be sent for ever and be lost without harm.
"""

import struct
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final

from relay.forwarding.history import History
from relay.forwarding.key_frames import KeyFrameRequests
from relay.forwarding.line import CLOCK_RATES, Kind
from relay.forwarding.rtp import HEADER, HEADER_LENGTH
from relay.forwarding.source import Sink, SourceClock

EVERY: Final = 0.09
"""Seconds between two frames, ten a second: fewer, and browsers count each as a freeze."""

MAX_PAYLOAD: Final = 1100

_IVF_HEAD: Final = 32
_IVF_FRAME: Final = struct.Struct("<IQ")


@dataclass(frozen=True, slots=True)
class Still:
    """The two frames of a hold picture."""

    key: bytes
    same: bytes


def read_still(ivf: bytes) -> Still:
    """Read the first two frames of an IVF file, which any player shows."""
    frames = []
    at = _IVF_HEAD
    for _ in range(2):
        size, _time = _IVF_FRAME.unpack_from(ivf, at)
        at += _IVF_FRAME.size
        frames.append(ivf[at : at + size])
        at += size
    return Still(*frames)


class HoldPicture:
    """A still picture as the stream of somebody who pauses."""

    def __init__(self, still: Still) -> None:
        self.history = History()
        self.requests = KeyFrameRequests()
        self.clock: SourceClock | None = None
        self.sinks: tuple[Sink, ...] = ()
        self._still = still
        self._sent_at = -1.0
        self._sequence = self._picture = self._key = 0

    def add(self, sink: Sink) -> None:
        """Show it on one more m-line, from a key frame on."""
        self.sinks = (*self.sinks, sink)
        self.requests.want(urgent=True)

    def remove(self, sink: Sink) -> None:
        """Show it there no longer."""
        self.sinks = tuple(other for other in self.sinks if other is not sink)

    def tick(self, now: float) -> None:
        """Send what is due; called some fifty times a second."""
        if self.requests.due(now):
            self.requests.came()
            self._key += 1
            self._send(self._still.key, now, key=True)
        elif self._key and now - self._sent_at >= EVERY:
            self._send(self._still.same, now, key=False)

    def _send(self, frame: bytes, now: float, *, key: bool) -> None:
        self._sent_at = now
        self._picture += 1
        timestamp = int(now * CLOCK_RATES[Kind.VIDEO]) & 0xFFFFFFFF
        cuts = range(0, len(frame), MAX_PAYLOAD)
        for at in cuts:
            second = 0x80 if at == cuts[-1] else 0
            sequence = self._sequence = (self._sequence + 1) & 0xFFFF
            data = (
                HEADER.pack(0x80, second, sequence, timestamp, 0)
                + self._descriptor(key=key, starts=at == 0)
                + frame[at : at + MAX_PAYLOAD]
            )
            self.history.put(sequence, data)
            for sink in self.sinks:
                begins = key and at == 0
                sink.forward(data, HEADER_LENGTH, sequence, timestamp, begins, -1, now)

    def _descriptor(self, *, key: bool, starts: bool) -> bytes:
        """Write an RFC 7741 descriptor: picture id, TL0PICIDX, layer.

        The frames between two key frames are of the next layer, each in need of the key
        frame alone.
        """
        first = 0x80 | (0x10 if starts else 0) | (0 if key else 0x20)
        layer = 0x00 if key else 0x60
        picture = 0x8000 | self._picture & 0x7FFF
        return struct.pack("!BBHBB", first, 0xE0, picture, self._key & 0xFF, layer)


class HoldPictures:
    """Who is shown by a still picture now, each by a stream of their own."""

    def __init__(self, still: Still) -> None:
        self._still = still
        self._held: dict[Hashable, HoldPicture] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[HoldPicture]:
        return iter(self._held.values())

    def of(self, who: Hashable) -> HoldPicture:
        """Give the picture that stands for somebody."""
        if who not in self._held:
            self._held[who] = HoldPicture(self._still)
        return self._held[who]

    def tick(self, now: float) -> None:
        """Send what is due; forget those whom nobody watches."""
        for who, picture in list(self._held.items()):
            if picture.sinks:
                picture.tick(now)
            else:
                del self._held[who]
