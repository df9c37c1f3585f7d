"""What is done when a promise is likely to break, whether it helped, and when it broke."""

import pytest

from queueing.catalogue import OverflowStep, SkillKind, WideningStep
from queueing.errors import EndedCallError
from queueing.library import microseconds
from queueing.model import Act, AgentState, Overflow, Trigger
from queueing.monitor import Monitor
from tests.integration.queueing.pools import (
    START,
    a_request,
    a_service,
    an_agent,
    some_needs,
)

TOPIC = frozenset({SkillKind.TOPIC})
STEPS = (WideningStep(40.0, relax=TOPIC), WideningStep(None, reserve=True))
WAYS = (
    OverflowStep(50.0, frozenset({Overflow.CALL_BACK})),
    OverflowStep(None, frozenset({Overflow.TEXT})),
)
SERVICE = a_service(
    words={
        "widening": STEPS,
        "overflow": WAYS,
        "variants": {"text": some_needs(text=1)},
    },
    lsf=2,
    claims=2,
)
SPARE = an_agent("spare", lsf=2, reserve=True)
EVERYTHING = frozenset(Act)


async def hasten(pool, call, leg=0, acts=EVERYTHING, trigger=Trigger.PREDICTED):
    return await pool.here.hasten(
        call=call,
        leg=leg,
        acts=acts,
        trigger=trigger,
        breach=0.73,
        request=a_request(),
    )


async def told(pool, *kinds):
    """What the ledger says of these kinds since the last time."""
    return [(e.kind, e.facts) for e in await pool.new_ledger() if e.kind in kinds]


async def test_a_step_for_danger_is_taken_by_no_time_at_all(pool):
    await pool.staff(SPARE, services=[SERVICE])
    await pool.call("c1")

    await pool.advance(3_000)

    assert await pool.rings_at("c1") is None
    assert (await pool.here.view("c1")).step == 1


async def test_in_danger_all_steps_that_are_left_are_taken_and_written(pool):
    await pool.staff(SPARE, services=[SERVICE])
    before = await pool.call("c1")
    await pool.advance(31)
    await pool.new_ledger()

    view = await hasten(pool, "c1", acts={Act.RESERVE}, trigger=Trigger.AT_30)

    assert (view.agent, view.step) == ("spare", 2)
    assert (view.t0, view.deadline) == (before.t0, before.deadline)
    why = {"trigger": "at_30", "breach_permille": 730, "waited_ms": 31_000, "leg": 0}
    assert await told(pool, "monitor_acted") == [
        ("monitor_acted", {"act": "widen", "step": 1, **why}),
        ("monitor_acted", {"act": "reserve", "step": 2, **why}),
    ]


async def test_it_helped_if_the_agent_could_not_have_been_offered_the_call(pool):
    await pool.staff(SPARE, services=[SERVICE])
    await pool.call("c1")
    await pool.advance(20)
    await hasten(pool, "c1", acts={Act.WIDEN})
    await pool.new_ledger()
    await pool.advance(5)

    await pool.answer("c1")

    common = {"helped": True, "leg": 0, "in_time": True}
    assert await told(pool, "monitor_helped") == [
        ("monitor_helped", {"act": "widen", "saved_ms": 15_000, **common}),
        ("monitor_helped", {"act": "reserve", **common}),
    ]


async def test_it_did_not_help_if_a_regular_agent_came_first(pool):
    await pool.publish(an_agent("knows", lsf=2, claims=2), services=[SERVICE])
    await pool.call("c1")
    await hasten(pool, "c1")
    await pool.ready("knows")
    await pool.new_ledger()

    await pool.answer("c1")

    helped = await told(pool, "monitor_helped")
    assert [(facts["act"], facts["helped"]) for _, facts in helped] == [
        ("widen", False),
        ("reserve", False),
        ("offer", False),
    ]


async def test_it_did_not_help_a_caller_who_left(pool):
    await pool.staff(services=[SERVICE])
    await pool.call("c1")
    await hasten(pool, "c1", acts={Act.RESERVE})
    await pool.advance(70)
    await pool.new_ledger()

    await pool.hang_up("c1")

    helped = await told(pool, "monitor_helped")
    assert [facts["helped"] for _, facts in helped] == [False, False]
    assert not any(facts["in_time"] for _, facts in helped)


async def test_another_way_is_shown_in_danger_and_helps_who_takes_it(pool):
    await pool.staff(services=[SERVICE])
    await pool.call("c1")
    await pool.new_ledger()

    view = await hasten(pool, "c1", acts={Act.OFFER})

    assert (view.ways, view.step) == ({Overflow.TEXT}, 0)
    await pool.here.leave_another_way(call="c1", way=Overflow.TEXT, request=a_request())
    assert [
        (kind, facts.get("act"), facts.get("helped"))
        for kind, facts in await told(
            pool, "overflow_offered", "monitor_acted", "call_left", "monitor_helped"
        )
    ] == [
        ("overflow_offered", None, None),
        ("monitor_acted", "offer", None),
        ("call_left", None, None),
        ("monitor_helped", "offer", True),
    ]


async def test_what_was_done_once_is_not_done_again(pool):
    await pool.staff(services=[SERVICE])
    await pool.call("c1")
    await hasten(pool, "c1")
    await pool.new_ledger()

    await hasten(pool, "c1")

    assert await pool.kinds() == []


