"""Tasks that live exactly as long as a block of code."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def background(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run works beside a block; they are cancelled when it ends.

    Unlike a bare `TaskGroup`, an error of the block leaves as itself, not in a group.
    A work that fails cancels the block, and its error leaves in a group.
    """
    failure: BaseException | None = None
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(work) for work in works]
        try:
            yield
        except BaseException as error:  # noqa: BLE001 - raised again below
            failure = error
        for task in running:
            task.cancel()
    if failure is not None:
        raise failure
