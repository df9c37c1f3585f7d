"""What a call requires decides who answers it, and its deadline when."""

import pytest

from queueing.catalogue import Need
from queueing.errors import UnknownVariantError
from queueing.model import Mode
from tests.integration.queueing.pools import a_service, an_agent, some_needs

VARIANTS = {"lfpc": some_needs(lfpc=2), "text": some_needs(text=1)}
SERVICE = a_service(words={"variants": VARIANTS}, lsf=2, bank=1)


async def test_a_variant_is_served_by_who_masters_it_and_the_rest(pool):
    await pool.staff(
        an_agent("signs", lsf=3, bank=1),
        an_agent("cues", lfpc=2),
        an_agent("cues_for_the_bank", lfpc=2, bank=1),
        services=[SERVICE],
    )

    view = await pool.call("c1", variant="lfpc")

    assert view.variant == "lfpc"
    assert await pool.rings_at("c1") == "cues_for_the_bank"


async def test_a_text_call_is_served_as_text(pool):
    await pool.staff(
        an_agent("signs", lsf=3, bank=1),
        an_agent("writes", text=1, bank=1),
        services=[SERVICE],
    )

    view = await pool.call("c1", mode=Mode.TEXT)

    assert view.variant == "text"
    assert await pool.rings_at("c1") == "writes"


async def test_an_unknown_variant_is_refused_and_nothing_changes(pool):
    await pool.staff(services=[SERVICE])

    with pytest.raises(UnknownVariantError):
        await pool.call("c1", variant="tactile")

    assert await pool.here.view("c1") is None
    assert await pool.kinds() == []


async def test_a_priority_is_a_head_start_and_no_more(pool):
    urgent = a_service("urgent", words={"priority": 20.0})
    await pool.staff(services=[a_service(), urgent])
    await pool.call("early")
    await pool.advance(19)
    first = await pool.call("first", service="urgent")
    await pool.advance(2)
    await pool.call("late", service="urgent")

    names = ("first", "early", "late")
    agents = [an_agent(f"for_{name}") for name in names]
    await pool.publish(*agents, services=[a_service(), urgent])
    for name in names:
        await pool.ready(f"for_{name}")
        assert await pool.rings_at(name) == f"for_{name}"

    assert first.deadline == first.t0 + 40
    assert (first.leg, first.leg_t0, first.step) == (0, first.t0, 0)


async def test_needs_of_a_topic_join_those_of_the_variant(pool):
    service = a_service(
        words={"variants": VARIANTS, "topics": {"bill": Need("bills", 2)}}
    )
    await pool.staff(an_agent("cues", lfpc=3), services=[service])

    await pool.call("c1", variant="lfpc", topic="bill")
    await pool.call("c2", variant="lfpc")

    assert await pool.rings_at("c1") is None
    assert await pool.rings_at("c2") == "cues"
