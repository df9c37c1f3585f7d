"""The clocks of calls, from the events of a chain in their order."""

from collections.abc import Sequence

from ledger.events import NEW_LEG, WITHOUT_CLOCK, Kind
from ledger.figures.clocks import Clock, note, text, whole
from ledger.figures.judging import judge
from ledger.figures.terms import TermsBook
from ledger.model import Outcome, Recorded
from ledger.superseded import OpenCalls


class CallBook:
    """Every clock that began; events of a call that never did change nothing."""

    def __init__(self, terms: TermsBook | None = None) -> None:
        self._terms = TermsBook() if terms is None else terms
        self._running: dict[str, Clock] = {}
        self._lines: list[Clock] = []
        self._open = OpenCalls()

    @property
    def lines(self) -> Sequence[Clock]:
        """All clocks, in the order in which they began in the chain."""
        return [line for line in self._lines if not line.taken_back]

    def add(self, event: Recorded) -> None:
        """Take in one event; one that no rule reads changes nothing."""
        standing = self._open.taken_back(event)
        if standing is not None and event.call is not None:
            self._take_back(event.call)
        for one in [event] if standing is None else standing:
            self._add(one)

    def _take_back(self, name: str) -> None:
        """Forget every clock of a call, which what stands of it begins anew."""
        line = self._running.pop(name, None)
        while line is not None:
            line.taken_back = True
            line = line.before

    def _add(self, event: Recorded) -> None:
        if event.kind == Kind.TERMS_SET:
            self._terms.add(event)
        elif event.kind == Kind.CALL_QUEUED:
            self._queued(event)
        elif event.kind in WITHOUT_CLOCK:
            self._unqueued(event)
        elif event.kind in NEW_LEG:
            self._leg(event)
        elif event.kind == Kind.SUPERSEDED:
            self._superseded(event)
        elif event.call is not None and (call := self._running.get(event.call)):
            note(call, event)

    def _queued(self, event: Recorded) -> None:
        if event.call is None:
            return
        service = event.service or ""
        call = self._running.get(event.call) or self._line(event.call, service, event)
        if event.facts.get("adopted") and call.unqueued is None:
            call.ended_us = call.reason = call.lost_us = None
        call.service = service
        call.topic = text(event, "topic")
        call.mode = text(event, "mode")

    def _unqueued(self, event: Recorded) -> None:
        name = event.call or event.event_id
        if name in self._running or event.facts.get("recovered"):
            return  # a call that runs, or one that was in the queue a moment later
        call = self._line(name, event.service or "", event)
        call.topic = text(event, "topic")
        call.mode = text(event, "mode")
        call.ended_us = event.at_us
        call.reason = text(event, "reason")
        closed = event.kind == Kind.CALL_CLOSED
        call.unqueued = Outcome.CLOSED if closed else Outcome.REFUSED

    def _superseded(self, event: Recorded) -> None:
        """End a call that the queue knows no more; whoever brings it back undoes that."""
        call = self._running.get(event.call or "")
        if call is not None and event.facts.get("gone"):
            call.ended_us, call.reason = event.at_us, Outcome.TECHNICAL

    def _leg(self, event: Recorded) -> None:
        """End the running line of a call; the new one is of the day that it began."""
        before = self._running.pop(event.call or "", None)
        if event.call is None:
            return
        if before is not None and before.ended_us is None:
            before.ended_us, before.reason = event.at_us, event.kind
        service = text(event, "to_service") or event.service or ""
        call = self._line(event.call, service, event)
        call.leg, call.before = whole(event, "leg") or 1, before
        kept = before if service == event.service else None
        call.topic = text(event, "topic") or (kept.topic if kept else None)
        if before is not None:
            call.mode = before.mode
            call.is_free = before.is_free or judge(before, event.at_us).breach

    def _line(self, name: str, service: str, event: Recorded) -> Clock:
        terms = self._terms.at(service, event.at_us)
        call = Clock(name, service=service, t0_us=event.at_us, terms=terms)
        self._running[name] = call
        self._lines.append(call)
        return call
