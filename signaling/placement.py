"""Which relay a new call goes to."""

from collections.abc import Mapping
from typing import Protocol


class Load(Protocol):
    """What placement wants to know of a relay."""

    @property
    def cpu_share(self) -> float:
        """Share of a core in use, 0 to 1."""

    @property
    def calls(self) -> int:
        """Calls that live there."""

    @property
    def draining(self) -> bool:
        """Whether it takes no new calls."""


def choose(loads: Mapping[str, Load | None]) -> str:
    """Name the healthy relay with the least to do.

    ``loads`` holds every relay of the settings in their order, None for one that does
    not answer. When none is healthy the first is named all the same: T0 comes before
    any capacity check, and the page retries its leg.
    """
    healthy = {
        name: load
        for name, load in loads.items()
        if load is not None and not load.draining
    }
    if not healthy:
        return next(iter(loads))
    return min(healthy, key=lambda name: (healthy[name].cpu_share, healthy[name].calls))
