"""When a service is open: a week, public holidays, exceptions, an emergency close.

Times of a calendar are what the clocks of Europe/Paris show. An interval belongs to
the day on which it starts and may run into the next one: "22:00-26:00" ends at two in
the morning. An exceptional day is exactly what its exception says, and a holiday what
the calendar says of it: nothing of the evening before runs into them. An exception
comes before a holiday, a holiday before the week.

When the clocks change, an interval stays one unbroken span. A time that the clocks
show twice counts at its first showing; a time that they skip counts as the moment of
the change.

Only UTC is computed with: between two datetimes of one zone, Python compares what the
clocks show, and is wrong in the hour that exists twice.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, Self
from zoneinfo import ZoneInfo

from accounts.errors import InvalidHoursError
from accounts.holidays import Holiday, Region, public_holidays

PARIS: Final = ZoneInfo("Europe/Paris")
MINUTES_PER_DAY: Final = 24 * 60
MAX_EXCEPTIONS: Final = 1000
_YEARS: Final = range(2000, 2200)
_DAY: Final = timedelta(days=1)
_INTERVAL: Final = re.compile("([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` to before `end`, in minutes after midnight of the starting day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MINUTES_PER_DAY:
            raise InvalidHoursError(f"{self}: starts outside its day.")
        if self.end <= self.start:
            raise InvalidHoursError(f"{self}: ends before it starts.")
        if self.end - self.start > MINUTES_PER_DAY:
            raise InvalidHoursError(f"{self}: is longer than a day.")

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "08:30-12:00"; hours after midnight count on from 24.

        Raises:
            InvalidHoursError: the text is no interval, or none that can be.
        """
        match = _INTERVAL.fullmatch(text)
        if match is None:
            raise InvalidHoursError(f"{text!r} is no interval such as 08:30-12:00.")
        hour, minute, end_hour, end_minute = map(int, match.groups())
        return cls(hour * 60 + minute, end_hour * 60 + end_minute)


WHOLE_DAY: Final = Interval(0, MINUTES_PER_DAY)


@dataclass(frozen=True, slots=True)
class EmergencyClose:
    """Closed whatever the calendar says, from `since` to `until` (None: until lifted)."""

    since: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        since = _utc(self.since)
        if self.until is not None and _utc(self.until) <= since:
            raise InvalidHoursError("An emergency close ends before it starts.")

    def covers(self, at: datetime) -> bool:
        at = _utc(at)
        return _utc(self.since) <= at and (self.until is None or at < _utc(self.until))


