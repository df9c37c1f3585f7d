"""How much a browser may send: no first scare stops a picture, real loss does count."""

from relay.forwarding.rate import (
    MIN_BPS,
    STALE,
    START,
    START_FLOOR_BPS,
    SinkEstimate,
    uplink_limit,
)

LOST = 64  # a quarter, in 1/256


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
    estimate.hear_loss(LOST)

    assert estimate.bps(10.1) == 60_000


def test_after_the_start_a_browser_is_believed():
    estimate = scared()
    estimate.hear(60_000, 10.0 + START)

    assert estimate.bps(10.0 + START) == 60_000


def test_an_old_estimate_says_nothing():
    assert scared().bps(10.0 + STALE + 0.1) is None


def test_the_weakest_decides_and_nobody_is_stopped_altogether():
    assert uplink_limit([900_000, 300_000], None, 2_000_000) == 300_000
    assert uplink_limit([900_000], 150_000, 2_000_000) == 150_000
    assert uplink_limit([1], None, 2_000_000) == MIN_BPS
