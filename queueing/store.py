"""The only file that knows Redis: calling functions, reading streams, trying again.

A command whose reply is lost may have run. redis-py's own retries would run it twice,
so they are off; this file repeats a function call with the same request id, which the
library answers without doing it again.

Its socket time-outs are off too: they go through `asyncio.wait_for`, which before
Python 3.12 swallows a cancellation that comes as the command leaves, so that a task
that should end goes on for ever. `asyncio.timeout` around the command does not.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from queueing.connections import CONNECTIONS, URGENT, Finder, client
from queueing.errors import (
    REFUSALS,
    BadAddressError,
    LibraryFailedError,
    QueueError,
    QueueUnreachableError,
)
from queueing.library import LIBRARY_VERSION, assemble, digest_of
from queueing.turns import Turns
from queueing.urls import ThroughSentinels, read_place

log = structlog.get_logger(__name__)

BUDGET_SECONDS: Final = 10.0
"""How long one operation is tried again before it fails: from when it was asked for, or,
if it stood behind others who were answered, from the last of these answers."""

REPLY_SECONDS: Final = 2.0
"""How long one command may take before its connection is given up."""

MASTER_REPLY_SECONDS: Final = 1.0
"""The same behind Sentinels: a silent master may have a successor already."""

READ_SECONDS: Final = 1.0
"""How much longer than it was told to wait a blocking read may take: reading again costs
nothing, and a silent connection hides that the store lives anew."""

COPIES: Final = 1
"""On how many replicas a write must be before anybody is told of it."""

COPY_MS: Final = 50
"""How long that is waited for; after it, people matter more than copies."""

LONGEST_BLOCK_MS: Final = 5_000
"""The longest that one blocking read waits on the server."""

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
_PASSING = ("LOADING", "READONLY", "MASTERDOWN", "NOREPLICAS", "BUSY", "TRYAGAIN")

StreamEntry = tuple[str, dict[str, str]]
Result = TypeVar("Result")


class Store:
    """One pool's functions and streams on one server."""

    def __init__(
        self,
        commands: Redis,
        readers: Redis,
        tag: str,
        budget: float,
        *,
        is_group: bool = False,
    ) -> None:
        self._commands = commands
        self._readers = readers
        self._tag = tag
        self._turns = Turns(CONNECTIONS, budget)
        self._urgent = Turns(URGENT, budget)
        self._is_group = is_group
        self._patience = MASTER_REPLY_SECONDS if is_group else REPLY_SECONDS
        self._is_copied = is_group
        self._was_confirmed = True
        self._is_silent = False
        self.unconfirmed = 0
        """How many writes were told of without being on a replica."""

    async def function(self, name: str, *args: str | int) -> list[str]:
        """Call a function of the library until it answers.

        Raises:
            RefusedError: the library refused; nothing changed.
            QueueUnreachableError: no answer within the budget; the outcome is unknown.
            LibraryFailedError: the library or the server failed.
        """

        async def once() -> Any:
            return await self._fcall(name, *args)

        return cast("list[str]", await self._until_answered(once))

    async def urgently(self, name: str, *args: str | int) -> list[str]:
        """Call a function without standing behind those who wait; see `function`."""

        async def once() -> Any:
            return await self._fcall(name, *args)

        return cast("list[str]", await self._until_answered(once, urgent=True))

    async def transition(self, name: str, *args: str | int) -> tuple[list[str], bool]:
        """Call a function, and wait until what it wrote has a copy; see `function`.

        Returns:
            Its reply, and whether that is confirmed: false when the server has replicas
            and none of them had the write within `COPY_MS`.
        """

        async def once() -> Any:
            if not self._is_copied:
                return await self._fcall(name, *args), True
            return await self._copied(self._commands, name, *args)

        reply, is_confirmed = await self._until_answered(once)
        return cast("list[str]", reply), is_confirmed

    async def confirm(self, name: str, *args: str | int) -> None:
        """Before acting on what was read: wait until everything so far has a copy.

        Calls a function that writes, on a reader's connection: a server that may not
        write any more (it was deposed, its replicas have left) is noticed by that.

        Raises:
            QueueUnreachableError: nothing that was read may be acted on; read again.
        """
        if not self._is_copied:
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._copied(self._readers, name, *args)
        except (RedisError, TimeoutError) as error:
            await _drop_idle(self._readers)
            raise QueueUnreachableError(str(error)) from error

    async def look_for_replicas(self) -> None:
        """Learn whether writes are copied; behind Sentinels they always are."""
        if self._is_group:
            return

        async def once() -> Any:
            return await self._commands.info("replication")

        facts = await self._until_answered(once, urgent=True)
        self._is_copied = facts["role"] == "master" and (
            int(facts["connected_slaves"]) > 0 or "min_slaves_good_slaves" in facts
        )

    async def rows(self, name: str, *args: str | int) -> list[list[str]]:
        """Call a function that answers with lists; see `function`."""

        async def once() -> Any:
            return await self._fcall(name, *args)

        return cast("list[list[str]]", await self._until_answered(once))

    async def number(self, name: str, *args: str | int) -> int:
        """Call a function that answers with a number; see `function`."""

        async def once() -> Any:
            return await self._fcall(name, *args)

        return int(await self._until_answered(once))

    async def load_library(self) -> None:
        """Put our function library on the server, unless it has this or a newer one."""
        await self._until_answered(self._load)

    async def read(
        self, stream: str, *, after: str, count: int, block_ms: int
    ) -> list[StreamEntry]:
        """Read entries after an id; wait up to ``block_ms`` (0: do not) for the first.

        Waits no longer than `LONGEST_BLOCK_MS`, whatever is asked.

        Raises:
            QueueUnreachableError: the connection failed; try again at will.
        """
        block = min(block_ms, LONGEST_BLOCK_MS)
        try:
            async with asyncio.timeout(READ_SECONDS + block / 1000):
                found = await self._readers.xread(
                    {stream: after}, count=count, block=block or None
                )
        except (RedisError, TimeoutError) as error:
            raise QueueUnreachableError(str(error)) from error
        streams = cast("list[tuple[str, list[StreamEntry]]]", found or [])
        return [entry for _, entries in streams for entry in entries]

    async def last(self, stream: str) -> StreamEntry | None:
        """Read the newest entry of a stream."""

        async def once() -> Any:
            return await self._commands.xrevrange(stream, count=1)

        entries = cast("list[StreamEntry]", await self._until_answered(once))
        return entries[0] if entries else None

    async def trim(self, stream: str, before: str) -> None:
        """Remove the entries with a lower id."""

        async def once() -> None:
            await self._commands.xtrim(stream, minid=before, approximate=False)

        await self._until_answered(once)

    async def _fcall(self, name: str, *args: str | int) -> Any:
        try:
            return await self._commands.fcall(
                f"illico_{name}", 1, self._tag, *(str(arg) for arg in args)
            )
        except ResponseError as error:
            await self._load_if_missing(error)
            raise

    async def _copied(
        self, client: Redis, name: str, *args: str | int
    ) -> tuple[Any, bool]:
        """Call a function and wait for its copy in one round trip, on one connection."""
        async with client.pipeline(transaction=False) as both:
            _ = both.fcall(f"illico_{name}", 1, self._tag, *map(str, args))
            _ = both.wait(COPIES, COPY_MS)
            reply, copies = await both.execute(raise_on_error=False)
        if isinstance(reply, Exception):
            await self._load_if_missing(reply)
            raise reply
        is_confirmed = isinstance(copies, int) and copies >= COPIES
        if not is_confirmed:
            self.unconfirmed += 1
            if self._was_confirmed:
                log.warning("no replica has what is told", function=name)
        self._was_confirmed = is_confirmed
        return reply, is_confirmed

    async def _load_if_missing(self, error: Exception) -> None:
        if isinstance(error, ResponseError) and "Function not found" in str(error):
            await self._load()  # in the turn of whoever missed it
            raise RedisConnectionError("the library was missing") from error

    async def _load(self) -> None:
        source = assemble()
        if await self._is_older(digest_of(source)):
            await self._commands.function_load(source, replace=True)
            log.info("function library loaded", version=LIBRARY_VERSION)

    async def _is_older(self, digest: str) -> bool:
        try:
            reply = await self._commands.fcall("illico_version", 0)
        except ResponseError as error:
            if "Function not found" in str(error):
                return True
            raise
        version, known = int(reply[0]), str(reply[1])
        return version < LIBRARY_VERSION or (
            version == LIBRARY_VERSION and known != digest
        )

    async def _until_answered(
        self, once: Callable[[], Awaitable[Result]], *, urgent: bool = False
    ) -> Result:
        turns = self._urgent if urgent else self._turns
        async with turns.taken() as deadline:
            return await self._repeated(once, turns, deadline)

    async def _repeated(
        self, once: Callable[[], Awaitable[Result]], turns: Turns, deadline: float
    ) -> Result:
        clock = asyncio.get_running_loop().time
        pause = _FIRST_PAUSE
        while True:
            try:
                async with asyncio.timeout(self._patience):
                    result = await once()
            except (RedisError, TimeoutError) as error:
                final = _final(error)
                if final is not None:
                    turns.answered()
                    raise final from error
                self._note_silence(error)
                # idle connections may lead to a master that was deposed
                await _drop_idle(self._commands)
                if clock() + pause > deadline:
                    raise QueueUnreachableError(str(error)) from error
            else:
                turns.answered()
                self._is_silent = False
                return result
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  jitter
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _note_silence(self, error: RedisError | TimeoutError) -> None:
        """Say it once, however many ask."""
        if not self._is_silent:
            log.warning("the queue's store does not answer", error=str(error))
        self._is_silent = True


