"""Ends what is due, on a clock: any number of sweepers may run."""

import asyncio
import time
from collections.abc import Callable

import structlog

from queueing.client import QueueClient
from queueing.errors import QueueError
from queueing.model import Durations

log = structlog.get_logger(__name__)

AT_ONCE = 20
"""How many leases one sweep ends: two milliseconds of the store, so that nobody waits long
behind it."""


async def run(
    client: QueueClient,
    *,
    interval: float,
    measure: Callable[[float], None] = lambda _: None,
) -> None:
    """Sweep every ``interval`` seconds, until cancelled.

    ``measure`` is told how many seconds each sweep took.
    """
    while True:
        began = time.monotonic()
        try:
            while await client.sweep(AT_ONCE) >= AT_ONCE:
                pass
        except QueueError as error:
            log.exception("a sweep failed", code=error.code)
        measure(time.monotonic() - began)
        await asyncio.sleep(interval)


async def keep_configured(
    client: QueueClient, durations: Durations, *, interval: float
) -> None:
    """Set the durations again whenever the store has lost them, until cancelled."""
    while True:
        try:
            if not await client.is_configured():
                await client.configure(durations)
        except QueueError as error:
            log.exception("the durations were not set", code=error.code)
        await asyncio.sleep(interval)
