"""What the relay asks of an eye, so that it can do without one."""

from collections.abc import Mapping
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
        """``legible``, ``at_risk``, ``lost``, or ``unjudged`` where advice is taken back."""

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


@dataclass(frozen=True, slots=True)
class EyeLoad:
    """How busy the eye is, and what it has done so far.

    ``factor`` is 1 when all is well; above it all streams are looked at less often.
    ``late_s`` is how much of a stream waits, of the one of which most waits;
    ``resting`` counts those whose turn it is not; ``blamed`` those who are not looked
    at any more because workers ended by their pictures; ``sealed`` the workers that
    have closed their doors in the kernel; ``checks`` counts what was looked for.
    """

    absent: str | None = None
    workers: int = 0
    sealed: int = 0
    streams: int = 0
    resting: int = 0
    factor: float = 1.0
    late_s: float = 0.0
    frames: int = 0
    samples: int = 0
    checks: Mapping[str, int] = field(default_factory=dict)
    processor_s: float = 0.0
    dropped: int = 0
    restarts: int = 0
    blamed: int = 0


class Eye(Protocol):
    """Looks at some frames of those who said yes. It never waits and never raises."""

    @property
    def load(self) -> EyeLoad:
        """Say how busy it is."""

    def start(self, call: str, participant: str) -> None:
        """Begin to look at somebody."""

    def count(self, call: str, participant: str, since: float | None) -> None:
        """Count only windows that begin at ``since`` or later; None: none now."""

    def submit(self, frame: EncodedFrame) -> None:
        """Show a frame; the eye drops what it has no time for."""

    def stop(self, call: str, participant: str) -> Counts | None:
        """Look away, and give what was counted."""
