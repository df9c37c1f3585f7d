"""What the relay asks of an eye, so that it can do without one."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """One VP8 frame of somebody who said yes; ``data`` is empty where it is missing.

    ``timestamp`` counts at 90 kHz; ``arrived`` is in seconds of the relay's own
    monotonic clock; ``temporal_id`` is 0 where the stream has no layers; ``follows``
    says that the frame which this one builds on was submitted too.
    """

    call: str
    participant: str
    data: bytes = field(repr=False)
    key: bool
    follows: bool
    temporal_id: int
    timestamp: int
    arrived: float


class Verdict(Protocol):
    """How legible a picture was over a window."""

    @property
    def legibility(self) -> str:
        """``legible``, ``at_risk`` or ``lost``."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, the weightiest first."""


class Counts(Protocol):
    """What was counted between start and stop, in windows."""

    @property
    def windows(self) -> int:
        """All windows."""

    @property
    def legible(self) -> int:
        """Windows in which the picture was legible."""

    @property
    def at_risk(self) -> int:
        """Windows in which it was hard to read."""

    @property
    def lost(self) -> int:
        """Windows in which nobody could have read it."""


class Eye(Protocol):
    """Looks at some frames of those who said yes. It never waits and never raises."""

    def start(self, call: str, participant: str) -> None:
        """Begin to look at somebody."""

    def submit(self, frame: EncodedFrame) -> None:
        """Show a frame; the eye drops what it has no time for."""

    def stop(self, call: str, participant: str) -> Counts | None:
        """Look away, and give what was counted."""
