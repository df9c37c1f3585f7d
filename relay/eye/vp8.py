"""Reads the head of a VP8 frame, RFC 6386 §9: its size, and how coarsely it is coded."""

from dataclasses import dataclass

_START_CODE = b"\x9d\x01\x2a"
_SEGMENTS = 4
_LOOP_FILTER_DELTAS = 8


class NotVp8Error(ValueError):
    """These bytes are no VP8 frame."""


@dataclass(frozen=True, slots=True)
class Head:
    """Attributes:
    key: the frame can be decoded alone.
    size: width and height in pixels; only a key frame says them.
    quantizer: 0 (fine) to 127 (nothing but blots).
    """

    key: bool
    size: tuple[int, int] | None
    quantizer: int


def read_head(data: bytes) -> Head:
    """Raises: NotVp8Error."""
    key = bool(data) and not data[0] & 1
    if len(data) < (10 if key else 3):
        raise NotVp8Error("too short")
    if not key:
        return Head(key=False, size=None, quantizer=_quantizer(_Bits(data[3:]), key))
    if data[3:6] != _START_CODE:
        raise NotVp8Error("a key frame without its start code")
    width = int.from_bytes(data[6:8], "little") & 0x3FFF
    height = int.from_bytes(data[8:10], "little") & 0x3FFF
    quantizer = _quantizer(_Bits(data[10:]), key)
    return Head(key=True, size=(width, height), quantizer=quantizer)


class _Bits:
    """The boolean decoder of §7.3, for bits that are as likely 0 as 1."""

    def __init__(self, data: bytes) -> None:
        self._data = data[:128]  # the head is shorter
        self._next = 2
        self._value = int.from_bytes(data[:2].ljust(2, b"\0"), "big")
        self._range = 255
        self._shifted = 0

    def flag(self) -> bool:
        split = 1 + ((self._range - 1) * 128 >> 8)
        is_set = self._value >= split << 8
        if is_set:
            self._range -= split
            self._value -= split << 8
        else:
            self._range = split
        while self._range < 128:
            self._shift()
        return is_set

    def number(self, bits: int) -> int:
        value = 0
        for _ in range(bits):
            value = value << 1 | self.flag()
        return value

    def skip_optional(self, times: int, bits: int) -> None:
        """Skip numbers that are there only when a flag before each says so."""
        for _ in range(times):
            if self.flag():
                self.number(bits)

    def _shift(self) -> None:
        self._value <<= 1
        self._range <<= 1
        self._shifted += 1
        if self._shifted == 8:
            self._shifted = 0
            if self._next < len(self._data):
                self._value |= self._data[self._next]
            self._next += 1


def _quantizer(bits: _Bits, key: bool) -> int:  # noqa: FBT001
    if key:
        bits.number(2)  # colour space, clamping
    if bits.flag():
        _skip_segmentation(bits)
    bits.number(1 + 6 + 3)  # loop filter: type, level, sharpness
    if bits.flag() and bits.flag():
        bits.skip_optional(_LOOP_FILTER_DELTAS, 6 + 1)
    bits.number(2)  # partitions
    return bits.number(7)


def _skip_segmentation(bits: _Bits) -> None:
    changes_map, changes_values = bits.flag(), bits.flag()
    if changes_values:
        bits.flag()  # absolute or relative
        bits.skip_optional(_SEGMENTS, 7 + 1)
        bits.skip_optional(_SEGMENTS, 6 + 1)
    if changes_map:
        bits.skip_optional(3, 8)
