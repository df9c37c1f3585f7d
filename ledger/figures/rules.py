"""The rules of the promise: their numbers, and the words that they read.

`rules: 1`. The clock of a call runs from T0 (`call_queued`) to T1 (the first
`call_answered` with a piece of evidence of the ladder). A transfer and "I do not
understand you" begin a new clock on a line of its own: the first answer stands, and
later legs are counted apart. Who leaves another way is in the denominator and not in
time, whatever comes after; that stops no clock. Everything is counted in whole
microseconds, so that nobody's rounding decides about a breach.
"""

from typing import Final

from ledger.model import Outcome

EVIDENCE: Final = frozenset({"presented", "delivered", "text"})
CALLER_LEFT: Final = frozenset(
    {"abandoned", "caller_hung_up", "caller_lost", "lost_waiting"},
)
"""Reasons that the caller gave by leaving; any other one before T1 is our failure."""

LEFT_ANOTHER_WAY: Final = frozenset({"left_another_way", "call_back_missed"})
"""Reasons that tell it by themselves, should `call_left` be missing."""

OURS: Final = frozenset({Outcome.NO_ONE_THERE, Outcome.TECHNICAL, Outcome.REFUSED})

VERSION: Final = 1
SHORT_US: Final = 5_000_000
CALLER_NETWORK_ONE_IN: Final = 50
"""One in so many of a day's calls may fail by the caller's network and be excused."""

BAND_PERCENT: Final = 115
"""The guarantee holds up to this part of the agreed forecast of a half-hour."""
