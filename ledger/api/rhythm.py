"""Half-hours laid side by side: of a day, of a week, and how waits went day by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from ledger.figures import halves, waits
from ledger.figures.counts import Counters, contractual, total, without
from ledger.figures.reports import Level, level
from ledger.figures.slots import Slot, settled


class HalfHour(Struct, frozen=True):
    """Half an hour of a day: what happened to the calls that began in it."""

    begin_ms: int
    """Milliseconds since 1970."""
    counters: Counters
    level: Level
    p50_us: int | None
    """The wait of answered calls, microseconds."""
    p95_us: int | None


class DayWaits(Struct, frozen=True):
    """How long answered callers of a day waited, in microseconds."""

    date: str
    waits: Mapping[str, int | None]


class Cell(Struct, frozen=True):
    """An hour of a weekday, all of a month together."""

    offered: int
    level: Level


def half_hours(slots: Iterable[Slot], as_of_us: int) -> list[HalfHour]:
    """Lay the half-hours of all services side by side, earliest first."""
    by_half: defaultdict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_half[slot.half].append(slot)
    return [_half_hour(half, by_half[half], as_of_us) for half in sorted(by_half)]


def days(slots: Iterable[Slot]) -> list[DayWaits]:
    """Tell the waits of each day that had calls."""
    by_day: defaultdict[date, list[bytes]] = defaultdict(list)
    for slot in slots:
        by_day[halves.day(slot.half)].append(slot.waits)
    return [
        DayWaits(day.isoformat(), waits.waits(waits.in_order(packed)))
        for day, packed in sorted(by_day.items())
    ]


def week(slots: Iterable[Slot], as_of_us: int) -> list[list[Cell]]:
    """Add up the hours of each weekday in Paris, from Monday 0:00 on."""
    cells: defaultdict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        cells[halves.in_week(slot.half) // 2].append(slot)
    return [
        [_cell(cells.get(24 * weekday + hour, ()), as_of_us) for hour in range(24)]
        for weekday in range(7)
    ]


def _half_hour(half: int, slots: Sequence[Slot], as_of_us: int) -> HalfHour:
    counters, counted = _counted(slots, as_of_us)
    told = waits.waits(waits.in_order(slot.waits for slot in slots))
    return HalfHour(
        begin_ms=half * halves.LONG_US // 1000,
        counters=counters,
        level=level(contractual([counted])),
        p50_us=told["p50"],
        p95_us=told["p95"],
    )


def _cell(slots: Sequence[Slot], as_of_us: int) -> Cell:
    counters, counted = _counted(slots, as_of_us)
    return Cell(counters.offered, level(contractual([counted])))


def _counted(slots: Sequence[Slot], as_of_us: int) -> tuple[Counters, Counters]:
    """Count slots: all of it, and what the contract's band holds of it."""
    stands = [settled(slot, as_of_us) for slot in slots]
    counters = total(each[0] for each in stands)
    return counters, without(counters, total(each[1] for each in stands))