async def test_nothing_is_done_for_another_leg_a_ringing_call_or_one_without_such_steps(
    pool,
):
    plain = a_service("plain")
    await pool.staff(services=[SERVICE, plain])
    await pool.call("c1")
    await pool.call("c2", service="plain")
    await pool.new_ledger()
    await hasten(pool, "c1", leg=1)
    await hasten(pool, "c2")
    assert await pool.kinds() == []

    await pool.publish(an_agent("knows", lsf=2, claims=2), services=[SERVICE, plain])
    await pool.ready("knows")
    await pool.new_ledger()
    assert await pool.rings_at("c1") == "knows"
    await hasten(pool, "c1")
    assert await pool.kinds() == []

    await pool.hang_up("c1")
    with pytest.raises(EndedCallError):
        await hasten(pool, "c1")


async def test_a_reserve_who_has_a_break_keeps_it(pool):
    await pool.staff(SPARE, services=[SERVICE])
    await pool.here.agent_break(agent="spare", request=a_request())
    await pool.call("c1")

    await hasten(pool, "c1")

    assert await pool.agent("spare") == AgentState.BREAK


# ------------------------------------------------------------------------- the monitor


async def a_crowd(pool, *agents):
    """The only regular agent is in a call, so that all others wait."""
    await pool.staff(an_agent("knows", lsf=2, claims=2), *agents, services=[SERVICE])
    for n in range(4):
        await pool.call(f"first{n}")
    await pool.answer("first0")
    await pool.call("c1")
    await pool.new_ledger()


async def test_whoever_watches_calls_the_reserve_once_half_the_time_is_gone(pool):
    await a_crowd(pool, SPARE)
    monitor = Monitor(pool.here)

    await pool.advance(29)
    await monitor.look()
    assert await told(pool, "monitor_acted") == []
    await pool.advance(1)
    await monitor.look()

    acted = await told(pool, "monitor_acted")
    assert {facts["trigger"] for _, facts in acted} == {"at_30"}
    assert await pool.rings_at("c1") == "spare"


async def test_no_more_calls_are_taken_to_the_reserve_than_are_ready(pool):
    await a_crowd(pool, SPARE)
    await pool.advance(31)

    await Monitor(pool.here).look()

    acted = await told(pool, "monitor_acted")
    assert [facts["act"] for _, facts in acted].count("reserve") == 1


async def test_nobody_in_reserve_is_called_who_is_not_ready(pool):
    await a_crowd(pool, SPARE)
    await pool.here.agent_break(agent="spare", request=a_request())
    await pool.advance(31)

    await Monitor(pool.here).look()

    acts = {facts["act"] for _, facts in await told(pool, "monitor_acted")}
    assert acts == {"offer"}


async def test_nothing_is_done_once_the_promise_is_broken(pool):
    await a_crowd(pool, SPARE)
    await pool.advance(61)

    await Monitor(pool.here).look()

    assert await told(pool, "monitor_acted") == []


async def test_of_two_processes_one_acts(pool):
    await a_crowd(pool, SPARE)
    one, other = Monitor(pool.here), Monitor(pool.there)
    await one.look()
    await pool.advance(31)

    await other.look()
    assert await told(pool, "monitor_acted") == []
    await one.look()

    assert await told(pool, "monitor_acted") != []


# --------------------------------------------------------------------------- promises


async def test_a_promise_breaks_at_the_target_whenever_it_is_noticed(pool):
    await pool.staff(services=[SERVICE])
    await pool.call("c1")
    await pool.advance(59)
    await pool.new_ledger()

    await pool.advance(7)
    await pool.advance(60)

    broken = [e for e in await pool.new_ledger() if e.kind == "promise_broken"]
    assert [(e.at, e.facts) for e in broken] == [
        (microseconds(START + 60), {"leg": 0, "target_us": 60_000_000})
    ]


async def test_a_promise_that_was_kept_does_not_break_later(pool):
    await pool.staff(an_agent("knows", lsf=2, claims=2), services=[SERVICE])
    await pool.call("c1")
    await pool.answer("c1")
    await pool.new_ledger()

    await pool.advance(300)

    assert await told(pool, "promise_broken") == []


@pytest.mark.parametrize("back", [True, False])
async def test_a_lost_caller_is_broken_a_promise_only_by_coming_back(pool, back):
    await pool.staff(services=[SERVICE])
    await pool.call("c1")
    await pool.advance(50)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await pool.advance(30)
    if back:
        await pool.here.resume(call="c1", connection="new", request=a_request())
    await pool.advance(130)

    broken = [e.at for e in await pool.new_ledger() if e.kind == "promise_broken"]

    assert broken == [microseconds(START + 60)] * back


async def test_a_later_leg_has_a_promise_of_its_own(pool):
    await pool.staff(an_agent("knows", lsf=2, claims=2), services=[SERVICE])
    await pool.call("c1")
    await pool.answer("c1")
    await pool.advance(100)
    await pool.here.not_understood(call="c1", request=a_request())
    await pool.new_ledger()

    await pool.advance(61)

    broken = [e for e in await pool.new_ledger() if e.kind == "promise_broken"]
    assert [(e.at, e.facts["leg"]) for e in broken] == [(microseconds(START + 160), 1)]
