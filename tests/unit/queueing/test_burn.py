"""How fast a promise is used up, and when that is an alert."""

import pytest

from queueing.burn import Alert, Counted, Past, burn_permille, judge

NOTHING: frozenset[Alert] = frozenset()
CALM = Counted(queued=100, over=100, broken=2)
BURNING = Counted(queued=100, over=100, broken=80)
SMOULDERING = Counted(queued=100, over=100, broken=40)
FEW = Counted(queued=9, over=9, broken=9)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (Counted(), 0),
        (Counted(queued=100, over=100, broken=5), 1_000),
        (Counted(queued=100, over=100, broken=100), 20_000),
        (Counted(queued=10, over=0, broken=4), 20_000),
    ],
)
def test_a_burn_rate_is_by_how_much_the_budget_is_used_up_too_fast(counted, expected):
    assert burn_permille(counted) == expected


def test_both_windows_must_burn():
    assert Alert.BURN in judge(BURNING, SMOULDERING, 0, was=NOTHING)
    assert judge(BURNING, CALM, 0, was=NOTHING) == {}
    assert judge(CALM, BURNING, 0, was=NOTHING) == {}


def test_an_alert_goes_when_both_have_calmed_down_to_half():
    was = frozenset({Alert.BURN})
    between = Counted(queued=100, over=100, broken=50)

    assert judge(between, SMOULDERING, 0, was=NOTHING) == {}
    assert Alert.BURN in judge(between, SMOULDERING, 0, was=was)
    assert judge(CALM, SMOULDERING, 0, was=was) == {}


def test_of_few_calls_no_rate_is_an_alert_but_a_long_wait_is():
    assert judge(FEW, FEW, 45.0, was=NOTHING) == {}
    assert set(judge(FEW, FEW, 45.1, was=NOTHING)) == {Alert.LONG_WAIT}
    assert judge(CALM, CALM, 90.0, was=NOTHING) == {}


def test_what_happened_in_a_window_is_counted_from_its_begin():
    past = Past()
    for minute in range(70):
        past.add(60.0 * minute, {"s": Counted(minute, minute, minute // 10)})

    assert past.last("s", 300, 69 * 60.0) == Counted(5, 5, 0)
    assert past.last("s", 3_600, 69 * 60.0) == Counted(60, 60, 6)
    assert past.last("nobody", 300, 0.0) == Counted()


def test_a_service_that_rests_is_remembered_as_it_was():
    past = Past()
    past.add(0.0, {"s": Counted(1, 1, 0)})
    past.add(10.0, {"s": Counted(3, 2, 1)})
    for later in range(20, 4_000, 10):
        past.add(float(later), {"s": Counted(3, 2, 1)})

    assert past.last("s", 300, 200.0) == Counted(2, 1, 1)
    assert past.last("s", 300, 3_990.0) == Counted()


def test_a_store_that_lost_its_data_counts_anew():
    assert Counted(5, 4, 1).since(Counted(100, 90, 20)) == Counted(5, 4, 1)


def test_how_much_of_a_window_was_seen_is_known():
    past = Past()
    assert past.watched(900, 1_000.0) == 0
    past.add(1_000.0, {})

    assert past.watched(900, 1_060.0) == 60
    assert past.watched(900, 9_000.0) == 900