async def _drop_idle(client: Redis) -> None:
    with suppress(RedisError):  # a farewell that takes too long ends all the same
        await client.connection_pool.disconnect(inuse_connections=False)


def _final(error: RedisError | TimeoutError) -> QueueError | None:
    """Say what an error means to who asked; nothing, if asking again may help."""
    text = str(error)
    if isinstance(error, RedisConnectionError | RedisTimeoutError | TimeoutError):
        return None
    if text.startswith("QUEUE "):
        _, code, detail = text.split(" ", 2)
        return REFUSALS[code](detail)
    return None if text.startswith(_PASSING) else LibraryFailedError(text)


@asynccontextmanager
async def open_store(
    url: str, tag: str, *, budget: float = BUDGET_SECONDS
) -> AsyncIterator[Store]:
    """Prepare for a server; blocking reads have connections of their own.

    Raises:
        BadAddressError: the URL names no server; see `queueing.urls`.
    """
    try:
        place = read_place(url)
    except ValueError as error:
        raise BadAddressError(str(error)) from None
    finder = Finder(place) if isinstance(place, ThroughSentinels) else None
    commands, readers = client(place, finder), client(place, finder)
    try:
        yield Store(commands, readers, tag, budget, is_group=finder is not None)
    finally:
        await commands.aclose()
        await readers.aclose()
