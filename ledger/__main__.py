"""Starts the chain writer and the portal: ``python -m ledger``."""

import asyncio
import resource
import signal
import sys
from typing import Final

import structlog
import uvloop
from pydantic import ValidationError

from accounts.errors import AccountsError
from ledger.app import serve
from ledger.errors import LedgerError
from ledger.settings import Settings
from queueing.errors import QueueError

OPEN_FILES: Final = 8_192
"""Each open page of the portal is one."""

log = structlog.get_logger(__name__)


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
    _allow_many_streams()
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


def _allow_many_streams() -> None:
    """Raise the number of open files as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else max(soft, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < OPEN_FILES:
        log.warning("few open pages are possible", files=wanted, wanted=OPEN_FILES)


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
