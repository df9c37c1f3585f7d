"""What the eye does when there is not time for all: less of everybody, alike.

First every stream of every worker is sampled less often. When that is not enough, the
streams take turns, each for as long as some verdicts take: a stream that is sampled now
and then must still be decoded, and begins with a key frame after a pause, which costs
its call some quality.
"""

from math import ceil

LATE_S = 0.5
"""Of a stream wait, and it grows: then there is too much to do."""

VERY_LATE_S = 1.0
"""Then streams take turns; less may be a moment in which workers had no processor."""

BUSY, CALM_S = 0.75, 0.25
"""With workers less busy and less waiting than this there is time for more."""

STRETCH = 4.0
"""The longest that samples and checks are put off, in times of what is usual."""

LOOSER = 0.95
"""By which that shrinks in a round; it grows at once."""

HEARD_ROUNDS = 5
"""Until everybody has been told of it, and it shows."""

LEAST_ROOM = 1 / 16
FEWER, MORE = 0.8, 0.1
"""By which the share of those who are looked at is multiplied in a round, and what is
added to it when the workers have nothing to do; less, when they are nearly busy."""

TURN_S = 5.0
"""A turn gives its first verdict after one second, and then some more; never shorter."""

PERIOD_S = 30.0
"""Between the beginnings of two turns of a stream: each takes a key frame."""

AT_ONCE = 6
"""Who begin in one round: the first look at a stream costs most."""


class Economy:
    """How much of everybody there is time for; one for all streams.

    Attributes:
        stretch: by how much longer each stream waits for its next sample and check.
        room: the share of streams that are looked at at a time.
    """

    def __init__(self) -> None:
        self.stretch = 1.0
        self.room = 1.0
        self._late_s = 0.0
        self._heard = 0

    @property
    def factor(self) -> float:
        """How much less is done than usual; 1 when all is well."""
        return self.stretch / self.room

    def measure(self, late_s: float, busy: float) -> None:
        """Take note, once a round, of how much waits and of how busy the busiest is."""
        grows = late_s >= self._late_s
        self._heard += 1
        self._late_s = late_s
        if late_s > LATE_S and grows:
            self._save(late_s)
        elif late_s < CALM_S and busy < BUSY:
            self._spend(1 - busy / BUSY)

    def places(self, streams: int) -> int:
        """How many of these are looked at at a time."""
        return min(streams, max(1, ceil(streams * self.room)))

    def _save(self, late_s: float) -> None:
        if self.stretch < STRETCH:
            self.stretch = STRETCH
            self._heard = 0
        elif late_s > VERY_LATE_S and self._heard >= HEARD_ROUNDS:
            self.room = max(self.room * FEWER, LEAST_ROOM)

    def _spend(self, idle: float) -> None:
        if self.room < 1:
            self.room = min(self.room + MORE * idle, 1.0)
        else:
            self.stretch = max(self.stretch * LOOSER, 1.0)


class Turns:
    """Whose turn it is, where there is no room for all; else everybody's."""

    def __init__(self) -> None:
        self._looking: dict[int, float] = {}
        self._resting: dict[int, None] = {}
        self._begun = 0

    @property
    def resting(self) -> int:
        """How many have to wait for their turn."""
        return len(self._resting)

    def enter(self, stream: int, now: float) -> None:
        """Let a stream begin at once, unless many have begun a moment ago."""
        self._resting[stream] = None
        if self._begun < AT_ONCE:
            self._begin(stream, now)

    def leave(self, stream: int) -> None:
        self._looking.pop(stream, None)
        self._resting.pop(stream, None)

    def is_resting(self, stream: int) -> bool:
        return stream in self._resting

    def allot(self, places: int, now: float) -> list[int]:
        """Fill the places, once a round, and give those whose turn has ended."""
        self._begun = 0
        ended = []
        while len(self._looking) > places:
            ended.append(self._end_oldest())
        if self._resting and len(self._looking) == places and self._is_over(now):
            ended.append(self._end_oldest())
        while self._resting and len(self._looking) < places and self._begun < AT_ONCE:
            self._begin(next(iter(self._resting)), now)
        return ended

    def _is_over(self, now: float) -> bool:
        share = len(self._looking) / (len(self._looking) + len(self._resting))
        began = next(iter(self._looking.values()))
        return now - began >= max(TURN_S, PERIOD_S * share)

    def _end_oldest(self) -> int:
        stream = next(iter(self._looking))
        del self._looking[stream]
        self._resting[stream] = None
        return stream

    def _begin(self, stream: int, now: float) -> None:
        self._begun += 1
        del self._resting[stream]
        self._looking[stream] = now
