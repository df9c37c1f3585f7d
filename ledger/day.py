"""The figures of a day, from its events, by the rules of the promise.

`rules: 1`. The clock of a call runs from T0 (`call_queued`) to T1 (the first
`call_answered` with a piece of evidence of the ladder). A transfer and "I do not
understand you" begin a new clock on a line of its own: the first answer stands, and
later legs are counted apart. Who leaves another way is in the denominator and not in
time, whatever comes after; that stops no clock. Everything is counted in whole
microseconds, so that nobody's rounding decides about a breach.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ledger import paris
from ledger.events import NEW_LEG, WITHOUT_CLOCK, Kind
from ledger.model import (
    CallRow,
    ChainEnd,
    DaySheet,
    Figures,
    Outcome,
    Recorded,
)

EVIDENCE: Final = frozenset({"presented", "delivered", "text"})
CALLER_LEFT: Final = frozenset(
    {"abandoned", "caller_hung_up", "caller_lost", "lost_waiting"},
)
"""Reasons that the caller gave by leaving; any other one before T1 is our failure."""

LEFT_ANOTHER_WAY: Final = frozenset({"left_another_way", "call_back_missed"})
"""Reasons that tell it by themselves, should `call_left` be missing."""

OURS: Final = frozenset({Outcome.NO_ONE_THERE, Outcome.TECHNICAL, Outcome.REFUSED})
LISTED_ROWS: Final = 1000
"""How many calls a sheet lists; its counters always count all of them."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of a contract; `version` names the rules that use them."""

    version: int = 1
    target_us: int = 60_000_000
    short_us: int = 5_000_000
    technical_caller_share: float = 0.02


@dataclass(slots=True)
class _Call:
    """What the events told so far about one clock of a call."""

    call: str
    leg: int = 0
    service: str = ""
    topic: str | None = None
    mode: str | None = None
    t0_us: int = 0
    t1_us: int | None = None
    evidence: str | None = None
    browser_ms: int | None = None
    accepted: bool = False
    accepted_before_t1: bool = False
    lost_us: int | None = None
    ended_us: int | None = None
    reason: str | None = None
    offers: int = 0
    way: str | None = None
    watched_s: int = 0
    legible_s: int = 0
    unqueued: Outcome | None = None
    """How a call that never was queued ended: closed or refused."""


@dataclass(slots=True)
class DayBook:
    """One company's calls with a T0 in one day; feed it events in the chain's order."""

    company: str
    day: date
    rules: Rules = field(default_factory=Rules)
    _calls: dict[str, _Call] = field(default_factory=dict)
    _lines: list[_Call] = field(default_factory=list)
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
            _note(call, event)

    def sheet(self, now_us: int, chain: ChainEnd) -> DaySheet:
        """Make the day's figures as they stand at `now_us`."""
        newest_first = sorted(
            self._lines,
            key=lambda call: (call.t0_us, call.call, call.leg),
            reverse=True,
        )
        rows = [_row(call, now_us, self.rules) for call in newest_first]
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
        call.topic = _text(event, "topic")
        call.mode = _text(event, "mode")

    def _unqueued(self, event: Recorded) -> None:
        name = event.call or event.event_id
        if name in self._calls or not self._is_ours(event.at_us):
            return
        call = self._line(name, event.at_us)
        call.service = event.service or ""
        call.topic = _text(event, "topic")
        call.mode = _text(event, "mode")
        call.ended_us = event.at_us
        call.reason = _text(event, "reason")
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
        call.leg = _whole(event, "leg") or 1
        call.service = _text(event, "to_service") or event.service or ""
        kept = before if call.service == event.service else None
        call.topic = _text(event, "topic") or (kept.topic if kept else None)
        call.mode = before.mode if before else None

    def _line(self, name: str, t0_us: int) -> _Call:
        call = self._calls[name] = _Call(name, t0_us=t0_us)
        self._lines.append(call)
        return call

    def _is_ours(self, at_us: int) -> bool:
        begin, end = paris.bounds_us(self.day)
        return begin <= at_us < end


def figures(rows: list[CallRow], rules: Rules) -> Figures:
    """Count a day's calls; a month or any other window counts the same way."""
    talking = sum(row.live for row in rows if row.outcome is Outcome.ANSWERED)
    watched = [row for row in rows if row.watched_s]
    watched_s = sum(row.watched_s for row in watched)
    legible_s = sum(row.legible_s for row in watched)
    later = [row for row in rows if row.leg > 0]
    rows = [row for row in rows if row.leg == 0]
    count = dict.fromkeys(Outcome, 0)
    for row in rows:
        count[row.outcome] += 1
    clocked = [row for row in rows if row.outcome is not Outcome.CLOSED]
    in_time = sum(row.in_time for row in rows)
    denominator = _denominator(count, offered=len(clocked), rules=rules)
    return Figures(
        offered=len(clocked),
        answered=count[Outcome.ANSWERED],
        in_time=in_time,
        abandoned=count[Outcome.ABANDONED],
        breaches=sum(row.breach for row in rows),
        short=count[Outcome.SHORT],
        left_another_way=count[Outcome.LEFT_ANOTHER_WAY],
        no_one_there=count[Outcome.NO_ONE_THERE],
        technical=count[Outcome.TECHNICAL],
        technical_caller=count[Outcome.TECHNICAL_CALLER],
        refused=count[Outcome.REFUSED],
        closed=count[Outcome.CLOSED],
        waiting=count[Outcome.WAITING],
        talking=talking,
        longest_wait_ms=max((row.wait_ms or 0 for row in clocked), default=None),
        denominator=denominator,
        service_level=in_time / denominator if denominator else None,
        later_legs=len(later),
        later_answered=sum(row.outcome is Outcome.ANSWERED for row in later),
        later_in_time=sum(row.in_time for row in later),
        later_breaches=sum(row.breach for row in later),
        watched_calls=len({row.call for row in watched}),
        watched_s=watched_s,
        legible_share=legible_s / watched_s if watched_s else None,
    )


