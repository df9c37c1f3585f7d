"""Which UDP port the next leg tries: round and round through the range."""

from collections.abc import Iterator


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
