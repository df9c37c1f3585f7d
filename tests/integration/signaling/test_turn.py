"""A real coturn takes our credentials, and leads to the relays alone."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from signaling.turn import LIFETIME, ice_servers
from tests.coturn import SECRET, Dialog, coturn

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNAUTHORIZED, FORBIDDEN, QUOTA_REACHED = 401, 403, 486
QUOTA = 12


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def turn(tmp_path_factory):
    async with coturn(tmp_path_factory.mktemp("coturn")) as server:
        yield server


def credentials(leg="the-leg", *, secret=SECRET, age=0.0):
    (server,) = ice_servers(["turn:t"], secret=secret, leg=leg, now=time.time() - age)
    return server


async def test_a_leg_opens_an_allocation_with_its_credentials(turn):
    async with Dialog.open(turn, credentials()) as leg:
        assert await leg.allocate() is None


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "another secret"}, {"age": LIFETIME + 1}],
    ids=["forged", "expired"],
)
async def test_forged_and_expired_credentials_open_nothing(turn, wrong):
    async with Dialog.open(turn, credentials(**wrong)) as stranger:
        assert await stranger.allocate() == UNAUTHORIZED


async def test_a_call_lasts_longer_than_its_credentials(turn):
    old = credentials(age=LIFETIME - 2)
    async with Dialog.open(turn, old) as leg:
        assert await leg.allocate() is None

        await expiry(turn, old)

        assert await leg.refresh() is None


async def expiry(turn, server):
    """Wait until credentials open nothing any more."""
    async with asyncio.timeout(10):
        while True:
            async with Dialog.open(turn, server) as another:
                if await another.allocate() == UNAUTHORIZED:
                    return
            await asyncio.sleep(0.3)


async def test_turn_leads_to_the_relays_and_nowhere_else(turn):
    async with Dialog.open(turn, credentials("a-curious-leg")) as leg:
        assert await leg.allocate() is None

        assert await leg.permit(turn.address) is None
        for peer in (
            "10.0.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "224.0.0.1",
            "9.9.9.9",
        ):
            assert await leg.permit(peer) == FORBIDDEN, peer


async def test_one_leg_opens_a_few_allocations_and_no_more(turn):
    async with AsyncExitStack() as stack:
        for _ in range(QUOTA):
            leg = Dialog.open(turn, credentials("a-greedy-leg"))
            assert await (await stack.enter_async_context(leg)).allocate() is None

        async with Dialog.open(turn, credentials("a-greedy-leg")) as one_more:
            assert await one_more.allocate() == QUOTA_REACHED
        async with Dialog.open(turn, credentials("another-leg")) as another:
            assert await another.allocate() is None
