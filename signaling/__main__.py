"""Starts a signaling process: ``python -m signaling``."""

import asyncio
import contextlib
import signal
import ssl
import sys

import structlog
import uvloop
from aiohttp import web
from pydantic import ValidationError

from signaling.app import create_app
from signaling.settings import Settings

GRACE = 3.0


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
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        create_app(settings), access_log=None, shutdown_timeout=GRACE
    )
    await runner.setup()
    try:
        site = web.TCPSite(
            runner,
            settings.http_host,
            settings.http_port,
            ssl_context=_tls(settings),
        )
        await site.start()
        sys.stdout.write(f"ready signaling {settings.public_url}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        with contextlib.suppress(TimeoutError):
            await runner.cleanup()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context


if __name__ == "__main__":
    main()
