"""What the law asks of hours: covered against ordinary ones, Sundays and nights.

A service for deaf callers has to be open as long as the company's ordinary service is.
Who works on Sundays or at night needs an authorisation, which ends one day, and writes
down that they want to.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from accounts.errors import InvalidInputError
from accounts.hours import PARIS, OpeningHours

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(6)
SUNDAY: Final = 6
MAX_DOCUMENT: Final = 200

Span = tuple[datetime, datetime]


class WorkKind(StrEnum):
    """Work that needs an authorisation."""

    SUNDAY = "sunday"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """That people may work on Sundays or at night, from a day to a day."""

    kind: WorkKind
    first: date
    last: date
    document: str
    """Where it lies: a name or a number, not the paper itself."""
    volunteers: int
    """How many wrote down that they want to."""
    written_on: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInputError("An authorisation ends after it begins.")
        if self.volunteers < 1 or not self.document.strip():
            raise InvalidInputError("An authorisation has a document and volunteers.")
        if len(self.document) > MAX_DOCUMENT:
            raise InvalidInputError(f"A document's name has {MAX_DOCUMENT} signs.")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Minutes of ordinary hours, and those of them in which a service was open."""

    covered: int
    ordinary: int


def coverage(
    covered: OpeningHours, ordinary: OpeningHours, first: date, behind: date
) -> Coverage:
    """Compare two calendars from a day on to before another."""
    usual = [*_open(ordinary, first, behind)]
    both = _both(usual, [*_open(covered, first, behind)])
    return Coverage(_minutes(both), _minutes(usual))


def unauthorised(
    hours: OpeningHours,
    first: date,
    behind: date,
    authorisations: Iterable[Authorisation],
) -> dict[WorkKind, int]:
    """Count the days on which a calendar needs an authorisation that there is not."""
    needed = {
        (kind, day)
        for span in _open(hours, first, behind)
        for kind, day in _needs(span)
    }
    for each in authorisations:
        needed -= {
            (kind, day)
            for kind, day in needed
            if kind is each.kind and each.first <= day <= each.last
        }
    counted = {kind: sum(each is kind for each, _ in needed) for kind in WorkKind}
    return {kind: days for kind, days in counted.items() if days}


def _open(hours: OpeningHours, first: date, behind: date) -> Iterator[Span]:
    """List the spans in order, cut to these days and without an emergency close."""
    begin, end = _midnight(first), _midnight(behind)
    day = first - _DAY
    while day < behind:
        for start, stop in hours.spans(day):
            cut = max(start, begin), min(stop, end)
            if cut[0] < cut[1]:
                yield from _without_emergency(cut, hours)
        day += _DAY


def _without_emergency(span: Span, hours: OpeningHours) -> Iterator[Span]:
    closed = hours.emergency
    if closed is None:
        yield span
        return
    since, until = closed.since, closed.until or span[1]
    for part in ((span[0], min(span[1], since)), (max(span[0], until), span[1])):
        if part[0] < part[1]:
            yield part


def _both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    found = []
    for start, end in one:
        for begin, stop in other:
            cut = max(start, begin), min(end, stop)
            if cut[0] < cut[1]:
                found.append(cut)
    return found


def _needs(span: Span) -> Iterator[tuple[WorkKind, date]]:
    """Tell which days of a span need which authorisation, as the clocks in Paris show."""
    day, last = (each.astimezone(PARIS).date() for each in span)
    while day <= last:
        if day.weekday() == SUNDAY and _overlaps(
            span, _midnight(day), _midnight(day + _DAY)
        ):
            yield WorkKind.SUNDAY, day
        morning, evening = _at(day, NIGHT_ENDS), _at(day, NIGHT_BEGINS)
        is_early = _overlaps(span, _midnight(day), morning)
        if is_early or _overlaps(span, evening, _midnight(day + _DAY)):
            yield WorkKind.NIGHT, day
        day += _DAY


def _overlaps(span: Span, begin: datetime, end: datetime) -> bool:
    return span[0] < end and begin < span[1]


def _minutes(spans: Iterable[Span]) -> int:
    return sum((end - start) // _MINUTE for start, end in spans)


def _midnight(day: date) -> datetime:
    return _at(day, time())


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, PARIS).astimezone(UTC)
