"""Several relays: who gets the calls."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from benchmarks.platform import Platform
from tests.integration.signaling.pages import a_caller

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLERS = 12


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory):
    """A platform with two relays."""
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        relays=2,
        settings={"ILLICO_EYE_WORKERS": "0"},
    ) as running:
        yield running


async def test_a_rush_is_shared_out_among_the_relays(platform):
    async with AsyncExitStack() as stack, platform.queue() as queue:
        pages = [
            await stack.enter_async_context(a_caller(platform.url()))
            for _ in range(CALLERS)
        ]

        tickets = await asyncio.gather(*(page.call() for page in pages))

        views = [await queue.view(ticket["call"]) for ticket in tickets]
        shares = Counter(view.relay for view in views)
        assert min(shares["r1"], shares["r2"]) >= CALLERS // 3, shares
