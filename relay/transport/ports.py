"""Where a leg's socket stands: which UDP port it tries, and how many are left."""

from collections.abc import Iterator
from typing import Final

LEGS: Final = 2
"""Legs that a call has sooner or later, though its caller may still be waiting alone."""


class PortRange:
    """The ports of one relay process."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._count = last - first + 1
        self._next = 0

    def __len__(self) -> int:
        return self._count

    def round(self) -> Iterator[int]:
        """Give every port once, beginning after the one given last."""
        for _ in range(self._count):
            port = self._first + self._next
            self._next = (self._next + 1) % self._count
            yield port


def room(seats: int, legs: int, calls: int) -> int:
    """Count the further calls that fit, where there are ports for so many legs."""
    return max(0, seats - max(legs, LEGS * calls)) // LEGS


def anywhere(advertised: str) -> str:
    """Name all addresses of the machine, of the same family as an advertised one."""
    return "::" if ":" in advertised else "0.0.0.0"  # noqa: S104 - media is for anybody
