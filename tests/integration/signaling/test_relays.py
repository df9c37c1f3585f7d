"""Several relays: who gets the calls."""

import asyncio
import socket
from collections import Counter
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress

import pytest
import pytest_asyncio

from benchmarks.platform import Platform
from tests.integration.relay.offers import an_offer
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


async def test_a_call_whose_relay_has_no_port_left_goes_on_at_another(platform):
    async with a_caller(platform.url()) as page, platform.queue() as queue:
        call = (await page.call(mode="video"))["call"]
        before = (await queue.view(call)).relay
        with nothing_free(platform, before):
            await page.say("leg_offer", call=call, leg="first-leg", sdp=an_offer())
            lost = await page.hear("leg_lost", "leg_answer", "problem", within=5)

            assert (lost["type"], lost["leg"]) == ("leg_lost", "first-leg")
            assert (await queue.view(call)).relay != before

            await page.say("leg_offer", call=call, leg="second-leg", sdp=an_offer())
            assert (await page.hear("leg_answer", within=5))["leg"] == "second-leg"


async def test_where_no_relay_has_a_port_left_the_page_hears_so(platform):
    async with a_caller(platform.url()) as page, platform.queue() as queue:
        call = (await page.call(mode="video"))["call"]
        with nothing_free(platform, "r1"), nothing_free(platform, "r2"):
            for leg in ("first-leg", "second-leg", "third-leg"):
                await page.say("leg_offer", call=call, leg=leg, sdp=an_offer())
            problem = await page.hear("problem", within=5)

        assert problem["code"] == "full"
        assert (await queue.view(call)).end_reason is None


@contextmanager
def nothing_free(platform, relay):
    """Take all the UDP ports of a relay that nobody has, as another program might."""
    ranges = platform.running.ground.udp_ports
    first, _, last = ranges[int(relay.removeprefix("r")) - 1].partition("-")
    with ExitStack() as stack:
        for port in range(int(first), int(last) + 1):
            taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            stack.enter_context(taken)
            with suppress(OSError):
                taken.bind(("", port))
        yield
