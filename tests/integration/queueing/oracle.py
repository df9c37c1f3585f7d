"""The whole queue as a plain-Python model: lists instead of indexes, no store, no Lua.

It decides by `queueing.transitions` and `queueing.matching` alone. Times are whole
microseconds, so that it never differs from the library by a rounding.
"""

from typing import Any

from queueing.errors import EndedCallError, UnknownCallError
from queueing.model import CallState
from queueing.transitions import AGENT, follow
from tests.integration.queueing.oracle_agents import Agents
from tests.integration.queueing.oracle_callers import Callers
from tests.integration.queueing.oracle_leases import Leases
from tests.integration.queueing.oracle_legs import Legs
from tests.integration.queueing.oracle_matches import Matches
from tests.integration.queueing.oracle_offers import Offers
from tests.integration.queueing.oracle_records import SECOND, Agent, Call
from tests.integration.queueing.oracle_servers import Servers
from tests.integration.queueing.oracle_ways import Ways


class Oracle(Callers, Agents, Offers, Legs, Ways, Matches, Leases, Servers):
    """What the queue must do; `events` is what its ledger must hold."""

    def __init__(self, now, directory, lasts):
        services, agents = directory.services, directory.agents
        self.now = now
        self.directory = directory
        self.services = {each.id: each for each in services}
        self.agents = {each.id: Agent(each.id, each) for each in agents}
        self.calls: dict[str, Call] = {}
        self.servers: dict[str, int] = {}
        self.events: list[Any] = []
        self.lasts = {
            name: round(value * SECOND) for name, value in vars_of(lasts).items()
        }

    def publish(self, directory):
        for entry in sorted(directory.agents, key=lambda each: each.id):
            a = self.agents[entry.id]
            a.listed = True
            if a.entry != entry:
                a.entry = entry
                self.match_agent(a)
                self.let_go([a])
        listed = {entry.id for entry in directory.agents}
        for a in self.agents.values():
            if a.listed and a.id not in listed:
                self.unlist(a)
        old, self.directory = self.keeps(), directory
        self.services = {each.id: each for each in directory.services}
        if old != self.keeps():
            self.seek()

    def find(self, call):
        if call not in self.calls:
            raise UnknownCallError
        return self.calls[call]

    def live(self, call):
        if self.find(call).state == CallState.ENDED:
            raise EndedCallError
        return self.calls[call]

    def partner(self, c):
        accepted = c.stage in {CallState.CONNECTING, CallState.ANSWERED}
        return self.agents[c.agent] if accepted else None

    def step(self, a, event):
        a.state = follow(AGENT, a.state, event)

    def tell(self, kind, c=None, a=None):
        agent = a.id if a else c.agent
        self.events.append((kind, c.id if c else None, agent))


def vars_of(durations):
    return {name: getattr(durations, name) for name in durations.__slots__}
