"""How a clock stands at a moment, and whether the promise held."""

from dataclasses import dataclass

from ledger.figures.clocks import Clock
from ledger.figures.rules import CALLER_LEFT, LEFT_ANOTHER_WAY, OURS, SHORT_US
from ledger.model import CallRow, Outcome


@dataclass(frozen=True, slots=True)
class Judged:
    """A clock at one moment, in whole microseconds."""

    outcome: Outcome
    wait_us: int
    in_time: bool
    breach: bool
    talk_us: int | None

    @property
    def is_late(self) -> bool:
        """Somebody waits still, and the promise is broken already."""
        return self.outcome is Outcome.WAITING and self.breach


def judge(call: Clock, now_us: int) -> Judged:
    """Judge a clock by the terms under which it began."""
    outcome = _outcome(call)
    wait_us = max(0, _stopped_us(call, now_us) - call.t0_us)
    in_time = (
        outcome is Outcome.ANSWERED
        and call.accepted_before_t1
        and wait_us <= call.terms.target_us
    )
    return Judged(
        outcome,
        wait_us,
        in_time,
        _is_breach(outcome, wait_us, call.terms.target_us, in_time=in_time),
        _talk_us(call, now_us),
    )


def row(call: Clock, now_us: int) -> CallRow:
    """Write a clock down as pages and exports show it."""
    judged = judge(call, now_us)
    is_closed = judged.outcome is Outcome.CLOSED
    return CallRow(
        call=call.call,
        leg=call.leg,
        service=call.service,
        topic=call.topic,
        mode=call.mode,
        t0_ms=call.t0_us // 1000,
        wait_ms=None if is_closed else judged.wait_us // 1000,
        outcome=judged.outcome,
        in_time=judged.in_time,
        breach=judged.breach,
        live=call.ended_us is None,
        evidence=call.evidence,
        browser_ms=call.browser_ms,
        talk_ms=None if judged.talk_us is None else judged.talk_us // 1000,
        offers=call.offers,
        end_reason=call.reason,
        way=call.way,
        watched_s=call.watched_s,
        legible_s=call.legible_s,
    )


def _outcome(call: Clock) -> Outcome:
    if call.unqueued is not None:
        return call.unqueued
    if _left_another_way(call):
        return Outcome.LEFT_ANOTHER_WAY
    if call.t1_us is not None:
        return Outcome.ANSWERED
    if call.ended_us is None:
        return Outcome.WAITING
    if call.reason in CALLER_LEFT:
        is_short = _stopped_us(call, call.ended_us) - call.t0_us < SHORT_US
        return Outcome.SHORT if is_short else Outcome.ABANDONED
    return _failure(call.reason)


def _left_another_way(call: Clock) -> bool:
    by_reason = call.t1_us is None and call.reason in LEFT_ANOTHER_WAY
    return call.way is not None or by_reason


def _failure(reason: str | None) -> Outcome:
    """Whose failure it was; of an unknown cause: ours."""
    if reason == Outcome.NO_ONE_THERE:
        return Outcome.NO_ONE_THERE
    if reason == Outcome.TECHNICAL_CALLER:
        return Outcome.TECHNICAL_CALLER
    return Outcome.TECHNICAL


def _stopped_us(call: Clock, now_us: int) -> int:
    """When the clock stopped: T1, the moment of leaving or of loss, else now."""
    if call.t1_us is not None:
        return call.t1_us
    if call.ended_us is None:
        return now_us
    left = call.reason in CALLER_LEFT or call.reason == Outcome.NO_ONE_THERE
    if left and call.lost_us is not None:
        return call.lost_us
    return call.ended_us


def _is_breach(
    outcome: Outcome, wait_us: int, target_us: int, *, in_time: bool
) -> bool:
    if outcome in {Outcome.CLOSED, Outcome.SHORT, Outcome.TECHNICAL_CALLER}:
        return False
    if outcome in OURS:
        return True
    if outcome is Outcome.ANSWERED:
        return not in_time
    return wait_us > target_us


def _talk_us(call: Clock, now_us: int) -> int | None:
    if call.t1_us is None:
        return None
    end_us = now_us if call.ended_us is None else call.ended_us
    return max(0, end_us - call.t1_us)
