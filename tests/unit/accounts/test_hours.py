"""When a service is open, at the clock changes too."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from accounts.errors import InvalidHoursError
from accounts.holidays import Holiday, Region, public_holidays
from accounts.hours import (
    PARIS,
    EmergencyClose,
    HolidayHours,
    Interval,
    OpeningHours,
)
from accounts.hours_text import hours_from_text, hours_to_text

DAY = 24 * 60
SPRING = date(2026, 3, 29)  # 02:00 becomes 03:00
AUTUMN = date(2026, 10, 25)  # 03:00 becomes 02:00
CHANGES = (
    SPRING,
    AUTUMN,
    date(2027, 3, 28),  # Easter Sunday: a holiday follows
    date(2027, 10, 31),  # All Saints' Day follows
)
CALM = settings(suppress_health_check=[HealthCheck.too_slow])
OFFICE = ("08:30-12:00", "13:30-18:00")


def a_week(*days: tuple[str, ...]) -> tuple[tuple[Interval, ...], ...]:
    """Days from Monday on; those that are not given are closed."""
    padded = days + ((),) * (7 - len(days))
    return tuple(tuple(map(Interval.parse, texts)) for texts in padded)


def hours(*days, exceptions=None, emergency=None):
    ruled = {
        day: tuple(map(Interval.parse, texts))
        for day, texts in (exceptions or {}).items()
    }
    return OpeningHours(a_week(*days), ruled, emergency)


def paris(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


OFFICE_WEEK = hours(OFFICE, OFFICE, OFFICE, OFFICE, OFFICE)


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-11-23 08:29:59", False),
        ("2026-11-23 08:30:00", True),
        ("2026-11-23 11:59:59", True),
        ("2026-11-23 12:00:00", False),
        ("2026-11-23 13:30:00", True),
        ("2026-11-23 18:00:00", False),
        ("2026-11-22 10:00:00", False),
    ],
)
def test_a_service_is_open_from_the_first_to_before_the_last_minute(at, open_):
    assert OFFICE_WEEK.is_open(paris(at)) is open_


def test_the_next_opening_of_friday_evening_is_monday_morning():
    opening = OFFICE_WEEK.next_opening(paris("2026-11-20 18:00"))

    assert opening == paris("2026-11-23 08:30")


def test_the_next_opening_of_an_open_service_is_now():
    at = paris("2026-11-23 09:00")

    assert OFFICE_WEEK.next_opening(at) == at


def test_a_night_runs_into_the_next_day():
    night = hours((), (), (), (), ("22:00-26:00",))

    assert night.is_open(paris("2026-11-20 23:59"))
    assert night.is_open(paris("2026-11-21 01:59"))
    assert not night.is_open(paris("2026-11-21 02:00"))
    assert not night.is_open(paris("2026-11-20 01:00"))


def test_a_sunday_night_runs_into_monday():
    night = hours((), (), (), (), (), (), ("20:00-30:00",))

    assert night.is_open(paris("2026-11-23 05:59"))


def test_an_exceptional_day_is_exactly_what_its_exception_says():
    christmas = date(2026, 12, 25)
    ruled = hours(*[("22:00-26:00",)] * 7, exceptions={christmas: ("10:00-11:00",)})

    assert ruled.is_open(paris("2026-12-24 23:59"))
    assert not ruled.is_open(paris("2026-12-25 00:00"))
    assert ruled.is_open(paris("2026-12-25 10:30"))
    assert not ruled.is_open(paris("2026-12-25 23:00"))
    assert not ruled.is_open(paris("2026-12-26 01:00"))


def test_holidays_are_skipped_by_the_next_opening():
    ruled = hours(OFFICE, exceptions={date(2026, 11, 23): (), date(2026, 11, 30): ()})

    assert ruled.next_opening(paris("2026-11-20 12:00")) == paris("2026-12-07 08:30")


def test_a_far_exception_is_found_when_no_week_has_hours():
    ruled = hours(exceptions={date(2031, 5, 1): ("10:00-11:00",)})

    assert ruled.next_opening(paris("2026-11-20 12:00")) == paris("2031-05-01 10:00")


def test_without_hours_there_is_no_next_opening():
    assert OpeningHours.never().next_opening(paris("2026-11-20 12:00")) is None


def test_in_spring_a_night_is_an_hour_shorter():
    night = hours(exceptions={SPRING: ("00:00-05:00",)})

    assert night.is_open(utc("2026-03-28 23:00"))
    assert night.is_open(utc("2026-03-29 02:59"))
    assert not night.is_open(utc("2026-03-29 03:00"))


def test_in_spring_a_skipped_time_is_the_moment_of_the_change():
    opens = hours(exceptions={SPRING: ("02:30-05:00",)})
    closes = hours(exceptions={SPRING: ("00:00-02:30",)})
    vanishes = hours(exceptions={SPRING: ("02:10-02:40",)})
    change = utc("2026-03-29 01:00")

    assert opens.next_opening(change - timedelta(hours=1)) == change
    assert closes.is_open(change - timedelta(seconds=1))
    assert not closes.is_open(change)
    assert vanishes.next_opening(change - timedelta(days=1)) is None


def test_in_autumn_a_night_is_an_hour_longer():
    night = hours(exceptions={AUTUMN: ("00:00-05:00",)})

    assert night.is_open(utc("2026-10-24 22:00"))
    assert night.is_open(utc("2026-10-25 03:59"))
    assert not night.is_open(utc("2026-10-25 04:00"))


def test_in_autumn_a_time_shown_twice_counts_at_its_first_showing():
    opens = hours(exceptions={AUTUMN: ("02:30-05:00",)})
    closes = hours(exceptions={AUTUMN: ("00:00-02:30",)})

    for calendar, before, after in ((opens, False, True), (closes, True, False)):
        assert calendar.is_open(paris("2026-10-25 02:29", fold=0)) is before
        assert calendar.is_open(paris("2026-10-25 02:30", fold=0)) is after
        assert calendar.is_open(paris("2026-10-25 02:29", fold=1)) is after
        assert calendar.is_open(paris("2026-10-25 02:30", fold=1)) is after


def test_an_emergency_closes_whatever_the_calendar_says_until_it_is_over():
    since, until = paris("2026-11-23 10:00"), paris("2026-11-23 14:00")
    closed = OFFICE_WEEK.closed_now(EmergencyClose(since, until))

    assert closed.is_open(since - timedelta(seconds=1))
    assert not closed.is_open(since)
    assert closed.next_opening(since) == until
    assert closed.is_open(until)


def test_an_emergency_without_an_end_knows_no_next_opening_until_it_is_lifted():
    at = paris("2026-11-23 10:00")
    closed = OFFICE_WEEK.closed_now(EmergencyClose(at))

    assert closed.next_opening(at) is None
    assert closed.closed_now(None).next_opening(at) == at


def test_the_calendar_holds_before_an_announced_emergency_begins():
    closed = OFFICE_WEEK.closed_now(EmergencyClose(paris("2026-11-24 00:00")))

    assert closed.next_opening(paris("2026-11-23 07:00")) == paris("2026-11-23 08:30")


@pytest.mark.parametrize(
    "text",
    [
        "08:00",
        "8:00-9:00",
        "08:60-09:00",
        "12:00-12:00",
        "22:00-02:00",
        "24:00-25:00",
        "08:00-33:00",
        "08:00-09:00\n",
        "٠٨:00-09:00",
        "",
    ],
)
def test_an_inverted_endless_or_unreadable_interval_is_refused(text):
    with pytest.raises(InvalidHoursError) as refused:
        Interval.parse(text)

    assert refused.value.code == "invalid_hours"


@pytest.mark.parametrize(
    "days",
    [
        [("08:00-12:00", "11:59-14:00")],
        [("22:00-26:00",), ("01:00-03:00",)],
        [("00:00-01:00",), (), (), (), (), (), ("20:00-25:00",)],
    ],
)
def test_overlapping_hours_are_refused(days):
    with pytest.raises(InvalidHoursError, match="overlap"):
        hours(*days)


def test_an_exception_that_runs_into_an_ordinary_morning_is_refused():
    with pytest.raises(InvalidHoursError, match="overlap"):
        hours(("00:00-08:00",), exceptions={date(2026, 11, 22): ("20:00-25:00",)})


def test_hours_that_touch_are_no_overlap():
    ruled = hours(("08:00-12:00", "12:00-24:00"), ("00:00-01:00",))

    assert ruled.is_open(paris("2026-11-23 12:00"))
    assert ruled.is_open(paris("2026-11-24 00:00"))


def test_a_time_without_a_zone_is_a_mistake_of_the_program():
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 - the mistake itself

    with pytest.raises(ValueError, match="no time zone"):
        OFFICE_WEEK.is_open(naive)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        b"\xff",
        '{"weekly": {"noday": []}}',
        '{"weekly": {"mon": ["12:00-08:00"]}}',
        '{"weekly": {}, "exceptions": {"2026-02-30": []}}',
        '{"weekly": {}, "exceptions": {"9999-12-31": []}}',
        '{"weekly": {}, "emergency": {"since": "2026-01-01T00:00:00"}}',
        '{"weekly":{},"emergency":{"since":"2026-01-02T00:00Z","until":"2026-01-01T00:00Z"}}',
        '{"weekly": {}, "more": 1}',
    ],
)
def test_a_text_that_is_no_calendar_is_refused(text):
    with pytest.raises(InvalidHoursError):
        hours_from_text(text)


@st.composite
def intervals(draw):
    """A day's intervals, apart from each other, perhaps into the next morning."""
    bounds = sorted(draw(st.sets(st.integers(0, DAY - 1), max_size=6)))
    day = [
        Interval(start, end)
        for start, end in zip(bounds[::2], bounds[1::2], strict=False)
    ]
    if day and draw(st.booleans()):
        last = day.pop()
        day.append(
            Interval(last.start, draw(st.integers(last.start + 1, last.start + DAY)))
        )
    return tuple(day)


