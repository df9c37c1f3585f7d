"""A timer that rings to some ten microseconds; an event loop's own rings each millisecond.

Packets that leave together are cheaper to forward than packets that leave one by one, as
they do in a network, so a sender's timer must not gather them.
"""

import asyncio
import ctypes
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

CLOCK_MONOTONIC: Final = 1
ABSOLUTE: Final = 1
EARLY: Final = 20e-6
"""Seconds that are not worth a ring of their own."""

AT_ONCE: Final = 32
"""Deliveries after which the loop looks at what has come in."""


class ExactTimer:
    """Rings at set times of `time.monotonic` (Linux only: timerfd)."""

    def __init__(self, number: int, library: ctypes.CDLL) -> None:
        self._number = number
        self._library = library
        # itimerspec: seconds and nanoseconds between rings, and of the first
        self._setting = (ctypes.c_long * 4)()

    @classmethod
    @asynccontextmanager
    async def open(cls, on_ring: Callable[[], None]) -> AsyncIterator["ExactTimer"]:
        """Ring in this loop until the block ends.

        Raises:
            OSError: the system has no such timer.

        """
        library = ctypes.CDLL(None, use_errno=True)
        number = library.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if number < 0:
            raise OSError(ctypes.get_errno(), "no timerfd")
        loop = asyncio.get_running_loop()
        loop.add_reader(number, _ring, number, on_ring)
        try:
            yield cls(number, library)
        finally:
            loop.remove_reader(number)
            os.close(number)

    def set(self, at: float) -> None:
        """Ring next then; at once where it is past."""
        self._setting[2] = int(at)
        self._setting[3] = max(1, int(at % 1 * 1e9))
        if self._library.timerfd_settime(
            self._number, ABSOLUTE, ctypes.byref(self._setting), None
        ):
            raise OSError(ctypes.get_errno(), "the timer cannot be set")


def _ring(number: int, on_ring: Callable[[], None]) -> None:
    try:
        os.read(number, 8)
    except BlockingIOError:
        return
    on_ring()


Send = Callable[[bytes], None]
Delivery = tuple[float, Send, bytes]
"""When, in seconds from the beginning; by whom; what."""


class Deliveries:
    """Sends what is due when it is due.

    ``late`` keeps by how much each was not, ``sent`` when it was, in seconds since 1970
    by the clock that stamps what arrives.
    """

    def __init__(self, deliveries: list[Delivery]) -> None:
        self._deliveries = deliveries
        self._next = 0
        self._begun = 0.0
        self._timer: ExactTimer | None = None
        self._done = asyncio.Event()
        self.late: list[float] = []
        self.sent: list[float] = []

    async def run(self, begin: float) -> None:
        """Send them all; the first second is ``begin`` of `time.monotonic`."""
        self._begun = begin
        async with ExactTimer.open(self._send_due) as self._timer:
            self._timer.set(begin + self._deliveries[0][0])
            async with asyncio.timeout(self._deliveries[-1][0] + 60):
                await self._done.wait()

    def _send_due(self) -> None:
        assert self._timer is not None
        deliveries, begun = self._deliveries, self._begun
        for _ in range(AT_ONCE):
            if self._next == len(deliveries):
                self._done.set()
                return
            at, send, data = deliveries[self._next]
            late = time.monotonic() - begun - at
            if late < -EARLY:
                break
            self._next += 1
            self.late.append(late)
            self.sent.append(time.clock_gettime(time.CLOCK_REALTIME))
            send(data)
        else:
            at = 0.0
        self._timer.set(begun + at)
