"""How much somebody may ask for in a second."""

from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.allowance import Allowance

EACH = 64


def taken(allowance, now, wanted=10 * EACH):
    return sum(allowance.take(1, now) for _ in range(wanted))


def test_a_flood_gets_a_seconds_worth_each_second():
    allowance = Allowance(EACH)
    taken(allowance, 5.0)

    assert [taken(allowance, 5 + n / 8) for n in range(1, 31)] == [EACH // 8] * 30


def test_what_is_asked_for_seldom_is_always_there():
    allowance = Allowance(EACH)

    assert all(allowance.take(1, n / EACH) for n in range(10 * EACH))


def test_a_long_rest_saves_up_no_more_than_a_second():
    allowance = Allowance(EACH)
    taken(allowance, 5.0)

    assert taken(allowance, 3600.0) == EACH


def test_too_much_at_once_takes_nothing():
    allowance = Allowance(EACH)
    allowance.take(EACH - 3, 5.0)

    assert not allowance.take(4, 5.0)
    assert allowance.take(3, 5.0)


@given(st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, EACH)), max_size=60))
def test_never_more_than_three_seconds_worth_in_a_second(asked):
    allowance, now, got = Allowance(EACH), 100.0, []
    for gone, count in asked:
        now += gone
        if allowance.take(count, now):
            got.append((now, count))

    for begun, _ in got:
        assert sum(n for at, n in got if begun <= at < begun + 1) <= 3 * EACH
