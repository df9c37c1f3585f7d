"""Which lost packets to ask for, and when to ask again."""

from dataclasses import dataclass
from typing import Final

MAX_MISSING: Final = 512
MAX_TRIES: Final = 10
MAX_AGE: Final = 2.0
MIN_RETRY: Final = 0.03


@dataclass(slots=True)
class _Missing:
    since: float
    asked: float = -1.0
    tries: int = 0


class Nacks:
    """The missing packets of one source."""

    def __init__(self) -> None:
        self.missing: dict[int, _Missing] = {}

    def __len__(self) -> int:
        return len(self.missing)

    def gap(self, first: int, count: int, now: float) -> list[int]:
        """Note that ``count`` packets from ``first`` on did not come; ask for them."""
        if count > MAX_MISSING:
            self.missing.clear()
            return []
        fresh = [(first + i) & 0xFFFF for i in range(count)]
        for sequence in fresh:
            self.missing[sequence] = _Missing(since=now, asked=now, tries=1)
        while len(self.missing) > MAX_MISSING:
            del self.missing[next(iter(self.missing))]
        return fresh

    def came(self, sequence: int) -> bool:
        """Strike a packet off; says whether it was missing."""
        return self.missing.pop(sequence, None) is not None

    def due(self, now: float, rtt: float) -> list[int]:
        """List what to ask for again now, and give up on what is too old."""
        if not self.missing:
            return []
        wait = max(MIN_RETRY, rtt * 1.1)
        hopeless = [
            sequence
            for sequence, entry in self.missing.items()
            if now - entry.since > MAX_AGE or entry.tries >= MAX_TRIES
        ]
        for sequence in hopeless:
            del self.missing[sequence]
        due = [s for s, entry in self.missing.items() if now - entry.asked >= wait]
        for sequence in due:
            self.missing[sequence].asked = now
            self.missing[sequence].tries += 1
        return due

    def clear(self) -> None:
        """Forget all: the source has jumped, or a key frame makes the past useless."""
        self.missing.clear()
