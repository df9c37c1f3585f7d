"""A router forgets a person in the middle of a call: both go on seeing each other."""

import asyncio

import pytest

from benchmarks.impaired import Couple
from benchmarks.nat import Nat
from benchmarks.people import Agent, Caller, chromium, firefox

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

A_WHILE = 3.0
PICTURES = 30


async def goes_on_seeing(person):
    """Wait a while at most until a second's pictures have come."""
    before = await person.frames_decoded()
    async with asyncio.timeout(A_WHILE):
        while await person.frames_decoded() < before + PICTURES:  # noqa: ASYNC110  a browser sets no event
            await asyncio.sleep(0.1)


@pytest.mark.long
async def test_another_address_in_the_middle_of_a_call_stops_no_picture(
    platform, account
):
    async with chromium() as theirs, firefox() as ours, Nat.start() as nat:
        lines = [await nat.line(), await nat.line()]
        agent = await Agent.open(ours, platform.url(1), account("agent1"))
        caller = await Caller.open(theirs, platform.url(1), "telecom-demo")
        couple = Couple(caller, agent, *lines)
        await couple.prepare(None)
        await couple.call()

        for line in (*lines, *lines):
            await line.rebind()
            await asyncio.gather(goes_on_seeing(caller), goes_on_seeing(agent))

        await couple.part()
