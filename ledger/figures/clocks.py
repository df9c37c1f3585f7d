"""What the events told so far about one clock of a call."""

from dataclasses import dataclass

from ledger.events import Kind
from ledger.figures.rules import EVIDENCE
from ledger.figures.terms import STANDARD, Terms
from ledger.model import Outcome, Recorded


@dataclass(slots=True)
class Clock:
    """One clock: a call until it is passed on, or one of its later legs."""

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
    terms: Terms = STANDARD
    is_free: bool = False
    """An earlier clock of the call was a breach: nothing of the call is billed."""
    before: "Clock | None" = None
    taken_back: bool = False
    """The queue forgot it: it is as if it had never begun."""

    @property
    def is_running(self) -> bool:
        """Nothing stopped it yet."""
        return self.t1_us is None and self.ended_us is None


def note(call: Clock, event: Recorded) -> None:
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
            call.way = text(event, "way") or "unknown"
        case Kind.CALL_ENDED if call.ended_us is None:
            # of a caller who was lost and did not come back, the moment of loss
            call.ended_us = whole(event, "ended_at_us") or event.at_us
            call.reason = text(event, "reason")
        case _:
            pass


def _watched(call: Clock, event: Recorded) -> None:
    """Add what one relay counted, a window for each second."""
    windows = max(0, whole(event, "windows") or 0)
    call.watched_s += windows
    call.legible_s += min(windows, max(0, whole(event, "legible") or 0))


def _answered(call: Clock, event: Recorded) -> None:
    evidence = text(event, "evidence")
    if call.t1_us is not None or evidence not in EVIDENCE:
        return
    call.t1_us = event.at_us
    call.evidence = evidence
    call.browser_ms = whole(event, "browser_ms")
    call.accepted_before_t1 = call.accepted


def text(event: Recorded, name: str) -> str | None:
    value = event.facts.get(name)
    return value if isinstance(value, str) and value else None


def whole(event: Recorded, name: str) -> int | None:
    value = event.facts.get(name)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
