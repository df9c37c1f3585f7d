"""Puts the sweeper process together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from queueing import sweeper
from queueing.client import QueueClient
from queueing.settings import Settings

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at whether the store still has the durations."""


@asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[None]:
    """Write the durations into the pool and sweep it, until the block is left."""
    async with QueueClient.open(settings.redis_url, pool=settings.pool) as client:
        await client.configure(settings.durations)
        async with asyncio.TaskGroup() as tasks:
            working = [
                tasks.create_task(
                    sweeper.run(client, interval=settings.sweep_interval_ms / 1000)
                ),
                tasks.create_task(
                    sweeper.keep_configured(
                        client, settings.durations, interval=LOOK_EVERY
                    )
                ),
            ]
            try:
                yield
            finally:
                for each in working:
                    each.cancel()
