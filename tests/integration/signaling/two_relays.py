"""A platform with two relays: which calls are where, and all of them on one."""

import time

from tests.e2e.chains import events_of
from tests.integration.signaling.pages import request
from tests.integration.signaling.signers import until

OTHER = {"r1": "r2", "r2": "r1"}


def process(relay):
    return relay.replace("r", "relay-")


async def both_relays(platform):
    """Wait until both signaling processes have found both relays."""
    for relay in OTHER:
        await platform.back(process(relay))
        await until(lambda relay=relay: channels(platform, relay) >= 2)


def channels(platform, relay):
    """How many signaling processes have found a relay since its last start."""
    last_life = platform.log(process(relay)).rpartition("ready relay")[2]
    return last_life.count("channel open")


async def move_to(platform, relay, *calls):
    """Move all calls that are not there to one relay; says which were moved."""
    await both_relays(platform)
    moved = []
    async with platform.queue() as queue:
        for call in calls:
            if (await queue.view(call)).relay != relay:
                moved.append(call)
                await queue.move_call(
                    call=call, away_from=OTHER[relay], to=relay, request=request()
                )
    return moved


async def bring_to(platform, relay, couples):
    """Have all calls on one relay, and forget how they came there; says who was moved."""
    since = time.monotonic()
    moved = await move_to(platform, relay, *couples.calls)
    await couples.have_new_legs(moved, since)
    for each in couples.everybody:
        each.whys.clear()
    assert await relays_of(platform, *couples.calls) == {relay}
    return moved


async def relays_of(platform, *calls):
    async with platform.queue() as queue:
        return {(await queue.view(call)).relay for call in calls}


async def counted(platform, calls, kind):
    """How often the ledger holds events of a kind, by call, once all have ended."""
    found = [await events_of(platform, call) for call in calls]
    return [[each for each, _ in events].count(kind) for events in found]
