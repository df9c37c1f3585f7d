"""What the model remembers of a call and of an agent. Times are microseconds."""

from dataclasses import dataclass, field
from typing import Any

from queueing.model import AgentState, CallState

SECOND = 1_000_000
NEVER = 2**53 - 1


@dataclass
class Call:
    id: str
    service: Any
    t0: int
    server: Any
    mode: str = "video"
    relay: str = "r1"
    needs: Any = ()
    allowance: int = 0
    deadline: int = 0
    variant: Any = None
    only: Any = None
    only_until: Any = None
    topic: Any = None
    ways: set[str] = field(default_factory=set)
    overflowed: int = 0
    call_back_until: Any = None
    leg: int = 0
    leg_t0: int = 0
    steps: Any = ()
    step: int = 0
    rung: int = 0
    offered_at: int = 0
    reserve: bool = False
    first_needs: Any = ()
    dropped: frozenset[str] = frozenset()
    state: CallState = CallState.QUEUED
    was: Any = None
    t1: Any = None
    agent: Any = None
    offer: int = 0
    reservation: Any = None
    attempts: int = 0
    lost_at: Any = None
    alone: bool = False
    until: Any = None
    reason: Any = None
    ended_at: Any = None
    rests: dict[str, int] = field(default_factory=dict)

    @property
    def stage(self):
        return self.was if self.state == CallState.LOST else self.state


@dataclass
class Agent:
    id: str
    entry: Any
    listed: bool = True
    state: AgentState = AgentState.OFFLINE
    was: Any = None
    call: Any = None
    until: Any = None
    wrap_up_until: Any = None
    cool_until: Any = None
    wish: Any = None
    idle_since: int = 0
    misses: int = 0
    server: Any = None

    @property
    def stage(self):
        return self.was if self.state == AgentState.LOST else self.state
