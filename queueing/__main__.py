"""Starts the queue's sweeper: ``python -m queueing``."""

import asyncio
import logging
import signal
import sys

import structlog
import uvloop
from pydantic import ValidationError

from queueing.app import serve
from queueing.errors import QueueError
from queueing.settings import Settings


def main() -> int:
    """Sweep until a signal; 2 for a bad environment, 1 without a store."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # no locals: they may hold secrets
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        settings = Settings()
    except ValidationError as problems:
        for problem in problems.errors():
            print(f"{problem['loc'][0]}: {problem['msg']}", file=sys.stderr)  # noqa: T201  for the person who starts it
        return 2
    try:
        uvloop.run(_until_signal(settings))
    except asyncio.CancelledError:
        return 0
    except QueueError as error:
        print(f"queueing: {error}", file=sys.stderr)  # noqa: T201  for the person who starts it
        return 1
    return 0


async def _until_signal(settings: Settings) -> None:
    this = asyncio.current_task()
    if this is None:
        raise RuntimeError("no task")
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, this.cancel)
    async with serve(settings):
        print(f"ready queueing {settings.pool}", flush=True)  # noqa: T201  others wait for this line
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
