"""Reads many sockets now and then, instead of being woken by each datagram.

On one machine the sender pays for waking the reader, and it is a good part of what a
datagram costs. A server that sends into a network wakes nobody, so neither should this.
"""

import asyncio
import select
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

EVERY: Final = 0.003
"""Seconds; a socket's buffer holds a thousand times as much."""


class Readable(Protocol):
    """A socket that is read one datagram at a time."""

    def fileno(self) -> int: ...

    def read(self) -> bool:
        """Take one; says whether there was one."""
        ...

    def sleep(self) -> None:
        """Be woken by nothing."""

    def wake(self) -> None:
        """Be woken again by each datagram."""


@contextmanager
def swept(sockets: Iterable[Readable]) -> Iterator[None]:
    """Read these sockets by sweeps until the block ends; leave none unread."""
    by_number = {one.fileno(): one for one in sockets}
    with select.epoll() as ready:
        for number, one in by_number.items():
            one.sleep()
            ready.register(number, select.EPOLLIN)
        sweep = _Sweep(by_number, ready)
        sweep.go_on()
        try:
            yield
        finally:
            sweep.end()
            for one in by_number.values():
                one.wake()


class _Sweep:
    def __init__(self, sockets: dict[int, Readable], ready: select.epoll) -> None:
        self._sockets = sockets
        self._ready = ready
        self._timer: asyncio.TimerHandle | None = None

    def go_on(self) -> None:
        self._read()
        self._timer = asyncio.get_running_loop().call_later(EVERY, self.go_on)

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._read()

    def _read(self) -> None:
        for number, _ in self._ready.poll(0, len(self._sockets)):
            read = self._sockets[number].read
            while read():
                pass
