"""The terms of a contract, as the company's own chain tells them.

Terms rule the clocks that begin behind them in the chain, and not before the moment
that they name: nobody can change what was promised to a call that is already there.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import msgspec

from ledger.events import Kind
from ledger.figures import halves
from ledger.model import Recorded


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was agreed for one service; a change is another version, never an edit."""

    version: int
    valid_from_us: int
    target_us: int = 60_000_000
    share_permille: int = 950
    """So many of a thousand calls in time; below it, the month's promise is broken."""
    offer: str = "base"
    per_minute: int = 0
    """Millionths of a euro for a minute, without VAT."""
    fixed_cents: int = 0
    """A month, whatever happens in it, without VAT."""
    forecast: tuple[int, ...] = ()
    """Calls expected in each half-hour of a week in Paris, from Monday 0:00; or none."""


STANDARD: Final = Terms(version=0, valid_from_us=0)
"""What rules a service whose terms are not chained: the promise, and no tariff."""

_LARGEST: Final = 2**53


def read(facts: Mapping[str, object]) -> Terms | None:
    """Read chained terms; what cannot be terms rules nothing."""
    try:
        terms = msgspec.convert(facts, Terms)
    except msgspec.ValidationError:
        return None
    numbers = (
        terms.version,
        terms.valid_from_us,
        terms.target_us,
        terms.share_permille,
        terms.per_minute,
        terms.fixed_cents,
        *terms.forecast,
    )
    if len(terms.forecast) not in {0, halves.IN_A_WEEK}:
        return None
    return terms if all(0 <= each < _LARGEST for each in numbers) else None


class TermsBook:
    """The terms that a chain told so far, service by service."""

    def __init__(self) -> None:
        self._told: defaultdict[str, list[Terms]] = defaultdict(list)
        self.all: list[Terms] = [STANDARD]
        """In the order of the chain; the first is what no chain has to tell."""

    def add(self, event: Recorded) -> None:
        """Take in one event; only `terms_set` changes anything."""
        if event.kind == Kind.TERMS_SET and (terms := read(event.facts)):
            self._told[event.service or ""].append(terms)
            self.all.append(terms)

    def at(self, service: str, t0_us: int) -> Terms:
        """Find what rules a clock that begins now: the last told that is valid."""
        for terms in reversed(self._told.get(service, ())):
            if terms.valid_from_us <= t0_us:
                return terms
        return STANDARD

    @property
    def services(self) -> list[str]:
        """Name the services that have terms."""
        return sorted(self._told)

    def number(self, terms: Terms) -> int:
        """Tell where these very terms, of this book, are in `all`."""
        return next(n for n, each in enumerate(self.all) if each is terms)
