"""Whether the hands that sign can be seen.

Real hands rest, blur and hide one another, and a detector misses them in half of the
pictures. So it is asked how unlikely it is that it misses them by chance, for somebody
of whom it has found as many as of this person.
"""

from relay.eye.model import HandsSeen, Sample
from relay.eye.past import Past, moving, share
from relay.eye.rules_frame import has_no_room
from relay.eye.thresholds import Thresholds


def has_no_hands(past: Past, held: bool) -> bool:  # noqa: FBT001  a rule's signature
    """Somebody signs, and for longer than chance allows no check finds a hand."""
    rule = past.thresholds.hands_never_seen
    missed = missed_checks(past)
    if not missed:
        return False
    signing = _signing_share(past, rule.span_s)
    if held:
        return signing >= rule.keep_moving_share
    if past.at - missed[0].at < rule.span_s or signing < rule.raise_moving_share:
        return False
    if has_no_room(past, held=False):
        return len(missed) >= rule.tight_checks
    return chance(past) < rule.chance_below


def cuts_hands(past: Past, held: bool) -> bool:  # noqa: FBT001
    """There is no room for them, or the hands that sign end at the edge."""
    rule = past.thresholds.hands_cut
    window = past.since(past.thresholds.window_s)
    seen = [
        sample.hands
        for sample, signing in zip(window, moving(window, past.thresholds), strict=True)
        if signing and sample.hands is not None and sample.hands.count
    ]
    cut = share([is_cut(hands, past.thresholds) for hands in seen])
    enough = past.thresholds.keep_share if held else past.thresholds.raise_share
    at_the_edge = len(seen) >= (1 if held else rule.min_checks) and cut >= enough
    return at_the_edge or has_no_room(past, held)


def is_cut(hands: HandsSeen, thresholds: Thresholds) -> bool:
    return hands.count > 0 and hands.cut_share >= thresholds.hands_cut.landmark_share


def are_missed(past: Past) -> bool:
    """No hand was found yet, or not for unusually long, or the last one was cut."""
    rule = past.thresholds.hands_never_seen
    hands = past.samples[-1].hands
    if hands is not None and is_cut(hands, past.thresholds):
        return True
    missed = missed_checks(past)
    return bool(missed) and (
        len(missed) == len(_checks(past)) or chance(past) < rule.doubt_below
    )


def missed_checks(past: Past) -> list[Sample]:
    """The checks of somebody who moves since the last one that found a hand."""
    checks = _checks(past)
    found = [index for index, one in enumerate(checks) if _count(one)]
    return checks[found[-1] + 1 :] if found else checks


def chance(past: Past) -> float:
    """How likely so many misses are, by what was found of this person before."""
    rule = past.thresholds.hands_never_seen
    checks, missed = _checks(past), len(missed_checks(past))
    earlier = checks[: len(checks) - missed]
    found = sum(_count(one) > 0 for one in earlier)
    weight = rule.usual_weight
    usual = (found + rule.usual_share * weight) / (len(earlier) + weight)
    return (1 - usual) ** missed


def _signing_share(past: Past, span_s: float) -> float:
    before = past.since(past.thresholds.hands_never_seen.memory_s)
    claims = moving(before, past.thresholds)
    return share(claims[len(before) - len(past.since(span_s)) :])


def _checks(past: Past) -> list[Sample]:
    rule = past.thresholds.hands_never_seen
    samples = past.since(rule.memory_s)
    return [
        one
        for one, signing in zip(samples, moving(samples, past.thresholds), strict=True)
        if signing
        and one.hands is not None
        and (one.hands.count > 0 or one.quantizer <= rule.quantizer_at_most)
    ]


def _count(sample: Sample) -> int:
    return 0 if sample.hands is None else sample.hands.count
