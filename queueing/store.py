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
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar, cast

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from queueing.errors import REFUSALS, LibraryFailedError, QueueUnreachableError
from queueing.library import LIBRARY_VERSION, assemble, digest_of

log = structlog.get_logger(__name__)

BUDGET_SECONDS: Final = 10.0
"""How long one operation is tried again before it fails."""

REPLY_SECONDS: Final = 2.0
"""How long one command may take before its connection is given up."""

LONGEST_BLOCK_MS: Final = 5_000
"""The longest that one blocking read waits on the server."""

CONNECTIONS: Final = 16
"""Commands in flight at once; others wait for a connection."""

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
_PASSING = ("LOADING", "READONLY", "MASTERDOWN", "NOREPLICAS", "BUSY", "TRYAGAIN")

StreamEntry = tuple[str, dict[str, str]]
Result = TypeVar("Result")


class Store:
    """One pool's functions and streams on one server."""

    def __init__(
        self, commands: Redis, readers: Redis, tag: str, budget: float
    ) -> None:
        self._commands = commands
        self._readers = readers
        self._tag = tag
        self._budget = budget

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

    async def number(self, name: str, *args: str | int) -> int:
        """Call a function that answers with a number; see `function`."""

        async def once() -> Any:
            return await self._fcall(name, *args)

        return int(await self._until_answered(once))

    async def load_library(self) -> None:
        """Put our function library on the server, unless it has this or a newer one."""

        async def once() -> None:
            source = assemble()
            if await self._is_older(digest_of(source)):
                await self._commands.function_load(source, replace=True)
                log.info("function library loaded", version=LIBRARY_VERSION)

        await self._until_answered(once)

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
            async with asyncio.timeout(REPLY_SECONDS + block / 1000):
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
            if "Function not found" not in str(error):
                raise
            await self.load_library()
            raise RedisConnectionError("the library was missing") from error

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

    async def _until_answered(self, once: Callable[[], Awaitable[Result]]) -> Result:
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._budget
        pause = _FIRST_PAUSE
        while True:
            try:
                async with asyncio.timeout(REPLY_SECONDS):
                    return await once()
            except (RedisError, TimeoutError) as error:
                _raise_unless_passing(error)
                if clock() + pause > deadline:
                    raise QueueUnreachableError(str(error)) from error
                if pause == _FIRST_PAUSE:
                    log.warning("the queue's store does not answer", error=str(error))
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  jitter
            pause = min(pause * 2, _LONGEST_PAUSE)


def _raise_unless_passing(error: RedisError | TimeoutError) -> None:
    text = str(error)
    if isinstance(error, RedisConnectionError | RedisTimeoutError | TimeoutError):
        return
    if text.startswith("QUEUE "):
        _, code, detail = text.split(" ", 2)
        raise REFUSALS[code](detail) from error
    if not text.startswith(_PASSING):
        raise LibraryFailedError(text) from error


@asynccontextmanager
async def open_store(
    url: str, tag: str, *, budget: float = BUDGET_SECONDS
) -> AsyncIterator[Store]:
    """Prepare for a server; blocking reads have connections of their own."""
    commands, readers = _client(url), _client(url)
    try:
        yield Store(commands, readers, tag, budget)
    finally:
        await commands.aclose()
        await readers.aclose()


def _client(url: str) -> Redis:
    pool = BlockingConnectionPool.from_url(
        url,
        decode_responses=True,
        max_connections=CONNECTIONS,
        timeout=BUDGET_SECONDS,
        socket_timeout=None,
        socket_connect_timeout=REPLY_SECONDS,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    return Redis.from_pool(pool)
