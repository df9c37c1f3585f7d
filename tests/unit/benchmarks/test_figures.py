"""Percentiles are values that were measured; the last line is one JSON object."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import last_line, percentile, percentiles

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200)
SHARES = st.floats(0.01, 1)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.05, 1), (0.5, 10), (0.51, 11), (0.95, 19), (0.96, 20), (1, 20)],
)
def test_of_twenty_values_the_percentile_is_the_nearest_rank(share, expected):
    assert percentile(range(20, 0, -1), share) == expected


def test_one_value_is_every_percentile():
    assert percentiles([7.04], 5, 50, 95) == {"p5": 7.0, "p50": 7.0, "p95": 7.0}


@given(VALUES, SHARES)
def test_at_least_that_share_of_the_values_is_not_above_it(values, share):
    found = percentile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) * (1 - 1e-9)


@given(VALUES, SHARES, SHARES)
def test_a_larger_share_never_gives_a_smaller_value(values, one, other):
    low, high = sorted((one, other))

    assert percentile(values, low) <= percentile(values, high)


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1], 0), ([1], 1.01)])
def test_nothing_measured_or_no_share_is_refused(values, share):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_percentiles_take_values_that_can_be_read_only_once():
    assert percentiles((n for n in range(1, 101)), 50, 95) == {"p50": 50, "p95": 95}


def test_the_last_line_says_what_was_measured_where_and_for_how_long():
    line = last_line({"fps": {"p50": 30.0}}, seconds=12.34)

    told = json.loads(line)
    assert "\n" not in line
    assert told["fps"] == {"p50": 30.0}
    assert told["seconds"] == 12.3
    assert told["machine"]
