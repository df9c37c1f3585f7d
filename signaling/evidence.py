"""What shows that the caller saw the agent: the ladder of evidence for T1 (rules)."""

from dataclasses import dataclass

from queueing.model import Evidence, Mode
from signaling.protocol import FirstFrame, TextShown


@dataclass(frozen=True, slots=True)
class Proof:
    """Enough to stop the clock; ``browser_ms`` is the page's own measure."""

    evidence: Evidence
    browser_ms: int


@dataclass(slots=True)
class Seen:
    """What one acceptance has shown so far; the next acceptance begins with nothing.

    ``forwarded_at`` (seconds since the epoch) is when the relay had sent the agent's
    first whole key frame: no report of a picture counts before it. ``heard`` says that
    the agent has written words of their own, ``blank`` that the page has the agent's
    picture and sees nothing in it: then its network's word is no evidence either.
    """

    forwarded_at: float | None = None
    heard: bool = False
    blank: bool = False
    report: FirstFrame | TextShown | None = None

    def proof(self, mode: Mode) -> Proof | None:
        """Give the proof, once there is one."""
        match self.report:
            case TextShown(elapsed_ms=elapsed) if mode is Mode.TEXT and self.heard:
                return Proof(Evidence.TEXT, elapsed)
            case FirstFrame(elapsed_ms=elapsed) if self.forwarded_at is not None:
                return Proof(Evidence.PRESENTED, elapsed)
            case _:
                return None
