"""What an m-line towards a browser may carry, and what carries it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from relay.forwarding.history import History
from relay.forwarding.key_frames import KeyFrameRequests


@dataclass(frozen=True, slots=True)
class SourceClock:
    """A sender report and when it came: the source's own clock."""

    ntp: int
    timestamp: int
    at: float


class Source(Protocol):
    """A stream: somebody's own, or a picture that stands for them."""

    history: History
    requests: KeyFrameRequests
    clock: SourceClock | None

    def add(self, sink: "Sink") -> None:
        """Forward to one more m-line, from the next key frame on."""

    def remove(self, sink: "Sink") -> None:
        """Forward there no longer."""


class Sink(Protocol):
    """An m-line towards a browser, as its source knows it.

    What it begins with came ``behind`` seconds ago.
    """

    waiting: bool
    behind: float
    share: Callable[[float], int | None]

    def attach(self, source: Source | None) -> None:
        """Change the source; its first key frame opens the way."""

    def wait(self) -> None:
        """Let nothing through before the next key frame."""

    def forward(  # noqa: PLR0917 - the hot path passes by position
        self,
        data: bytes,
        offset: int,
        sequence: int,
        timestamp: int,
        key: bool,  # noqa: FBT001 - as above
        level: int,
        now: float,
    ) -> None:
        """Send a packet on; ``key`` where a key frame begins."""
