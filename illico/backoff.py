"""How soon a child that died is started again, and when that is enough."""

from dataclasses import dataclass
from typing import Final

WINDOW_SECONDS: Final = 60.0
MOST_DEATHS: Final = 5
FIRST_DELAY: Final = 0.25
LONGEST_DELAY: Final = 5.0


@dataclass(frozen=True, slots=True)
class Deaths:
    """The times of one child's deaths within the last minute."""

    times: tuple[float, ...] = ()

    def add(self, now: float) -> "Deaths":
        recent = tuple(at for at in self.times if now - at < WINDOW_SECONDS)
        return Deaths((*recent, now))

    @property
    def is_enough(self) -> bool:
        return len(self.times) >= MOST_DEATHS

    @property
    def delay(self) -> float:
        """Seconds to wait before the next start; it doubles with each recent death."""
        doubled: float = FIRST_DELAY * 2 ** max(len(self.times) - 1, 0)
        return min(doubled, LONGEST_DELAY)