near_a_change = st.sampled_from(CHANGES).flatmap(
    lambda day: st.integers(-3, 3).map(lambda off: day + timedelta(days=off))
)


spring_or_autumn = st.sampled_from(
    [Holiday.EASTER_MONDAY, Holiday.GOOD_FRIDAY, Holiday.ALL_SAINTS]
)
holidays = st.none() | st.builds(
    HolidayHours,
    intervals(),
    st.frozensets(st.sampled_from(Region)),
    st.dictionaries(spring_or_autumn, st.none() | intervals()),
)


@st.composite
def calendars(draw):
    weekly = draw(st.tuples(*[intervals()] * 7))
    ruled = draw(st.dictionaries(near_a_change, intervals(), max_size=4))
    try:
        return OpeningHours(weekly, ruled, holidays=draw(holidays))
    except InvalidHoursError:
        assume(False)


moments = st.builds(
    lambda day, second: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    ),
    near_a_change,
    st.integers(0, 86_400),
)


@CALM
@given(calendars(), moments)
def test_the_next_opening_is_open_and_nothing_between_is(calendar, at):
    opening = calendar.next_opening(at)

    if opening is None:
        assert not any(
            map(calendar.is_open, minutes_between(at, at + timedelta(days=8)))
        )
    else:
        assert opening >= at
        assert calendar.is_open(opening)
        assert not any(map(calendar.is_open, minutes_between(at, opening)))


