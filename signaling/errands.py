"""Work for other rooms that nobody waits for, so that nobody is held up by it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

WAITING: Final = 1_000
"""Errands that may wait; the next one is dropped and logged."""

PATIENCE: Final = 15.0

log = structlog.get_logger(__name__)

Errand = Callable[[], Awaitable[None]]


class Errands:
    """A bounded list of errands and the one who runs them, in order."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[str, Errand]] = asyncio.Queue(WAITING)

    def send(self, what: str, errand: Errand) -> None:
        """Have something done soon; ``what`` names it in the log."""
        try:
            self._queue.put_nowait((what, errand))
        except asyncio.QueueFull:
            log.warning("too many errands, one dropped", errand=what)

    async def run(self) -> None:
        """Run errands for ever; a failure is logged and costs nobody anything."""
        while True:
            what, errand = await self._queue.get()
            try:
                async with asyncio.timeout(PATIENCE):
                    await errand()
            except Exception:
                log.exception("errand failed", errand=what)
