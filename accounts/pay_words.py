"""Imported pay: lines of a file become sums and numbers of people, and no person is kept.

The share of pay in revenue is only ever told of five people or more, in every month.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.errors import InvalidInputError

FEWEST: Final = 5
MONTHS: Final = 12
_MONTH: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_LARGEST: Final = 10**12


class PayKind(StrEnum):
    """What was paid: gross wages of agents, or fees of independent ones."""

    WAGES = "wages"
    FEES = "fees"


@dataclass(frozen=True, slots=True)
class Pay:
    """What a pool's agents were paid in a month."""

    month: str
    pool: str
    kind: PayKind
    people: int
    cents: int


@dataclass(frozen=True, slots=True)
class PayShare:
    """The part of revenue that was agents' pay, over the months that have both."""

    months: tuple[str, ...]
    people: int
    """In the month with the fewest."""
    shown: int | None
    """Hundredths of a percent, cut; none for fewer than five people, or without revenue."""


def read_pay(text: str) -> list[Pay]:
    """Read lines of `month;pool;kind;person;cents`; a person is counted and forgotten.

    Raises:
        InvalidInputError: a line is none, or names a person twice.
    """
    people: defaultdict[tuple[str, str, PayKind], dict[str, int]] = defaultdict(dict)
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or (number == 1 and line.startswith("month;")):
            continue
        month, pool, kind, person, cents = _line(number, line)
        mine = people[month, pool, kind]
        if person in mine:
            raise InvalidInputError(f"Line {number}: this person is named twice.")
        mine[person] = cents
    return [
        Pay(month, pool, kind, len(paid), sum(paid.values()))
        for (month, pool, kind), paid in sorted(people.items())
    ]


def _line(number: int, line: str) -> tuple[str, str, PayKind, str, int]:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) != len(("month", "pool", "kind", "person", "cents")):
        raise InvalidInputError(f"Line {number}: not month;pool;kind;person;cents.")
    month, pool, kind, person, cents = parts
    if not _MONTH.fullmatch(month) or kind not in {*PayKind} or not pool or not person:
        raise InvalidInputError(f"Line {number}: no such month, kind, pool or person.")
    if not cents.isdecimal() or int(cents) > _LARGEST:
        raise InvalidInputError(f"Line {number}: cents are a whole number.")
    return month, pool, PayKind(kind), person, int(cents)


def share(pay: Iterable[Pay], revenue: Mapping[str, int], until: str) -> PayShare:
    """Compare pay with revenue (cents by month) over up to twelve months up to one."""
    people: defaultdict[str, int] = defaultdict(int)
    paid: defaultdict[str, int] = defaultdict(int)
    for each in pay:
        people[each.month] += each.people
        paid[each.month] += each.cents
    both = sorted(month for month in paid if month in revenue and month <= until)
    months = tuple(month for month in both if _is_within_a_year(month, until))
    fewest = min((people[month] for month in months), default=0)
    whole = sum(revenue[month] for month in months)
    part = sum(paid[month] for month in months)
    is_told = fewest >= FEWEST and whole > 0
    return PayShare(months, fewest, part * 10_000 // whole if is_told else None)


def _is_within_a_year(month: str, until: str) -> bool:
    return _number(until) - _number(month) < MONTHS


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
