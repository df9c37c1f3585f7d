"""Whether the last seconds can be read: rules over a sliding window, no clock, no I/O.

A frame without hands is normal signing, so nothing is said from one picture: each
rule asks how a span of seconds looked, and a reason that holds needs less to stay
than it needed to start.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from relay.eye.model import HandsSeen, Legibility, Sample, Verdict
from relay.eye.reasons import HIDES, LOST, RANKED, Reason
from relay.eye.thresholds import Thresholds

_EDGE = 1e-6  # seconds: sums of thirds do not meet whole seconds exactly


@dataclass(frozen=True, slots=True)
class _Past:
    """The seconds that a rule may look back on."""

    at: float
    arrived: float
    samples: Sequence[Sample]
    frames: Sequence[tuple[float, int]]  # when, how many had arrived
    thresholds: Thresholds

    def since(self, span_s: float) -> list[Sample]:
        start = self.at - span_s + _EDGE
        return [sample for sample in self.samples if sample.at >= start]


class Judge:
    """Remembers some seconds of one participant and judges them once a stride."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._samples: deque[Sample] = deque()
        self._frames: deque[tuple[float, int]] = deque()
        self._reasons: frozenset[Reason] = frozenset()

    def look(self, sample: Sample) -> None:
        self._samples.append(sample)

    def judge(self, at: float, *, frames: int, arrived: float) -> Verdict | None:
        """Judge the window that ends now; None when too little was looked at.

        Args:
            at: now, on the clock of the samples.
            frames: how many have arrived so far, looked at or not.
            arrived: when the last of them did.
        """
        self._remember(at, frames)
        past = _Past(at, arrived, self._samples, self._frames, self._thresholds)
        found = _find(past, self._reasons)
        if found is None:
            return None
        self._reasons = found
        return verdict_of(found, at)

    def _remember(self, at: float, frames: int) -> None:
        since = at - self._thresholds.memory_s
        self._frames.append((at, frames))
        while self._frames[0][0] < since:
            self._frames.popleft()
        while self._samples and self._samples[0].at < since:
            self._samples.popleft()


def verdict_of(found: frozenset[Reason], at: float) -> Verdict:
    """Rank the reasons, without those that another one explains."""
    explained = {hidden for cause in found for hidden in HIDES.get(cause, ())}
    reasons = tuple(reason for reason in RANKED if reason in found - explained)
    if not reasons:
        return Verdict(Legibility.LEGIBLE, at=at)
    is_lost = not LOST.isdisjoint(reasons)
    legibility = Legibility.LOST if is_lost else Legibility.AT_RISK
    return Verdict(legibility, reasons, at)


def is_moving(sample: Sample, thresholds: Thresholds) -> bool:
    """Somebody moves about as much as signing does."""
    share = sample.moving_share
    return share is not None and share >= thresholds.motion.moving_share


def is_cut(hands: HandsSeen, thresholds: Thresholds) -> bool:
    return hands.count > 0 and hands.cut_share >= thresholds.hands_cut.cut_share


def _find(past: _Past, before: frozenset[Reason]) -> frozenset[Reason] | None:
    if _is_silent(past):
        return frozenset({Reason.FROZEN})
    thresholds = past.thresholds
    if len(past.since(thresholds.window_s)) < thresholds.min_samples:
        return None
    return frozenset(
        reason for reason, holds in _RULES.items() if holds(past, reason in before)
    )


def _is_silent(past: _Past) -> bool:
    """Nothing came at all: whoever watches sees the last picture standing."""
    return past.at - past.arrived >= past.thresholds.frozen.silence_s


def _is_covered(past: _Past, held: bool) -> bool:  # noqa: FBT001  a rule's signature
    rule = past.thresholds.camera_covered
    window = past.since(past.thresholds.window_s)
    covered = [
        sample.contrast < rule.contrast_below
        or (
            sample.contrast < rule.smooth_contrast_below
            and sample.sharpness < rule.smooth_sharpness_below
        )
        for sample in window
    ]
    return _share(covered) >= (rule.keep_share if held else rule.raise_share)


def _is_dark(past: _Past, held: bool) -> bool:  # noqa: FBT001
    rule = past.thresholds.too_dark
    dark = [
        sample.luma_mean < rule.mean_below and sample.luma_p95 < rule.p95_below
        for sample in past.since(past.thresholds.window_s)
    ]
    return _share(dark) >= (rule.keep_share if held else rule.raise_share)


def _is_frozen(past: _Past, held: bool) -> bool:  # noqa: FBT001
    """Nobody sits so still that not one block of the picture changes."""
    rule = past.thresholds.frozen
    shifts = [
        sample.shift for sample in past.since(rule.span_s) if sample.shift is not None
    ]
    still = [shift < rule.shift_below for shift in shifts]
    if len(still) < rule.min_samples:
        return held and all(still)
    return _share(still) >= (rule.keep_share if held else rule.raise_share)


def _has_no_hands(past: _Past, held: bool) -> bool:  # noqa: FBT001
    """Somebody has signed for a while, and not one check found a hand."""
    rule = past.thresholds.hands_never_seen
    signing = _since_onset(past)
    if any(one.hands is not None and one.hands.count for one in signing):
        return False
    recent = past.since(rule.span_s)
    moving = _share([is_moving(sample, past.thresholds) for sample in recent])
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


def _since_onset(past: _Past) -> Sequence[Sample]:
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


def _cuts_hands(past: _Past, held: bool) -> bool:  # noqa: FBT001
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
    return _share(cut) >= (rule.keep_share if held else rule.raise_share)


def _is_slow(past: _Past, held: bool) -> bool:  # noqa: FBT001
    rule = past.thresholds.low_frame_rate
    start = past.at - past.thresholds.window_s - _EDGE
    first_at, first = next(entry for entry in past.frames if entry[0] >= start)
    if past.at - first_at < past.thresholds.window_s - _EDGE:
        return False
    rate = (past.frames[-1][1] - first) / (past.at - first_at)
    return rate < (rule.keep_below if held else rule.raise_below)


def _share(claims: Sequence[bool]) -> float:
    return sum(claims) / len(claims) if claims else 0.0


_RULES: dict[Reason, Callable[[_Past, bool], bool]] = {
    Reason.CAMERA_COVERED: _is_covered,
    Reason.FROZEN: _is_frozen,
    Reason.TOO_DARK: _is_dark,
    Reason.HANDS_NEVER_SEEN: _has_no_hands,
    Reason.HANDS_CUT: _cuts_hands,
    Reason.LOW_FRAME_RATE: _is_slow,
}

JUDGED = frozenset(_RULES)
"""The reasons that this version can give."""
