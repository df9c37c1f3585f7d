"""Later legs of a call: passed on, not understood, and the same person again."""

import pytest

from queueing.catalogue import Need
from queueing.errors import (
    AgentUnavailableError,
    InvalidTransitionError,
    OtherCompanyError,
    StaleTokenError,
    UnknownServiceError,
    UnknownTopicError,
    UnknownVariantError,
)
from queueing.messages import Requeued
from queueing.model import AgentState, CallState, Mode, OfferReason, RequeueReason, Side
from tests.integration.queueing.pools import (
    START,
    a_request,
    a_service,
    an_agent,
    events_of,
    offer_of,
    some_needs,
)

DAY = 86_400
HOTLINE = a_service()
BILLS = a_service(
    "bills", words={"target": 90.0, "topics": {"refund": Need("refunds", 1)}}, billing=1
)
SERVICES = [HOTLINE, BILLS, a_service("insurance-demo", "insurance")]


async def not_understood(pool, call="c1"):
    return await pool.here.not_understood(call=call, request=a_request())


async def to_service(pool, service="bills", *, call="c1", topic=None, token=None):
    view = await pool.here.view(call)
    return await pool.here.transfer_to_service(
        agent=view.agent or "agent1",
        call=call,
        token=token or view.token,
        service=service,
        topic=topic,
        request=a_request(),
    )


async def to_agent(pool, to, *, call="c1"):
    view = await pool.here.view(call)
    return await pool.here.transfer_to_agent(
        agent=view.agent, call=call, token=view.token, to=to, request=a_request()
    )


async def an_answered_call(pool, *agents, services=None, **words):
    """A call that agent1 answered at once, 20 s ago."""
    await pool.staff(*(agents or [an_agent("agent1")]), services=services or SERVICES)
    await pool.call("c1", **words)
    await pool.answer("c1")
    assert (await pool.here.view("c1")).agent == "agent1"
    await pool.advance(20)


# ------------------------------------------------------------------- not understood


async def test_who_does_not_understand_the_agent_is_first_with_another(pool):
    await an_answered_call(pool)
    await pool.call("c2")
    view = await not_understood(pool)
    await pool.publish(an_agent("agent1"), an_agent("agent2"), services=SERVICES)

    await pool.ready("agent2")

    assert (view.state, view.position) == (CallState.QUEUED, 1)
    assert (view.t0, view.leg, view.leg_t0) == (START, 1, START + 20)
    assert view.deadline == START - DAY
    assert await pool.rings_at("c1") == "agent2"


async def test_an_agent_who_was_not_understood_writes_notes_and_never_has_that_call(
    pool,
):
    await an_answered_call(pool)
    await not_understood(pool)
    noting = await pool.agent("agent1")

    await pool.advance(3600)

    assert noting == AgentState.WRAP_UP
    assert await pool.agent("agent1") == AgentState.READY
    assert await pool.state("c1") == CallState.QUEUED
    assert (await pool.call("c2")).agent == "agent1"


async def test_a_caller_whom_nobody_else_could_serve_is_told_so_at_once(pool):
    await an_answered_call(pool)
    await pool.call("c2")

    view = await not_understood(pool)

    places = await pool.places("c1", "c2")
    assert view.nobody
    assert places == {"c1": (1, True), "c2": (2, False)}
    await pool.publish(an_agent("agent1"), an_agent("agent2"), services=SERVICES)
    await pool.here.agent_connected(
        agent="agent2", connection="agent2-tab", request=a_request()
    )
    assert not (await pool.here.view("c1")).nobody


async def test_a_caller_whom_a_colleague_could_serve_is_told_to_wait(pool):
    await an_answered_call(pool, an_agent("agent1"), an_agent("agent2"))
    await pool.call("c2")
    await pool.answer("c2")

    first = await not_understood(pool)
    await pool.here.agent_offline(agent="agent1", request=a_request())
    without = await pool.here.view("c1")
    await pool.here.agent_offline(agent="agent2", request=a_request())

    nobody = [each.nobody for each in (first, without, await pool.here.view("c1"))]
    assert nobody == [False, False, True]


async def test_who_was_not_understood_cannot_end_the_talk_with_the_next_agent(pool):
    await an_answered_call(pool, an_agent("agent1", lsf=2), an_agent("agent2"))
    before = await pool.here.view("c1")
    await not_understood(pool)
    after = await pool.answer("c1")
    assert after.agent == "agent2"

    for token in (before.token, after.token, None):
        with pytest.raises(StaleTokenError):
            await pool.here.hang_up(
                call="c1",
                by=Side.AGENT,
                agent="agent1",
                token=token,
                request=a_request(),
            )

    assert await pool.state("c1") == CallState.ANSWERED


