"""The model of a call's later legs, and of a call that is for one agent alone."""

from collections.abc import Iterable

from queueing.catalogue import ServiceEntry
from queueing.errors import (
    AgentUnavailableError,
    InvalidTransitionError,
    OtherCompanyError,
    StaleTokenError,
    UnknownTopicError,
    UnknownVariantError,
)
from queueing.matching import covers
from queueing.model import (
    AgentId,
    AgentState,
    CallId,
    CallState,
    Mode,
    ServiceId,
    TopicId,
    VariantId,
)
from queueing.needs import allowance, needs_of, served_in
from queueing.twin.parts import Parts
from queueing.twin.records import NEVER, SECOND, Agent, Call, Facts

FIRST_PLACE = 86_400 * SECOND
AT_WORK = {
    AgentState.READY,
    AgentState.OFFERED,
    AgentState.CONNECTING,
    AgentState.IN_CALL,
    AgentState.WRAP_UP,
}


class Legs(Parts):
    """A part of the twin."""

    def not_understood(self, call: CallId) -> None:
        c = self.live(call)
        if c.state != CallState.ANSWERED:
            raise InvalidTransitionError
        c.rests[self.agent_of(c).id] = NEVER
        self.new_leg(c, "not_understood", {})
        c.deadline = c.t0 - FIRST_PLACE
        self.match_call(c)

    def transfer_to_service(
        self,
        agent: AgentId,
        call: CallId,
        offer: int,
        service: ServiceId,
        topic: TopicId | None,
    ) -> None:
        c = self.own_talk(agent, call, offer)
        variant = None if c.mode == Mode.TEXT else c.variant
        asked = self.asked(service, topic, variant)
        if asked.company != c.service.company:
            raise OtherCompanyError
        self.rest(c, self.agents[agent])
        self.new_leg(c, "call_transferred", {"to_service": service, "topic": topic})
        self.require(c, asked, topic, variant)
        c.step = 0
        c.deadline = self.now + c.allowance
        self.match_call(c)

    def transfer_to_agent(
        self, agent: AgentId, call: CallId, offer: int, to: AgentId
    ) -> None:
        c = self.own_talk(agent, call, offer)
        if agent == to or not self.could_take(c, to):
            raise AgentUnavailableError
        self.new_leg(c, "call_transferred", {"to_agent": to})
        c.deadline = self.now + c.allowance
        self.wait_for(c, to, "only")
        self.match_call(c)

    def new_leg(self, c: Call, kind: str, facts: Facts) -> None:
        a = self.agent_of(c)
        self.tell(kind, c, facts=facts | {"leg": c.leg + 1})
        self.requeue(c)
        c.leg += 1
        c.leg_t0, c.rung, c.attempts = self.now, 0, 0
        c.ways, c.overflowed, c.warned = set(), 0, False
        c.settled = False
        self.agent_finish(a, c, difficult=False)

    def own_talk(self, agent: AgentId, call: CallId, offer: int) -> Call:
        c = self.fenced(call, offer)
        if c.agent != agent:
            raise StaleTokenError
        if c.stage != CallState.ANSWERED:
            raise InvalidTransitionError
        return c

    def asked(
        self, service: ServiceId, topic: TopicId | None, variant: VariantId | None
    ) -> ServiceEntry:
        asked = self.services[service]
        if topic is not None and topic not in asked.topics:
            raise UnknownTopicError
        if variant is not None and variant not in asked.variants:
            raise UnknownVariantError
        return asked

    def require(
        self,
        c: Call,
        asked: ServiceEntry,
        topic: TopicId | None,
        variant: VariantId | None,
    ) -> None:
        """What a service requires becomes what the call requires."""
        c.service, c.topic, c.steps = asked, topic, asked.widening
        c.variant = served_in(asked, variant, Mode(c.mode))
        kind = self.directory.kind
        c.needs = needs_of(asked, kind, variant=c.variant, topic=topic)
        c.first_needs, c.reserve, c.dropped = c.needs, False, frozenset()
        c.allowance = round(allowance(asked) * SECOND)
        c.target = round(asked.target * SECOND)

    # ---------------------------------------------------------- one agent alone

    def could_take(self, c: Call, agent: AgentId) -> bool:
        a = self.agents[agent]
        return (
            a.state in AT_WORK
            and c.rests.get(agent, 0) <= self.now
            and c.service.company in a.entry.companies
            and covers(a.entry.skills, c.needs)
            and (c.reserve or not a.entry.reserve)
        )

    def wait_for(self, c: Call, agent: AgentId, duration: str) -> None:
        c.only, c.only_until = agent, self.now + self.lasts[duration]

    def let_go(self, gone: Iterable[Agent], *back: Call) -> None:
        """Who waits in vain for one of these goes on, beside the calls they gave back."""
        names = {a.id for a in gone}
        mine = [(c, c.only) for c in self.calls.values() if c.only in names]
        freed = [c for c, only in mine if only and not self.could_take(c, only)]
        for c in freed:
            c.only = c.only_until = None
        for c in sorted([*back, *freed], key=lambda c: (c.deadline, c.id)):
            self.match_call(c)

    def only_due(self, c: Call) -> None:
        c.only = c.only_until = None
        self.match_call(c)
