"""What a month costs a company, to the cent, from the seconds that the ledger counted.

A second costs a sixtieth of the minute's rate. The seconds of a service and tariff are
added up first, and their price is rounded once, half a cent upwards: many short calls
cost no more than one long one. All without VAT, which is no business of the ledger.
"""

from typing import Final

import msgspec

from ledger.figures import halves
from ledger.figures.reports import BilledLine, Report
from ledger.figures.terms import STANDARD, Terms, TermsBook

_MICRO_IN_A_CENT: Final = 10_000
ROUNDING: Final = "once for each line: half a cent upwards"


class UsageLine(msgspec.Struct, frozen=True):
    """The minutes of one service by one tariff."""

    service: str
    offer: str
    per_minute: int
    lines: int
    seconds: int
    free_lines: int
    cents: int


class FixedLine(msgspec.Struct, frozen=True):
    """The month's fee of one service, by the terms in force at the month's end."""

    service: str
    offer: str
    version: int
    cents: int


class Invoice(msgspec.Struct, frozen=True):
    """The lines of a company's month, without VAT."""

    usage: tuple[UsageLine, ...]
    fixed: tuple[FixedLine, ...]
    cents: int
    rounding: str = ROUNDING


def price(seconds: int, per_minute: int) -> int:
    """Price seconds at millionths of a euro a minute, in cents, rounded half up."""
    minute = 60 * _MICRO_IN_A_CENT
    return (2 * seconds * per_minute + minute) // (2 * minute)


def in_force(terms: TermsBook, month: str) -> dict[str, Terms]:
    """Find the terms of each service at the end of a month; of no others."""
    _, behind = halves.of_month(month)
    at_us = behind * halves.LONG_US - 1
    found = {service: terms.at(service, at_us) for service in terms.services}
    return {name: each for name, each in found.items() if each is not STANDARD}


def invoice(report: Report, terms: TermsBook) -> Invoice:
    """Make the lines of a month."""
    usage = tuple(map(_usage, report.billed))
    fixed = tuple(
        FixedLine(service, now.offer, now.version, now.fixed_cents)
        for service, now in in_force(terms, report.window).items()
        if now.fixed_cents
    )
    total = sum(each.cents for each in usage) + sum(each.cents for each in fixed)
    return Invoice(usage, fixed, total)


def _usage(line: BilledLine) -> UsageLine:
    cents = price(line.seconds, line.per_minute)
    return UsageLine(**msgspec.structs.asdict(line), cents=cents)
