"""One more worker, which has loaded everything and waits until another one ends.

Loading takes a second or two, in which nobody of that desk would be looked at.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog

from relay.eye.process import Employed, employed

START_S = 30.0
"""A worker that has not spoken by then did not start; it takes about a second."""

REST_S = 3.0
"""Before a worker is loaded that nobody needs yet: those at work go first."""

log: structlog.stdlib.BoundLogger = structlog.get_logger("relay.eye")


class Bench:
    """Gives workers to the desks, at once where one waits."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._spare: tuple[AsyncExitStack, Employed] | None = None
        self._taken = asyncio.Event()

    @property
    def has_spare(self) -> bool:
        return self._spare is not None

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Employed]:
        """Give a worker, which ends with the block.

        Raises:
            OSError: none can be started.
        """
        stack, worker = self._take() or await self._start()
        async with stack:
            yield worker

    async def keep(self) -> None:
        """Let a worker wait here, and the next when it was taken, until cancelled."""
        try:
            while True:
                await asyncio.sleep(REST_S)
                self._taken.clear()
                try:
                    self._spare = await self._load()
                except (OSError, EOFError, ValueError) as error:
                    log.warning("no spare eye worker", reason=str(error))
                else:
                    await self._taken.wait()
        finally:
            if (spare := self._take()) is not None:
                await spare[0].aclose()

    def _take(self) -> tuple[AsyncExitStack, Employed] | None:
        spare, self._spare = self._spare, None
        self._taken.set()
        return spare

    async def _load(self) -> tuple[AsyncExitStack, Employed]:
        """Start one and wait until it has loaded everything.

        Raises:
            OSError, EOFError, ValueError: it did not come up.
        """
        stack, worker = await self._start()
        async with stack, asyncio.timeout(START_S):
            await worker.loaded()
            return stack.pop_all(), worker

    async def _start(self) -> tuple[AsyncExitStack, Employed]:
        async with AsyncExitStack() as stack:
            worker = await stack.enter_async_context(employed(self._model))
            return stack.pop_all(), worker
