"""A supervisor watches a call unseen: by a grant, for a while, and nobody is disturbed."""

import pytest
import pytest_asyncio

from relay import messages
from relay.errors import BadGrantError, NoGrantError, UnseenError
from relay.messages import Role
from tests.integration.relay.relays import eventually, listening
from tests.integration.relay.test_calls import (
    BOTH_WAYS,
    add_line,
    is_blue,
    is_red,
    on,  # noqa: F401 - the fixture
    speeds,
    stands_still,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(90),
]
BOSS = "supervisor:9"
WATCHED = (*BOTH_WAYS, ("caller", BOSS), ("agent:1", BOSS))


@pytest_asyncio.fixture(loop_scope="module")
async def boss(on):  # noqa: F811 - the fixture
    """A hidden supervisor who watches caller and agent; `.ears` hear for them."""
    call = on.new_call()
    caller = await on.person(call, "caller")
    agent = await on.person(call, "agent:1")
    await caller.join("leg-c", paint="red")
    await agent.join("leg-a", paint="blue")
    boss = await on.person(call, BOSS)
    boss.others = caller, agent
    address = on.relay._address
    async with listening(address, "s2") as ears:
        boss.ears, boss.relay = ears, ears.client
        await on.route(call, *WATCHED)
        yield boss


async def comes(boss, **facts):
    boss.may_watch("caller", "agent:1", **facts)
    await boss.join("leg-s", publish=False, watch=2, gather=True)
    await boss.sees(0)
    await boss.sees(1)


async def test_a_grant_lets_a_supervisor_see_both_and_nobody_hears_of_it(on, boss):  # noqa: F811
    await comes(boss)

    assert is_red(await boss.colour(0))
    assert is_blue(await boss.colour(1))
    assert min(await speeds(2, *boss.others, boss)) >= 15
    lines = {line.mid: line.source for line in boss.ears.of(messages.LineOf)}
    assert sorted(lines.values()) == ["agent:1", "caller"]
    for event in on.listener.events:
        facts = [getattr(event, name, "") for name in ("participant", "sink", "source")]
        assert BOSS not in facts, event


async def test_without_a_grant_there_is_no_leg_and_nothing_to_read(on, boss):  # noqa: F811
    with pytest.raises(NoGrantError):
        await boss.join("leg-s", publish=False, watch=2)
    await boss.relay.claim(call=boss.call, participant=BOSS)
    await on.relay.content(
        call=boss.call, participant="caller", kind="text", body="secret"
    )
    with pytest.raises(UnseenError):
        await boss.relay.content(
            call=boss.call, participant=BOSS, kind="text", body="x"
        )

    assert not boss.ears.of(messages.Content)


async def test_another_calls_grant_is_refused(boss):
    boss.call, own = "another", boss.call
    boss.may_watch("caller", "agent:1")
    boss.call = own

    with pytest.raises(BadGrantError):
        await boss.join("leg-s", publish=False, watch=2)


async def test_when_the_grant_ends_the_watching_ends_and_the_call_goes_on(boss):
    await comes(boss, seconds=6)
    lines = boss.ears.of(messages.LineOf)
    assert all(line.source is not None for line in lines)

    await eventually(lambda: has_no_line(boss))
    await eventually(lambda: stands_still(boss), within=1)
    assert min(await speeds(1, *boss.others)) >= 15

    boss.may_watch("caller", "agent:1")
    await boss.relay.claim(call=boss.call, participant=BOSS, grant=boss.grant)
    await boss.sees(0)
    await boss.sees(1)


async def test_a_revoked_grant_ends_the_watching_within_a_second(boss):
    await comes(boss)

    await boss.relay.revoke(call=boss.call, participant=BOSS)
    await eventually(lambda: has_no_line(boss), within=1)

    await eventually(lambda: stands_still(boss), within=1)
    boss.grant = None
    with pytest.raises(NoGrantError):
        await boss.renegotiate()
    assert min(await speeds(1, *boss.others)) >= 15


async def test_when_somebody_comes_who_was_not_told_the_watching_waits(on, boss):  # noqa: F811
    await comes(boss)

    await on.relay.claim(call=boss.call, participant="expert:3")
    await eventually(lambda: has_no_line(boss), within=1)

    boss.may_watch("caller", "agent:1", "expert:3")
    await boss.relay.claim(call=boss.call, participant=BOSS, grant=boss.grant)
    await boss.sees(0)
    await boss.sees(1)


async def test_a_supervisor_who_becomes_an_expert_joins_in_over_the_same_leg(
    on,  # noqa: F811
    boss,
):
    await comes(boss)
    caller, agent = boss.others
    await add_line(agent)

    boss.role = Role.EXPERT
    await boss.page.evaluate("show(legs.leg, 'lime')")
    await boss.renegotiate()
    await on.route(boss.call, *WATCHED, (BOSS, "agent:1"))
    await agent.sees(1)
    assert on.listener.of(messages.LineOf, participant="agent:1", source=BOSS)

    await boss.relay.claim(call=boss.call, participant=BOSS, role=Role.SUPERVISOR)
    await eventually(lambda: stands_still_on(agent, 1))
    assert min(await speeds(1, caller, agent, boss)) >= 15
    states = boss.ears.of(messages.LegState, participant=BOSS)
    assert {state.leg for state in states} == {"leg-s"}


def has_no_line(boss):
    now = {line.mid: line.source for line in boss.ears.of(messages.LineOf)}
    return set(now.values()) == {None}


async def stands_still_on(person, n):
    before = await person.frames(n)
    await person.page.wait_for_timeout(500)
    return await person.frames(n) == before
