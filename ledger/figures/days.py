"""A company's day, from the events of its calls."""

from datetime import date
from typing import Final

from ledger import paris
from ledger.figures.calls import CallBook
from ledger.figures.clocks import Clock
from ledger.figures.judging import row
from ledger.figures.rules import VERSION
from ledger.figures.sheets import figures
from ledger.figures.terms import STANDARD
from ledger.model import CallRow, ChainEnd, DaySheet, Recorded

LISTED_ROWS: Final = 1000
"""How many calls a sheet lists; its counters always count all of them."""


class DayBook:
    """One company's calls with a T0 in one day; feed it events in the chain's order."""

    def __init__(self, company: str, day: date) -> None:
        self._company = company
        self._day = day
        self._bounds_us = paris.bounds_us(day)
        self._calls = CallBook()

    def add(self, event: Recorded) -> None:
        """Take in one event; one that no rule of this day reads changes nothing."""
        self._calls.add(event)

    def rows(self, now_us: int) -> list[CallRow]:
        """Tell every line of the day as it stands at `now_us`, newest first."""
        return [row(call, now_us) for call in self._newest_first()]

    def sheet(
        self, now_us: int, chain: ChainEnd, rows: list[CallRow] | None = None
    ) -> DaySheet:
        """Make the day's figures as they stand at `now_us`."""
        newest_first = self._newest_first()
        newest = newest_first[0].terms if newest_first else STANDARD
        rows = [row(call, now_us) for call in newest_first] if rows is None else rows
        return DaySheet(
            company=self._company,
            date=self._day.isoformat(),
            timezone=paris.ZONE_NAME,
            is_today=self._day == paris.day_at(now_us),
            as_of_ms=now_us // 1000,
            rules=VERSION,
            target_ms=newest.target_us // 1000,
            figures=figures(rows),
            calls=tuple(rows[:LISTED_ROWS]),
            calls_total=len(rows),
            chain=chain,
        )

    def _newest_first(self) -> list[Clock]:
        return sorted(
            filter(self._is_ours, self._calls.lines),
            key=lambda call: (call.t0_us, call.call, call.leg),
            reverse=True,
        )

    def _is_ours(self, call: Clock) -> bool:
        begin, end = self._bounds_us
        return begin <= call.t0_us < end
