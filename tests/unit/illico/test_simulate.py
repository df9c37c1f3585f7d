"""A simulated day: read, drawn, played by the queue's rules, told in whole numbers."""

import random
from itertools import accumulate
from xml.etree import ElementTree as ET

import msgspec
import pytest

from illico.errors import SimulationRefusedError
from illico.simulate import files
from illico.simulate_plan import draw, read_plan
from illico.simulate_plots import percent
from illico.simulate_result import simulate
from queueing.catalogue import AgentEntry, Directory, Need, ServiceEntry
from queueing.model import AgentId, CompanyId, ServiceId
from queueing.staffing import Demand, outlook
from queueing.twin.live import call_id
from queueing.twin.playing import PICTURE_S, Coming, Day, Player, Shift

HOUSE = """
title = "An hour <& one"
day = 2026-11-24
opens = "09:00"

[callers]
shape = [1.0, 2.0]

[[company]]
id = "telecom"
calls = 90
topics = ["billing"]
euros_fixed = "12.50"

[[company]]
id = "bank"
calls = 60
euros_per_minute = "0.50"

[[agents]]
count = 7
shift = ["09:00-11:00"]
topics = 1

[[agents]]
count = 3
shift = ["09:00-10:00", "10:15-11:00"]
reserve = true
"""


def changed(old, new):
    assert old in HOUSE
    return HOUSE.replace(old, new)


@pytest.fixture(scope="module")
def played():
    plan = read_plan(HOUSE)
    return [simulate(draw(plan, dedicated=way)) for way in (False, True)]


def test_every_call_is_counted_once_and_the_companies_add_up(played):
    for result in played:
        house, parts = result.house, result.by_company
        assert house.calls == 150
        assert [each.calls for each in parts] == [60, 90]
        assert house.answered == sum(each.answered for each in parts)
        assert house.in_time == sum(each.in_time for each in parts)
        assert sum(each.calls for each in result.half_hours) == 150
        assert sum(count for _, count in result.waits_by_edge) == house.answered


def test_the_same_plan_is_played_the_same_way_again(played):
    again = simulate(draw(read_plan(HOUSE), dedicated=False))

    assert again == played[0]


def test_where_all_serve_all_companies_none_is_left_behind(played):
    pooled, dedicated = played

    worst = [min(each.level for each in way.by_company) for way in played]
    assert worst[0] > worst[1]
    assert dedicated.agents == pooled.agents
    assert (pooled.agents, pooled.reserve) == (7, 3)


def test_money_is_whole_cents_and_pay_is_of_all_presence(played):
    money = played[0].money

    # 7 × 2 h and 3 × 1 h 45, some of them a little longer for their last call
    assert 19 <= money.paid_hours <= 20
    assert money.pay_cents >= 19 * 1650
    assert money.pay_share == money.pay_cents * 10_000 // money.revenue_cents
    assert 0 < played[0].occupancy < 10_000


def test_a_report_is_words_figures_and_plots_that_can_be_read(played):
    made = files(*played)

    assert set(made) == {"report.md", "result.json", *PLOTS}
    assert msgspec.json.decode(made["result.json"])["pooled"]["house"]["calls"] == 150
    assert "| service level (contract) |" in made["report.md"]
    for name in PLOTS:
        title = ET.fromstring(made[name]).find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert "An hour <& one" in (title.text or "")
        assert f"]({name})" in made["report.md"]


PLOTS = ("day.svg", "waits.svg", "levels.svg")


def test_a_share_is_cut_and_never_rounded_up():
    assert percent(9_499) == "94.9 %"
    assert percent(10_000) == "100.0 %"
    assert percent(7) == "0.0 %"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("title = 3", "no day"),
        (changed('opens = "09:00"', 'opens = "9 Uhr"'), "no time"),
        (changed("calls = 90", "calls = 0\n[[nothing]]"), "no day"),
        (changed("count = 7", "count = 9000"), "agents"),
        (changed("[1.0, 2.0]", "[]"), "shape"),
        (changed('"12.50"', '"12.505"'), "euros"),
        (changed('"0.50"', '"-1"'), "euros"),
        (changed('"09:00-11:00"', '"11:00-09:00"'), "part of a shift"),
        (HOUSE.replace("[callers]", 'widening = "x"\n[callers]'), "cannot be"),
    ],
)
def test_what_nobody_could_play_is_refused_in_one_sentence(text, word):
    with pytest.raises(SimulationRefusedError, match=word) as refused:
        draw(read_plan(text), dedicated=False)

    assert "\n" not in str(refused.value)


def a_palm_day(seed, demand, agents, hours):
    """Poisson calls, exponential times, exponential patience, nothing else."""
    chance = random.Random(seed)
    number = round(demand.rate * 3_600 * hours)
    gaps = (chance.expovariate(demand.rate) for _ in range(number))
    names = [AgentId(f"a{n}") for n in range(agents)]
    company = frozenset({CompanyId("c")})
    return Day(
        directory=Directory(
            1,
            (ServiceEntry(ServiceId("s"), CompanyId("c"), (Need("lsf", 1),)),),
            tuple(AgentEntry(name, company, {"lsf": 1}) for name in names),
        ),
        callers=tuple(
            Coming(
                call=call_id(n),
                at=at,
                service=ServiceId("s"),
                topic=None,
                patience=chance.expovariate(1 / demand.patience),
                reaction=0.0,
                talk=chance.expovariate(1 / (demand.handle - PICTURE_S)),
                notes=0.0,
            )
            for n, at in enumerate(accumulate(gaps))
        ),
        shifts=tuple(Shift(name, 0.0, 1e6) for name in names),
    )


def in_time(day, seconds):
    """Which share of all callers sees somebody within so many seconds."""
    came, found = {}, 0
    for told in (each for some in Player(day, monitored=False).play() for each in some):
        if told.kind == "call_queued":
            came[told.call] = told.at
        elif told.kind == "call_answered":
            found += told.at - came[told.call] <= (seconds + PICTURE_S) * 1e6
    return found / len(came)


def test_one_pool_of_one_skill_fares_as_erlang_says_within_a_point():
    demand = Demand(rate=0.055, handle=200.0, patience=120.0)

    days = [a_palm_day(seed, demand, agents=12, hours=40) for seed in (1, 2, 3, 4)]

    played = [in_time(day, 20) for day in days]
    expected = outlook(demand, 12, target=20.0).in_time
    assert abs(sum(played) / len(played) - expected) < 0.01
