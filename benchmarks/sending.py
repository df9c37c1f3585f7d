"""One m-line on which a peer sends: packets as Chromium forms them, and their clock."""

import struct
from dataclasses import dataclass
from typing import Final

from benchmarks.packets import AUDIO_RATE, VIDEO_RATE
from benchmarks.peer_sdp import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    MID,
    TRANSPORT_WIDE,
    Section,
)
from relay.forwarding import rtcp
from relay.forwarding.head import send_time

KEPT: Final = 1024
"""Packets that can be sent again."""

FIRST_NUMBER: Final = 1000
QUIET: Final = 127
_HEADER: Final = struct.Struct("!BBHLL")
_ONE_BYTE: Final = b"\xbe\xde"
_EXTENDED: Final = 0x90
_MARKER: Final = 0x80
_NTP_1970: Final = 2_208_988_800


@dataclass(frozen=True, slots=True)
class _Kept:
    sequence: int
    timestamp: int
    marker: bool
    payload: bytes


class Sending:
    """What one line has sent. ``agreed`` is the other side's section of that line."""

    def __init__(self, own: Section, agreed: Section, cname: str) -> None:
        self.video: Final = own.kind == "video"
        self.mid: Final = own.mid
        self.ssrc: Final = own.ssrc
        self.packets = 0
        self.octets = 0
        self.resent = 0
        self.is_known = False
        self._cname = cname
        self._type = agreed.payload_type
        self._rtx = (own.rtx_ssrc, agreed.rtx_payload_type)
        self._ids = agreed.extensions
        self._next = FIRST_NUMBER
        self._rtx_next = FIRST_NUMBER
        self._kept: list[_Kept | None] = [None] * KEPT
        self._clock = (0, 0.0)

    @property
    def numbers_packets(self) -> bool:
        """Whether its packets carry a transport-wide number."""
        return TRANSPORT_WIDE in self._ids

    def write(
        self, payload: bytes, *, timestamp: int, marker: bool, at: float, number: int
    ) -> bytes:
        """Make the next packet, to be sent at ``at`` under a transport-wide number."""
        sequence = self._next
        self._next = (sequence + 1) & 0xFFFF
        self.packets += 1
        self.octets += len(payload)
        self._clock = (timestamp, at)
        if self.video:
            kept = _Kept(sequence, timestamp, marker, payload)
            self._kept[sequence % KEPT] = kept
        second = self._type | (_MARKER if marker else 0)
        head = _HEADER.pack(
            _EXTENDED, second, sequence, timestamp & 0xFFFFFFFF, self.ssrc
        )
        return head + self._extensions(at, number) + payload

    def again(self, sequence: int, at: float) -> bytes | None:
        """Make a retransmission; it carries no transport-wide number.

        Those of a sealed film are given away long before it is sent.
        """
        kept = self._kept[sequence % KEPT]
        ssrc, payload_type = self._rtx
        if kept is None or kept.sequence != sequence or not payload_type:
            return None
        self.resent += 1
        self._rtx_next = (self._rtx_next + 1) & 0xFFFF
        second = payload_type | (_MARKER if kept.marker else 0)
        timestamp = kept.timestamp & 0xFFFFFFFF
        head = _HEADER.pack(_EXTENDED, second, self._rtx_next, timestamp, ssrc)
        return head + self._extensions(at, -1) + sequence.to_bytes(2) + kept.payload

    def report(self, now: float, wall: float) -> bytes:
        """Write a sender report: ``now`` on the clock of `write`, ``wall`` since 1970."""
        timestamp, at = self._clock
        rate = VIDEO_RATE if self.video else AUDIO_RATE
        media_time = timestamp + round((now - at) * rate)
        ntp = round((wall + _NTP_1970) * (1 << 32))
        return rtcp.sender_report(
            self.ssrc, ntp, media_time, self.packets, self.octets
        ) + rtcp.description(self.ssrc, self._cname)

    def _extensions(self, at: float, number: int) -> bytes:
        ids = self._ids
        block = b""
        if not self.video and AUDIO_LEVEL in ids:
            block += bytes([ids[AUDIO_LEVEL] << 4, QUIET])
        if ABS_SEND_TIME in ids:
            block += bytes([ids[ABS_SEND_TIME] << 4 | 2]) + send_time(at).to_bytes(3)
        if TRANSPORT_WIDE in ids and number >= 0:
            block += bytes([ids[TRANSPORT_WIDE] << 4 | 1]) + number.to_bytes(2)
        if MID in ids and not self.is_known:
            mid = self.mid.encode()
            block += bytes([ids[MID] << 4 | len(mid) - 1]) + mid
        block += b"\0" * (-len(block) % 4)
        return _ONE_BYTE + (len(block) // 4).to_bytes(2) + block
