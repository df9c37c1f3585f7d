"""Three people and a hidden fourth join, leave and swap roles; no picture stops."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from benchmarks.packets import film
from relay.messages import Role
from tests.integration.relay.stage import stalls
from tests.integration.relay.swapping import (
    PageHere,
    PeerHere,
    Round,
    Witness,
    stops_of,
)
from tests.integration.relay.test_calls import (
    on,  # noqa: F401 - the fixture
)

MOMENT = 0.5
"""Seconds for which nobody's picture may stand."""

BETWEEN = 0.6


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.timeout(90)
@pytest.mark.parametrize("swaps", [5, pytest.param(20, marks=pytest.mark.long)])
async def test_nobodys_picture_stops_while_roles_are_swapped(on, swaps):  # noqa: F811
    call = on.new_call()
    shown = film(seconds=2, size=(320, 180), kbps=400)
    async with (
        Witness.of(on.relay._address) as witness,
        AsyncExitStack() as stack,
        stalls() as stalled,
    ):
        pages = [
            await a_page(on, witness.client, call, name, paint=paint, watch=more)
            for name, paint, more in (("caller", "red", 1), ("agent:1", "blue", 2))
        ]
        peers = [
            PeerHere(witness.client, call, name, shown, stack)
            for name in ("expert:2", "supervisor:9")
        ]
        people = Round(witness.client, call, pages[0], [pages[1], *peers])
        await peers[0].come(Role.EXPERT, None)
        await peers[1].come(Role.SUPERVISOR, people.grant())
        await people.route()

        for turn in range(swaps):
            await asyncio.sleep(BETWEEN)
            await people.swap()
            await asyncio.sleep(BETWEEN)
            if isinstance(people.others[turn % 3], PeerHere):
                await people.come_again(people.others[turn % 3])
        await asyncio.sleep(2 * BETWEEN)
        stops = await stops_of(witness, people)
        moves = list(witness.moves())

    assert not moves
    assert len(stops) > 4 * swaps
    assert stops[0][0] <= MOMENT + stalled.longest, stops[:5]


async def a_page(on, relay, call, name, **wishes):  # noqa: F811
    person = await on.person(call, name)
    person.relay = relay
    await person.join(f"leg-{name}", gather=True, **wishes)
    return PageHere(person)
