"""What a company pays, and what nobody may ever be made to pay.

The label's ceiling is 0.60 € a minute without VAT. A caller pays nothing, whatever was
agreed: the word exists only so that a tariff that says it is refused by its own code.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.errors import (
    CallerNeverPaysError,
    InvalidInputError,
    TariffTooHighError,
)

CEILING: Final = 600_000
"""Millionths of a euro for a minute, without VAT."""

MAX_FIXED_CENTS: Final = 100_000_000
HALVES_IN_A_WEEK: Final = 7 * 48
MAX_FORECAST: Final = 100_000


class Offer(StrEnum):
    """What a company bought; no offer changes how long a caller waits."""

    BASE = "base"
    PREMIUM = "premium"


class Payer(StrEnum):
    """Whom a tariff bills."""

    COMPANY = "company"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class Tariff:
    """A rate for each minute of a call that kept its promise, and a fee each month."""

    offer: Offer = Offer.BASE
    per_minute: int = 0
    """Millionths of a euro, without VAT."""
    fixed_cents: int = 0
    """A month, without VAT."""


def check_tariff(
    offer: str, per_minute: int, fixed_cents: int, payer: str = Payer.COMPANY
) -> Tariff:
    """Make a tariff that the label allows.

    Raises:
        CallerNeverPaysError: it bills a caller.
        TariffTooHighError: a minute costs more than the ceiling.
        InvalidInputError: no such offer, or a sum that cannot be.
    """
    if payer == Payer.CALLER:
        raise CallerNeverPaysError("No tariff bills a caller: the company always pays.")
    if payer != Payer.COMPANY:
        raise InvalidInputError(f"Nobody is called {payer[:20]!r}: the company pays.")
    if per_minute > CEILING:
        raise TariffTooHighError("A minute costs at most 0.60 € without VAT.")
    if per_minute < 0 or not 0 <= fixed_cents <= MAX_FIXED_CENTS:
        raise InvalidInputError("A rate and a fee are 0 or more, a fee at most 1 M€.")
    if offer not in {*Offer}:
        raise InvalidInputError("An offer is base or premium.")
    return Tariff(Offer(offer), per_minute, fixed_cents)


def check_forecast(forecast: tuple[int, ...]) -> tuple[int, ...]:
    """Accept no forecast, or one for each half-hour of a week; whole calls."""
    if len(forecast) not in {0, HALVES_IN_A_WEEK}:
        raise InvalidInputError("A forecast has 336 half-hours, from Monday 0:00 on.")
    if not all(0 <= calls <= MAX_FORECAST for calls in forecast):
        raise InvalidInputError("A half-hour expects 0 to 100,000 calls.")
    return forecast
