"""The wait ahead of a caller: known figures, and a simulated line."""

import heapq
import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.estimates import Line

lines = st.builds(
    Line,
    rate=st.floats(0.002, 50),
    leaving=st.just(0.0) | st.floats(1e-5, 0.02),
    ahead=st.floats(0, 500),
)


def a_wait(line, chance):
    """Let the callers of a line be served or lose patience, one after the other."""
    patience = [chance.expovariate(line.leaving) for _ in range(int(line.ahead))]
    heapq.heapify(patience)
    now = 0.0
    while True:
        now += chance.expovariate(line.rate)
        while patience and patience[0] < now:
            heapq.heappop(patience)
        if not patience:
            return now
        patience.remove(chance.choice(patience))
        heapq.heapify(patience)


@pytest.mark.parametrize(
    ("position", "at_entry", "after_30_s"),
    [(5, 0.000, 0.169), (10, 0.043, 0.763), (15, 0.346, 0.957), (20, 0.701, 0.993)],
)
def test_mean_and_variance_are_those_of_the_known_example(
    position, at_entry, after_30_s
):
    """40 agents who take 180 s a call, patience 120 s; its shares are a Normal's."""
    line = Line(rate=40 / 180, leaving=1 / 120, ahead=position - 1)
    normal = statistics.NormalDist(line.mean, math.sqrt(line.variance))

    assert 1 - normal.cdf(60) == pytest.approx(at_entry, abs=6e-4)
    assert 1 - normal.cdf(30) == pytest.approx(after_30_s, abs=6e-4)
    # the closed form knows the skew that the Normal does not
    assert line.beyond(60) == pytest.approx(at_entry, abs=0.03)
    assert line.beyond(30) == pytest.approx(after_30_s, abs=0.03)


@pytest.mark.parametrize(
    "line",
    [
        Line(40 / 180, 1 / 120, 9),
        Line(40 / 180, 1 / 120, 20),
        Line(1 / 200, 1 / 300, 3),
    ],
)
def test_the_closed_form_is_what_a_simulated_line_does(line):
    chance = random.Random(7)
    waits = [a_wait(line, chance) for _ in range(4000)]
    low, high = line.between

    assert statistics.fmean(waits) == pytest.approx(line.mean, rel=0.04)
    assert statistics.variance(waits) == pytest.approx(line.variance, rel=0.12)
    for seconds in (0.5 * line.mean, line.mean, 1.5 * line.mean):
        beyond = sum(wait > seconds for wait in waits) / len(waits)
        assert line.beyond(seconds) == pytest.approx(beyond, abs=0.025)
    assert sum(low <= wait <= high for wait in waits) / len(waits) == pytest.approx(
        0.8, abs=0.025
    )


def test_the_mean_is_the_sum_over_the_places():
    line = Line(rate=0.2, leaving=0.01, ahead=12)
    rates = [0.2 + 0.01 * place for place in range(13)]

    assert line.mean == pytest.approx(sum(1 / rate for rate in rates))
    assert line.variance == pytest.approx(sum(1 / rate**2 for rate in rates))


def test_without_impatience_it_is_a_sum_of_equal_times():
    line = Line(rate=0.5, leaving=0, ahead=3)
    almost = Line(rate=0.5, leaving=1e-6, ahead=3)

    assert (line.mean, line.variance) == (8, 16)
    assert line.beyond(10) == pytest.approx(math.exp(-5) * (1 + 5 + 25 / 2 + 125 / 6))
    assert almost.mean == pytest.approx(line.mean, rel=1e-4)
    assert almost.beyond(10) == pytest.approx(line.beyond(10), rel=1e-4)


@given(lines)
def test_four_of_five_waits_fall_into_the_range(line):
    low, high = line.between

    assert 0 <= low <= line.mean <= high
    if line.leaving <= line.rate:
        assert line.beyond(low) == pytest.approx(0.9, abs=0.04)
        assert line.beyond(high) == pytest.approx(0.1, abs=0.04)


@given(lines, st.floats(0, 1000), st.floats(0, 1000))
def test_the_probability_falls_with_time_and_rises_with_the_line(line, one, other):
    early, late = sorted((one, other))
    longer = Line(line.rate, line.leaving, line.ahead + 1)

    assert 0 <= line.beyond(late) <= line.beyond(early) + 1e-9 <= 1 + 1e-9
    assert longer.beyond(late) >= line.beyond(late) - 1e-9
    assert longer.mean > line.mean


def test_what_is_broken_stays_broken_and_nobody_never_comes():
    assert Line(1, 0, 0).beyond(0) == 1
    assert Line(1, 0, 0).beyond(-3) == 1
    assert Line(0, 0.01, 0).beyond(1000) == 1
    assert not Line(0, 0.01, 0).is_moving
