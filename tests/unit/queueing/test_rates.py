"""How long calls take and how long people have patience, learned from counters."""

import pytest

from queueing.rates import HALF_LIFE, HANDLE, PATIENCE, Rates
from queueing.tallies import EDGES, NAMES, read_tally


def a_tally(**counts):
    return read_tally([counts.get(name, 0) for name in NAMES])


def test_before_anything_was_seen_a_belief_stands_in():
    rates = Rates()

    assert (rates.handle("a"), rates.patience("a")) == (HANDLE, PATIENCE)


def test_many_calls_outweigh_the_belief():
    rates = Rates()
    rates.look({"a": a_tally()}, 1000)
    rates.look({"a": a_tally(handled=300, handled_ms=300 * 120_000)}, 1001)

    assert rates.handle("a") == pytest.approx(120, rel=0.02)
    assert rates.handle("b") == HANDLE


def test_those_who_were_answered_prove_patience_too():
    rates = Rates()
    rates.look({"a": a_tally()}, 1000)
    rates.look({"a": a_tally(left=100, left_ms=10**6, answered_ms=5 * 10**6)}, 1001)

    assert rates.patience("a") == pytest.approx(60, rel=0.06)


def test_what_was_seen_long_ago_fades():
    rates = Rates()
    slow = a_tally(handled=100, handled_ms=100 * 600_000)
    rates.look({"a": a_tally()}, 1000)
    rates.look({"a": slow}, 1001)
    before = rates.handle("a")
    quick = a_tally(handled=200, handled_ms=100 * 600_000 + 100 * 60_000)
    rates.look({"a": quick}, 1001 + 4 * HALF_LIFE)

    assert before > 580
    assert rates.handle("a") < 110


def test_a_process_that_begins_does_not_drown_in_the_past():
    rates = Rates()
    rates.look({"a": a_tally(handled=10**6, handled_ms=10**6 * 600_000)}, 1000)
    later = a_tally(handled=10**6 + 300, handled_ms=10**6 * 600_000 + 300 * 60_000)
    rates.look({"a": later}, 1001)

    assert rates.handle("a") < 130


def test_a_store_that_lost_its_data_counts_anew():
    rates = Rates()
    rates.look({"a": a_tally(handled=500, handled_ms=500 * 200_000)}, 1000)
    rates.look({"a": a_tally(handled=2, handled_ms=2 * 200_000)}, 1001)

    assert rates.handle("a") == pytest.approx(200, rel=0.1)


def test_a_tally_is_read_in_its_order_and_padded():
    tally = read_tally(["3", "6000"])

    assert (tally.handled, tally.handled_seconds, tally.left) == (3, 6.0, 0)
    assert len(tally.answered_by) == len(EDGES) + 1
    assert 60 in EDGES, "the promise is an edge"
