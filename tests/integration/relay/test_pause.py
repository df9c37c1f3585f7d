"""Who pauses is replaced by a still picture; nobody looks at a frozen face."""

import pytest

from relay.messages import KeyFrameForwarded, LegCondition, LegState
from tests.integration.relay.browsers import firefox_browser
from tests.integration.relay.relays import eventually
from tests.integration.relay.test_calls import (
    BOTH_WAYS,
    is_blue,
    is_red,
    on,  # noqa: F401 - the fixture
    speeds,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(90),
]
MOMENT = 0.5
"""Seconds for which a picture may stand longer while it changes than the other way."""


async def a_couple(on, browser=None):  # noqa: F811 - the fixture
    call = on.new_call()
    caller = await on.person(call, "caller", browser)
    agent = await on.person(call, "agent:1")
    await caller.join("leg-c", paint="" if browser else "red", gather=True)
    await agent.join("leg-a", paint="blue")
    await on.route(call, *BOTH_WAYS)
    await caller.sees(frames=30)
    await agent.sees(frames=30)
    await caller.longest_stop()
    await agent.longest_stop()
    return call, caller, agent


async def is_dark(person):
    """The hold picture's ground is dark, and no face."""
    return max(await person.colour()) < 110


async def test_a_pause_shows_a_still_picture_and_then_the_person_again(on):  # noqa: F811
    call, caller, agent = await a_couple(on)
    before = (await agent.received())[0]

    for _ in range(3):
        await on.relay.pause(call=call, participant="caller", yes=True)
        await eventually(lambda: is_dark(agent))
        [slow] = await speeds(1, agent)
        assert slow <= 15
        await on.relay.pause(call=call, participant="caller", yes=False)
        await eventually(lambda: shows_red(agent))

    after = (await agent.received())[0]
    assert await agent.longest_stop() < MOMENT + await caller.longest_stop()
    assert after["lost"] == 0
    assert after["keyFrames"] - before["keyFrames"] <= 9
    assert is_blue(await caller.colour())


async def shows_red(person):
    return is_red(await person.colour())


async def test_firefox_goes_through_a_pause_without_a_stop(on):  # noqa: F811
    async with firefox_browser() as firefox:
        call, caller, agent = await a_couple(on, firefox)

        await on.relay.pause(call=call, participant="agent:1", yes=True)
        await eventually(lambda: is_dark(caller))
        await caller.sees()
        await on.relay.pause(call=call, participant="agent:1", yes=False)
        await eventually(lambda: shows_blue(caller))
        await caller.sees(frames=30)

        assert await caller.longest_stop() < MOMENT + await agent.longest_stop()
        await on.clear()


async def shows_blue(person):
    return is_blue(await person.colour())


async def test_a_face_that_is_lost_gives_way_to_the_still_picture(on):  # noqa: F811
    call, caller, agent = await a_couple(on)

    await caller.page.close()
    await on.listener.wait_for(
        LegState, 4, participant="caller", state=LegCondition.LOST
    )
    await eventually(lambda: is_dark(agent), within=1)

    again = await on.person(call, "caller")
    await again.join("leg-again", paint="red")
    await eventually(lambda: shows_red(agent))
    assert await agent.longest_stop() < 3


async def test_no_still_picture_is_shown_before_somebodys_first(on):  # noqa: F811
    call = on.new_call()
    caller = await on.person(call, "caller")
    await caller.join("leg-c")
    await on.route(call, *BOTH_WAYS)
    agent = await on.person(call, "agent:1")
    await agent.join("leg-a", publish=False, watch=1)
    await agent.page.wait_for_timeout(1000)

    assert await caller.frames() == 0
    assert not on.listener.of(KeyFrameForwarded, sink="caller")


async def test_a_key_frame_is_asked_for_when_told_so(on):  # noqa: F811
    call, _caller, agent = await a_couple(on)
    before = (await agent.received())[0]["keyFrames"]

    await on.relay.key_frame(call=call, participant="caller")

    await eventually(lambda: has_more_key_frames(agent, before))


async def has_more_key_frames(person, before):
    return (await person.received())[0]["keyFrames"] > before
