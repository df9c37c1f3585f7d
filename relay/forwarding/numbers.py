"""Which number a source's packet has on one m-line, when some are left out, and back.

A browser must not see a hole where packets were left out on purpose: it would ask for
them for ever. So those after them move up. A packet keeps its number once later ones
have theirs: one that was lost when they were numbered is sent under its own when it
comes, wanted or not.

Inside, a packet has a position: how far it is behind the first of its stay. Positions
never wrap around, so nothing here grows stale.
"""

from dataclasses import dataclass
from typing import Final

from relay.forwarding.serial import ahead16

MAX_HOLES: Final = 256
"""At fifteen pictures a second left out: longer than a source's history."""

MAX_QUIET: Final = 8_192
"""Numbers that pass while nothing is sent: SRTP tells wrap-arounds apart by a packet in
each 2^15 numbers, and so does a browser (RFC 3711 §3.3.1)."""


@dataclass(slots=True)
class _Hole:
    """Positions left out, from ``first`` to before ``end``; all left out until then."""

    first: int
    end: int
    packets: int
    pictures: int


class NumberMap:
    """The numbers of one source's stay on an m-line.

    ``newest`` is the source's own number of the newest packet, sent or left out.
    ``pictures_left_out`` counts whole pictures.
    """

    __slots__ = ("_holes", "_out", "_quiet", "_span", "newest", "pictures_left_out")

    def __init__(self, first: int, out: int) -> None:
        self.newest = (first - 1) & 0xFFFF
        self.pictures_left_out = 0
        self._span = -1
        self._quiet = 0
        self._out = out
        self._holes = [_Hole(0, 0, 0, 0)]

    @property
    def last(self) -> int:
        """The highest number that was sent."""
        return (self._out + self._span) & 0xFFFF

    @property
    def span(self) -> int:
        """How far the newest packet is behind the first."""
        return self._span

    def send(self, sequence: int) -> int:
        """Give the number under which a packet goes out; -1: it is not to go."""
        ahead = (sequence - self.newest) & 0xFFFF
        if 0 < ahead < 0x8000:
            self.newest = sequence
            self._span += ahead
            self._quiet = 0
            return (self._out + self._span) & 0xFFFF
        position = self._span - (-ahead & 0xFFFF)
        hole = self._hole_before(position)
        if hole is None or position < hole.end:
            return -1
        return self._number(position, hole)

    def leave_out(self, sequence: int, *, new_picture: bool) -> bool:
        """Leave a packet out; False: it must be sent.

        Either others have their numbers, or nothing has been sent for too long.
        """
        ahead = ahead16(sequence, self.newest)
        if ahead <= 0 or self._quiet + ahead > MAX_QUIET:
            return False
        self._quiet += ahead
        self.newest = sequence
        self._span += ahead
        self._out = (self._out - 1) & 0xFFFF
        self.pictures_left_out += new_picture
        hole = self._holes[-1]
        if hole.end == self._span and hole.first < hole.end:
            hole.end += 1
            hole.packets += 1
            hole.pictures = self.pictures_left_out
        else:
            self._dig(hole.packets + 1)
        return True

    def original(self, out: int) -> int:
        """Give the source's own number of what went out as ``out``; -1: unknown."""
        position = self._span + ahead16(out, self.last)
        if position > self._span:
            return -1
        packets = self._holes[-1].packets
        for hole in reversed(self._holes):
            moved = position - packets + hole.packets
            if moved >= hole.end:
                return (self.newest - self._span + moved) & 0xFFFF
        return -1

    def pictures(self, sequence: int) -> int:
        """Count the pictures left out before a packet."""
        hole = self._hole_before(self._span + ahead16(sequence, self.newest))
        return self._holes[0].pictures if hole is None else hole.pictures

    def _dig(self, packets: int) -> None:
        position = self._span
        self._holes.append(
            _Hole(position, position + 1, packets, self.pictures_left_out)
        )
        del self._holes[:-MAX_HOLES]

    def _hole_before(self, position: int) -> _Hole | None:
        """Find the newest hole that begins at a position or before it."""
        return next((h for h in reversed(self._holes) if h.first <= position), None)

    def _number(self, position: int, hole: _Hole) -> int:
        moved = self._holes[-1].packets - hole.packets
        return (self._out + position + moved) & 0xFFFF
