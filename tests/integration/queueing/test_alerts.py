"""What is wrong for longer than a moment is raised once and cleared once."""

import asyncio

from queueing.burn import Alert, Raised
from queueing.model import ServiceId
from queueing.monitor import Monitor
from tests.integration.queueing.pools import an_agent

TELECOM = ServiceId("telecom-demo")
BURN = Raised(Alert.BURN, 300, 15_000)


async def told(pool):
    kinds = ("alert_raised", "alert_cleared")
    events = [e for e in await pool.new_ledger() if e.kind in kinds]
    return [(e.kind, e.company, e.service, e.facts["alert"]) for e in events]


async def test_an_alert_is_in_the_ledger_once_however_often_it_is_said(pool):
    await pool.publish(an_agent("agent1"))
    await pool.new_ledger()

    changed = [
        await pool.here.set_alert(TELECOM, BURN, holds=True),
        await pool.there.set_alert(TELECOM, BURN, holds=True),
        await pool.here.set_alert(TELECOM, BURN, holds=False),
        await pool.there.set_alert(TELECOM, BURN, holds=False),
    ]

    assert changed == [True, False, True, False]
    assert await told(pool) == [
        ("alert_raised", "telecom", "telecom-demo", "burn"),
        ("alert_cleared", "telecom", "telecom-demo", "burn"),
    ]


async def test_one_caller_who_waits_too_long_is_an_alert_until_somebody_comes(pool):
    await pool.publish(an_agent("agent1"))
    monitor = Monitor(pool.here)
    await pool.call("c1")
    await monitor.look()
    await pool.advance(46)

    await monitor.look()
    (standing,) = await pool.here.alerts()
    assert (standing.service, standing.alert) == ("telecom-demo", Alert.LONG_WAIT)
    await pool.ready("agent1")
    await pool.answer("c1")
    await monitor.look()

    assert await pool.here.alerts() == []
    assert [kind for kind, *_ in await told(pool)] == ["alert_raised", "alert_cleared"]


async def test_a_house_that_breaks_its_promises_raises_an_alert(pool):
    await pool.publish(an_agent("agent1"))
    monitor = Monitor(pool.here)
    await monitor.look()
    for n in range(12):
        await pool.call(f"c{n}")
    await monitor.look()

    await pool.advance(61)
    await monitor.look()

    (standing,) = await pool.here.alerts()
    assert (standing.alert, standing.window_s) == (Alert.BURN, 300)
    assert standing.burn_permille == 20_000


async def test_who_takes_over_clears_what_another_process_raised(pool):
    await pool.publish(an_agent("agent1"))
    await pool.here.set_alert(TELECOM, BURN, holds=True)

    await Monitor(pool.there).look()

    assert await pool.here.alerts() == []


async def test_the_next_half_hours_are_told_once_enough_calls_came(pool):
    await pool.staff(an_agent("agent1"), an_agent("agent2"))
    monitor = Monitor(pool.here)
    await monitor.look()
    assert await pool.here.forecast() is None
    for n in range(6):
        await pool.call(f"c{n}")
    await pool.advance(90)

    await monitor.look()

    async with asyncio.timeout(5):
        made = await pool.there.forecast()
    assert made is not None
    assert made.half_hours[0].calls == 120
    assert made.half_hours[0].at_work == 2
    assert made.missing > 0
