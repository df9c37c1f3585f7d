"""The figures of a month or of any other run of half-hours, made from its slots."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from ledger.figures import halves, waits
from ledger.figures.counts import (
    Counters,
    contractual,
    formulas,
    shown,
    total,
    without,
)
from ledger.figures.rules import VERSION
from ledger.figures.slots import Slot, settled


class Level(msgspec.Struct, frozen=True):
    """A share of calls, and how it is shown: hundredths of a percent, cut."""

    part: int
    whole: int
    shown: int | None


class DayLine(msgspec.Struct, frozen=True):
    """A day in Paris; the contractual level is without what came beyond the band."""

    date: str
    counters: Counters
    level: Level


class BilledLine(msgspec.Struct, frozen=True):
    """What one service had by one tariff."""

    service: str
    offer: str
    per_minute: int
    lines: int
    seconds: int
    free_lines: int


class Report(msgspec.Struct, frozen=True):
    """What a window came to; every company can compute the same from its export."""

    company: str
    service: str | None
    """None: all services of the company."""
    window: str
    rules: int
    position: int
    """The last link that was counted."""
    as_of_us: int
    """The newest moment that the links up to it tell."""
    counters: Counters
    excess: Counters
    level: Level
    """The contract's: the sum of its days."""
    formulas: Mapping[str, Level]
    waits: Mapping[str, int | None]
    """Of answered calls, in microseconds."""
    histogram: Sequence[int]
    longest_us: int | None
    """Of everybody who waited."""
    patience: Sequence[Sequence[int]]
    """Second, still waiting at its begin, left before the next one told."""
    topics: Mapping[str, int]
    billed: Sequence[BilledLine]
    days: Sequence[DayLine]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures, of which window, and up to where in the chain."""

    company: str
    service: str | None
    window: str
    position: int
    as_of_us: int


def report(scope: Scope, slots: Iterable[Slot]) -> Report:
    """Add up the slots of a window."""
    mine = [one for one in slots if scope.service in {None, one.service}]
    stands = [(one.half, *settled(one, scope.as_of_us)) for one in mine]
    counters = total(each[1] for each in stands)
    answered = waits.in_order(one.waits for one in mine)
    left = waits.in_order(one.left for one in mine)
    others = waits.in_order(one.others for one in mine)
    still = np.array([wait for each in stands for wait in each[3]], dtype=np.int64)
    everybody = waits.all_of(answered, left, others, still)
    days = _days((half, each, excess) for half, each, excess, _ in stands)
    five = formulas(counters).items()
    return Report(
        company=scope.company,
        service=scope.service,
        window=scope.window,
        rules=VERSION,
        position=scope.position,
        as_of_us=scope.as_of_us,
        counters=counters,
        excess=total(each[2] for each in stands),
        level=level(
            (
                sum(day.level.part for day in days),
                sum(day.level.whole for day in days),
            )
        ),
        formulas={name: level(shares) for name, shares in five},
        waits=waits.waits(answered),
        histogram=waits.histogram(answered),
        longest_us=int(everybody[-1]) if len(everybody) else None,
        patience=waits.patience(left, everybody),
        topics=_topics(mine),
        billed=_billed(mine),
        days=days,
    )


def _days(stands: Iterable[tuple[int, Counters, Counters]]) -> list[DayLine]:
    by_day: defaultdict[str, list[tuple[Counters, Counters]]] = defaultdict(list)
    for half, counters, excess in stands:
        by_day[halves.day(half).isoformat()].append((counters, excess))
    return [_day(date, by_day[date]) for date in sorted(by_day)]


def _day(date: str, parts: Sequence[tuple[Counters, Counters]]) -> DayLine:
    counters = total(each for each, _ in parts)
    excess = total(each for _, each in parts)
    return DayLine(date, counters, level(contractual([without(counters, excess)])))


def level(shares: tuple[int, int]) -> Level:
    return Level(*shares, shown(shares))


def _topics(slots: Iterable[Slot]) -> dict[str, int]:
    counted: defaultdict[str, int] = defaultdict(int)
    for slot in slots:
        for topic, count in slot.topics.items():
            counted[topic] += count
    return dict(sorted(counted.items()))


def _billed(slots: Iterable[Slot]) -> list[BilledLine]:
    sums: defaultdict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for slot in slots:
        for each in slot.billed:
            line = sums[slot.service, each.offer, each.per_minute]
            for place, count in enumerate((each.lines, each.seconds, each.free_lines)):
                line[place] += count
    return [BilledLine(*who, *line) for who, line in sorted(sums.items())]
