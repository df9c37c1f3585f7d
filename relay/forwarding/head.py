"""The head of every packet to one browser: the same shape each time, so made fast.

A leg's negotiated extensions are fixed, so nothing of the sender's extensions is copied:
`mid` is constant, `abs-send-time` is the moment of sending, and the audio level is the
one value passed on.
"""

import struct
from dataclasses import dataclass
from typing import Final

from relay.forwarding.rtp import ONE_BYTE

_PLAIN: Final = struct.Struct("!BBHLL")
_TIMED: Final = struct.Struct("!BBHLLLL")


@dataclass(frozen=True, slots=True)
class ExtensionIds:
    """The ids that one m-line negotiated; 0 where an extension is not in use.

    ``transport_wide`` is only read: what is sent has no transport-wide number, so that
    browsers answer with REMB.
    """

    mid: int = 0
    abs_send_time: int = 0
    audio_level: int = 0
    transport_wide: int = 0


def send_time(now: float) -> int:
    """Write a time in seconds as `abs-send-time` does: 24 bits, 6.18 fixed point."""
    return int(now * 262_144) & 0xFFFFFF


class Head:
    """Makes packet heads for one m-line."""

    __slots__ = ("_audio", "_block", "_tail", "_time", "_words")

    def __init__(self, ids: ExtensionIds, mid: str) -> None:
        name = mid.encode()
        tail = b""
        if ids.mid and 0 < len(name) <= 16:
            tail = bytes([ids.mid << 4 | len(name) - 1]) + name
        self._time = (ids.abs_send_time << 4 | 2) << 24 if ids.abs_send_time else 0
        self._audio = ids.audio_level << 4 if ids.audio_level else 0
        self._tail = tail + b"\0" * (-len(tail) % 4)
        self._words = len(self._tail) // 4
        if self._time:
            self._words += 1
        self._block = ONE_BYTE << 16 | self._words

    def make(  # noqa: PLR0917 - the hot path passes by position
        self,
        first: int,
        second: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        now: float,
        level: int = -1,
    ) -> bytes:
        """Make a head; of ``first`` only the padding bit counts.

        ``level`` is the audio level's byte, or -1.
        """
        padding = first & 0x20
        if level >= 0 and self._audio:
            return self._with_level(padding, second, sequence, timestamp, ssrc, level)
        if self._time:
            return (
                _TIMED.pack(
                    0x90 | padding,
                    second,
                    sequence,
                    timestamp,
                    ssrc,
                    self._block,
                    self._time | int(now * 262_144) & 0xFFFFFF,
                )
                + self._tail
            )
        if self._tail:
            head = _PLAIN.pack(0x90 | padding, second, sequence, timestamp, ssrc)
            return head + self._block.to_bytes(4) + self._tail
        return _PLAIN.pack(0x80 | padding, second, sequence, timestamp, ssrc)

    def _with_level(  # noqa: PLR0917 - as above
        self,
        padding: int,
        second: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        level: int,
    ) -> bytes:
        block = bytes([self._audio, level & 0xFF, 0, 0]) + self._tail
        head = _PLAIN.pack(0x90 | padding, second, sequence, timestamp, ssrc)
        return head + (ONE_BYTE << 16 | len(block) // 4).to_bytes(4) + block
