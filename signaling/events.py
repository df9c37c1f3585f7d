"""What reaches a session from elsewhere than its own page: one closed union."""

from dataclasses import dataclass

from queueing.messages import QueueEvent
from relay.messages import Event as RelayEvent


@dataclass(frozen=True, slots=True)
class Place:
    """The caller's place in the queue, looked up once a second.

    The rest of the wait lies probably between ``low`` and ``high`` seconds.
    """

    position: int
    nobody: bool
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class DeliveredOverdue:
    """The page did not report its first frame, though its network took it."""

    token: int


@dataclass(frozen=True, slots=True)
class Drain:
    """This process goes: the page shall resume at another."""


@dataclass(frozen=True, slots=True)
class RelayBack:
    """A relay answers again; ``same`` says that it still has the calls that it had."""

    relay: str
    same: bool


@dataclass(frozen=True, slots=True)
class RelayDoubt:
    """Something speaks against a relay: its calls may have to move.

    ``again`` is the session's own word to itself that it is time to look once more.
    """

    relay: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class SessionOver:
    """This agent is not signed in any more."""


EdgeEvent = (
    QueueEvent
    | RelayEvent
    | Place
    | DeliveredOverdue
    | Drain
    | RelayBack
    | RelayDoubt
    | SessionOver
)
