"""Who looks after the platform can ask how the legs of a call fare."""

import aiohttp
import pytest

from relay.messages import LegCondition, Role
from tests.integration.relay.relays import SECRET, eventually
from tests.integration.relay.test_calls import (
    BOTH_WAYS,
    on,  # noqa: F401 - the fixture
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(90),
]


async def test_a_calls_figures_are_told_on_demand(on):  # noqa: F811 - the fixture
    call = on.new_call()
    caller, agent = await on.couple(call)
    await on.relay.claim(call=call, participant="expert:5")
    await on.route(call, *BOTH_WAYS)
    await caller.sees(frames=60)
    await agent.sees(frames=60)

    legs = await eventually(lambda: fluent(on, call))

    assert set(legs) == {"caller", "agent:1", "expert:5"}
    one = legs["caller"]
    assert (one.role, one.leg, one.state) == (
        Role.CALLER,
        "leg-caller",
        LegCondition.CONNECTED,
    )
    assert one.sees == ("agent:1",)
    assert one.out_kbps > 50
    assert one.told_kbps > 50
    assert 0 <= one.rtt_ms < 1000
    assert one.lost_in < 0.5
    absent = legs["expert:5"]
    assert (absent.leg, absent.state, absent.sees, absent.fps) == (None, None, (), 0)


async def fluent(on, call):  # noqa: F811
    legs = {leg.participant: leg for leg in await on.relay.stats(call=call)}
    both = (legs["caller"], legs["agent:1"])
    good = all(leg.fps > 15 and leg.in_kbps > 50 for leg in both)
    return legs if good else None


async def test_a_call_that_is_not_here_has_no_figures(on):  # noqa: F811
    assert await on.relay.stats(call="nowhere") == ()


async def test_who_watches_unseen_and_who_pauses_is_counted(on):  # noqa: F811
    call = on.new_call()
    _caller, agent = await on.couple(call)
    await on.relay.claim(call=call, participant="supervisor:9")
    await on.route(call, *BOTH_WAYS)
    await agent.sees()
    await on.relay.pause(call=call, participant="caller", yes=True)
    await agent.sees()

    text = await metrics(on)

    assert "illico_relay_hidden 1.0" in text
    assert "illico_relay_hold_pictures 1.0" in text
    legs = {leg.participant: leg for leg in await on.relay.stats(call=call)}
    assert legs["caller"].paused
    assert legs["supervisor:9"].hidden
    assert not legs["agent:1"].hidden


async def metrics(on):  # noqa: F811
    path = on.relay._address.removeprefix("unix:")
    connector = aiohttp.UnixConnector(path)
    head = {"Authorization": f"Bearer {SECRET}"}
    async with (
        aiohttp.ClientSession(connector=connector, headers=head) as session,
        session.get("http://relay/metrics") as reply,
    ):
        return await reply.text()
