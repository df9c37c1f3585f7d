"""Covered against ordinary hours, Sundays and nights."""

from datetime import UTC, date, datetime

import pytest

from accounts.errors import InvalidInputError
from accounts.hours import EmergencyClose, Interval, OpeningHours
from accounts.legal import Authorisation, WorkKind, coverage, unauthorised

MONDAY, NEXT = date(2026, 11, 2), date(2026, 11, 9)


def a_week(*hours, days=range(5)):
    return OpeningHours.never().on_days(days, [Interval.parse(each) for each in hours])


def an_authorisation(
    kind=WorkKind.SUNDAY, first=date(2026, 1, 1), last=date(2026, 12, 31)
):
    return Authorisation(kind, first, last, "arrêté 12", 8, date(2025, 12, 1))


def test_an_hour_outside_the_ordinary_ones_covers_nothing():
    ordinary = a_week("09:00-17:00")

    found = coverage(a_week("08:00-12:00", "13:00-20:00"), ordinary, MONDAY, NEXT)

    assert (found.covered, found.ordinary) == (5 * 7 * 60, 5 * 8 * 60)


def test_the_same_hours_cover_each_other_also_over_a_change_of_the_clocks():
    hours = OpeningHours.always()

    found = coverage(hours, hours, date(2026, 10, 25), date(2026, 10, 26))

    assert (found.covered, found.ordinary) == (25 * 60, 25 * 60)


def test_an_emergency_close_takes_away_what_it_closed():
    since = datetime(2026, 11, 2, 9, tzinfo=UTC)  # 10:00 in Paris
    closed = EmergencyClose(since, datetime(2026, 11, 2, 11, tzinfo=UTC))
    usual = a_week("09:00-17:00")

    found = coverage(usual.closed_now(closed), usual, MONDAY, NEXT)

    assert found.ordinary - found.covered == 120


def test_an_ordinary_service_that_is_never_open_has_nothing_to_cover():
    found = coverage(OpeningHours.always(), OpeningHours.never(), MONDAY, NEXT)

    assert (found.covered, found.ordinary) == (0, 0)


@pytest.mark.parametrize(
    ("hours", "days", "needed"),
    [
        ("06:00-21:00", range(6), {}),
        ("06:00-21:00", range(7), {WorkKind.SUNDAY: 1}),
        ("05:59-21:00", [0], {WorkKind.NIGHT: 1}),
        ("06:00-21:01", [0], {WorkKind.NIGHT: 1}),
        ("22:00-26:00", [0], {WorkKind.NIGHT: 2}),
        ("20:00-25:00", [5], {WorkKind.SUNDAY: 1, WorkKind.NIGHT: 2}),
    ],
)
def test_sundays_and_nights_need_an_authorisation(hours, days, needed):
    assert unauthorised(a_week(hours, days=days), MONDAY, NEXT, ()) == needed


def test_an_authorisation_ends_after_its_last_day():
    hours = a_week("10:00-12:00", days=[6])

    def missing(last):
        given = [an_authorisation(last=last)]
        return unauthorised(hours, MONDAY, NEXT, given)

    assert missing(date(2026, 11, 8)) == {}
    assert missing(date(2026, 11, 7)) == {WorkKind.SUNDAY: 1}


def test_an_authorisation_for_nights_is_none_for_sundays():
    hours = a_week("10:00-12:00", days=[6])

    missing = unauthorised(hours, MONDAY, NEXT, [an_authorisation(WorkKind.NIGHT)])

    assert missing == {WorkKind.SUNDAY: 1}


def test_an_authorisation_that_cannot_be_is_refused():
    with pytest.raises(InvalidInputError):
        an_authorisation(first=date(2026, 2, 1), last=date(2026, 1, 1))
    with pytest.raises(InvalidInputError):
        Authorisation(WorkKind.NIGHT, MONDAY, NEXT, " ", 1, MONDAY)
    with pytest.raises(InvalidInputError):
        Authorisation(WorkKind.NIGHT, MONDAY, NEXT, "d", 0, MONDAY)
