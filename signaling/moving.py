"""When a call must pass another relay: what speaks against its own. Pure."""

from dataclasses import dataclass
from typing import Final

from signaling.protocol import LegWhy

WORDS_PATIENCE: Final = 2.0
"""Seconds for which a text call, whose words pass the channel, does without it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What one process and one page see of a call's relay.

    ``is_gone``: nobody listens at its address. ``is_leaving``: it has said that it ends.
    ``is_mute``: it does not answer, whatever way it is asked. ``is_silent``: the page gets
    no media, or its words had no way. ``lost_for``: since when there is no channel, in seconds, if there is none.
    """

    is_gone: bool = False
    is_leaving: bool = False
    is_mute: bool = False
    is_silent: bool = False
    lost_for: float | None = None
    has_media: bool = True


def must_move(doubt: Doubt) -> LegWhy | None:
    """Say why a call must leave its relay, or that it stays.

    Losing the channel alone never moves a call whose media flow.
    """
    if doubt.is_gone:
        return LegWhy.RELAY_GONE
    if doubt.is_leaving:
        return LegWhy.RELAY_LEAVES
    suffers = doubt.is_silent or (not doubt.has_media and lacks_words(doubt))
    return LegWhy.RELAY_GONE if doubt.is_mute and suffers else None


def lacks_words(doubt: Doubt) -> bool:
    """Say whether words have had no way for too long."""
    return doubt.lost_for is not None and doubt.lost_for >= WORDS_PATIENCE


class Turns:
    """Lets so many things happen a second, in the order in which they ask."""

    def __init__(self, per_second: float) -> None:
        self._pause = 1 / per_second
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Say in how many seconds the one who asks ``now`` has its turn."""
        self._next = max(self._next + self._pause, now)
        return self._next - now
