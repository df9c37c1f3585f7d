"""A company's day, from the events of its calls."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ledger import paris
from ledger.events import NEW_LEG, WITHOUT_CLOCK, Kind
from ledger.figures.clocks import Clock, note, text, whole
from ledger.figures.counts import figures
from ledger.figures.rows import row
from ledger.figures.rules import Rules
from ledger.model import ChainEnd, DaySheet, Outcome, Recorded

LISTED_ROWS: Final = 1000
"""How many calls a sheet lists; its counters always count all of them."""


@dataclass(slots=True)
class DayBook:
    """One company's calls with a T0 in one day; feed it events in the chain's order."""

    company: str
    day: date
    rules: Rules = field(default_factory=Rules)
    _calls: dict[str, Clock] = field(default_factory=dict)
    _lines: list[Clock] = field(default_factory=list)
    """Every clock of the day; `_calls` has the running one of each call."""

    def add(self, event: Recorded) -> None:
        """Take in one event; one that no rule of this day reads changes nothing."""
        if event.kind == Kind.CALL_QUEUED:
            self._queued(event)
        elif event.kind in WITHOUT_CLOCK:
            self._unqueued(event)
        elif event.kind in NEW_LEG:
            self._leg(event)
        elif event.call is not None and (call := self._calls.get(event.call)):
            note(call, event)

    def sheet(self, now_us: int, chain: ChainEnd) -> DaySheet:
        """Make the day's figures as they stand at `now_us`."""
        newest_first = sorted(
            self._lines,
            key=lambda call: (call.t0_us, call.call, call.leg),
            reverse=True,
        )
        rows = [row(call, now_us, self.rules) for call in newest_first]
        return DaySheet(
            company=self.company,
            date=self.day.isoformat(),
            timezone=paris.ZONE_NAME,
            is_today=self.day == paris.day_at(now_us),
            as_of_ms=now_us // 1000,
            rules=self.rules.version,
            target_ms=self.rules.target_us // 1000,
            figures=figures(rows, self.rules),
            calls=tuple(rows[:LISTED_ROWS]),
            calls_total=len(rows),
            chain=chain,
        )

    def _queued(self, event: Recorded) -> None:
        if event.call is None or not self._is_ours(event.at_us):
            return
        call = self._calls.get(event.call) or self._line(event.call, event.at_us)
        call.service = event.service or ""
        call.topic = text(event, "topic")
        call.mode = text(event, "mode")

    def _unqueued(self, event: Recorded) -> None:
        name = event.call or event.event_id
        if name in self._calls or not self._is_ours(event.at_us):
            return
        call = self._line(name, event.at_us)
        call.service = event.service or ""
        call.topic = text(event, "topic")
        call.mode = text(event, "mode")
        call.ended_us = event.at_us
        call.reason = text(event, "reason")
        closed = event.kind == Kind.CALL_CLOSED
        call.unqueued = Outcome.CLOSED if closed else Outcome.REFUSED

    def _leg(self, event: Recorded) -> None:
        """End the running line of a call; the new one is of the day that it began."""
        if event.call is None:
            return
        before = self._calls.pop(event.call, None)
        if before is not None and before.ended_us is None:
            before.ended_us, before.reason = event.at_us, event.kind
        if not self._is_ours(event.at_us):
            return
        call = self._line(event.call, event.at_us)
        call.leg = whole(event, "leg") or 1
        call.service = text(event, "to_service") or event.service or ""
        kept = before if call.service == event.service else None
        call.topic = text(event, "topic") or (kept.topic if kept else None)
        call.mode = before.mode if before else None

    def _line(self, name: str, t0_us: int) -> Clock:
        call = self._calls[name] = Clock(name, t0_us=t0_us)
        self._lines.append(call)
        return call

    def _is_ours(self, at_us: int) -> bool:
        begin, end = paris.bounds_us(self.day)
        return begin <= at_us < end
