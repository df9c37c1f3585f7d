"""Start one relay process: ``python -m relay``."""

import asyncio
import gc
import signal
import sys
from collections.abc import Iterator

import structlog
import uvloop
from pydantic import ValidationError

from relay.app import drain, open_relay
from relay.errors import FailedError, place_of
from relay.settings import Settings


def main() -> None:
    """Serve until SIGTERM or SIGINT, then until its calls are elsewhere.

    A bad environment or installation ends with exit code 2 and what is wrong with it.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(place_of),
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            where = ".".join(map(str, problem["loc"]))
            sys.stderr.write(f"{where}: {problem['msg']}\n")
        sys.exit(2)
    try:
        uvloop.run(_serve(settings))
    except* FailedError as group:
        for failed in leaves_of(group):
            sys.stderr.write(f"{failed.code}: {failed}\n")
        sys.exit(2)


def leaves_of(group: ExceptionGroup[FailedError]) -> Iterator[FailedError]:
    """Give the errors in a group of groups."""
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from leaves_of(error)
        else:
            yield error


async def _serve(settings: Settings) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    async with open_relay(settings) as door:
        _settle()
        sys.stdout.write(f"ready relay {settings.listen}\n")
        sys.stdout.flush()
        await over.wait()
        await drain(door, settings.drain_seconds)


def _settle() -> None:
    """Let the collector never look through what the start has made.

    It has little to do: an ended leg is freed without it, and media make no circles. But
    a whole collection would hold up every call for as long as it takes.
    """
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