async def test_everybody_hears_why_the_call_comes_again(pool):
    await an_answered_call(pool)
    await not_understood(pool)
    requeued = (await events_of(pool.here, Requeued))[-1]
    await pool.publish(an_agent("agent1"), an_agent("agent2"), services=SERVICES)
    await pool.ready("agent2", client=pool.there)

    offered = await offer_of(pool.there, "c1")

    assert requeued.reason == RequeueReason.NOT_UNDERSTOOD
    assert offered.why == OfferReason.NOT_UNDERSTOOD


async def test_only_an_answered_call_can_be_not_understood(pool):
    await pool.staff(an_agent("agent1"))
    await pool.call("c1")
    await pool.accept("c1")

    with pytest.raises(InvalidTransitionError):
        await not_understood(pool)

    assert await pool.state("c1") == CallState.CONNECTING


async def test_the_first_answer_stands_and_the_new_leg_has_a_wait_of_its_own(pool):
    await an_answered_call(pool, an_agent("agent1", lsf=2), an_agent("agent2"))
    await not_understood(pool)
    await pool.advance(7)

    view = await pool.answer("c1")

    entries = [e for e in await pool.new_ledger() if e.kind == "call_answered"]
    facts = [
        (e.facts["again"], e.facts["leg"], e.facts["leg_wait_ms"]) for e in entries
    ]
    assert view.t1 == START
    assert facts == [(False, 0, 0), (True, 1, 7000)]


# ------------------------------------------------------------------------ a service


async def test_a_call_passed_to_a_service_needs_what_that_service_needs(pool):
    await an_answered_call(pool, an_agent("agent1", lsf=2), an_agent("agent2"))

    view = await to_service(pool)

    assert (view.state, view.service, view.agent) == (CallState.QUEUED, "bills", None)
    assert (view.t0, view.leg, view.leg_t0) == (START, 1, START + 20)
    assert view.deadline == START + 20 + 90
    assert view.nobody
    assert await pool.agent("agent1") == AgentState.WRAP_UP


async def test_a_call_passed_to_a_service_rings_at_who_can_serve_it(pool):
    await an_answered_call(
        pool, an_agent("agent1", lsf=2), an_agent("agent2", lsf=3, billing=1, refunds=1)
    )

    await to_service(pool, topic="refund")

    view = await pool.here.view("c1")
    assert (view.agent, view.topic) == ("agent2", "refund")
    entry = next(e for e in await pool.new_ledger() if e.kind == "call_transferred")
    assert entry.facts == {"to_service": "bills", "topic": "refund", "leg": 1}
    assert (entry.agent, entry.service) == ("agent1", "telecom-demo")
    offered = await offer_of(pool.here, "c1")
    assert offered.why == OfferReason.FIRST_OFFER
    assert (await offer_of(pool.here, "c1")).why == OfferReason.TRANSFER


async def test_a_caller_keeps_the_variant_or_the_call_stays(pool):
    slow = a_service(words={"variants": {"slow": some_needs(slow=2)}})
    await an_answered_call(
        pool,
        an_agent("agent1", slow=2),
        services=[slow, BILLS],
        variant="slow",
    )

    with pytest.raises(UnknownVariantError):
        await to_service(pool)

    assert await pool.state("c1") == CallState.ANSWERED


async def test_a_text_call_is_passed_on_as_a_text_call(pool):
    written = {"text": some_needs(text=1)}
    services = [
        a_service(words={"variants": written}),
        a_service("bills", words={"variants": written}, billing=1),
    ]
    await an_answered_call(
        pool, an_agent("agent1", text=1, billing=1), services=services, mode=Mode.TEXT
    )

    view = await to_service(pool)

    assert (view.mode, view.variant, view.nobody) == (Mode.TEXT, "text", False)


@pytest.mark.parametrize(
    ("service", "topic", "error"),
    [
        ("insurance-demo", None, OtherCompanyError),
        ("nowhere", None, UnknownServiceError),
        ("bills", "nothing", UnknownTopicError),
    ],
)
async def test_a_call_cannot_be_passed_to_just_anything(pool, service, topic, error):
    await an_answered_call(pool)
    before = await pool.here.view("c1")

    with pytest.raises(error):
        await to_service(pool, service, topic=topic)

    assert await pool.here.view("c1") == before