def _denominator(count: dict[Outcome, int], *, offered: int, rules: Rules) -> int:
    """Everything that counts; the caller's network is excused up to its share."""
    excused = int(offered * rules.technical_caller_share)
    return (
        count[Outcome.ANSWERED]
        + count[Outcome.ABANDONED]
        + count[Outcome.LEFT_ANOTHER_WAY]
        + sum(count[ours] for ours in OURS)
        + max(0, count[Outcome.TECHNICAL_CALLER] - excused)
    )


def _note(call: _Call, event: Recorded) -> None:
    match event.kind:
        case Kind.OFFER_MADE:
            call.offers += 1
        case Kind.CALL_ACCEPTED:
            call.accepted = True
        case Kind.CALL_ANSWERED:
            _answered(call, event)
        case Kind.CALLER_LOST | Kind.CALLER_BACK:
            is_lost = event.kind == Kind.CALLER_LOST
            call.lost_us = event.at_us if is_lost else None
        case Kind.EYE_COUNTED:
            _watched(call, event)
        case Kind.CALL_LEFT if call.t1_us is None:
            call.way = _text(event, "way") or "unknown"
        case Kind.CALL_ENDED if call.ended_us is None:
            # of a caller who was lost and did not come back, the moment of loss
            call.ended_us = _whole(event, "ended_at_us") or event.at_us
            call.reason = _text(event, "reason")
        case _:
            pass


def _watched(call: _Call, event: Recorded) -> None:
    """Add what one relay counted, a window for each second."""
    windows = max(0, _whole(event, "windows") or 0)
    call.watched_s += windows
    call.legible_s += min(windows, max(0, _whole(event, "legible") or 0))


def _answered(call: _Call, event: Recorded) -> None:
    evidence = _text(event, "evidence")
    if call.t1_us is not None or evidence not in EVIDENCE:
        return
    call.t1_us = event.at_us
    call.evidence = evidence
    call.browser_ms = _whole(event, "browser_ms")
    call.accepted_before_t1 = call.accepted


def _row(call: _Call, now_us: int, rules: Rules) -> CallRow:
    outcome = _outcome(call, rules)
    wait_us = _stopped_us(call, now_us) - call.t0_us
    in_time = (
        outcome is Outcome.ANSWERED
        and call.accepted_before_t1
        and wait_us <= rules.target_us
    )
    return CallRow(
        call=call.call,
        leg=call.leg,
        service=call.service,
        topic=call.topic,
        mode=call.mode,
        t0_ms=call.t0_us // 1000,
        wait_ms=None if outcome is Outcome.CLOSED else max(0, wait_us) // 1000,
        outcome=outcome,
        in_time=in_time,
        breach=_is_breach(outcome, wait_us, rules, in_time=in_time),
        live=call.ended_us is None,
        evidence=call.evidence,
        browser_ms=call.browser_ms,
        talk_ms=_talk_ms(call, now_us),
        offers=call.offers,
        end_reason=call.reason,
        way=call.way,
        watched_s=call.watched_s,
        legible_s=call.legible_s,
    )


def _outcome(call: _Call, rules: Rules) -> Outcome:
    if call.unqueued is not None:
        return call.unqueued
    if _left_another_way(call):
        return Outcome.LEFT_ANOTHER_WAY
    if call.t1_us is not None:
        return Outcome.ANSWERED
    if call.ended_us is None:
        return Outcome.WAITING
    if call.reason in CALLER_LEFT:
        left_us = _stopped_us(call, call.ended_us)
        is_short = left_us - call.t0_us < rules.short_us
        return Outcome.SHORT if is_short else Outcome.ABANDONED
    return _failure(call.reason)


def _left_another_way(call: _Call) -> bool:
    by_reason = call.t1_us is None and call.reason in LEFT_ANOTHER_WAY
    return call.way is not None or by_reason


def _failure(reason: str | None) -> Outcome:
    """Whose failure it was; of an unknown cause: ours."""
    if reason == Outcome.NO_ONE_THERE:
        return Outcome.NO_ONE_THERE
    if reason == Outcome.TECHNICAL_CALLER:
        return Outcome.TECHNICAL_CALLER
    return Outcome.TECHNICAL


def _stopped_us(call: _Call, now_us: int) -> int:
    """When the clock stopped: T1, the moment of leaving or of loss, else now."""
    if call.t1_us is not None:
        return call.t1_us
    if call.ended_us is None:
        return now_us
    left = call.reason in CALLER_LEFT or call.reason == Outcome.NO_ONE_THERE
    if left and call.lost_us is not None:
        return call.lost_us
    return call.ended_us


def _is_breach(outcome: Outcome, wait_us: int, rules: Rules, *, in_time: bool) -> bool:
    if outcome in {Outcome.CLOSED, Outcome.SHORT, Outcome.TECHNICAL_CALLER}:
        return False
    if outcome in OURS:
        return True
    if outcome is Outcome.ANSWERED:
        return not in_time
    return wait_us > rules.target_us


def _talk_ms(call: _Call, now_us: int) -> int | None:
    if call.t1_us is None:
        return None
    end_us = now_us if call.ended_us is None else call.ended_us
    return max(0, end_us - call.t1_us) // 1000


def _text(event: Recorded, name: str) -> str | None:
    value = event.facts.get(name)
    return value if isinstance(value, str) and value else None


def _whole(event: Recorded, name: str) -> int | None:
    value = event.facts.get(name)
    return round(value) if isinstance(value, int | float) else None
