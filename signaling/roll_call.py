"""Who has not yet presented themselves to a queue that looks for its people."""

import asyncio
from collections.abc import Iterable
from typing import Final

from signaling.connection import Connection

PATIENCE: Final = 10.0
"""Seconds in which nobody comes, after which nobody waits for those who are absent."""


class RollCall:
    """One count after each `Resync`: it is over when everybody has been there."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._absent: set[Connection] = set()
        self._begun = asyncio.Event()
        self._complete = asyncio.Event()

    def begin(self, everybody: Iterable[Connection]) -> None:
        """Count these; who has not come for an earlier count is counted in this one."""
        self._absent = set(everybody)
        self._complete.clear()
        self._begun.set()
        self._look()

    def here(self, connection: Connection) -> None:
        """Note that somebody has presented themselves, or is gone."""
        self._absent.discard(connection)
        self._look()

    def again(self) -> None:
        """Let the end of this count be told once more, unless a newer one has begun."""
        self._begun.set()

    async def taken(self) -> None:
        """Wait for the next count to be over, or for its patience.

        Thousands present themselves one after another: as long as some do, the others
        are waited for.
        """
        await self._begun.wait()
        self._begun.clear()
        while not self._complete.is_set():
            absent = len(self._absent)
            try:
                async with asyncio.timeout(self._patience):
                    await self._complete.wait()
            except TimeoutError:
                if len(self._absent) == absent:
                    return

    def _look(self) -> None:
        if not self._absent:
            self._complete.set()
