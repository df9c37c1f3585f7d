"""What has arrived under which transport-wide number, told back to a browser.

Browsers number all packets of a leg through and estimate by themselves, from when each
came (draft-holmer-rmcat-transport-wide-cc-extensions-01).
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import sub
from typing import Final

from relay.forwarding import rtp
from relay.forwarding.rtcp import RTPFB

FORM: Final = 15
EVERY: Final = 0.05
"""Seconds between two feedbacks: a line that fills up is noticed as soon."""

MAX_JUMP: Final = 1_000
"""Numbers that may be missing in a row; a longer hole is another beginning."""

MAX_ARRIVED: Final = 400
MAX_STATUSES: Final = 900
"""With these no feedback is longer than 1,200 octets."""

TICKS: Final = 4_000
"""A second in units of 250 µs."""

MAX_APART: Final = 8.0
"""Seconds between two arrivals that one feedback can tell apart, either way."""

_MISSING, _SOON, _LATER = 0, 1, 2  # no delta, one of an octet, one of two
_ONE_BIT: Final = 14
_TWO_BITS: Final = 7
_MAX_RUN: Final = 0x1FFF
_HEAD: Final = struct.Struct("!BBHLLHH")


def number_of(data: bytes, identifier: int) -> int:
    """Read the transport-wide number of an RTP packet; -1 where there is none."""
    if not data[0] & 0x10:
        return -1
    at = rtp.HEADER_LENGTH + 4 * (data[0] & 0x0F)
    mark = identifier << 4 | 1
    try:
        if data[at] << 8 | data[at + 1] != rtp.ONE_BYTE:
            return -1
        end = at + 4 + 4 * (data[at + 2] << 8 | data[at + 3])
        at += 4
        while at < end - 2:
            first = data[at]
            if first == mark:
                return data[at + 1] << 8 | data[at + 2]
            at += (first & 0x0F) + 2 if first else 1
    except IndexError:
        pass
    return -1


@dataclass(slots=True)
class Part:
    """What one feedback tells: all numbers from ``base`` to the last that arrived."""

    base: int
    arrivals: list[tuple[int, float]] = field(default_factory=list)

    def takes(self, number: int, at: float) -> bool:
        """Say whether one more arrival, with a higher number, fits in."""
        last, before = self.arrivals[-1]
        return (
            number - last <= MAX_JUMP
            and number - self.base < MAX_STATUSES
            and len(self.arrivals) < MAX_ARRIVED
            and abs(at - before) < MAX_APART
        )


class TransportFeedback:
    """Keeps what has come since the last feedback, and writes the next one."""

    __slots__ = ("_arrived", "_count", "_next", "due_at")

    def __init__(self) -> None:
        self._arrived: list[tuple[int, float]] = []
        self._next = -1
        self._count = 0
        self.due_at = 0.0

    def arrived(self, number: int, now: float) -> None:
        """Take a packet's number, whatever becomes of the packet."""
        self._arrived.append((number, now))

    def due(self, now: float, own: int, media: int) -> list[bytes]:
        """Write what is due, in the name of ``own``; nothing new gives nothing."""
        if not self._arrived or now < self.due_at:
            return []
        self.due_at = now + EVERY
        usual = self._in_order(own, media)
        if usual is not None:
            return [usual]
        came, self._arrived = self._unwrapped(), []
        late = sorted((n, at) for n, at in came.items() if n < self._next)
        news = sorted((n, at) for n, at in came.items() if n >= self._next)
        parts = [*_parts(late, -1), *_parts(news, self._next)]
        if news:
            self._next = news[-1][0] + 1
        return [self._write(part, own, media) for part in parts]

    def _in_order(self, own: int, media: int) -> bytes | None:
        """Write what is usual, and fast: nothing is missing, late or far apart."""
        count, base = len(self._arrived), self._next & 0xFFFF
        numbers = [number for number, _ in self._arrived]
        if self._next < 0 or count > MAX_ARRIVED:
            return None
        if numbers != list(range(base, base + count)):
            return None
        ticks = [int(at * TICKS) for _, at in self._arrived]
        reference = ticks[0] >> 8
        try:
            deltas = bytes(map(sub, ticks, [reference << 8, *ticks]))
        except ValueError:
            return None
        told = (_SOON << 13 | count).to_bytes(2) + deltas
        self._arrived = []
        self._next += count
        number, self._count = self._count, (self._count + 1) & 0xFF
        return _message(own, media, base, count, _stamp(reference, number) + told)

    def _unwrapped(self) -> dict[int, float]:
        """Count on from the numbers before; the first arrival of a number counts."""
        newest = self._next - 1
        came: dict[int, float] = {}
        for number, at in self._arrived:
            if newest < 0:
                newest = number | 0x10000  # room for those before the first
                self._next = newest
            step = ((number - newest + 0x8000) & 0xFFFF) - 0x8000
            came.setdefault(newest + step, at)
            newest = max(newest, newest + step)
        return came

    def _write(self, part: Part, own: int, media: int) -> bytes:
        count, self._count = self._count, (self._count + 1) & 0xFF
        return write_feedback(part, own, media, count)


