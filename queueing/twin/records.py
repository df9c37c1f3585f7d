"""What the model remembers of a call and of an agent. Times are microseconds."""

from dataclasses import dataclass, field
from typing import Final

from queueing.catalogue import AgentEntry, Need, ServiceEntry, WideningStep
from queueing.model import (
    Act,
    AgentId,
    AgentState,
    CallId,
    CallState,
    EndReason,
    Mode,
    Overflow,
    RelayId,
    ReservationState,
    ServerId,
    ServiceId,
    TopicId,
    VariantId,
)

SECOND: Final = 1_000_000
NEVER: Final = 2**53 - 1
FIRST_RELAY: Final = RelayId("r1")

Lease = tuple[int, str, str]
"""When it ends, of which kind it is, and whose."""


Facts = dict[str, bool | int | str | None]


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the ledger, dated in microseconds."""

    kind: str
    call: CallId | None
    agent: AgentId | None
    at: int
    service: ServiceId | None
    facts: Facts


@dataclass
class Acted:
    """What was done in danger: for whom the call was before it, and until when."""

    act: Act
    needs: tuple[Need, ...] = ()
    reserve: bool = True
    due: int | None = None


@dataclass
class Call:
    """A call; its names are those of the library's record."""

    id: CallId
    service: ServiceEntry
    t0: int
    server: ServerId | None
    mode: Mode = Mode.VIDEO
    relay: RelayId = FIRST_RELAY
    needs: tuple[Need, ...] = ()
    allowance: int = 0
    target: int = 0
    settled: bool = False
    acted: list[Acted] = field(default_factory=list)
    deadline: int = 0
    variant: VariantId | None = None
    only: AgentId | None = None
    only_until: int | None = None
    topic: TopicId | None = None
    ways: set[Overflow] = field(default_factory=set)
    overflowed: int = 0
    warned: bool = False
    call_back_until: int | None = None
    leg: int = 0
    leg_t0: int = 0
    steps: tuple[WideningStep, ...] = ()
    step: int = 0
    rung: int = 0
    offered_at: int = 0
    reserve: bool = False
    first_needs: tuple[Need, ...] = ()
    dropped: frozenset[str] = frozenset()
    state: CallState = CallState.QUEUED
    was: CallState | None = None
    t1: int | None = None
    agent: AgentId | None = None
    offer: int = 0
    reservation: ReservationState = ReservationState.CANCELLED
    attempts: int = 0
    lost_at: int | None = None
    alone: bool = False
    until: int | None = None
    reason: EndReason | None = None
    ended_at: int | None = None
    rests: dict[AgentId, int] = field(default_factory=dict)

    @property
    def stage(self) -> CallState:
        """Where it is, or was when its caller was lost."""
        return self.was if self.was and self.state == CallState.LOST else self.state


@dataclass
class Agent:
    """An agent; the names are those of the library's record."""

    id: AgentId
    entry: AgentEntry
    listed: bool = True
    state: AgentState = AgentState.OFFLINE
    was: AgentState | None = None
    call: CallId | None = None
    until: int | None = None
    wrap_up_until: int | None = None
    cool_until: int | None = None
    wish: AgentState | None = None
    idle_since: int = 0
    misses: int = 0
    server: ServerId | None = None

    @property
    def stage(self) -> AgentState:
        """What the agent does, or did when the connection was lost."""
        return self.was if self.was and self.state == AgentState.LOST else self.state
