"""Whether the hands that sign can be seen."""

from collections.abc import Sequence

from relay.eye.model import HandsSeen, Sample
from relay.eye.past import Past, is_moving, share
from relay.eye.thresholds import Thresholds


def has_no_hands(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Somebody has signed for a while, and not one check found a hand."""
    rule = past.thresholds.hands_never_seen
    signing = _since_onset(past)
    if any(one.hands is not None and one.hands.count for one in signing):
        return False
    recent = past.since(rule.span_s)
    moving = share([is_moving(sample, past.thresholds) for sample in recent])
    if held:
        return moving >= rule.keep_moving_share
    lasted_s = past.at - signing[0].at if signing else 0.0
    checks = sum(
        one.hands is not None and one.quantizer <= rule.quantizer_at_most
        for one in signing
    )
    return (
        lasted_s >= rule.span_s
        and checks >= rule.min_checks
        and moving >= rule.raise_moving_share
    )


def cuts_hands(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Of the hands that sign, many end at the edge; resting ones may."""
    rule = past.thresholds.hands_cut
    seen = [
        sample.hands
        for sample in past.since(past.thresholds.window_s)
        if sample.hands is not None
        and sample.hands.count
        and is_moving(sample, past.thresholds)
    ]
    if len(seen) < (1 if held else rule.min_checks):
        return False
    cut = [is_cut(hands, past.thresholds) for hands in seen]
    return share(cut) >= (rule.keep_share if held else rule.raise_share)


def is_cut(hands: HandsSeen, thresholds: Thresholds) -> bool:
    return hands.count > 0 and hands.cut_share >= thresholds.hands_cut.cut_share


def _since_onset(past: Past) -> Sequence[Sample]:
    """The samples since somebody began to move, after a rest or after the start.

    Only as far back as the memory goes: hands that went away during a long turn are
    missed after that time.
    """
    rule = past.thresholds.hands_never_seen
    samples = past.since(rule.memory_s)
    onset, last_moving = 0, 0
    for index, sample in enumerate(samples):
        if not is_moving(sample, past.thresholds):
            continue
        if sample.at - samples[last_moving].at >= rule.rest_s:
            onset = index
        last_moving = index
    return samples[onset:]
