"""Two people go on seeing each other when a network is bad."""

import pytest

from benchmarks.bad_network import PLANS, QUICK_PLANS, Browsers, played
from benchmarks.impaired import Films, Lines, Stage, impaired
from benchmarks.links import Quality
from benchmarks.platform import Platform

STANDS = 2_000
"""Milliseconds for which no picture may stand once a call is used to its line."""

BLIND = {"ILLICO_EYE_WORKERS": "0"}


async def seen(plans, agents):
    """Play rows and tell how they were; gives every outcome."""
    outcomes = []
    async for outcome in played(plans, agents):
        print(outcome)
        outcomes.append(outcome)
    return outcomes


def nobody_stands(outcomes):
    assert {one.row for one in outcomes if one.gap_max_ms > STANDS} == set()
    assert {one.row for one in outcomes if one.fps < 15} == set()


@pytest.mark.timeout(240)
async def test_no_picture_stands_on_a_line_that_loses_and_on_one_that_is_narrow():
    outcomes = await seen(QUICK_PLANS, [Browsers.CHROMIUM])

    nobody_stands(outcomes)
    assert len(outcomes) == 2 * len(QUICK_PLANS)


@pytest.mark.long
@pytest.mark.timeout(2400)
async def test_no_picture_stands_on_any_line_between_any_browsers():
    outcomes = await seen(PLANS, list(Browsers))

    nobody_stands(outcomes)
    assert len(outcomes) == 4 * len(PLANS)


@pytest.mark.timeout(120)
async def test_who_waits_sends_no_more_than_150_kbit_a_second_on_a_line_that_loses(
    tmp_path, drawn_films
):
    lossy = Lines(Quality(loss=0.05, delay=0.02))
    caller, agent = map(Films, drawn_films)
    async with (
        Platform.start(tmp_path / "platform", settings=BLIND) as platform,
        impaired(platform, (caller, agent), with_firefox=False) as couple,
    ):
        await couple.agent.press("be-away")
        await couple.agent.reaches("away")
        await couple.set(lossy)
        await couple.caller.call()
        await couple.caller.reaches("waiting")
        await couple.live(Stage(2, lossy))
        waited = await couple.live(Stage(4, lossy))

    assert 50 < waited.caller.up_kbps <= 150
