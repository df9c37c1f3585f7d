"""The command that looks at a live queue: who waits, who serves, whether it is sound."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from illico import folder, valkey
from illico.errors import QueueBrokenError, QueueRefusedError
from illico.options import DataDir, read_settings
from illico.queue_look import Look, Watched, look
from illico.queue_picture import draw
from illico.screen import Screen
from queueing.client import QueueClient
from queueing.errors import QueueError
from queueing.model import CallId, CallState

EVERY: Final = 1.0
"""Seconds between two looks."""

PoolName = Annotated[str, typer.Option(envvar="ILLICO_QUEUE_POOL", help="Which queue.")]
Most = Annotated[
    int,
    typer.Option(
        min=1,
        max=100_000,
        help="Calls and agents that one look may read; the queue stands still for"
        " about 20 µs each.",
    ),
]


def add(app: typer.Typer, screen: Screen) -> None:
    """Name the command."""

    @app.command()
    def queue(
        *,
        pool: PoolName = "fr",
        watch: Annotated[
            bool, typer.Option("--watch", help="Look again every second, until Ctrl-C.")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="Print one JSON object.")
        ] = False,
        rows: Annotated[int, typer.Option(min=1, help="Rows of each table.")] = 20,
        most: Most = 500,
        data_dir: DataDir = None,
    ) -> None:
        """Look at a live queue. The exit code is 1 when an invariant is broken."""
        url = _redis_url(data_dir)
        if watch and not as_json:
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(_watch(url, pool, most, rows, screen))
            return
        seen = asyncio.run(_look(url, pool, most))
        if as_json:
            screen.tell(msgspec.json.encode(asdict(seen)).decode())
        else:
            screen.draw(draw(seen, rows))
        if seen.violations or seen.mended:
            raise QueueBrokenError


async def _look(url: str, pool: str, most: int) -> Look:
    async with _client(url, pool) as client:
        return await _seen(client, pool, most)


async def _watch(url: str, pool: str, most: int, rows: int, screen: Screen) -> None:
    async with _client(url, pool) as client:
        with screen.moving() as move:
            while True:
                move(draw(await _seen(client, pool, most), rows))
                await asyncio.sleep(EVERY)


async def _seen(client: QueueClient, pool: str, most: int) -> Look:
    found = await client.inventory(most)
    queued = [CallId(call) for call, _ in found.in_state(CallState.QUEUED)]
    watched = Watched(
        waits=await client.waits(queued),
        alerts=await client.alerts(),
        forecast=await client.forecast(),
    )
    return look(pool, found, watched)


@contextlib.asynccontextmanager
async def _client(url: str, pool: str) -> AsyncIterator[QueueClient]:
    try:
        async with QueueClient.open(url, pool=pool, only_looks=True) as client:
            yield client
    except QueueError as error:
        raise QueueRefusedError(f"The queue cannot be looked at: {error}.") from error


def _redis_url(data_dir: Path | None) -> str:
    """Find the server of the platform, or the one that runs on this data folder.

    Raises:
        RefusedError: the environment is bad, or nothing runs on this folder.
    """
    settings = read_settings(data_dir)
    if settings.redis_url is not None:
        return settings.redis_url
    data = folder.prepare(settings.data_dir)
    sockets = folder.socket_folder(
        data, runtime=settings.runtime_dir, temporary=Path(tempfile.gettempdir())
    )
    if not (sockets / valkey.SOCKET).exists():
        raise QueueRefusedError(
            f"Nothing runs on the data folder {data.path}: start `illico up`, or name"
            " the queue's server with ILLICO_REDIS_URL."
        )
    return valkey.url(sockets)
