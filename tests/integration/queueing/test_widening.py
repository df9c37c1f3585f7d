"""The longer a caller waits, the more agents may answer; never a worse understood one."""

import pytest

from queueing.catalogue import Need, SkillKind, WideningStep
from tests.integration.queueing.pools import a_service, an_agent, some_needs

TOPIC = frozenset({SkillKind.TOPIC})
LATER = (WideningStep(20.0, relax=TOPIC), WideningStep(40.0, reserve=True))
WORDS = {"widening": LATER, "variants": {"lfpc": some_needs(lfpc=2)}}
SERVICE = a_service(words=WORDS, lsf=2, claims=2)


async def test_a_topic_is_dropped_after_its_time_and_no_language_ever(pool):
    await pool.staff(
        an_agent("signs", lsf=2), an_agent("knows", lsf=1, claims=3), services=[SERVICE]
    )
    before = await pool.call("c1")

    await pool.advance(19)
    assert await pool.rings_at("c1") is None
    await pool.advance(1)

    after = await pool.here.view("c1")
    assert after.agent == "signs"
    assert (before.step, after.step) == (0, 1)
    assert (after.t0, after.deadline) == (before.t0, before.deadline)


async def test_a_widened_call_keeps_its_place_before_later_ones(pool):
    await pool.publish(an_agent("signs", lsf=2), services=[SERVICE])
    await pool.call("early")
    await pool.advance(15)
    await pool.call("late")
    await pool.advance(25)

    await pool.ready("signs")

    assert await pool.rings_at("early") == "signs"
    assert (await pool.here.view("late")).step == 1


async def test_the_reserve_is_asked_once_it_is_called_and_not_before(pool):
    await pool.staff(
        an_agent("spare", lsf=2, claims=2, reserve=True), services=[SERVICE]
    )
    await pool.call("c1")

    await pool.advance(39)
    assert await pool.rings_at("c1") is None
    await pool.advance(1)

    assert await pool.rings_at("c1") == "spare"


async def test_of_two_free_agents_the_reserve_is_asked_last(pool):
    await pool.publish(
        an_agent("spare", lsf=2, reserve=True),
        an_agent("regular", lsf=3, claims=3),
        services=[SERVICE],
    )
    await pool.call("c1")
    await pool.advance(50)
    await pool.call("c2")
    await pool.ready("regular")
    await pool.ready("spare")

    assert await pool.rings_at("c1") == "regular"
    assert await pool.rings_at("c2") is None


async def test_the_clock_of_widening_stands_while_an_offer_rings(pool):
    await pool.staff(
        an_agent("knows", lsf=2, claims=2),
        an_agent("signs", lsf=2),
        services=[SERVICE],
    )
    await pool.advance(1)
    await pool.call("c1")
    await pool.advance(12)
    await pool.refuse("c1")

    await pool.advance(19)
    assert (await pool.here.view("c1")).step == 0
    await pool.advance(1)

    assert await pool.rings_at("c1") == "signs"


async def test_a_step_that_fell_due_while_the_caller_was_lost_is_taken_at_the_return(
    pool,
):
    await pool.staff(an_agent("signs", lsf=2), services=[SERVICE])
    await pool.call("c1")
    await pool.here.caller_lost(call="c1", connection="c1-tab", request="lost")
    await pool.advance(30)
    assert (await pool.here.view("c1")).step == 0

    view = await pool.here.resume(call="c1", connection="new", request="back")

    assert (view.step, view.agent) == (1, "signs")


async def test_a_call_keeps_the_steps_that_it_came_with(pool):
    await pool.staff(an_agent("signs", lsf=2), services=[SERVICE])
    await pool.call("c1")
    never = a_service(lsf=2, claims=2)
    await pool.publish(an_agent("signs", lsf=2), services=[never])

    await pool.advance(20)

    assert await pool.rings_at("c1") == "signs"


async def test_each_step_is_written_and_one_that_nobody_needed_as_well(pool):
    await pool.staff(services=[SERVICE])
    await pool.call("c1", variant="lfpc")
    await pool.advance(60)

    widened = [e for e in await pool.new_ledger() if e.kind == "call_widened"]

    assert [(e.facts["step"], e.facts["reserve"]) for e in widened] == [
        (1, False),
        (2, True),
    ]


@pytest.mark.parametrize(
    ("skills", "nobody"),
    [
        ({"lsf": 2}, False),
        ({"lsf": 1, "claims": 3}, True),
        ({"lsf": 2, "reserve": True}, False),
    ],
)
async def test_nobody_could_ever_serve_counts_whom_widening_will_call(
    pool, skills, nobody
):
    await pool.staff(an_agent("agent1", **skills), services=[SERVICE])

    assert (await pool.call("c1")).nobody is nobody


async def test_a_reserve_that_is_never_called_is_nobody(pool):
    plain = a_service(words={"topics": {"bill": Need("bills", 1)}})
    await pool.staff(an_agent("spare", lsf=3, reserve=True), services=[plain])

    assert (await pool.call("c1")).nobody is True
