"""Whose turn it is to use a connection: some at a time, first come first served.

After a `Resync` thousands of people ask at once. Their wait for each other says nothing
about the server, so it counts neither as its silence nor against their budget.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from queueing.errors import QueueUnreachableError


class Turns:
    """So many turns at once; who waits gives up only when nobody is answered."""

    def __init__(self, count: int, budget: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._budget = budget
        self._answered_at = -math.inf

    def answered(self) -> None:
        """Note that the server has just answered somebody, whatever it said."""
        self._answered_at = asyncio.get_running_loop().time()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[float]:
        """Wait for a turn and hold it; gives the moment (loop time) of giving up.

        The budget runs from when it was asked for, or from the last answer to anybody
        else if that is later. Who holds a turn gives it back by then, so that a silent
        server keeps nobody waiting much longer than the budget, however many they are.

        Raises:
            QueueUnreachableError: nobody was answered for as long as the budget.
        """
        clock = asyncio.get_running_loop().time
        asked = clock()
        async with self._free:
            deadline = max(asked, self._answered_at) + self._budget
            if clock() > deadline:
                raise QueueUnreachableError("nobody is answered")
            yield deadline
