"""What the queue tells a signaling server: one class an event, one closed union.

Times are seconds since the epoch. ``version`` rises with every change of the call or
agent: an event with a lower version than what the reader already knows is old news.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from queueing.library import seconds
from queueing.model import (
    AgentId,
    AgentState,
    CallId,
    CompanyId,
    EndReason,
    Evidence,
    Mode,
    OfferReason,
    Overflow,
    RelayId,
    RequeueReason,
    ReservationState,
    ServiceId,
    TopicId,
)
from queueing.texts import EVENTS_SEPARATOR, LEDGER_FIELDS, SEPARATOR


def _tag(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=_tag):
    """What every event shares."""

    version: int = 0


class Offered(Event, frozen=True, kw_only=True):
    """A call rings at an agent of this server, until ``expires_at``."""

    why: OfferReason = OfferReason.FIRST_OFFER
    call: CallId
    agent: AgentId
    token: int
    expires_at: float
    service: ServiceId
    company: CompanyId
    topic: TopicId | None = None
    mode: Mode
    t0: float


class CallRinging(Event, frozen=True, kw_only=True):
    """A caller of this server is being offered to an agent."""

    call: CallId


class OfferEnded(Event, frozen=True, kw_only=True):
    """The ringing at an agent of this server is over, without an accept."""

    call: CallId
    agent: AgentId
    token: int
    how: ReservationState


class Accepted(Event, frozen=True, kw_only=True):
    """The agent took the call: connect the pictures on its relay.

    Of a ``call_back`` the caller has yet to come: see `Summoned`.
    """

    call: CallId
    agent: AgentId
    agent_name: str = ""
    token: int
    relay: RelayId
    call_back: bool = False


class Answered(Event, frozen=True, kw_only=True):
    """The caller saw the agent. ``t1`` is the first time this call was answered."""

    call: CallId
    agent: AgentId
    token: int
    t1: float
    evidence: Evidence | None = None


class Requeued(Event, frozen=True, kw_only=True):
    """The call is without this agent again and keeps its T0."""

    call: CallId
    agent: AgentId
    reason: RequeueReason


class Ended(Event, frozen=True, kw_only=True):
    """The call is over: close it at its relay with its newest token, if it has one."""

    call: CallId
    agent: AgentId | None = None
    reason: EndReason
    t0: float
    t1: float | None = None
    token: int | None = None
    relay: RelayId = RelayId("")


class OverflowOffered(Event, frozen=True, kw_only=True):
    """A caller of this server has waited long: these other ways are open now."""

    call: CallId
    ways: frozenset[Overflow]


class Summoned(Event, frozen=True, kw_only=True):
    """An agent took the call-back of a caller of this server: the page must ring.

    The caller comes by `resume`, until ``expires_at``.
    """

    call: CallId
    expires_at: float


class CallMoved(Event, frozen=True, kw_only=True):
    """The call's pictures pass another relay from now on; nothing else has changed."""

    call: CallId
    relay: RelayId


class AgentChanged(Event, frozen=True, kw_only=True):
    """An agent of this server is in another state, call or lease."""

    agent: AgentId
    state: AgentState
    call: CallId | None = None
    token: int | None = None
    until: float | None = None
    cool_until: float | None = None
    wish: AgentState | None = None


class CallerLost(Event, frozen=True, kw_only=True):
    """The caller of a call with this server's agent lost the connection."""

    call: CallId


class CallerBack(Event, frozen=True, kw_only=True):
    """That caller is back."""

    call: CallId


class AgentLost(Event, frozen=True, kw_only=True):
    """The agent of a call with this server's caller lost the connection."""

    call: CallId


class AgentBack(Event, frozen=True, kw_only=True):
    """That agent is back."""

    call: CallId


class Superseded(Event, frozen=True, kw_only=True):
    """A newer connection took over: close this one."""

    call: CallId | None = None
    agent: AgentId | None = None
    connection: str


class Resync(Event, frozen=True, kw_only=True):
    """Events may be missing, or this server was thought dead.

    Present every open connection again (`resume`, `agent_connected`) and believe the
    views that come back.
    """


QueueEvent = (
    Offered
    | CallRinging
    | OfferEnded
    | Accepted
    | Answered
    | Requeued
    | Ended
    | OverflowOffered
    | Summoned
    | CallMoved
    | AgentChanged
    | CallerLost
    | CallerBack
    | AgentLost
    | AgentBack
    | Superseded
    | Resync
)

_TIMES = frozenset({"t0", "t1", "expires_at", "until", "cool_until"})


def read_events(text: str) -> list[QueueEvent]:
    """Read what one function call told a server: one entry of its outbox."""
    return [_event(one.split(SEPARATOR)) for one in text.split(EVENTS_SEPARATOR)]


def _event(flat: Sequence[str]) -> QueueEvent:
    """Read names and values: empty values are absent ones, times are microseconds."""
    values: dict[str, Any] = {
        name: seconds(int(value)) if name in _TIMES else value
        for name, value in zip(flat[::2], flat[1::2], strict=True)
        if value
    }
    if "ways" in values:
        values["ways"] = values["ways"].split(",")
    event: QueueEvent = msgspec.convert(values, QueueEvent, strict=False)
    return event


class LedgerEntry(msgspec.Struct, frozen=True):
    """One event of the ledger's stream.

    ``position`` is the stream id of the entry that it shares with others, ``event`` its unique id, ``at`` the time of the
    transition (Redis's microseconds). ``facts`` depend on ``kind``.
    """

    position: str
    event: str
    kind: str
    at: int
    pool: str
    company: CompanyId | None
    service: ServiceId | None
    call: CallId | None
    agent: AgentId | None
    token: int | None
    facts: dict[str, Any]


def read_ledger_entries(pool: str, position: str, text: str) -> list[LedgerEntry]:
    """Read what one function call wrote into the ledger's stream: one entry of it."""
    return [
        _ledger_entry(pool, position, one.split(SEPARATOR))
        for one in text.split(EVENTS_SEPARATOR)
    ]


def _ledger_entry(pool: str, position: str, values: Sequence[str]) -> LedgerEntry:
    fields = dict(zip(LEDGER_FIELDS, values, strict=True))
    found: dict[str, Any] = {name: value or None for name, value in fields.items()}
    found["event"] = f"{pool}-{fields['event']}"
    found["facts"] = _facts(fields["facts"])
    return msgspec.convert(
        found | {"pool": pool, "position": position}, LedgerEntry, strict=False
    )


def _facts(text: str) -> Any:
    """Read the facts; nested deeper than any reader goes, they stay a text."""
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        return {"too_deep": text}
