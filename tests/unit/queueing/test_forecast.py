"""How many agents the next half hours take, by Erlang A."""

from queueing.forecast import Traffic, forecast, together
from queueing.staffing import Demand, agents_needed

NOW = 1_700_000_000.0
BUSY = Demand(rate=100 / 1_800, handle=180.0, patience=120.0)


def test_half_hours_begin_on_the_clocks_half_hours():
    made = forecast(NOW, BUSY, at_work=12)

    begins = [each.begins for each in made.half_hours]
    assert begins == [1_700_001_000 + 1_800 * n for n in range(4)]
    assert all(begin % 1_800 == 0 for begin in begins)


def test_the_agents_needed_are_erlangs_for_the_time_that_ringing_leaves():
    (first, *_) = forecast(NOW, BUSY, at_work=12).half_hours

    assert first.calls == 100
    assert first.needed == agents_needed(BUSY, target=55.0, share=0.95)
    assert first.in_time_permille >= 950 or first.needed > 12


def test_what_is_missing_is_the_worst_half_hours():
    made = forecast(NOW, BUSY, at_work=10, factors=(1.0, 2.0, 0.5))

    most = max(each.needed for each in made.half_hours)
    assert made.missing == most - 10
    assert forecast(NOW, BUSY, at_work=1_000).missing == 0


def test_nobody_at_work_answers_nobody_in_time():
    assert forecast(NOW, BUSY, at_work=0).half_hours[0].in_time_permille == 0


def test_a_half_hour_in_which_nobody_will_call_needs_nobody():
    (_, second, *_) = forecast(NOW, BUSY, at_work=3, factors=(1.0, 0.0)).half_hours

    assert (second.calls, second.needed) == (0, 0)


def test_services_are_taken_for_one_with_means_by_calls():
    demand = together(
        [Traffic(0.3, 100.0, 60.0), Traffic(0.1, 300.0, 180.0), Traffic(0.0, 9.0, 9.0)]
    )

    assert demand is not None
    assert round(demand.rate, 9) == 0.4
    assert round(demand.handle, 9) == 150.0
    assert demand.patience is not None
    assert round(demand.patience, 9) == 90.0
    assert together([Traffic(0.0, 100.0, 60.0)]) is None