async def test_a_call_is_passed_on_by_the_agent_who_has_it(pool):
    await an_answered_call(pool)

    with pytest.raises(StaleTokenError):
        await to_service(pool, token=1)
    await pool.hang_up("c1")
    await pool.advance(60)
    await pool.call("c2")
    with pytest.raises(InvalidTransitionError):
        await to_service(pool, call="c2")


async def test_a_transfer_loses_no_caller_who_is_lost_at_that_moment(pool):
    await an_answered_call(
        pool, an_agent("agent1", lsf=2), an_agent("agent2", lsf=2, billing=1)
    )
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())
    await to_service(pool)

    await pool.advance(60)
    await pool.here.resume(call="c1", connection="new-tab", request=a_request())

    assert await pool.rings_at("c1") == "agent2"


@pytest.mark.parametrize("again", [not_understood, to_service])
async def test_a_caller_who_is_lost_waiting_again_left_at_the_moment_of_loss(
    pool, again
):
    await an_answered_call(pool)
    await again(pool)
    await pool.advance(15)
    await pool.here.caller_lost(call="c1", connection="c1-tab", request=a_request())

    await pool.advance(120)

    ended = (await pool.new_ledger())[-1]
    assert (ended.kind, ended.facts["reason"]) == ("call_ended", "caller_lost")
    assert ended.facts["ended_at_us"] == (START + 35) * 1_000_000
    assert ended.facts["talk_ms"] == 35_000


# ------------------------------------------------------------------------ a colleague


async def test_a_call_passed_to_a_colleague_waits_for_that_one_alone(pool):
    await an_answered_call(pool, an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c2")
    await pool.answer("c2")
    await pool.publish(
        *(an_agent(f"agent{n}", lsf=2 + (n == 2)) for n in (1, 2, 3)), services=SERVICES
    )
    await pool.ready("agent3")

    view = await to_agent(pool, "agent2")
    await pool.hang_up("c2")
    await pool.here.agent_ready(agent="agent2", request=a_request())

    assert (view.state, view.leg, view.deadline) == ("queued", 1, START + 80)
    assert await pool.rings_at("c1") == "agent2"
    assert await pool.agent("agent3") == AgentState.READY
    entry = next(e for e in await pool.new_ledger() if e.kind == "call_transferred")
    assert entry.facts == {"to_agent": "agent2", "leg": 1}


async def test_after_a_time_a_colleague_is_waited_for_no_longer(pool):
    await an_answered_call(pool, an_agent("agent1", lsf=2), an_agent("agent2"))
    await pool.call("c2")
    await pool.answer("c2")
    await pool.publish(
        *(an_agent(f"agent{n}", lsf=2 + (n == 2)) for n in (1, 2, 3)), services=SERVICES
    )
    await pool.ready("agent3")
    await to_agent(pool, "agent2")

    await pool.advance(29.9)
    waiting = await pool.rings_at("c1")
    await pool.advance(0.1)

    assert (waiting, await pool.rings_at("c1")) == (None, "agent3")


async def test_a_colleague_who_refuses_leaves_the_call_to_everybody(pool):
    await an_answered_call(
        pool, an_agent("agent1", lsf=2), an_agent("agent2"), an_agent("agent3")
    )
    await to_agent(pool, "agent2")

    await pool.refuse("c1")

    assert await pool.rings_at("c1") == "agent3"


@pytest.mark.parametrize("state", ["offline", "away", "break"])
async def test_a_colleague_who_is_not_at_work_is_not_available(pool, state):
    await an_answered_call(pool, an_agent("agent1", lsf=2), an_agent("agent2"))
    act = getattr(pool.here, f"agent_{state}")
    await act(agent="agent2", request=a_request())

    with pytest.raises(AgentUnavailableError):
        await to_agent(pool, "agent2")

    assert await pool.state("c1") == CallState.ANSWERED


@pytest.mark.parametrize("to", ["agent1", "agent2", "agent3", "agent9"])
async def test_a_colleague_who_could_not_serve_the_call_is_not_available(pool, to):
    await an_answered_call(
        pool,
        an_agent("agent1", lsf=2),
        an_agent("agent2", lsf=1),
        an_agent("agent3", "insurance"),
    )

    with pytest.raises(AgentUnavailableError):
        await to_agent(pool, to)