def _parts(arrivals: Iterable[tuple[int, float]], base: int) -> Iterator[Part]:
    """Split arrivals in the order of their numbers; -1 begins with the first one."""
    part: Part | None = None
    for number, at in arrivals:
        if part is None or not part.takes(number, at):
            if part is not None:
                yield part
            is_other = base < 0 or number - base > MAX_JUMP
            part = Part(number if is_other else base)
        part.arrivals.append((number, at))
        base = number + 1
    if part is not None:
        yield part


def write_feedback(part: Part, own: int, media: int, count: int) -> bytes:
    """Write one feedback message; ``count`` numbers them."""
    base, arrivals = part.base, part.arrivals
    statuses = [_MISSING] * (arrivals[-1][0] - base + 1)
    reference = int(arrivals[0][1] * TICKS) >> 8  # units of 64 ms
    last = reference << 8
    deltas = bytearray()
    for number, at in arrivals:
        tick = int(at * TICKS)
        delta, last = tick - last, tick
        is_soon = 0 <= delta <= 0xFF
        statuses[number - base] = _SOON if is_soon else _LATER
        deltas += delta.to_bytes(1 if is_soon else 2, signed=not is_soon)
    told = b"".join(chunk.to_bytes(2) for chunk in _chunks(statuses)) + deltas
    stamp = _stamp(reference, count)
    return _message(own, media, base, len(statuses), stamp + told)


def _stamp(reference: int, count: int) -> bytes:
    return ((reference & 0xFFFFFF) << 8 | count).to_bytes(4)


def _message(own: int, media: int, base: int, statuses: int, told: bytes) -> bytes:
    told += bytes(-len(told) % 4)
    words = 3 + len(told) // 4
    head = _HEAD.pack(0x80 | FORM, RTPFB, words, own, media, base & 0xFFFF, statuses)
    return head + told


def _chunks(statuses: Sequence[int]) -> Iterator[int]:
    """Pack statuses: long runs by their length, others one or two bits each."""
    at, end = 0, len(statuses)
    while at < end:
        run = _run(statuses, at)
        ahead = statuses[at : at + _ONE_BIT]
        if run >= len(ahead) or (run >= _TWO_BITS and _LATER in ahead):
            yield statuses[at] << 13 | run
            at += run
        elif _LATER in ahead:
            yield 0xC000 | _packed(ahead[:_TWO_BITS], 2)
            at += _TWO_BITS
        else:
            yield 0x8000 | _packed(ahead, 1)
            at += _ONE_BIT


def _run(statuses: Sequence[int], at: int) -> int:
    """Count how often a status repeats."""
    end = at + 1
    last = min(len(statuses), at + _MAX_RUN)
    while end < last and statuses[end] == statuses[at]:
        end += 1
    return end - at


def _packed(statuses: Sequence[int], width: int) -> int:
    """Pack statuses from the left into 14 bits."""
    packed = 0
    for status in statuses:
        packed = packed << width | status
    return packed << (_ONE_BIT - width * len(statuses))
