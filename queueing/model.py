"""The words of the queue: states, reasons, and what others may see of a call."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

CallId = NewType("CallId", str)
AgentId = NewType("AgentId", str)
ServiceId = NewType("ServiceId", str)
TopicId = NewType("TopicId", str)
VariantId = NewType("VariantId", str)
CompanyId = NewType("CompanyId", str)
ServerId = NewType("ServerId", str)
RequestId = NewType("RequestId", str)
RelayId = NewType("RelayId", str)

MISSED_OFFERS_LIMIT: Final = 3
"""After this many missed offers in a row, an agent is away."""

MEDIA_ATTEMPTS_LIMIT: Final = 2
"""After this many accepts without a frame, a call ends as `technical`."""


class CallState(StrEnum):
    """Where a call is."""

    QUEUED = "queued"
    OFFERED = "offered"
    CONNECTING = "connecting"
    ANSWERED = "answered"
    LOST = "lost"
    ENDED = "ended"


class AgentState(StrEnum):
    """What an agent is doing."""

    OFFLINE = "offline"
    AWAY = "away"
    READY = "ready"
    OFFERED = "offered"
    CONNECTING = "connecting"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"
    LOST = "lost"


class ReservationState(StrEnum):
    """How far one offer of one call to one agent has come."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    RESCINDED = "rescinded"


class Mode(StrEnum):
    """How the two people speak."""

    VIDEO = "video"
    TEXT = "text"


class Side(StrEnum):
    """Who did it."""

    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"


class EndReason(StrEnum):
    """Why a call is over; there is always a reason."""

    ABANDONED = "abandoned"
    NO_ONE_THERE = "no_one_there"
    CALLER_HUNG_UP = "caller_hung_up"
    AGENT_HUNG_UP = "agent_hung_up"
    CALLER_LOST = "caller_lost"
    LOST_WAITING = "lost_waiting"
    TECHNICAL = "technical"
    LEFT_ANOTHER_WAY = "left_another_way"
    CALL_BACK_MISSED = "call_back_missed"


class RequeueReason(StrEnum):
    """Why a call went back to the queue, with its T0."""

    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    AGENT_LOST = "agent_lost"
    NO_FRAME = "no_frame"
    RESCINDED = "rescinded"
    TRANSFERRED = "transferred"
    NOT_UNDERSTOOD = "not_understood"


class OfferReason(StrEnum):
    """Why a call rings at this agent now."""

    FIRST_OFFER = "first_offer"
    AGAIN = "again"
    CALL_BACK = "call_back"
    TRANSFER = "transfer"
    NOT_UNDERSTOOD = "not_understood"
    PREFERRED = "preferred"


class Overflow(StrEnum):
    """Another way out of a long wait. It never counts as answered in time (rules)."""

    CALL_BACK = "call_back"
    VIDEO_MESSAGE = "video_message"
    TEXT = "text"


class Act(StrEnum):
    """What is done for a caller whose promise is likely to break."""

    WIDEN = "widen"
    RESERVE = "reserve"
    OFFER = "offer"


class Trigger(StrEnum):
    """Why it is done now."""

    PREDICTED = "predicted"
    AT_30 = "at_30"
    AT_45 = "at_45"


class Evidence(StrEnum):
    """What shows that the caller saw the agent (T1)."""

    PRESENTED = "presented"
    DELIVERED = "delivered"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Durations:
    """How long each leased state lasts, in seconds."""

    offer: float = 15.0
    connect: float = 10.0
    first_words: float = 60.0
    caller_grace: float = 120.0
    talk_grace: float = 30.0
    agent_grace: float = 10.0
    wrap_up: float = 60.0
    server_lease: float = 4.0
    pair_rest: float = 30.0
    settle: float = 2.0
    prefer: float = 10.0
    only: float = 30.0
    call_back: float = 1800.0
    summon: float = 45.0
    agent_rest: float = 60.0
    difficult_cool_down: float = 0.0


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as others see it, at one version. Times are seconds since the epoch.

    ``variant`` is the other way in which it is served (`None`: the service's own).
    Callers are served in the order of ``deadline``, which only a transfer or a "not
    understood" changes; each of these begins a new ``leg`` (the first is 0) at
    ``leg_t0``, from where widening counts: ``step`` steps are taken. ``position`` (1 is
    next) is set while the call is queued; ``nobody`` then says that no signed-in agent
    could ever serve it. ``token`` is the newest one ever given; ``agent``
    is whom it rings at or who serves it, and stays on an ended call. ``attempts``
    counts accepts that brought no frame. ``ways`` are the other ways out of the wait
    that the caller was offered; ``call_back`` says that the caller has left, keeps the
    place, and is called back in turn. ``unconfirmed`` says that the server has replicas
    and none of them had this write when it was told. ``evidence`` is of the first T1.
    ``why`` says why the call rings at its agent, while it does.
    """

    call: CallId
    service: ServiceId
    company: CompanyId
    topic: TopicId | None
    variant: VariantId | None
    mode: Mode
    state: CallState
    t0: float
    t1: float | None
    deadline: float
    leg: int
    leg_t0: float
    step: int
    agent: AgentId | None
    agent_name: str | None
    token: int | None
    relay: RelayId
    attempts: int
    position: int | None
    nobody: bool
    end_reason: EndReason | None
    ways: frozenset[Overflow]
    call_back: bool
    server: ServerId | None
    connection: str | None
    version: int
    unconfirmed: bool = False
    evidence: Evidence | None = None
    why: OfferReason | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """What a waiting caller may expect, from now; times are seconds.

    ``position`` is the one among the company's callers (1 is next). Four of five waits
    from here lie between ``low`` and ``high``, rounded so that they seldom change;
    ``breach`` is the probability that this one breaks the promise. ``None``: nobody
    signed in takes such calls now (``nobody``: and nobody who is signed in could), or
    nothing is known yet.
    """

    position: int
    nobody: bool
    low: float | None
    high: float | None
    breach: float | None


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent as others see it, at one version.

    ``until`` (seconds since the epoch) is set where the state ends by itself, and on a
    ready agent who rests after missed offers. Before ``cool_until`` nothing makes the
    agent ready. ``wish`` is the state that the agent wants after the call in progress.
    """

    agent: AgentId
    state: AgentState
    call: CallId | None
    token: int | None
    until: float | None
    cool_until: float | None
    wish: AgentState | None
    server: ServerId | None
    connection: str | None
    version: int
