"""Which calls this process heard end: a queue that lost its last second may not know."""

from typing import Final

from queueing.messages import Ended
from queueing.model import CallId

KEPT: Final = 1_000
"""How many, the newest: many times those of the seconds that a queue may lose."""


class Ends:
    """The newest ends of calls, as the queue told them."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._ends: dict[CallId, Ended] = {}

    def note(self, ended: Ended) -> None:
        """Keep how a call ended, and forget the oldest beyond the limit."""
        self._ends[ended.call] = ended
        if len(self._ends) > self._kept:
            del self._ends[next(iter(self._ends))]

    def of(self, call: CallId | None) -> Ended | None:
        """Tell how a call ended, if it did."""
        return None if call is None else self._ends.get(call)
