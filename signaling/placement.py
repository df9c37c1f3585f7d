"""Which relay a new call goes to.

Each relay tells its load every second, and sooner where its calls have changed. What is
placed in between is counted here, so that a rush does not go to the one relay that looked
idle a moment ago.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

CALL_SHARE: Final = 0.02
"""What a call is expected to cost, once both sign: this share of a core."""


class Load(Protocol):
    """What placement wants to know of a relay."""

    @property
    def cpu_share(self) -> float:
        """Share of a core in use, 0 to 1."""

    @property
    def calls(self) -> int:
        """Calls that live there."""

    @property
    def room(self) -> int:
        """Further calls that find ports there."""

    @property
    def draining(self) -> bool:
        """Whether it takes no new calls."""


@dataclass(slots=True)
class _Told:
    """What a relay told last, and how many calls were sent there since."""

    load: Load
    placed: int = 0

    @property
    def has_room(self) -> bool:
        return self.load.room > self.placed

    @property
    def work(self) -> float:
        """What it does, and what its calls will ask for that only wait as yet."""
        return self.load.cpu_share + CALL_SHARE * (self.load.calls + self.placed)


class Placement:
    """Places the calls of one signaling process."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def place(
        self,
        loads: Mapping[str, Load | None],
        *,
        chance: float,
        but: str | None = None,
    ) -> str:
        """Name the healthy relay with the least to do, among those with room.

        ``loads`` holds every relay of the settings, None for one that does not answer;
        ``chance`` (0 to 1) decides between equals, so that several processes do not all
        begin with the same; ``but`` is a relay that has to do without. When none is
        healthy one is named all the same: T0 comes before any capacity check, and the
        page tries its leg again.
        """
        others = [name for name in loads if name != but] or list(loads)
        able = self._healthy(loads, others)
        if not able:
            return others[0]
        chosen = _least({n: t for n, t in able.items() if t.has_room} or able, chance)
        able[chosen].placed += 1
        return chosen

    def is_room(self, loads: Mapping[str, Load | None], *, but: str) -> bool:
        """Tell whether a relay other than ``but`` takes calls and has room."""
        others = [name for name in loads if name != but]
        return any(told.has_room for told in self._healthy(loads, others).values())

    def refused(self, name: str) -> None:
        """Note that a relay has found no port, whatever it has told."""
        if name in self._told:
            self._told[name].placed = max(self._told[name].load.room, 0)

    def _healthy(
        self, loads: Mapping[str, Load | None], names: Iterable[str]
    ) -> dict[str, _Told]:
        return {
            name: self._known(name, load)
            for name in names
            if (load := loads[name]) is not None and not load.draining
        }

    def _known(self, name: str, load: Load) -> _Told:
        """Count from the newest word of a relay on."""
        told = self._told.get(name)
        if told is None or told.load is not load:
            told = self._told[name] = _Told(load)
        return told


def _least(able: Mapping[str, _Told], chance: float) -> str:
    least = min(told.work for told in able.values())
    equals = [name for name, told in able.items() if told.work == least]
    return equals[min(int(chance * len(equals)), len(equals) - 1)]
