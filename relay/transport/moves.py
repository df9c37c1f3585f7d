"""Whether a browser's media come from elsewhere than its pictures are sent to. Pure."""

from typing import Any

Address = tuple[str, int]


class Moves:
    """Looks again and again where media come from.

    Late packets of an older way come between those of the new one, so an address counts
    when two looks in a row have found it.
    """

    def __init__(self) -> None:
        self._seen: tuple[Any, ...] = ()

    def moved(self, source: tuple[Any, ...], target: Address) -> Address | None:
        """Name where the browser is now, if that is not where media go."""
        steady, self._seen = source == self._seen, source
        if not source or not steady or source[:2] == target:
            return None
        return source[0], source[1]
