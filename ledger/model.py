"""The words of the ledger: an event, a link of a chain, an outcome, a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

CompanyId = NewType("CompanyId", str)
ServiceId = NewType("ServiceId", str)
CallId = NewType("CallId", str)
EventId = NewType("EventId", str)
KeyId = NewType("KeyId", str)

JSON: TypeAlias = (
    "bool | int | float | str | list[JSON] | tuple[JSON, ...] | dict[str, JSON] | None"
)

POOL_CHAIN = CompanyId("")
"""The chain of events that belong to no company, such as an agent's states."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as the queue or a server noted it; not yet chained."""

    event_id: EventId
    kind: str
    at_us: int
    """Microseconds since the epoch, by Redis's clock."""
    pool: str
    company: CompanyId
    service: ServiceId | None = None
    call: CallId | None = None
    facts: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a company's chain; position 0 is the chain without a link."""

    company: CompanyId
    position: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Erasable:
    """A value whose commitment alone is chained; forgetting salt and value erases it."""

    salt: str
    """Hexadecimal."""
    value: JSON


@dataclass(frozen=True, slots=True)
class Link:
    """One chained event: the body is the exact text that was hashed."""

    company: CompanyId
    position: int
    event_id: EventId
    pool: str
    kind: str
    at_us: int
    call: CallId | None
    body: str
    previous: bytes
    digest: bytes
    erasable: Mapping[str, Erasable]


class Recorded(msgspec.Struct, frozen=True):
    """What a rule reads of a chained event: its body without position and format."""

    event_id: str
    kind: str
    at_us: int
    service: str | None = None
    call: str | None = None
    facts: dict[str, object] = msgspec.field(default_factory=dict)


class Outcome(StrEnum):
    """How a call stands, in the words of the contract."""

    WAITING = "waiting"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SHORT = "short"
    LEFT_ANOTHER_WAY = "left_another_way"
    NO_ONE_THERE = "no_one_there"
    TECHNICAL = "technical"
    TECHNICAL_CALLER = "technical_caller"
    REFUSED = "refused"
    CLOSED = "closed"


class CallRow(msgspec.Struct, frozen=True):
    """One clock of a call of the day. It names neither the caller nor the agent."""

    call: str
    leg: int
    """0, or which later clock of the call this line is of: passed on, not understood."""
    service: str
    topic: str | None
    mode: str | None
    t0_ms: int
    """Milliseconds since the epoch."""
    wait_ms: int | None
    """T0 to T1, to the moment of leaving, or to now; none for a closed service."""
    outcome: Outcome
    in_time: bool
    breach: bool
    live: bool
    """The call has not ended yet."""
    evidence: str | None
    """What proves T1: `presented`, `delivered` or `text`."""
    browser_ms: int | None
    """The wait by the caller's browser's own clock."""
    talk_ms: int | None
    offers: int
    end_reason: str | None
    way: str | None
    """`call_back`, `video_message` or `text`: how the caller left another way."""
    watched_s: int
    """Seconds of conversation that the eye judged, of everybody who said yes together;
    on the last line of a call."""
    legible_s: int
    """Of them, those in which the picture could be read."""


class Figures(msgspec.Struct, frozen=True):
    """The counters of a day and what follows from them."""

    offered: int
    answered: int
    in_time: int
    abandoned: int
    breaches: int
    short: int
    left_another_way: int
    no_one_there: int
    technical: int
    technical_caller: int
    refused: int
    closed: int
    waiting: int
    talking: int
    longest_wait_ms: int | None
    denominator: int
    service_level: float | None
    """Between 0 and 1; none before the first call that counts."""
    later_legs: int
    """Clocks that began after a first answer; they count in none of the others."""
    later_answered: int
    later_in_time: int
    later_breaches: int
    watched_calls: int
    """Calls with somebody who let the eye look."""
    watched_s: int
    legible_share: float | None
    """Of `watched_s`, between 0 and 1; none where the eye judged nothing."""


class ChainEnd(msgspec.Struct, frozen=True):
    """How far the company's chain went when the figures were made."""

    position: int
    digest: str


class StandingAlert(msgspec.Struct, frozen=True):
    """An alert of the queue's monitor that holds."""

    service: str
    alert: str
    """`burn` or `long_wait`."""
    window_s: int
    burn_permille: int
    """By how many thousandths the window uses up what the contract lets fail."""


class News(msgspec.Struct, frozen=True):
    """What is new of today since the sheet, or the news, before."""

    as_of_ms: int
    figures: Figures
    calls: tuple[CallRow, ...]
    """The lines that are new or changed."""
    calls_total: int
    chain: ChainEnd
    staff: dict[str, int] | None
    """Agents who may answer for the company, by state; none while nobody knows."""
    alerts: tuple[StandingAlert, ...] | None
    """Those that hold; none while nobody knows."""


class DaySheet(msgspec.Struct, frozen=True):
    """A company's day: its figures and its calls, newest first."""

    company: str
    date: str
    timezone: str
    is_today: bool
    as_of_ms: int
    rules: int
    target_ms: int
    figures: Figures
    calls: tuple[CallRow, ...]
    calls_total: int
    chain: ChainEnd
