"""What a VP8 payload says of itself (RFC 7741), and how it is renumbered."""

from dataclasses import dataclass
from typing import Final

MAX_DESCRIPTOR: Final = 6


@dataclass(frozen=True, slots=True)
class Descriptor:
    """The payload descriptor.

    ``picture_id`` and ``tl0`` are -1 where absent; the ``…_at`` fields are offsets
    into the payload; ``length`` is where the frame's own bytes begin. A layer may be
    taken up again at a frame with ``layer_sync``.
    """

    starts_frame: bool
    key: bool
    picture_id: int
    wide: bool
    picture_at: int
    tl0: int
    tl0_at: int
    temporal_id: int
    layer_sync: bool
    length: int


def describe(data: bytes, start: int, end: int) -> Descriptor | None:
    """Read the descriptor of ``data[start:end]``; None when it is cut short."""
    try:
        return _read(data[start : min(end, start + MAX_DESCRIPTOR + 1)])
    except IndexError:
        return None


def _read(cut: bytes) -> Descriptor:
    flags, at = (cut[1], 2) if cut[0] & 0x80 else (0, 1)
    picture_id = tl0 = -1
    wide = False
    picture_at = tl0_at = temporal_id = layer_sync = 0
    if flags & 0x80:
        picture_at, wide = at, cut[at] > 0x7F
        picture_id = (cut[at] & 0x7F) << 8 | cut[at + 1] if wide else cut[at]
        at += 1 + wide
    if flags & 0x40:
        tl0, tl0_at = cut[at], at
        at += 1
    if flags & 0x30:
        if flags & 0x20:
            temporal_id, layer_sync = cut[at] >> 6, cut[at] & 0x20
        at += 1
    starts = cut[0] & 0x17 == 0x10
    key = not cut[at] & 0x01 and starts
    return Descriptor(
        starts,
        key,
        picture_id,
        wide,
        picture_at,
        tl0,
        tl0_at,
        temporal_id,
        layer_sync != 0,
        at,
    )


def starts_key_frame(data: bytes, start: int) -> bool:
    """Say whether the payload from ``start`` on is the first of a key frame.

    Asked of every packet, so it reads no more than it needs.
    """
    try:
        first = data[start]
        if first & 0x17 != 0x10:
            return False
        at = start + 1
        if first & 0x80:
            flags = data[at]
            at += 1
            if flags & 0x80:
                at += 2 if data[at] > 0x7F else 1
            if flags & 0x40:
                at += 1
            if flags & 0x30:
                at += 1
        return not data[at] & 0x01
    except IndexError:
        return False


def renumber(payload: bytes, picture_offset: int, tl0_offset: int) -> bytes:
    """Shift picture id and TL0PICIDX of a payload; hostile bytes pass unchanged."""
    descriptor = describe(payload, 0, len(payload))
    if descriptor is None or descriptor.picture_id < 0:
        return payload
    patched = bytearray(payload)
    if descriptor.wide:
        number = (descriptor.picture_id + picture_offset) & 0x7FFF
        at = descriptor.picture_at
        patched[at] = 0x80 | number >> 8
        patched[at + 1] = number & 0xFF
    else:
        number = (descriptor.picture_id + picture_offset) & 0x7F
        patched[descriptor.picture_at] = number
    if descriptor.tl0 >= 0:
        patched[descriptor.tl0_at] = (descriptor.tl0 + tl0_offset) & 0xFF
    return bytes(patched)