def minutes_between(start: datetime, end: datetime):
    """Before `end`: the start, steps of 13 minutes, the last instant."""
    if start < end:
        yield end - timedelta(microseconds=1)
    while start < end:
        yield start
        start += timedelta(minutes=13)


@CALM
@given(calendars(), moments)
def test_away_from_clock_changes_the_clock_on_the_wall_decides(calendar, at):
    wall = at.astimezone(PARIS)
    assume(wall.date() not in CHANGES)
    yesterday = wall.date() - timedelta(days=1)
    assume(yesterday not in CHANGES)
    minute = wall.hour * 60 + wall.minute

    today = any(one.start <= minute < one.end for one in day_of(calendar, wall.date()))
    spill = said_of(calendar, wall.date()) is None and any(
        minute < one.end - DAY for one in day_of(calendar, yesterday)
    )

    assert calendar.is_open(at) is (today or spill)


def day_of(calendar: OpeningHours, day: date) -> tuple[Interval, ...]:
    said = said_of(calendar, day)
    return calendar.weekly[day.weekday()] if said is None else said


def said_of(calendar: OpeningHours, day: date) -> tuple[Interval, ...] | None:
    """What an exception or a holiday says of the day."""
    if day in calendar.exceptions or calendar.holidays is None:
        return calendar.exceptions.get(day)
    kept = public_holidays(day.year, calendar.holidays.regions)
    if day not in kept:
        return None
    return calendar.holidays.own.get(kept[day], calendar.holidays.usual)


@CALM
@given(
    st.sampled_from(CHANGES),
    st.integers(0, DAY - 1).flatmap(
        lambda start: st.builds(
            Interval, st.just(start), st.integers(start + 1, start + DAY)
        )
    ),
)
def test_over_a_clock_change_an_interval_stays_one_unbroken_span(day, interval):
    calendar = OpeningHours.never().on_date(day, [interval])
    midnight = datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)

    minutes = [midnight + timedelta(minutes=each) for each in range(-90, 3 * DAY)]
    opened = [at for at in minutes if calendar.is_open(at)]

    skipped = len(opened) - (interval.end - interval.start)
    assert -60 <= skipped <= 60
    assert not opened or opened[-1] - opened[0] == timedelta(minutes=len(opened) - 1)
    assert calendar.next_opening(minutes[0]) == (opened[0] if opened else None)


@CALM
@given(calendars(), moments)
def test_the_zone_in_which_a_moment_is_told_changes_nothing(calendar, at):
    assert calendar.is_open(at) is calendar.is_open(at.astimezone(PARIS))
    assert calendar.next_opening(at) == calendar.next_opening(at.astimezone(PARIS))


@CALM
@given(calendars(), moments, st.none() | st.integers(1, 10_000))
def test_hours_come_back_from_their_text(calendar, since, minutes):
    until = None if minutes is None else since + timedelta(minutes=minutes)
    closed = calendar.closed_now(EmergencyClose(since, until))

    assert hours_from_text(hours_to_text(calendar)) == calendar
    assert hours_from_text(hours_to_text(closed)) == closed


@CALM
@given(moments)
def test_a_service_that_is_always_open_is_open_at_every_moment(at):
    assert OpeningHours.always().is_open(at)
