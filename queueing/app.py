"""Puts the sweeper process together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from queueing import sweeper
from queueing.client import QueueClient
from queueing.exposition import exposed
from queueing.metrics import Metrics
from queueing.monitor import Monitor
from queueing.settings import Settings

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at whether the store still has the durations."""


@asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[None]:
    """Write the durations into the pool and sweep and watch it, until the block is left."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            QueueClient.open(settings.redis_url, pool=settings.pool)
        )
        await client.configure(settings.durations)
        monitor = Monitor(client)
        metrics = Metrics(monitor)
        await stack.enter_async_context(exposed(metrics, settings.metrics_listen))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        working = [
            tasks.create_task(work)
            for work in (
                sweeper.run(
                    client,
                    interval=settings.sweep_interval_ms / 1000,
                    measure=metrics.sweeps.observe,
                ),
                sweeper.keep_configured(
                    client, settings.durations, interval=LOOK_EVERY
                ),
                monitor.run(),
            )
        ]
        try:
            yield
        finally:
            for each in working:
                each.cancel()
