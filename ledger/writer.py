"""The chain writer: reads the queue's ledger stream and chains it, each event once.

The stream is read from its start whenever something was away, and behind what was
committed otherwise. It is trimmed only after a commit, and only up to what that commit
holds: a crash between the two costs a second look, never an event.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Never, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ledger.errors import UnavailableError
from ledger.events import read_event
from ledger.model import CompanyId
from ledger.store import Batch, Committed, LedgerStore
from queueing.errors import QueueError
from queueing.messages import LedgerEntry

BATCH: Final = 500
BLOCK_MS: Final = 1_000
READ_TIMEOUT_S: Final = 15.0
COMMIT_TIMEOUT_S: Final = 20.0
"""Longer than one statement may take (see `database`): its end says what it was."""
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 5.0
START: Final = "0"

log = structlog.get_logger(__name__)


class Stream(Protocol):
    """What the writer needs of the queue's door."""

    async def ledger(
        self, *, after: str, count: int, block_ms: int
    ) -> Sequence[LedgerEntry]: ...
    async def ledger_trim(self, up_to: str) -> None: ...


class ChainWriter:
    """Chains one pool's stream; any number of writers of a pool may run at once."""

    def __init__(
        self,
        stream: Stream,
        store: LedgerStore,
        *,
        pool: str,
        on_chained: Callable[[Iterable[CompanyId]], None] = lambda _: None,
    ) -> None:
        self._stream = stream
        self._store = store
        self._pool = pool
        self._on_chained = on_chained
        self._pause_s = 0.0
        self.away: str | None = None
        """The code of what is away now, for the health page; none when all is well."""

    async def run(self) -> Never:
        """Chain for ever; what is away is waited for, and nothing is lost meanwhile."""
        while True:
            try:
                await self._follow()
            except (QueueError, OSError, TimeoutError) as error:
                self._is_away("stream_away", error)
            except (SQLAlchemyError, UnavailableError) as error:
                self._is_away("database_away", error)
            except Exception as error:
                log.exception("chaining failed, tried again")
                self._is_away("internal", error)
            await asyncio.sleep(self._pause_s)

    async def _follow(self) -> Never:
        """Start at the stream's start: a restored stream may hold what we never saw."""
        after = START
        while True:
            entries = await self._read(after)
            if not entries:
                after = START
            else:
                committed = await self._commit(entries)
                after = entries[-1].position
                await self._trim(after)
                self._on_chained(committed.heads)
            self._is_back()

    async def _read(self, after: str) -> Sequence[LedgerEntry]:
        async with asyncio.timeout(READ_TIMEOUT_S):
            entries = await self._stream.ledger(
                after=after, count=BATCH, block_ms=BLOCK_MS
            )
        end_if_cancelled()
        return entries

    async def _commit(self, entries: Sequence[LedgerEntry]) -> Committed:
        events = [read_event(entry) for entry in entries]
        committed = await self._append(Batch(self._pool, entries[-1].position, events))
        if committed.known:
            log.info("already chained", pool=self._pool, events=committed.known)
        if committed.went_back:
            log.warning(
                "the stream is older than the ledger",
                pool=self._pool,
                chained=committed.chained,
            )
        return committed

    async def _append(self, batch: Batch) -> Committed:
        try:
            async with asyncio.timeout(COMMIT_TIMEOUT_S):
                return await self._store.append(batch)
        except OSError as error:  # it does not answer in time, too
            raise UnavailableError from error

    async def _trim(self, up_to: str) -> None:
        async with asyncio.timeout(READ_TIMEOUT_S):
            await self._stream.ledger_trim(up_to)

    def _is_away(self, code: str, error: Exception) -> None:
        if self.away != code:
            log.warning("chaining waits", code=code, reason=repr(error))
        self.away = code
        self._pause_s = min(max(FIRST_PAUSE_S, 2 * self._pause_s), LONGEST_PAUSE_S)

    def _is_back(self) -> None:
        if self.away is not None:
            log.info("chaining goes on", pool=self._pool)
        self.away = None
        self._pause_s = 0.0


def end_if_cancelled() -> None:
    """End now: below Python 3.12, connecting may swallow a cancellation on its way."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
