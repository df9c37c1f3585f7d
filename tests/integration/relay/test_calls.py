"""Pages of real browsers see each other through a real relay process."""

import asyncio
import stat
from pathlib import Path

import pytest
import pytest_asyncio

from relay import messages
from relay.messages import LegCondition
from tests.integration.relay.browsers import firefox_browser
from tests.integration.relay.relays import eventually

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(90),
]
BOTH_WAYS = (("caller", "agent:1"), ("agent:1", "caller"))


@pytest_asyncio.fixture(loop_scope="module")
async def on(stage):
    stage.listener.events.clear()
    yield stage
    await stage.clear()


async def speeds(seconds, *people):
    """Frames a second that these people see, measured at the same time."""
    loop = asyncio.get_running_loop()
    before, began = [await one.frames() for one in people], loop.time()
    await asyncio.sleep(seconds)
    after, gone = [await one.frames() for one in people], loop.time() - began
    return [(b - a) / gone for a, b in zip(before, after, strict=True)]


def is_red(colour):
    return colour[0] > 150 and colour[2] < 100


def is_blue(colour):
    return colour[2] > 150 and colour[0] < 100


async def test_two_pages_see_each_other_at_camera_speed(on):
    call = on.new_call()
    caller, agent = await on.couple(call)

    await on.route(call, *BOTH_WAYS)
    await caller.sees()
    await agent.sees()
    measured = await speeds(10, caller, agent)

    assert min(measured) >= 25, measured
    assert open_for_writing(on.process.pid) == []


def open_for_writing(pid):
    """Files on disk that a process could write into: a relay records nothing."""
    found = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        facts = Path(f"/proc/{pid}/fdinfo/{descriptor.name}").read_text()
        flags = int(facts.split("flags:")[1].split()[0], 8)
        is_file = stat.S_ISREG(descriptor.stat().st_mode)
        if descriptor.name not in {"0", "1", "2"} and is_file and flags & 0o3:
            found.append(str(descriptor.readlink()))
    return found


async def test_nothing_flows_before_a_route_and_nothing_after(on):
    call = on.new_call()
    caller, agent = await on.couple(call)
    await eventually(lambda: shows(caller))

    assert await agent.frames() == 0
    await on.route(call, ("caller", "agent:1"))
    await agent.sees()
    assert await caller.frames() == 0
    await on.route(call)
    await eventually(lambda: stands_still(agent))

    assert await stands_still(agent)


async def shows(person):
    return (await person.sent())["packets"] > 20


async def stands_still(person):
    before = await person.frames()
    await asyncio.sleep(0.5)
    return await person.frames() == before


async def test_evidence_is_told_when_forwarded_and_when_delivered(on):
    call = on.new_call()
    await on.couple(call)

    await on.route(call, *BOTH_WAYS)

    for source, sink in BOTH_WAYS:
        facts = {"call": call, "source": source, "sink": sink}
        delivered = await on.listener.wait_for(messages.KeyFrameDelivered, **facts)
        forwarded = on.listener.of(messages.KeyFrameForwarded, **facts)[0]
        assert forwarded.token == delivered.token == 1
        assert forwarded.at <= delivered.at


async def test_a_third_participant_watches_both_sides_in_the_order_of_the_routes(on):
    call = on.new_call()
    caller = await on.person(call, "caller")
    agent = await on.person(call, "agent:1")
    watcher = await on.person(call, "supervisor:9")
    await caller.join("leg-c", paint="red")
    await agent.join("leg-a", paint="blue")
    watcher.may_watch("caller", "agent:1")
    await watcher.join("leg-s", publish=False, watch=2, gather=True)

    await on.route(
        call, *BOTH_WAYS, ("caller", "supervisor:9"), ("agent:1", "supervisor:9")
    )
    await watcher.sees(0)
    await watcher.sees(1)
    await agent.sees()

    assert is_red(await watcher.colour(0))
    assert is_blue(await watcher.colour(1))
    assert is_red(await agent.colour())


async def test_who_stays_keeps_their_line_when_the_one_before_leaves(on):
    call = on.new_call()
    first, second = [await on.person(call, name) for name in ("agent:1", "expert:2")]
    watcher = await on.person(call, "caller")
    await first.join("leg-1", paint="red")
    await second.join("leg-2", paint="blue")
    await watcher.join("leg-w", publish=False, watch=2)
    await on.route(call, ("agent:1", "caller"), ("expert:2", "caller"))
    await watcher.sees(0)
    await watcher.sees(1)
    keys = [line["keyFrames"] for line in await watcher.received()]

    await on.route(call, ("expert:2", "caller"))
    await watcher.sees(1, frames=30)
    assert is_blue(await watcher.colour(1))
    await on.route(call, ("expert:2", "caller"), ("agent:1", "caller"))
    await watcher.sees(0)

    assert is_red(await watcher.colour(0))
    after = [line["keyFrames"] for line in await watcher.received()]
    assert after[0] > keys[0]
    assert after[1] == keys[1]
    assert min(await speeds(1, watcher)) >= 15


async def test_a_reloaded_page_makes_a_new_leg_and_the_other_side_keeps_its_own(on):
    call = on.new_call()
    caller, agent = await on.couple(call)
    await on.route(call, *BOTH_WAYS)
    await agent.sees()

    await caller.page.reload()
    await caller.join("leg-after-reload")
    await agent.sees(frames=20)
    await caller.sees()

    states = on.listener.of(messages.LegState, participant="agent:1")
    assert [state.state for state in states] == [LegCondition.CONNECTED]
    assert await agent.is_connected()


