"""RTP packets as bytes (RFC 3550, RFC 8285): where things stand, and new headers."""

import struct
from collections.abc import Iterator
from typing import Final

HEADER: Final = struct.Struct("!BBHLL")
HEADER_LENGTH: Final = 12
ONE_BYTE: Final = 0xBEDE
TWO_BYTE: Final = 0x1000

_TWO_WORDS: Final = struct.Struct("!HH")
_VERSION_2: Final = 0x80
_EXTENDED: Final = 0x10
_PADDED: Final = 0x20
_MARKER: Final = 0x80


def is_rtcp(data: bytes) -> bool:
    """Tell RTCP from RTP on one port (RFC 5761 §4)."""
    return len(data) > 1 and 192 <= data[1] <= 223


def payload_offset(data: bytes) -> int:
    """Find where the payload begins; -1 when these bytes are no RTP packet."""
    size = len(data)
    if size < HEADER_LENGTH or data[0] & 0xC0 != _VERSION_2:
        return -1
    offset = HEADER_LENGTH + 4 * (data[0] & 0x0F)
    if data[0] & _EXTENDED:
        if size < offset + 4:
            return -1
        offset += 4 + 4 * (data[offset + 2] << 8 | data[offset + 3])
    return offset if offset <= size else -1


def payload_end(data: bytes, offset: int) -> int:
    """Find where the payload ends and padding begins; -1 when the padding lies."""
    if not data[0] & _PADDED:
        return len(data)
    end = len(data) - data[-1]
    return end if data[-1] and end >= offset else -1


def extensions(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the header extensions as (id, value); a malformed rest is left out."""
    if len(data) < HEADER_LENGTH or not data[0] & _EXTENDED:
        return
    at = HEADER_LENGTH + 4 * (data[0] & 0x0F)
    if len(data) < at + 4:
        return
    profile, words = _TWO_WORDS.unpack_from(data, at)
    block = data[at + 4 : at + 4 + 4 * words]
    if profile == ONE_BYTE:
        yield from _one_byte(block)
    elif profile & 0xFFF0 == TWO_BYTE:
        yield from _two_byte(block)


def _one_byte(block: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(block):
        if block[at] == 0:
            at += 1
            continue
        number, size = block[at] >> 4, (block[at] & 0x0F) + 1
        if number == 15 or at + 1 + size > len(block):
            return
        yield number, block[at + 1 : at + 1 + size]
        at += 1 + size


def _two_byte(block: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(block):
        if block[at] == 0:
            at += 1
            continue
        if at + 1 >= len(block) or at + 2 + block[at + 1] > len(block):
            return
        yield block[at], block[at + 2 : at + 2 + block[at + 1]]
        at += 2 + block[at + 1]


def unwrap_rtx(data: bytes, offset: int, ssrc: int, payload_type: int) -> bytes | None:
    """Rebuild the packet that a retransmission carries (RFC 4588 §4).

    The header extensions go: they described the retransmission.

    Returns:
        None when the packet carries no original (probing, or malformed).

    """
    end = payload_end(data, offset)
    if end < offset + 2:
        return None
    first = data[0] & 0xCF & ~_EXTENDED & 0xF0
    second = (data[1] & _MARKER) | payload_type
    sequence = data[offset] << 8 | data[offset + 1]
    timestamp = int.from_bytes(data[4:8])
    head = HEADER.pack(first, second, sequence, timestamp, ssrc)
    return head + data[offset + 2 : end]
