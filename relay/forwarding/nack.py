"""Which lost packets to ask for, and when to ask again."""

from dataclasses import dataclass
from typing import Final

from relay.forwarding.allowance import Allowance
from relay.forwarding.serial import ahead16

MAX_MISSING: Final = 512
MAX_MISSED: Final = 1_024
"""Numbers that a source may jump over in a second: three times what 720p30 sends. One
that jumps with each packet would cost us more than it is worth to ask."""

MAX_TRIES: Final = 10
MAX_AGE: Final = 2.0
MIN_RETRY: Final = 0.03

MAX_PATIENCE: Final = 0.04
"""Seconds that a network which reorders may keep a first asking back at most."""

IMPATIENT: Final = 0.001

TWICE: Final = 0.02
"""Seconds after which a first asking is repeated on a long way, where it may be lost
too: who has answered it already leaves the second one (within a round trip)."""


@dataclass(slots=True)
class _Missing:
    since: float
    asked: float
    tries: int


class Nacks:
    """The missing packets of one source.

    A gap is asked for at once, until a packet that was missed comes by itself: then the
    network reorders, and for a while others get as much time to come late.
    """

    __slots__ = ("_allowance", "_patience", "missing")

    def __init__(self) -> None:
        self._allowance = Allowance(MAX_MISSED)
        self.missing: dict[int, _Missing] = {}
        self._patience = 0.0

    def __len__(self) -> int:
        return len(self.missing)

    def gap(self, first: int, count: int, now: float) -> list[int] | None:
        """Note that ``count`` packets from ``first`` on did not come.

        Returns:
            What to ask for at once; None when so much is missing that asking is no use.

        """
        if count > MAX_MISSING or not self._allowance.take(count, now):
            self.missing.clear()
            return None
        fresh = [(first + i) & 0xFFFF for i in range(count)]
        waits = self._patience > 0
        for sequence in fresh:
            self.missing[sequence] = _Missing(now, now, tries=0 if waits else 1)
        while len(self.missing) > MAX_MISSING:
            del self.missing[next(iter(self.missing))]
        return [] if waits else fresh

    def came_late(self, sequence: int, now: float) -> bool:
        """Strike off a packet that came by itself; says whether it was missing."""
        entry = self.missing.pop(sequence, None)
        if entry is None:
            return False
        late = min(1.25 * (now - entry.since), MAX_PATIENCE)
        self._patience = max(self._patience, late)
        return True

    def recovered(self, sequence: int) -> bool:
        """Strike off a packet that was sent again; says whether it was missing."""
        if self.missing.pop(sequence, None) is None:
            return False
        self._patience *= 0.9
        if self._patience < IMPATIENT:
            self._patience = 0.0
        return True

    def due(self, now: float, rtt: float) -> list[int]:
        """List what to ask for now, for the first time or again."""
        wait = max(MIN_RETRY, rtt * 1.1)
        waits = (self._patience, TWICE if rtt > 2 * TWICE else wait, wait)
        due = []
        for sequence, entry in self.missing.items():
            if now - entry.asked >= waits[min(entry.tries, 2)]:
                entry.asked = now
                entry.tries += 1
                due.append(sequence)
        return due

    def give_up(self, now: float) -> bool:
        """Strike off what is too old or was asked for too often; says whether any."""
        hopeless = [
            sequence
            for sequence, entry in self.missing.items()
            if now - entry.since > MAX_AGE or entry.tries >= MAX_TRIES
        ]
        for sequence in hopeless:
            del self.missing[sequence]
        return bool(hopeless)

    def forget_before(self, sequence: int) -> None:
        """Let go of what is older than the beginning of a key frame."""
        for old in [s for s in self.missing if ahead16(s, sequence) < 0]:
            del self.missing[old]

    def clear(self) -> None:
        """Forget all: the source has jumped."""
        self.missing.clear()