@dataclass(frozen=True, slots=True)
class HolidayHours:
    """What a calendar says of public holidays: `usual`, unless `own` says otherwise.

    Both are what the day's hours are (none: closed); an own None lets the day be as
    any other of its week. `regions` add their own holidays to the national ones.
    """

    usual: tuple[Interval, ...] = ()
    regions: frozenset[Region] = frozenset()
    own: Mapping[Holiday, tuple[Interval, ...] | None] = field(
        default_factory=dict, hash=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "usual", tuple(sorted(self.usual)))
        own = {
            one: None if hours is None else tuple(sorted(hours))
            for one, hours in sorted(self.own.items())
        }
        object.__setattr__(self, "own", own)

    def on(self, day: date) -> tuple[Interval, ...] | None:
        """The hours of a holiday; None where the week rules."""
        holiday = public_holidays(day.year, self.regions).get(day)
        return None if holiday is None else self.own.get(holiday, self.usual)

    def open_days(self, first: date, years: int) -> Iterator[date]:
        """The holidays with hours, from `first` on, for so many years."""
        for year in range(first.year, first.year + years):
            for day in public_holidays(year, self.regions):
                if day >= first and self.on(day):
                    yield day

    def all_hours(self) -> Iterator[tuple[Interval, ...]]:
        yield self.usual
        yield from (hours for hours in self.own.values() if hours is not None)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A published calendar; `weekly` begins with Monday.

    Without `holidays` it takes no notice of them.

    Raises:
        InvalidHoursError: intervals overlap, or a week has not seven days.
    """

    weekly: tuple[tuple[Interval, ...], ...]
    exceptions: Mapping[date, tuple[Interval, ...]] = field(
        default_factory=dict, hash=False
    )
    emergency: EmergencyClose | None = None
    holidays: HolidayHours | None = None

    def __post_init__(self) -> None:
        _check_shape(self.weekly, self.exceptions)
        weekly = tuple(tuple(sorted(day)) for day in self.weekly)
        exceptions = {
            day: tuple(sorted(self.exceptions[day])) for day in sorted(self.exceptions)
        }
        object.__setattr__(self, "weekly", weekly)
        object.__setattr__(self, "exceptions", exceptions)
        self._refuse_overlaps()

    @classmethod
    def always(cls) -> Self:
        """Day and night, every day."""
        return cls(weekly=((WHOLE_DAY,),) * 7)

    @classmethod
    def never(cls) -> Self:
        """Not open before somebody publishes hours."""
        return cls(weekly=((),) * 7)

    def is_open(self, at: datetime) -> bool:
        """Whether a call that arrives at `at` (aware) is inside the hours."""
        at = _utc(at)
        if self.emergency is not None and self.emergency.covers(at):
            return False
        today = at.astimezone(PARIS).date()
        return any(
            start <= at < end
            for day in (today - _DAY, today)
            for start, end in self.spans(day)
        )

    def is_closed_for_holiday(self, at: datetime) -> bool:
        """Whether it is closed at `at` (aware) on a holiday with hours of its own."""
        at = _utc(at)
        today = at.astimezone(PARIS).date()
        if self.is_open(at) or today in self.exceptions:
            return False
        if self.emergency is not None and self.emergency.covers(at):
            return False
        ruled = self._ruled(today)
        return ruled is not None and ruled != self.weekly[today.weekday()]

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from `at` (aware) on that is open; None if none is known.

        `at` itself when it is open. In UTC: convert to `PARIS` to show it.
        """
        opening = self._next_by_calendar(_utc(at))
        emergency = self.emergency
        if opening is None or emergency is None or not emergency.covers(opening):
            return opening
        if emergency.until is None:
            return None
        return self._next_by_calendar(_utc(emergency.until))

    def on(self, day: date) -> tuple[Interval, ...]:
        """What the calendar says of a day, whatever runs into it from the day before."""
        ruled = self._ruled(day)
        return self.weekly[day.weekday()] if ruled is None else ruled

    def on_days(self, days: Iterable[int], hours: Iterable[Interval]) -> Self:
        """Other hours on these days of the week (0 is Monday)."""
        weekly, hours = list(self.weekly), tuple(hours)
        for day in days:
            weekly[day] = hours
        return replace(self, weekly=tuple(weekly))

    def on_date(self, day: date, hours: Iterable[Interval] | None) -> Self:
        """Other hours on one day; None ends its exception."""
        others = {one: kept for one, kept in self.exceptions.items() if one != day}
        own = {} if hours is None else {day: tuple(hours)}
        return replace(self, exceptions=others | own)

    def on_holidays(self, holidays: HolidayHours | None) -> Self:
        """The same calendar that says something else of holidays, or (None) nothing."""
        return replace(self, holidays=holidays)

    def closed_now(self, emergency: EmergencyClose | None) -> Self:
        """The same calendar, closed in an emergency, or (None) no longer."""
        return replace(self, emergency=emergency)

    def _next_by_calendar(self, at: datetime) -> datetime | None:
        for day in self._days_from(at.astimezone(PARIS).date() - _DAY):
            for start, end in self.spans(day):
                if end > at:
                    return max(start, at)
        return None

    def _days_from(self, first: date) -> Iterator[date]:
        """Days in order, up to where no further one can be the first open one.

        Of a weekly day, exceptions and changes of the clocks can take away at most
        as many occurrences as there are exceptions and springs; holidays (22 a year
        at most, five of them on one day of the week) less than a quarter. Of a
        holiday, exceptions and a holiday on the same day can take away some years.
        """
        later = [day for day in self.exceptions if day > first]
        weeks = 2 * len(later) + 16
        for offset in range(7 * weeks):
            yield first + offset * _DAY
        end = first + 7 * weeks * _DAY
        far = {day for day in later if day >= end}
        if self.holidays is not None:
            far |= {*self.holidays.open_days(end, 2 * len(later) + 4)}
        yield from sorted(far)

    def _ruled(self, day: date) -> tuple[Interval, ...] | None:
        """What an exception, or else a holiday, says of the day; None: the week rules."""
        if day in self.exceptions or self.holidays is None:
            return self.exceptions.get(day)
        return self.holidays.on(day)

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans, in UTC, that start on `day`, but for an emergency close."""
        is_cut = self._ruled(day + _DAY) is not None
        latest = MINUTES_PER_DAY if is_cut else 2 * MINUTES_PER_DAY
        for interval in self.on(day):
            start = _moment(day, interval.start)
            end = _moment(day, min(interval.end, latest))
            if start < end:
                yield start, end

    def _refuse_overlaps(self) -> None:
        for number, intervals in enumerate(self.weekly):
            _refuse_overlap(intervals, self.weekly[(number + 1) % 7])
        for day, intervals in self.exceptions.items():
            after = day + _DAY
            is_cut = self._ruled(after) is not None
            _refuse_overlap(intervals, () if is_cut else self.on(after))
        for intervals in self.holidays.all_hours() if self.holidays else ():
            for morning in self.weekly:  # a holiday's date wanders through the week
                _refuse_overlap(intervals, morning)


def _check_shape(
    weekly: Sequence[object], exceptions: Mapping[date, tuple[Interval, ...]]
) -> None:
    if len(weekly) != 7:
        raise InvalidHoursError("A week has seven days.")
    if len(exceptions) > MAX_EXCEPTIONS:
        raise InvalidHoursError(f"More than {MAX_EXCEPTIONS} exceptional days.")
    for day in exceptions:
        if day.year not in _YEARS:
            raise InvalidHoursError(f"{day}: far from our time.")


def _refuse_overlap(day: Sequence[Interval], after: Sequence[Interval]) -> None:
    for one, other in pairwise(day):
        if other.start < one.end:
            raise InvalidHoursError(f"{one} and {other} overlap.")
    if day and after and after[0].start + MINUTES_PER_DAY < day[-1].end:
        raise InvalidHoursError(f"{day[-1]} overlaps {after[0]} of the next day.")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} is in no time zone")
    return at.astimezone(UTC)


def _moment(day: date, minute: int) -> datetime:
    """When, in UTC, the clocks show this time first, or would have shown it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = wall.replace(tzinfo=PARIS, fold=0).astimezone(UTC)
    other = wall.replace(tzinfo=PARIS, fold=1).astimezone(UTC)
    return first if first <= other else _change_between(other, first)


def _change_between(before: datetime, after: datetime) -> datetime:
    """The minute at which the clocks change."""
    offset = before.astimezone(PARIS).utcoffset()
    minutes = int((after - before) / timedelta(minutes=1))
    for minute in range(1, minutes + 1):
        at = before + timedelta(minutes=minute)
        if at.astimezone(PARIS).utcoffset() != offset:
            return at
    return after
