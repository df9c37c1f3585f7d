"""What the pool knows of one person who is looked at: frames, windows, verdicts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

from relay.eye.judge import verdict_of
from relay.eye.model import Counts, Legibility, Verdict
from relay.eye.reasons import OF_THE_CODING
from relay.eye.thresholds import Thresholds

FIRST_ASK_S = 10.0
LONGEST_ASK_S = 60.0
"""Between two wishes for a key frame of one stream: it costs the call some quality."""

SPARING_ASK_S = 20.0
"""The least between two wishes while there is too much to do."""


@dataclass(slots=True)
class Stream:
    """One person; times are of the frames' clock, but for wishes the pool's own.

    Attributes:
        counted_from: windows that begin earlier are not counted; None: none is.
        told: the last verdict that was told.
        unjudged_rounds: rounds of the pool since the last verdict.
        is_shunned: this stream has ended two workers.
    """

    number: int
    call: str
    participant: str
    frames: int = 0
    arrived: float | None = None
    quiet_rounds: int = 0
    counts: Counts = field(default_factory=Counts)
    counted_from: float | None = -inf
    told: Verdict | None = None
    unjudged_rounds: int = 0
    _tick_at: float = 0.0
    _asked_at: float | None = None
    _ask_s: float = FIRST_ASK_S

    def arrive(self, at: float, rule: Thresholds) -> Iterator[float]:
        """Count a frame, and give the ends of the windows that end by now."""
        self.frames += 1
        self.quiet_rounds = 0
        if self.arrived is None:
            self._tick_at = at + rule.window_s
            yield at
        self.arrived = at
        yield from self.windows(at, rule)

    def windows(self, now: float, rule: Thresholds) -> Iterator[float]:
        """Give the end of each window that ends by now; after a gap, only the last."""
        behind = int((now - self._tick_at) / rule.stride_s)
        self._tick_at += max(behind, 0) * rule.stride_s
        if self._tick_at <= now:
            yield self._tick_at
            self._tick_at += rule.stride_s

    def wishes(self, now: float, *, sparing: bool) -> bool:
        """Whether to wish for a key frame; less and less often while it does not help."""
        least_s = max(self._ask_s, SPARING_ASK_S) if sparing else self._ask_s
        if self._asked_at is not None:
            if now - self._asked_at < least_s:
                return False
            self._ask_s = min(self._ask_s * 2, LONGEST_ASK_S)
        self._asked_at = now
        return True

    def begin_anew(self) -> None:
        """Whoever looked at this stream is gone, with all that they knew."""
        self._asked_at = None

    def judged(self, verdict: Verdict, rule: Thresholds) -> Verdict | None:
        """Take a verdict, which may count; gives what is to be told, if it is news.

        Until a window is all of a conversation, its coding says nothing of the person:
        who waits sends just enough to be ready.
        """
        since = self.counted_from
        if since is not None and verdict.at - rule.window_s >= since:
            self.counts = self.counts.plus(verdict.legibility)
        else:
            reasons = frozenset(verdict.reasons) - OF_THE_CODING
            verdict = verdict_of(reasons, verdict.at)
        self._ask_s = FIRST_ASK_S
        self.unjudged_rounds = 0
        return verdict if self._tell(verdict) else None

    def withdraws(self, after_rounds: int) -> Verdict | None:
        """Take advice back that nobody has confirmed for so many rounds.

        That does not say that all is right: nobody has looked.
        """
        self.unjudged_rounds += 1
        told = self.told
        if told is None or not told.reasons or self.unjudged_rounds < after_rounds:
            return None
        verdict = Verdict(Legibility.UNJUDGED, at=told.at)
        return verdict if self._tell(verdict) else None

    def _tell(self, verdict: Verdict) -> bool:
        is_news = verdict != self.told
        self.told = verdict
        return is_news
