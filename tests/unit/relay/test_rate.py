"""How much a browser may send: no first scare stops a picture, real loss does count."""

import pytest

from relay.forwarding.rate import (
    CALM,
    JAM,
    MIN_BPS,
    MOST,
    STALE,
    START,
    START_FLOOR_BPS,
    SinkEstimate,
    uplink_limit,
)

LOST = 0.25
A_SECOND = (1_000_000.0, 100)  # what was sent in it: bit/s, packets


def scared(bps=60_000, at=10.0):
    """A browser that took the first key frame's burst for a jam."""
    estimate = SinkEstimate()
    estimate.hear(bps, at)
    return estimate


def test_nothing_heard_limits_nothing():
    assert SinkEstimate().bps(10.0) is None


def test_a_first_scare_does_not_stop_the_picture():
    assert scared().bps(10.1) == START_FLOOR_BPS


def test_a_good_estimate_counts_from_the_start():
    assert scared(1_200_000).bps(10.1) == 1_200_000


def test_a_line_that_loses_is_believed_at_once():
    estimate = scared()
    estimate.hear_loss(LOST, *A_SECOND, 10.1)

    assert estimate.bps(10.1) == 60_000


def test_a_line_on_which_a_queue_forms_is_believed_at_once():
    estimate = scared()
    estimate.hear_rtt(0.05, 10.0)
    estimate.hear_rtt(0.06 + JAM, 10.1)

    assert estimate.bps(10.1) == 60_000


def test_a_handful_of_packets_proves_nothing():
    estimate = scared()
    estimate.hear_loss(LOST, 50_000.0, 8, 10.1)

    assert estimate.bps(10.1) == START_FLOOR_BPS


def test_a_few_losses_do_not_make_a_narrow_line():
    estimate = scared()
    estimate.hear_loss(0.05, *A_SECOND, 10.1)

    assert estimate.bps(10.1) == START_FLOOR_BPS


def test_after_the_start_a_browser_is_believed():
    estimate = scared()
    estimate.hear(60_000, 10.0 + START)
    estimate.hear(50_000, 10.0 + START)

    assert estimate.bps(10.0 + START) == 50_000


def settled(bps=300_000):
    """A browser whose start is over and whose estimate is at rest; gives the time."""
    estimate = scared(bps)
    estimate.hear(bps, now := 10.0 + START + CALM)
    return estimate, now


def test_on_a_calm_line_more_may_come_with_each_second_so_that_the_estimate_can_grow():
    estimate, now = settled()
    counted = []
    for n in range(20):
        estimate.hear(300_000, now + n)
        counted.append(estimate.bps(now + n))

    assert counted == sorted(counted)
    assert counted[-1] == 300_000 * MOST


@pytest.mark.parametrize(
    "trouble",
    [
        lambda estimate, now: estimate.hear(280_000, now),
        lambda estimate, now: estimate.hear_loss(0.05, *A_SECOND, now),
        lambda estimate, now: estimate.hear_rtt(0.2, now),
    ],
    ids=["says less", "loses", "takes longer"],
)
def test_no_more_comes_while_anything_is_wrong(trouble):
    estimate, now = settled()
    estimate.hear_rtt(0.1, now)
    trouble(estimate, now)

    found = estimate.bps(now)
    assert found is not None
    assert found <= 300_000


def test_a_browser_that_says_nothing_is_judged_by_what_it_loses():
    estimate = SinkEstimate()
    assert estimate.bps(10.0) is None

    for n in range(10):
        estimate.hear_loss(LOST, *A_SECOND, 10.0 + n)

    found = estimate.bps(20.0)
    assert found is not None
    assert found < 750_000
    for n in range(20):
        estimate.hear_loss(0, *A_SECOND, 20.0 + n)
    assert estimate.bps(40.0) is None


def test_an_old_estimate_says_nothing():
    assert scared().bps(10.0 + STALE + 0.1) is None


def test_the_weakest_decides_and_nobody_is_stopped_altogether():
    assert uplink_limit([900_000, 300_000], None, 2_000_000) == 300_000
    assert uplink_limit([900_000], 150_000, 2_000_000) == 150_000
    assert uplink_limit([1], None, 2_000_000) == MIN_BPS
