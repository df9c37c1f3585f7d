"""How opening hours are written down: JSON that a person can read."""

from datetime import date, datetime
from typing import Final, Literal

import msgspec

from accounts.errors import InvalidHoursError
from accounts.holidays import Holiday, Region
from accounts.hours import EmergencyClose, HolidayHours, Interval, OpeningHours

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED: Final = "closed"
ORDINARY: Final = "ordinary"


class _Emergency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: datetime
    until: datetime | None = None


class _Holidays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hours: list[str] = []
    regions: list[Region] = []
    days: dict[Holiday, list[str] | Literal["ordinary"]] = {}


class _Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    weekly: dict[str, list[str]]
    exceptions: dict[date, list[str]] = {}
    emergency: _Emergency | None = None
    holidays: _Holidays | None = None


def hours_from_text(text: str | bytes) -> OpeningHours:
    """Read `{"weekly": {"mon": ["08:30-12:00"]}, "exceptions": {"2026-12-25": []}}`.

    A day of the week that is not named is closed. Without `"holidays": {"hours": []}`
    no notice is taken of them.

    Raises:
        InvalidHoursError: no such JSON, or a calendar that contradicts itself.
    """
    try:
        stored = msgspec.json.decode(text, type=_Hours)
        if unknown := set(stored.weekly) - set(DAYS):
            raise InvalidHoursError(f"{min(unknown)[:20]!r} is no day of the week.")
        return OpeningHours(
            weekly=tuple(_day(stored.weekly.get(day, [])) for day in DAYS),
            exceptions={day: _day(texts) for day, texts in stored.exceptions.items()},
            emergency=_emergency(stored.emergency),
            holidays=_holidays(stored.holidays),
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise InvalidHoursError(f"These are no opening hours: {error}") from error


def hours_to_text(hours: OpeningHours) -> str:
    """What `hours_from_text` reads as the same hours."""
    stored = _Hours(
        weekly={
            day: _texts(intervals)
            for day, intervals in zip(DAYS, hours.weekly, strict=True)
        },
        exceptions={
            day: _texts(intervals) for day, intervals in hours.exceptions.items()
        },
        emergency=(
            _Emergency(hours.emergency.since, hours.emergency.until)
            if hours.emergency
            else None
        ),
        holidays=_stored_holidays(hours.holidays),
    )
    return msgspec.json.encode(stored).decode()


def days_from_words(words: str) -> tuple[int, ...]:
    """Read days of the week as `mon-fri`, `sat` or `mon,wed,sat-sun` (0 is Monday).

    Raises:
        InvalidHoursError: these are no such days.
    """
    found: set[int] = set()
    for part in words.split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if not {first, last} <= {*DAYS}:
            raise InvalidHoursError(
                f"{part[:20]!r} is no day such as mon, or days such as mon-fri."
            )
        start, end = DAYS.index(first), DAYS.index(last)
        if end < start:
            raise InvalidHoursError(f"{part!r}: a week begins with mon.")
        found |= {*range(start, end + 1)}
    return tuple(sorted(found))


def intervals_from_words(words: str) -> tuple[Interval, ...]:
    """Read `closed` or `08:30-12:00,13:30-18:00`.

    Raises:
        InvalidHoursError: it is neither.
    """
    return () if words == CLOSED else _day(words.split(","))


def intervals_to_words(intervals: tuple[Interval, ...]) -> str:
    """Write what `intervals_from_words` reads as the same."""
    return ",".join(_texts(intervals)) or CLOSED


def _day(texts: list[str]) -> tuple[Interval, ...]:
    return tuple(Interval.parse(text) for text in texts)


def _texts(intervals: tuple[Interval, ...]) -> list[str]:
    return [str(interval) for interval in intervals]


def _emergency(stored: _Emergency | None) -> EmergencyClose | None:
    return EmergencyClose(stored.since, stored.until) if stored else None


def _holidays(stored: _Holidays | None) -> HolidayHours | None:
    if stored is None:
        return None
    return HolidayHours(
        usual=_day(stored.hours),
        regions=frozenset(stored.regions),
        own={
            holiday: None if texts == ORDINARY else _day([*texts])
            for holiday, texts in stored.days.items()
        },
    )


def _stored_holidays(holidays: HolidayHours | None) -> _Holidays | None:
    if holidays is None:
        return None
    return _Holidays(
        hours=_texts(holidays.usual),
        regions=sorted(holidays.regions),
        days={
            holiday: ORDINARY if hours is None else _texts(hours)
            for holiday, hours in holidays.own.items()
        },
    )
