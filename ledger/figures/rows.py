"""How a clock stands at a moment: whose line it is, and whether the promise held."""

from ledger.figures.clocks import Clock
from ledger.figures.rules import CALLER_LEFT, LEFT_ANOTHER_WAY, OURS, Rules
from ledger.model import CallRow, Outcome


def row(call: Clock, now_us: int, rules: Rules) -> CallRow:
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


def _outcome(call: Clock, rules: Rules) -> Outcome:
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


def _is_breach(outcome: Outcome, wait_us: int, rules: Rules, *, in_time: bool) -> bool:
    if outcome in {Outcome.CLOSED, Outcome.SHORT, Outcome.TECHNICAL_CALLER}:
        return False
    if outcome in OURS:
        return True
    if outcome is Outcome.ANSWERED:
        return not in_time
    return wait_us > rules.target_us


def _talk_ms(call: Clock, now_us: int) -> int | None:
    if call.t1_us is None:
        return None
    end_us = now_us if call.ended_us is None else call.ended_us
    return max(0, end_us - call.t1_us) // 1000
