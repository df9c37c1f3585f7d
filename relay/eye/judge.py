"""Whether the last seconds can be read: rules over a sliding window, no clock, no I/O.

A frame without hands is normal signing, so nothing is said from one picture: each
rule asks how a span of seconds looked, and a reason that holds needs less to stay
than it needed to start.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from relay.eye.model import Legibility, Sample, Verdict
from relay.eye.past import Past, moves
from relay.eye.reasons import HIDES, LOST, RANKED, Reason
from relay.eye.rules_frame import cuts_face, is_odd, is_too_close, is_too_far
from relay.eye.rules_hands import are_missed, cuts_hands, has_no_hands
from relay.eye.rules_light import (
    is_backlit,
    is_blurred,
    is_covered,
    is_dark,
    is_pale,
)
from relay.eye.rules_stream import is_frozen, is_silent, is_slow, is_small
from relay.eye.thresholds import Thresholds

Rule = Callable[[Past, bool], bool]
"""Whether a reason holds, and held in the window before."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What should be looked at closely now."""

    face: bool
    hands: bool


class Judge:
    """Remembers some seconds of one participant and judges them once a stride."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._samples: deque[Sample] = deque()
        self._frames: deque[tuple[float, int]] = deque()
        self._reasons: frozenset[Reason] = frozenset()

    def look(self, sample: Sample) -> None:
        self._samples.append(sample)

    def doubts(self, at: float) -> Doubts:
        """Whether the newest sample may be the beginning of a reason."""
        past = Past(at, at, self._samples, self._frames, self._thresholds)
        return Doubts(face=is_odd(past), hands=are_missed(past))

    def is_signing(self, moving_share: float | None) -> bool:
        """Somebody moves like that, by the last samples and the one that is made now."""
        before = [self._samples[-n] for n in range(min(len(self._samples), 2), 0, -1)]
        shares = [*(sample.moving_share for sample in before), moving_share]
        return moves(shares, self._thresholds)

    def judge(self, at: float, *, frames: int, arrived: float) -> Verdict | None:
        """Judge the window that ends now; None when too little was looked at.

        Args:
            at: now, on the clock of the samples.
            frames: how many have arrived so far, looked at or not.
            arrived: when the last of them did.
        """
        self._remember(at, frames)
        past = Past(at, arrived, self._samples, self._frames, self._thresholds)
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


def _find(past: Past, before: frozenset[Reason]) -> frozenset[Reason] | None:
    if is_silent(past):
        return frozenset({Reason.FROZEN})
    thresholds = past.thresholds
    if len(past.since(thresholds.window_s)) < thresholds.min_samples:
        return None
    return frozenset(
        reason for reason, holds in RULES.items() if holds(past, reason in before)
    )


RULES: Mapping[Reason, Rule] = MappingProxyType(
    {
        Reason.CAMERA_COVERED: is_covered,
        Reason.FROZEN: is_frozen,
        Reason.TOO_DARK: is_dark,
        Reason.BACKLIT: is_backlit,
        Reason.TOO_CLOSE: is_too_close,
        Reason.TOO_FAR: is_too_far,
        Reason.HANDS_NEVER_SEEN: has_no_hands,
        Reason.HANDS_CUT: cuts_hands,
        Reason.FACE_CUT: cuts_face,
        Reason.BLURRED: is_blurred,
        Reason.LOW_CONTRAST: is_pale,
        Reason.LOW_FRAME_RATE: is_slow,
        Reason.LOW_RESOLUTION: is_small,
    }
)
"""Every reason has one."""
