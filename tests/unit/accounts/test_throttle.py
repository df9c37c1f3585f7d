"""How often somebody may try."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.throttle import (
    EMPTY,
    Bucket,
    Limit,
    charged,
    level_now,
    refunded,
    wait_s,
)

LIMIT = Limit(burst=3, interval_s=10.0)
NOW = 1_800_000_000.0


def filled(tries: int, at: float = NOW) -> Bucket:
    bucket = EMPTY
    for _ in range(tries):
        bucket = charged(bucket, LIMIT, at)
    return bucket


def test_a_burst_may_be_tried_at_once_and_not_one_more():
    assert [wait_s(filled(tries), LIMIT, NOW) for tries in range(4)] == [0, 0, 0, 10]


def test_after_the_wait_there_is_one_more_try():
    full = filled(3)

    assert wait_s(full, LIMIT, NOW + 9.9) > 0
    assert wait_s(full, LIMIT, NOW + 10) == 0
    assert wait_s(charged(full, LIMIT, NOW + 10), LIMIT, NOW + 10) == 10


def test_a_right_password_takes_its_try_back():
    assert wait_s(refunded(filled(3), LIMIT, NOW), LIMIT, NOW) == 0


def test_a_clock_set_back_a_little_empties_nothing():
    assert level_now(filled(3), LIMIT, NOW - 20) == 3


def test_a_bucket_from_far_in_the_future_locks_nobody_out():
    assert wait_s(filled(3, NOW + 86_400), LIMIT, NOW) == 0


@given(st.lists(st.floats(0, 100), max_size=60))
def test_in_any_window_no_more_tries_than_burst_and_what_leaked(gaps):
    now, bucket, allowed = NOW, EMPTY, []
    for gap in gaps:
        now += gap
        if wait_s(bucket, LIMIT, now) == 0:
            bucket = charged(bucket, LIMIT, now)
            allowed.append(now)

    for start, first in enumerate(allowed):
        for end, last in enumerate(allowed[start:], 1):
            assert end <= LIMIT.burst + (last - first) / LIMIT.interval_s + 1e-6
