"""Starts the chain writer and the portal: ``python -m ledger``."""

import asyncio
import signal
import sys

import structlog
import uvloop
from pydantic import ValidationError

from accounts.errors import AccountsError
from ledger.app import serve
from ledger.errors import LedgerError
from ledger.settings import Settings
from queueing.errors import QueueError


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # no locals: they may hold words
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(str(part) for part in problem["loc"])
            sys.stderr.write(f"{place}: {problem['msg']}\n")
        sys.exit(2)
    failures: list[str] = []
    try:
        uvloop.run(_serve(settings))
    except* (AccountsError, LedgerError, QueueError, OSError) as group:
        failures += map(_sentence, group.exceptions)
    for failure in failures:
        sys.stderr.write(f"ledger: {failure}\n")
    sys.exit(1 if failures else 0)


def _sentence(error: Exception) -> str:
    if isinstance(error, ExceptionGroup):
        return "; ".join(map(_sentence, error.exceptions))
    return str(error) or getattr(error, "text", repr(error))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serve(settings):
        sys.stdout.write(f"ready ledger {settings.portal_url}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    main()
