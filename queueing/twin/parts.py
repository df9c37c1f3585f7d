"""What every part of the model stands on, and what the parts ask of each other."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from queueing.catalogue import Directory, ServiceEntry
from queueing.errors import EndedCallError, UnknownCallError
from queueing.model import (
    AgentId,
    CallId,
    CallState,
    EndReason,
    Overflow,
    ServerId,
    ServiceId,
    TopicId,
    VariantId,
)
from queueing.transitions import AGENT, AgentEvent, follow
from queueing.twin.records import Agent, Call, Facts, Told


class Parts(ABC):
    """The records, and the steps that one part leaves to another."""

    now: int
    directory: Directory
    services: dict[ServiceId, ServiceEntry]
    agents: dict[AgentId, Agent]
    calls: dict[CallId, Call]
    servers: dict[ServerId, int]
    events: list[Told]
    lasts: dict[str, int]

    def find(self, call: CallId) -> Call:
        if call not in self.calls:
            raise UnknownCallError
        return self.calls[call]

    def live(self, call: CallId) -> Call:
        if self.find(call).state == CallState.ENDED:
            raise EndedCallError
        return self.calls[call]

    def agent_of(self, c: Call) -> Agent:
        """Whom the call rings at, or who serves it."""
        if c.agent is None:
            raise LookupError(f"nobody serves {c.id}")
        return self.agents[c.agent]

    def call_of(self, a: Agent) -> Call:
        if a.call is None:
            raise LookupError(f"{a.id} serves nobody")
        return self.calls[a.call]

    def partner(self, c: Call) -> Agent | None:
        accepted = c.stage in {CallState.CONNECTING, CallState.ANSWERED}
        return self.agent_of(c) if accepted else None

    def step(self, a: Agent, event: AgentEvent) -> None:
        a.state = follow(AGENT, a.state, event)

    def tell(
        self,
        kind: str,
        c: Call | None = None,
        a: Agent | None = None,
        *,
        facts: Facts | None = None,
        at: int | None = None,
    ) -> None:
        """Write an event of the ledger: of a call, of an agent, or of both."""
        self.events.append(
            Told(
                kind=kind,
                call=c.id if c else None,
                agent=a.id if a else (c.agent if c else None),
                at=self.now if at is None else at,
                service=c.service.id if c else None,
                facts=facts or {},
            )
        )

    # -------------------------------------------------------------------- callers

    @abstractmethod
    def requeue(self, c: Call) -> None: ...
    @abstractmethod
    def finish(
        self, c: Call, reason: EndReason, *, difficult: bool = False
    ) -> None: ...
    @abstractmethod
    def lose_call(self, c: Call) -> None: ...

    # --------------------------------------------------------------------- agents

    @abstractmethod
    def get_ready(self, a: Agent) -> None: ...
    @abstractmethod
    def pause(self, a: Agent) -> None: ...
    @abstractmethod
    def take_break(self, a: Agent) -> None: ...
    @abstractmethod
    def leave(self, a: Agent) -> None: ...
    @abstractmethod
    def rested(self, a: Agent) -> None: ...
    @abstractmethod
    def rest_agent(self, a: Agent) -> None: ...
    @abstractmethod
    def here(self, agent: AgentId) -> Agent: ...
    @abstractmethod
    def may_come(self, a: Agent) -> bool: ...
    @abstractmethod
    def lose_agent(self, a: Agent) -> list[Call]: ...
    @abstractmethod
    def release(self, a: Agent, *, keeps_turn: bool = False) -> None: ...
    @abstractmethod
    def agent_finish(self, a: Agent, c: Call, *, difficult: bool) -> None: ...

    # --------------------------------------------------------------------- offers

    @abstractmethod
    def offer(self, c: Call, a: Agent) -> None: ...
    @abstractmethod
    def close(self, c: Call, how: str) -> None: ...
    @abstractmethod
    def rest(self, c: Call, a: Agent) -> None: ...
    @abstractmethod
    def fenced(self, call: CallId, offer: int) -> Call: ...
    @abstractmethod
    def time_out(self, c: Call) -> None: ...
    @abstractmethod
    def lease_connecting(self, c: Call) -> None: ...
    @abstractmethod
    def no_frame(self, c: Call) -> None: ...

    # ----------------------------------------------------------------------- legs

    @abstractmethod
    def asked(
        self, service: ServiceId, topic: TopicId | None, variant: VariantId | None
    ) -> ServiceEntry: ...
    @abstractmethod
    def require(
        self,
        c: Call,
        asked: ServiceEntry,
        topic: TopicId | None,
        variant: VariantId | None,
    ) -> None: ...
    @abstractmethod
    def could_take(self, c: Call, agent: AgentId) -> bool: ...
    @abstractmethod
    def wait_for(self, c: Call, agent: AgentId, duration: str) -> None: ...
    @abstractmethod
    def let_go(self, gone: Iterable[Agent], *back: Call) -> None: ...
    @abstractmethod
    def only_due(self, c: Call) -> None: ...

    # -------------------------------------------------------------------- matches

    @abstractmethod
    def match_call(self, c: Call, but: Agent | None = None) -> None: ...
    @abstractmethod
    def match_agent(self, a: Agent) -> None: ...
    @abstractmethod
    def nobody(self, c: Call) -> bool: ...
    @abstractmethod
    def keeps(self) -> Sequence[tuple[str, int]]: ...
    @abstractmethod
    def seek(self) -> None: ...
    @abstractmethod
    def widening_due(self, c: Call) -> int | None: ...

    @abstractmethod
    def take_step(self, c: Call) -> None: ...

    # -------------------------------------------------------------------- dangers

    @abstractmethod
    def helped(self, c: Call, a: Agent) -> None: ...
    @abstractmethod
    def not_helped(self, c: Call, *, another_way: bool) -> None: ...
    @abstractmethod
    def promise_due(self, c: Call) -> int | None: ...
    @abstractmethod
    def break_promise(self, c: Call) -> None: ...

    # ----------------------------------------------------------------------- ways

    @abstractmethod
    def overflow_due(self, c: Call) -> int | None: ...
    @abstractmethod
    def offer_ways(self, c: Call, offered: set[Overflow]) -> None: ...
    @abstractmethod
    def take_overflow(self, c: Call) -> None: ...
    @abstractmethod
    def come(self, c: Call) -> None: ...
    @abstractmethod
    def call_back_due(self, c: Call) -> None: ...

    # -------------------------------------------------------------------- servers

    @abstractmethod
    def hold(self, server: ServerId) -> None: ...
    @abstractmethod
    def server_lost(self, name: ServerId) -> None: ...
