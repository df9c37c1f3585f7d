"""An ended leg is freed at once: nothing of it waits for Python's collector."""

import gc
import time
import weakref
from contextlib import AsyncExitStack

import pytest

from benchmarks.media_peer import MediaPeer
from benchmarks.packets import film
from relay.forwarding.line import Kind
from tests.integration.relay.legs import a_leg, connected
from tests.integration.relay.peers import going_on
from tests.integration.relay.relays import eventually


@pytest.fixture
def uncollected():
    """Python without its collector of circles."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def parts(leg):
    """What a leg is made of, by weak references."""
    transport = leg._transport
    one = (
        leg,
        leg.browser,
        transport,
        transport._connection,
        *transport._connection._protocols,
        transport._dtls,
        transport._dtls._ssl,
        transport._ice,
        transport._gatherer,
    )
    return [weakref.ref(part) for part in one if part is not None]


async def are_gone(references):
    await eventually(lambda: [r() for r in references if r() is not None] == [])


async def a_couple(*, leaves):
    """Two who see each other for a moment; gives what their legs were made of."""
    pictures = film(seconds=1, size=(320, 180), kbps=600)
    async with AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(MediaPeer.open()) for _ in range(2)]
        legs = [await stack.enter_async_context(connected(peer)) for peer in peers]
        for here, there in (legs, legs[::-1]):
            [up], [down] = (
                here.browser.sources(Kind.VIDEO),
                there.browser.outlets(Kind.VIDEO),
            )
            down.attach(up)
        streams = [s for p in peers for s in p.receiving.values() if s.video]
        async with going_on(peers[0].play(pictures)), going_on(peers[1].play(pictures)):
            await eventually(lambda: all(s.received > 20 for s in streams))
            for leg in legs:
                leg.tick(time.monotonic())
        if leaves:
            for peer in peers:
                peer.close()
        return [part for leg in legs for part in parts(leg)]


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("leaves", [True, False], ids=["leaves", "is ended"])
async def test_nothing_is_left_of_who_was_in_a_call(leaves):
    await are_gone(await a_couple(leaves=leaves))


@pytest.mark.usefixtures("uncollected")
async def test_nothing_is_left_of_a_leg_that_never_ran():
    async def comes():
        async with MediaPeer.open() as peer:
            leg = a_leg()
            await leg.answer(peer.offer())
            found = parts(leg)
            await leg.discard()
            return found

    await are_gone(await comes())


@pytest.mark.usefixtures("uncollected")
async def test_nothing_is_left_of_a_leg_that_never_connected():
    async def comes():
        async with MediaPeer.open() as peer:
            leg = a_leg()
            await leg.answer(peer.offer())
            async with going_on(leg.run()) as living:
                found = parts(leg)
                leg.stop()
                await living
            return found

    await are_gone(await comes())
