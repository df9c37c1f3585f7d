"""Erlang's formulas against published figures and against each other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.errors import BadDemandError
from queueing.staffing import (
    Demand,
    agents_needed,
    erlang_b,
    erlang_c,
    outlook,
    rostered,
    square_root_agents,
)

HALF_HOUR = Demand(rate=100 / 1800, handle=180)
"""The example of the packages ErlangC (CRAN) and pyworkforce (PyPI)."""

IMPATIENT = Demand(rate=100 / 1800, handle=180, patience=300)

demands = st.builds(
    Demand,
    rate=st.floats(0.001, 1),
    handle=st.floats(1, 600),
    patience=st.floats(10, 1200),
)


def test_erlang_c_agrees_with_the_published_example():
    found = outlook(HALF_HOUR, 14, target=20)

    assert found.waiting == pytest.approx(0.1741319335950498, rel=1e-12)
    assert found.in_time == pytest.approx(0.8883500191794669, rel=1e-12)
    assert found.mean_wait == pytest.approx(7.835937011777, rel=1e-12)
    assert found.occupancy == pytest.approx(0.7142857, abs=5e-8)
    assert found.abandoned == 0


def test_erlang_a_agrees_with_the_published_example():
    found = outlook(IMPATIENT, 14, target=20)

    assert found.waiting == pytest.approx(0.14526, abs=5e-6)
    assert found.abandoned == pytest.approx(0.013984, abs=5e-7)
    assert found.occupancy == pytest.approx(0.704297, abs=5e-7)
    assert found.mean_wait / 60 == pytest.approx(0.069919, abs=5e-7)
    assert found.in_time == pytest.approx(0.916792, abs=5e-7)


def test_erlang_a_agrees_with_an_independent_implementation():
    found = outlook(Demand(rate=48, handle=1, patience=2), 50, target=0.1)

    assert found.waiting == pytest.approx(0.467774, abs=5e-7)
    assert found.abandoned == pytest.approx(0.030912, abs=5e-7)
    assert found.mean_wait == pytest.approx(0.061824, abs=5e-7)


@pytest.mark.parametrize(
    ("calls_an_hour", "agents", "in_time"),
    [(60, 8, 0.908), (300, 29, 0.847), (300, 32, 0.969), (1200, 105, 0.810),
     (1200, 109, 0.954)],
)  # fmt: skip
def test_the_promise_of_a_minute_takes_so_many_agents(calls_an_hour, agents, in_time):
    demand = Demand(rate=calls_an_hour / 3600, handle=300)

    found = outlook(demand, agents, target=60)

    assert found.in_time == pytest.approx(in_time, abs=5e-4)


def test_erlang_b_is_what_a_single_line_loses():
    assert erlang_b(1.0, 0) == 1.0
    assert erlang_b(1.0, 1) == 0.5
    assert erlang_b(2.0, 2) == pytest.approx(0.4)


def test_with_endless_patience_a_becomes_c():
    for agents in (12, 14, 20):
        patient = outlook(HALF_HOUR, agents, target=20)
        almost = outlook(Demand(100 / 1800, 180, patience=1e9), agents, target=20)

        assert almost.in_time == pytest.approx(patient.in_time, abs=1e-6)
        assert almost.mean_wait == pytest.approx(patient.mean_wait, rel=1e-5)


def test_agents_who_cannot_keep_up_leave_patient_callers_waiting_for_ever():
    found = outlook(HALF_HOUR, 10, target=20)

    assert (found.waiting, found.in_time, found.mean_wait) == (1.0, 0.0, math.inf)
    assert erlang_c(10.0, 10) == 1.0


def test_impatient_callers_make_any_centre_stable():
    found = outlook(Demand(rate=10, handle=300, patience=120), 1000, target=60)

    assert found.occupancy == pytest.approx(1.0, abs=1e-9)
    assert found.abandoned == pytest.approx(2 / 3, abs=1e-6)
    assert 0 <= found.in_time < 1e-6


def test_large_centres_neither_overflow_nor_take_long():
    found = outlook(Demand(rate=16, handle=300, patience=120), 5000, target=60)

    assert found.in_time == pytest.approx(1.0, abs=1e-3)
    assert 0.9 < found.occupancy < 0.97
    assert outlook(Demand(1e-6, 1, 1), 5000, target=60).in_time == pytest.approx(1.0)


@given(demands, st.integers(1, 200), st.floats(0, 300))
def test_an_outlook_is_made_of_shares_and_conserves_calls(demand, agents, target):
    found = outlook(demand, agents, target=target)

    for share in (found.waiting, found.in_time, found.abandoned, found.occupancy):
        assert -1e-9 <= share <= 1 + 1e-9
    assert found.in_time + found.abandoned <= 1 + 1e-9
    assert found.in_time >= 1 - found.waiting - 1e-9
    # those who leave waited: their patience times the callers who wait is all waiting
    assert found.mean_wait == pytest.approx(demand.patience * found.abandoned)


@given(demands, st.floats(0, 300), st.floats(0.01, 0.999))
def test_one_agent_fewer_than_needed_breaks_the_promise(demand, target, share):
    needed = agents_needed(demand, target=target, share=share)

    assert outlook(demand, needed, target=target).in_time >= share
    if needed > 1:
        assert outlook(demand, needed - 1, target=target).in_time < share


def test_the_inverse_finds_the_figures_of_the_examples():
    assert agents_needed(Demand(60 / 3600, 300), target=60, share=0.9) == 8
    assert agents_needed(Demand(300 / 3600, 300), target=60, share=0.95) == 32
    assert agents_needed(Demand(1200 / 3600, 300), target=60, share=0.95) == 109


def test_one_pool_needs_fewer_agents_than_its_parts():
    parts = 20 * agents_needed(Demand(60 / 3600, 300), target=60, share=0.95)

    assert agents_needed(Demand(1200 / 3600, 300), target=60, share=0.95) < parts * 0.7


def test_square_root_staffing_is_near_the_exact_answer():
    assert square_root_agents(100, 0) == 100
    assert square_root_agents(100, 0.9) == agents_needed(
        Demand(1200 / 3600, 300), target=60, share=0.95
    )


def test_people_on_leave_and_on_a_break_are_rostered_too():
    assert rostered(70, 0.3) == 100
    assert rostered(8, 0) == 8


IMPOSSIBLE = {
    "no call": lambda: Demand(0, 180),
    "negative time": lambda: Demand(1, -180),
    "no patience": lambda: Demand(1, 180, 0),
    "no number": lambda: Demand(1, math.nan),
    "endless calls": lambda: Demand(math.inf, 1),
    "every call": lambda: agents_needed(HALF_HOUR, target=60, share=1),
    "no share": lambda: agents_needed(HALF_HOUR, target=60, share=0),
    "before it came": lambda: agents_needed(HALF_HOUR, target=-1, share=0.9),
    "nobody at work": lambda: rostered(1, 1),
    "more than all": lambda: rostered(1, -0.1),
}


@pytest.mark.parametrize("question", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_figure_that_no_centre_can_have_is_refused(question):
    with pytest.raises(BadDemandError):
        question()
