"""Whole legs in the process of the test, and peers connected to them."""

import time
from contextlib import asynccontextmanager
from functools import cache

from relay.messages import LegCondition
from relay.model import LegId
from relay.transport.leg import Leg, Premises
from relay.transport.ports import PortRange
from tests.integration.relay.peers import HERE, going_on
from tests.integration.relay.relays import eventually


@cache
def premises():
    """What they share, so that none tries a port that another has."""
    return Premises(PortRange(46_000, 46_999), HERE, time.monotonic)


def a_leg():
    return Leg(
        LegId("leg-1"), premises(), observes=False, on_state=lambda _leg, _to: None
    )


@asynccontextmanager
async def connected(peer):
    """A leg that lives until the end of the block, or its own."""
    leg = a_leg()
    answer = await leg.answer(peer.offer())
    async with going_on(leg.run()) as living:
        await peer.answer(answer)
        await eventually(lambda: leg.condition is LegCondition.CONNECTED)
        yield leg
        leg.stop()
        await living
