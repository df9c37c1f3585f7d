"""The figures of months: our rules, a company's own verifier, and numbers by hand."""

import json
from array import array
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import chain, paris
from ledger.alone import illico_verify as alone
from ledger.figures import halves, waits
from ledger.figures.counts import Counters, contractual, formulas, is_kept, shown
from ledger.model import Recorded
from tests.unit.ledger.figure_histories import (
    HISTORIES,
    MONTH,
    MONTH_US,
    SECOND,
    chained,
    ours,
    theirs,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "figures"
decoder = msgspec.json.Decoder(Recorded)


def canonical(value) -> str:
    return chain.canonical(msgspec.to_builtins(value))


def in_order(*waits_us):
    return waits.in_order([array("q", waits_us).tobytes()])


def test_the_published_vector_of_the_five_formulas_and_the_contracts_own():
    raw = Counters(
        *(1060, 1000, 860), abandoned=50, short=10, left_in_target=20, breaches=180
    )

    level = {name: shown(share) for name, share in formulas(raw).items()}

    assert level == {"f1": 8301, "f2": 8600, "f3": 8113, "f4": 8269, "f5": 8207}
    assert shown(contractual([raw])) == 8190


def test_a_level_is_cut_and_never_rounded_up_to_what_was_promised():
    assert shown((94_999, 100_000)) == 9499
    assert not is_kept((94_999, 100_000), 950)
    assert is_kept((95, 100), 950)
    assert shown((0, 0)) is None


def test_a_month_is_the_sum_of_its_days_so_that_a_bad_day_is_not_excused_by_others():
    bad = Counters(offered=100, answered=96, in_time=96, technical_caller=4)
    good = Counters(offered=100, answered=100, in_time=100)

    assert contractual([bad, good]) == (196, 198)
    assert contractual([Counters(200, 196, 196, technical_caller=4)]) == (196, 196)


def test_a_percentile_is_a_wait_that_somebody_had():
    told = waits.waits(in_order(*range(1, 101)))

    assert [told[name] for name in ("p50", "p90", "p95", "p99")] == [50, 90, 95, 99]
    assert (told["max"], told["mean"], told["count"]) == (100, 50, 100)
    assert waits.waits(in_order())["p50"] is None


def test_the_histogram_has_an_edge_at_sixty_seconds_sharp():
    counts = waits.histogram(in_order(60 * SECOND, 60 * SECOND + 1, 181 * SECOND))

    assert waits.EDGES_S == (10, 20, 30, 45, 60, 90, 120, 180)
    assert counts == [0, 0, 0, 0, 1, 1, 0, 0, 1]


def test_patience_asks_who_still_waited_before_it_counts_who_left():
    left, answered = in_order(3 * SECOND, 7 * SECOND), in_order(6 * SECOND)

    curve = waits.patience(left, waits.all_of(left, answered))

    assert curve[:3] == [(0, 3, 1), (5, 2, 1), (10, 0, 0)]


@given(st.integers(0, 2_000_000_000))
def test_the_file_and_the_ledger_have_the_same_clock_on_the_wall(second):
    at_us = second * SECOND
    there = alone.paris(at_us)

    if there.year >= 1996:  # before, Europe had other rules
        assert there.date() == paris.day_at(at_us)
        half = halves.in_week(halves.of(at_us))
        assert half == there.weekday() * 48 + there.hour * 2 + there.minute // 30


@settings(max_examples=100, deadline=None)
@given(HISTORIES, st.sampled_from([None, "a"]))
def test_a_companys_export_and_we_give_the_same_figures_to_the_last_digit(
    history, service
):
    links, _ = chained(history)

    mine = ours([decoder.decode(link.body) for link in links], service)

    assert canonical(mine) == canonical(
        theirs([json.loads(link.body) for link in links], service)
    )


@pytest.mark.parametrize("file", sorted(VECTORS.glob("*.json")), ids=lambda f: f.stem)
def test_a_history_that_was_written_down_has_the_figures_that_were_written_down(file):
    told = json.loads(file.read_bytes())
    links, _ = chained([tuple(step) for step in told["history"]])

    mine = ours(
        [decoder.decode(link.body) for link in links], told["service"], told["month"]
    )

    assert json.loads(canonical(mine)) == told["figures"]
    assert theirs(
        [json.loads(link.body) for link in links], told["service"], told["month"]
    ) == json.loads(canonical(mine))


def test_the_months_of_a_year_follow_each_other_without_a_gap():
    names = [f"2026-{number:02}" for number in range(1, 13)]
    bounds = [halves.of_month(name) for name in [*names, "2027-01"]]

    assert all(one[1] == two[0] for one, two in pairwise(bounds))
    assert halves.of(MONTH_US) == halves.of_month(MONTH)[0]
