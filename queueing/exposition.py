"""Serves the queue's figures to Prometheus, where a setting says so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from queueing.metrics import Metrics


@asynccontextmanager
async def exposed(metrics: Metrics, listen: str | None) -> AsyncIterator[None]:
    """Answer ``/metrics`` at an address until the block is left; nowhere without one.

    A Unix socket is for its owner alone.
    """
    if listen is None:
        yield
        return

    async def answer(_: web.Request) -> web.Response:
        return web.Response(
            body=metrics.render(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    app = web.Application(client_max_size=1024)
    app.add_routes([web.get("/metrics", answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await _site(runner, listen).start()
        _keep_to_ourselves(listen)
        yield
    finally:
        await runner.cleanup()


def _site(runner: web.AppRunner, listen: str) -> web.BaseSite:
    if listen.startswith("unix:"):
        return web.UnixSite(runner, listen.removeprefix("unix:"))
    host, _, port = listen.removeprefix("tcp://").rpartition(":")
    return web.TCPSite(runner, host, int(port))


def _keep_to_ourselves(listen: str) -> None:
    if listen.startswith("unix:"):
        Path(listen.removeprefix("unix:")).chmod(0o600)
