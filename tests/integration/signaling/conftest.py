"""One platform of real processes for the tests of a module: two signaling ones."""

import pytest_asyncio

from benchmarks.platform import Platform

DURATIONS = {
    "offer": 2.0,
    "connect": 4.0,
    "agent_grace": 2.0,
    "caller_grace": 6.0,
    "wrap_up": 30.0,
    "pair_rest": 1.0,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory):
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        signaling=2,
        relays=2,
        durations=DURATIONS,
        settings={
            "ILLICO_EYE_WORKERS": "0",
            "ILLICO_TRUSTED_PROXIES": "127.0.0.1",
        },
    ) as running:
        yield running