async def test_nothing_flows_while_a_newer_token_only_rings(on):
    call = on.new_call()
    caller, agent = await on.couple(call)
    await on.route(call, *BOTH_WAYS)
    await caller.sees()
    await agent.sees()
    forwarded = messages.KeyFrameForwarded

    agent.token = 2
    await agent.page.reload()
    await agent.join("leg-that-rings")
    await eventually(lambda: shows(agent))
    await eventually(lambda: stands_still(caller))
    assert await agent.frames() == 0
    assert await stands_still(caller)
    on.listener.events.clear()
    await on.relay.claim(call=call, participant="caller")
    await on.listener.wait_for(messages.LegState, participant="caller")
    assert not on.listener.of(forwarded)

    await on.route(call, *BOTH_WAYS, token=2)
    await caller.sees()
    await agent.sees()
    assert {e.token for e in on.listener.of(forwarded)} == {2}
    assert {(e.source, e.sink) for e in on.listener.of(forwarded)} == set(BOTH_WAYS)


async def test_a_caller_who_reloads_with_a_newer_token_is_seen_after_its_route(on):
    call = on.new_call()
    caller, agent = await on.couple(call)
    await on.route(call, *BOTH_WAYS)
    await agent.sees()

    caller.token = 2
    await caller.page.reload()
    await caller.join("leg-after-reload")
    await eventually(lambda: stands_still(agent))
    await on.route(call, *BOTH_WAYS, token=2)

    await agent.sees()
    await caller.sees()


async def test_m_lines_are_added_inactivated_and_used_again(on):
    call = on.new_call()
    caller, agent = await on.couple(call)
    expert = await on.person(call, "expert:3")
    await expert.join("leg-e", paint="blue")
    with_expert = (*BOTH_WAYS, ("expert:3", "agent:1"))
    await on.route(call, *with_expert)
    await agent.sees()

    await add_line(agent)
    await agent.sees(1)
    assert is_blue(await agent.colour(1))
    await turn_line(agent, "inactive")
    await agent.sees(0)
    await turn_line(agent, "recvonly")
    await agent.sees(1)

    assert await caller.is_connected()
    assert min(await speeds(1, agent)) >= 15


async def add_line(person):
    await person.page.evaluate(
        "legs.leg.peer.addTransceiver('video', { direction: 'recvonly' }) && 0"
    )
    await person.renegotiate()


async def turn_line(person, direction):
    await person.page.evaluate(
        "d => { legs.leg.peer.getTransceivers().at(-1).direction = d }", direction
    )
    await person.renegotiate()


async def test_a_switched_source_goes_on_in_the_same_picture(on):
    call = on.new_call()
    caller = await on.person(call, "caller")
    first = await on.person(call, "agent:1")
    second = await on.person(call, "agent:2")
    await caller.join("leg-c")
    await first.join("leg-1", paint="red")
    await second.join("leg-2", paint="blue")
    await on.route(call, ("agent:1", "caller"))
    await caller.sees()
    assert is_red(await caller.colour())

    await on.route(call, ("agent:2", "caller"), token=2)
    await eventually(lambda: sees_blue(caller))
    await caller.sees(frames=20)

    received = (await caller.received())[0]
    assert received["lost"] == 0
    assert received["keyFrames"] == 2


async def sees_blue(person):
    return is_blue(await person.colour())


async def test_a_page_that_vanishes_is_lost_within_seconds(on):
    call = on.new_call()
    caller, _agent = await on.couple(call)
    await on.route(call, *BOTH_WAYS)
    await caller.sees()

    await caller.page.close()

    await on.listener.wait_for(
        messages.LegState, 4, participant="caller", state=LegCondition.LOST
    )
    agent = on.listener.of(messages.LegState, participant="agent:1")
    assert agent[-1].state is LegCondition.CONNECTED


async def test_a_switched_off_camera_is_no_lost_leg(on):
    call = on.new_call()
    caller, _agent = await on.couple(call)
    await on.route(call, *BOTH_WAYS)
    await caller.sees()

    await caller.page.evaluate(
        "legs.leg.stream.getTracks().forEach((track) => (track.enabled = false))"
    )
    await asyncio.sleep(3.5)

    assert not on.listener.of(messages.LegState, state=LegCondition.LOST)


async def test_a_page_that_hangs_up_is_closed_at_once(on):
    call = on.new_call()
    caller, _agent = await on.couple(call)

    await caller.page.evaluate("closeLeg('leg')")

    await on.listener.wait_for(
        messages.LegState, 2, participant="caller", state=LegCondition.CLOSED
    )


async def test_a_paced_page_sends_little_and_more_again(on):
    call = on.new_call()
    caller, _agent = await on.couple(call)
    await on.relay.pace(call=call, participant="caller", max_kbps=150)

    await eventually(lambda: aims_below(caller, 160_000))
    await on.relay.pace(call=call, participant="caller", max_kbps=2000)

    await eventually(lambda: aims_above(caller, 160_000))


async def aims_below(person, bps):
    return 0 < (await person.sent())["target"] <= bps


async def aims_above(person, bps):
    return (await person.sent())["target"] > bps


async def test_firefox_and_chromium_see_each_other(on):
    async with firefox_browser() as firefox:
        call = on.new_call()
        caller = await on.person(call, "caller", firefox)
        agent = await on.person(call, "agent:1")
        await caller.join("leg-f", gather=True)
        await agent.join("leg-a")

        await on.route(call, *BOTH_WAYS)
        await caller.sees()
        await agent.sees()
        measured = await speeds(3, caller, agent)
        await caller.page.evaluate(
            "legs.leg.stream.getTracks().forEach((track) => (track.enabled = false))"
        )
        await asyncio.sleep(3)

        assert min(measured) >= 25, measured
        assert not on.listener.of(messages.LegState, state=LegCondition.LOST)
        await on.clear()
