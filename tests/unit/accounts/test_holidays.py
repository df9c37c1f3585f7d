"""The public holidays of France, in every year and every part of it."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidHoursError
from accounts.holidays import Holiday, Region, easter, public_holidays
from accounts.hours import PARIS, EmergencyClose, HolidayHours, Interval, OpeningHours
from accounts.hours_text import (
    days_from_words,
    hours_from_text,
    intervals_from_words,
    intervals_to_words,
)

OFFICE = (Interval.parse("08:30-18:00"),)
MORNING = (Interval.parse("10:00-11:00"),)
OFFICE_WEEK = OpeningHours((OFFICE,) * 5 + ((),) * 2)
years = st.integers(1900, 2199)
places = st.frozensets(st.sampled_from(Region))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def days(year: int, *regions: Region) -> list[str]:
    return [f"{day:%m-%d}" for day in public_holidays(year, regions)]


@pytest.mark.parametrize(
    "sunday",
    [
        "1818-03-22",
        "1943-04-25",
        "1954-04-18",
        "1981-04-19",
        "2000-04-23",
        "2008-03-23",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2038-04-25",
        "2049-04-18",
        "2076-04-19",
        "2285-03-22",
    ],
)
def test_easter_is_where_the_church_puts_it(sunday):
    assert str(easter(int(sunday[:4]))) == sunday


@given(years)
def test_easter_is_a_sunday_between_22_march_and_25_april(year):
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_the_eleven_holidays_of_2026():
    assert days(2026) == [
        *("01-01", "04-06", "05-01", "05-08", "05-14", "05-25"),
        *("07-14", "08-15", "11-01", "11-11", "12-25"),
    ]


def test_alsace_and_moselle_keep_good_friday_and_saint_stephen():
    more = {*days(2026, Region.ALSACE_MOSELLE)} - {*days(2026)}

    assert more == {"04-03", "12-26"}


@pytest.mark.parametrize(
    ("region", "day"),
    [
        (Region.GUADELOUPE, "05-27"),
        (Region.GUYANE, "06-10"),
        (Region.LA_REUNION, "12-20"),
        (Region.MARTINIQUE, "05-22"),
        (Region.MAYOTTE, "04-27"),
        (Region.SAINT_BARTHELEMY, "10-09"),
        (Region.SAINT_MARTIN, "05-28"),
    ],
)
def test_overseas_each_keeps_its_day_of_the_abolition(region, day):
    assert {*days(2026, region)} - {*days(2026)} == {day}
    assert public_holidays(2026, [region])[date.fromisoformat(f"2026-{day}")] == (
        Holiday.ABOLITION
    )


@given(years, places)
def test_a_region_only_adds_and_every_day_is_of_its_year(year, regions):
    national, found = public_holidays(year), public_holidays(year, regions)

    assert {*national} <= {*found}
    assert {day.year for day in found} == {year}
    assert list(found) == sorted(found)
    assert found[date(year, 5, 1)] is Holiday.LABOUR_DAY


def test_where_two_fall_on_one_day_it_is_the_one_with_the_fixed_date():
    assert easter(2008) + timedelta(39) == date(2008, 5, 1)
    assert public_holidays(2008)[date(2008, 5, 1)] is Holiday.LABOUR_DAY


def test_a_calendar_that_says_nothing_of_holidays_takes_no_notice_of_them():
    assert OFFICE_WEEK.is_open(at("2026-05-08 09:00"))


def test_a_holiday_has_the_hours_that_the_calendar_says():
    own = {Holiday.WHIT_MONDAY: None, Holiday.ASCENSION: MORNING}
    hours = OFFICE_WEEK.on_holidays(HolidayHours(own=own))

    assert not hours.is_open(at("2026-05-08 09:00"))  # closed, as holidays usually
    assert hours.is_open(at("2026-05-14 10:00"))  # Ascension: the morning
    assert not hours.is_open(at("2026-05-14 11:00"))
    assert hours.is_open(at("2026-05-25 17:59"))  # Whit Monday: as any Monday
    assert hours.next_opening(at("2026-12-24 18:00")) == at("2026-12-28 08:30")


@pytest.mark.parametrize(
    ("moment", "is_why"),
    [
        ("2026-05-01 12:00", True),  # Labour Day
        ("2026-05-01 07:00", True),
        ("2026-05-25 09:00", True),  # Whit Monday, open from ten to eleven
        ("2026-05-25 10:30", False),
        ("2026-04-30 20:00", False),  # only the evening before
        ("2026-05-14 12:00", False),  # Ascension is a day like any other here
        ("2026-11-01 12:00", False),  # All Saints: a Sunday, closed anyway
        ("2026-07-14 12:00", False),  # an exceptional day
        ("2026-08-15 12:00", False),  # a Saturday
    ],
)
def test_a_calendar_knows_when_a_holiday_is_why_it_is_closed(moment, is_why):
    own = {Holiday.WHIT_MONDAY: MORNING, Holiday.ASCENSION: None}
    hours = OFFICE_WEEK.on_holidays(HolidayHours(own=own))
    hours = hours.on_date(date(2026, 7, 14), ())

    assert hours.is_closed_for_holiday(at(moment)) is is_why
    assert not OFFICE_WEEK.is_closed_for_holiday(at(moment))


def test_an_emergency_on_a_holiday_is_no_holiday():
    closed = EmergencyClose(at("2026-05-01 08:00"))
    hours = OFFICE_WEEK.on_holidays(HolidayHours()).closed_now(closed)

    assert not hours.is_closed_for_holiday(at("2026-05-01 12:00"))


def test_an_exception_comes_before_a_holiday():
    christmas = date(2026, 12, 25)
    hours = OFFICE_WEEK.on_holidays(HolidayHours()).on_date(christmas, MORNING)

    assert hours.is_open(at("2026-12-25 10:30"))
    assert not hours.on_date(christmas, None).is_open(at("2026-12-25 10:30"))


def test_nothing_of_the_evening_before_runs_into_a_holiday():
    night = (Interval.parse("20:00-30:00"),)
    hours = OpeningHours((night,) * 7, holidays=HolidayHours())

    assert hours.is_open(at("2026-12-24 23:59"))
    assert not hours.is_open(at("2026-12-25 00:00"))
    assert not hours.is_open(at("2026-12-26 01:00"))


def test_only_where_a_region_keeps_it_is_its_day_a_holiday():
    alsace = HolidayHours(regions=frozenset({Region.ALSACE_MOSELLE}))

    assert OFFICE_WEEK.on_holidays(HolidayHours()).is_open(at("2026-04-03 09:00"))
    assert not OFFICE_WEEK.on_holidays(alsace).is_open(at("2026-04-03 09:00"))


@pytest.mark.parametrize(
    ("own", "opens"),
    [
        ({Holiday.LABOUR_DAY: MORNING}, "2027-05-01 10:00"),
        ({Holiday.GOOD_FRIDAY: MORNING}, "2027-03-26 10:00"),
    ],
)
def test_the_next_opening_may_be_the_next_holiday(own, opens):
    alsace = frozenset({Region.ALSACE_MOSELLE})
    hours = OpeningHours.never().on_holidays(HolidayHours((), alsace, own))

    assert hours.next_opening(at("2026-11-20 12:00")) == at(opens)


def test_the_next_opening_is_found_behind_years_of_exceptional_holidays():
    hours = OpeningHours.never().on_holidays(
        HolidayHours(own={Holiday.LABOUR_DAY: MORNING})
    )
    for year in range(2027, 2060):
        hours = hours.on_date(date(year, 5, 1), ())

    assert hours.next_opening(at("2026-11-20 12:00")) == at("2060-05-01 10:00")


def test_a_holiday_that_could_run_into_an_ordinary_morning_is_refused():
    late = (Interval.parse("20:00-33:00"),)

    with pytest.raises(InvalidHoursError, match="overlap"):
        OFFICE_WEEK.on_holidays(HolidayHours(late))
    with pytest.raises(InvalidHoursError, match="overlap"):
        OFFICE_WEEK.on_holidays(HolidayHours((*MORNING, *MORNING)))


@pytest.mark.parametrize(
    "holidays",
    [
        '{"hours": ["12:00-08:00"]}',
        '{"regions": ["bretagne"]}',
        '{"days": {"halloween": []}}',
        '{"days": {"christmas": "open"}}',
        '{"day": {}}',
        "[]",
    ],
)
def test_words_that_say_nothing_of_holidays_are_refused(holidays):
    with pytest.raises(InvalidHoursError):
        hours_from_text(f'{{"weekly": {{}}, "holidays": {holidays}}}')


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sun,mon", (0, 6)),
        ("mon-wed,wed-thu", (0, 1, 2, 3)),
    ],
)
def test_days_of_the_week_are_read(words, found):
    assert days_from_words(words) == found


@pytest.mark.parametrize("words", ["", "lundi", "fri-mon", "mon-", "mon,", "-", "MON"])
def test_words_that_are_no_days_of_the_week_are_refused(words):
    with pytest.raises(InvalidHoursError):
        days_from_words(words)


def test_hours_of_a_day_are_read_and_written_alike():
    for words in ("closed", "08:30-12:00,13:30-18:00", "22:00-26:00"):
        assert intervals_to_words(intervals_from_words(words)) == words
    with pytest.raises(InvalidHoursError):
        intervals_from_words("")
