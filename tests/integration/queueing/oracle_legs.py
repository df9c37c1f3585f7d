"""The model of a call's later legs, and of a call that is for one agent alone."""

from typing import Any

from queueing.errors import (
    AgentUnavailableError,
    InvalidTransitionError,
    OtherCompanyError,
    StaleTokenError,
    UnknownTopicError,
    UnknownVariantError,
)
from queueing.matching import covers
from queueing.model import AgentState, CallState, Mode
from queueing.needs import allowance, needs_of, served_in
from tests.integration.queueing.oracle_records import NEVER, SECOND

FIRST_PLACE = 86_400 * SECOND
AT_WORK = {
    AgentState.READY,
    AgentState.OFFERED,
    AgentState.CONNECTING,
    AgentState.IN_CALL,
    AgentState.WRAP_UP,
}


class Legs:
    """A part of the oracle."""

    def not_understood(self: Any, call):
        c = self.live(call)
        if c.state != CallState.ANSWERED:
            raise InvalidTransitionError
        c.rests[c.agent] = NEVER
        self.new_leg(c, "not_understood")
        c.deadline = c.t0 - FIRST_PLACE
        self.match_call(c)

    def transfer_to_service(self: Any, agent, call, offer, service, topic):
        c = self.own_talk(agent, call, offer)
        variant = None if c.mode == Mode.TEXT else c.variant
        asked = self.asked(service, topic, variant)
        if asked.company != c.service.company:
            raise OtherCompanyError
        self.rest(c, self.agents[agent])
        self.new_leg(c, "call_transferred")
        self.require(c, asked, topic, variant)
        c.step = 0
        c.deadline = self.now + c.allowance
        self.match_call(c)

    def transfer_to_agent(self: Any, agent, call, offer, to):
        c = self.own_talk(agent, call, offer)
        if agent == to or not self.could_take(c, to):
            raise AgentUnavailableError
        self.new_leg(c, "call_transferred")
        c.deadline = self.now + c.allowance
        self.wait_for(c, to, "only")
        self.match_call(c)

    def new_leg(self: Any, c, kind):
        a = self.agents[c.agent]
        self.tell(kind, c)
        self.requeue(c)
        c.leg += 1
        c.leg_t0, c.rung, c.attempts = self.now, 0, 0
        c.ways, c.overflowed = set(), 0
        self.agent_finish(a, c, difficult=False)

    def own_talk(self: Any, agent, call, offer):
        c = self.fenced(call, offer)
        if c.agent != agent:
            raise StaleTokenError
        if c.stage != CallState.ANSWERED:
            raise InvalidTransitionError
        return c

    def asked(self: Any, service, topic, variant):
        asked = self.services[service]
        if topic is not None and topic not in asked.topics:
            raise UnknownTopicError
        if variant is not None and variant not in asked.variants:
            raise UnknownVariantError
        return asked

    def require(self: Any, c, asked, topic, variant):
        """What a service requires becomes what the call requires."""
        c.service, c.topic, c.steps = asked, topic, asked.widening
        c.variant = served_in(asked, variant, Mode(c.mode))
        kind = self.directory.kind
        c.needs = needs_of(asked, kind, variant=c.variant, topic=topic)
        c.first_needs, c.reserve, c.dropped = c.needs, False, frozenset()
        c.allowance = round(allowance(asked) * SECOND)

    # ---------------------------------------------------------- one agent alone

    def could_take(self: Any, c, agent):
        a = self.agents[agent]
        return (
            a.state in AT_WORK
            and c.rests.get(agent, 0) <= self.now
            and c.service.company in a.entry.companies
            and covers(a.entry.skills, c.needs)
            and (c.reserve or not a.entry.reserve)
        )

    def wait_for(self: Any, c, agent, duration):
        c.only, c.only_until = agent, self.now + self.lasts[duration]

    def let_go(self: Any, gone, *back):
        """Who waits in vain for one of these goes on, beside the calls they gave back."""
        names = {a.id for a in gone}
        mine = [c for c in self.calls.values() if c.only in names]
        freed = [c for c in mine if not self.could_take(c, c.only)]
        for c in freed:
            c.only = c.only_until = None
        for c in sorted([*back, *freed], key=lambda c: (c.deadline, c.id)):
            self.match_call(c)

    def only_due(self: Any, c):
        c.only = c.only_until = None
        self.match_call(c)
