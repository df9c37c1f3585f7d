"""A day of the portal is a day in Paris."""

from datetime import date

import pytest

from ledger.paris import bounds_us, day_at

HOUR_US = 3_600_000_000


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 29), 23),
        (date(2026, 6, 1), 24),
        (date(2026, 10, 25), 25),
    ],
)
def test_a_day_is_as_long_as_clocks_in_paris_say(day, hours):
    begin, end = bounds_us(day)

    assert end - begin == hours * HOUR_US


def test_a_day_begins_at_midnight_in_paris_and_its_end_is_the_next_day():
    begin, end = bounds_us(date(2026, 11, 22))

    assert day_at(begin) == date(2026, 11, 22)
    assert day_at(begin - 1) == date(2026, 11, 21)
    assert day_at(end) == date(2026, 11, 23)
