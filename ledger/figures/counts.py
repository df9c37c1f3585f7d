"""The raw counters of a window, and the formulas that read them.

Whole numbers only: a share is a fraction until it is shown, and then it is cut, so that
94.999 % never looks like the 95 % that was promised.
"""

from collections.abc import Iterable
from fractions import Fraction
from operator import sub
from typing import Final

import msgspec

from ledger.figures.rules import CALLER_NETWORK_ONE_IN


class Counters(msgspec.Struct, frozen=True):
    """How many clocks of which kind; `later_*` are those behind a first answer."""

    offered: int = 0
    """All but `closed`."""
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    """Left before an answer, `short` ones apart."""
    short: int = 0
    left_in_target: int = 0
    """Of `abandoned` and `short`, those who left within the target."""
    left_another_way: int = 0
    no_one_there: int = 0
    technical: int = 0
    technical_caller: int = 0
    refused: int = 0
    closed: int = 0
    waiting: int = 0
    waiting_late: int = 0
    """Of them, those whose promise is broken already."""
    breaches: int = 0
    reoffers: int = 0
    """Offers to agents behind the first one of a call."""
    later_legs: int = 0
    later_answered: int = 0
    later_in_time: int = 0
    later_breaches: int = 0
    watched: int = 0
    """Clocks with somebody who let the eye look."""
    watched_s: int = 0
    legible_s: int = 0


NONE: Final = Counters()


def total(counters: Iterable[Counters]) -> Counters:
    """Add them up."""
    rows = zip(*map(msgspec.structs.astuple, (NONE, *counters)), strict=True)
    return Counters(*map(sum, rows))


def without(counters: Counters, part: Counters) -> Counters:
    """Take a part away."""
    one, two = msgspec.structs.astuple(counters), msgspec.structs.astuple(part)
    return Counters(*map(sub, one, two))


def denominator(day: Counters) -> int:
    """Everything of a day that counts; the caller's network is excused up to a share."""
    excused = day.offered // CALLER_NETWORK_ONE_IN
    return (
        day.answered
        + day.abandoned
        + day.left_another_way
        + day.no_one_there
        + day.technical
        + day.refused
        + day.waiting_late
        + max(0, day.technical_caller - excused)
    )


def contractual(days: Iterable[Counters]) -> tuple[int, int]:
    """Count a window's calls in time and those that count: the sum of its days."""
    in_time = counted = 0
    for day in days:
        in_time += day.in_time
        counted += denominator(day)
    return in_time, counted


def formulas(counters: Counters) -> dict[str, tuple[int, int]]:
    """Put the five common formulas as numerator and denominator, from raw counters.

    They know answered and abandoned calls only, `short` ones among the abandoned; what
    else the contract counts (our failures, other ways) is in none of them.
    """
    answered, in_time = counters.answered, counters.in_time
    left = counters.abandoned + counters.short
    return {
        "f1": (in_time + counters.left_in_target, answered + left),
        "f2": (in_time, answered),
        "f3": (in_time, answered + left),
        "f4": (in_time, answered + left - counters.left_in_target),
        "f5": (in_time + counters.short, answered + left),
    }


def shown(level: tuple[int, int]) -> int | None:
    """Cut a share to hundredths of a percent; of nothing there is none."""
    part, whole = level
    return part * 10_000 // whole if whole > 0 else None


def is_kept(level: tuple[int, int], share_permille: int) -> bool:
    """Tell whether a promised share was reached, exactly."""
    part, whole = level
    return whole == 0 or Fraction(part, whole) >= Fraction(share_permille, 1000)
