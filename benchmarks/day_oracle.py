"""Plays a day as nobody can: with every caller, every agent and the future before it. Pure.

Whoever is free serves the earliest deadline of all; whoever calls gets the agent whom the
next minutes will miss the least. It looks at everything for each match, which no queue
could afford, and is warned of every refusal.
"""

import bisect
from collections import defaultdict
from typing import Final

from benchmarks.day import Coming, Day, Match
from queueing.catalogue import AgentEntry, Need, ServiceEntry
from queueing.matching import covers
from queueing.model import AgentId, CallId, CompanyId
from queueing.needs import allowance, needs_of, widen

AHEAD: Final = 300.0
"""How many seconds of the future count when it chooses an agent."""

REMEMBERED: Final = 60.0
"""For how long it believes what it saw of the future."""

Kind = tuple[CompanyId, tuple[Need, ...]]


class DayOracle:
    """One player; ``is_farsighted`` chooses agents by the future, else by surplus."""

    is_warned = True

    def __init__(self, day: Day, *, is_farsighted: bool) -> None:
        self._directory = day.directory
        self._is_farsighted = is_farsighted
        self._services = {each.id: each for each in day.directory.services}
        self._agents = {each.id: each for each in day.directory.agents}
        self._callers = {each.call: each for each in day.callers}
        self._now = 0.0
        self._waiting: dict[CallId, tuple[float, Kind]] = {}
        self._idle: dict[AgentId, float] = {}
        self._rings: dict[CallId, AgentId] = {}
        self._future: dict[Kind, list[float]] = defaultdict(list)
        for caller in day.callers:
            self._future[self._kind(caller, 0)].append(caller.at)
        self._able = {
            kind: sum(_serves(agent, kind) for agent in day.directory.agents)
            for kind in self._future
        }
        self._served = {
            agent.id: [kind for kind in self._future if _serves(agent, kind)]
            for agent in day.directory.agents
        }
        self._missed: dict[AgentId, tuple[float, float]] = {}

    def it_is(self, now: float) -> None:
        self._now = now

    def due(self) -> None:
        """It acts when something happens."""

    def acts(self) -> list[Match]:
        return []

    def comes(self, caller: Coming) -> list[Match]:
        deadline = caller.at + allowance(self._services[caller.service])
        self._waiting[caller.call] = (deadline, self._kind(caller, 0))
        return self._seek(caller.call)

    def waits(self, call: CallId) -> list[Match]:
        caller = self._callers[call]
        deadline, _ = self._waiting[call]
        kind = self._kind(caller, self._now - caller.at)
        self._waiting[call] = (deadline, kind)
        return self._seek(call)

    def leaves(self, call: CallId) -> list[Match]:
        self._waiting.pop(call, None)
        agent = self._rings.pop(call, None)
        return self.ready(agent) if agent is not None else []

    def ready(self, agent: AgentId) -> list[Match]:
        """Serve the earliest deadline of all whom this agent can serve."""
        entry = self._agents[agent]
        found = min(
            (
                (deadline, call)
                for call, (deadline, kind) in self._waiting.items()
                if _serves(entry, kind)
            ),
            default=None,
        )
        if found is None:
            self._idle[agent] = self._now
            return []
        return [self._join(found[1], agent)]

    def away(self, agent: AgentId) -> list[Match]:
        self._idle.pop(agent, None)
        return []

    def accepts(self, match: Match) -> list[Match]:
        del self._rings[match.call]
        return []

    def refuses(self, match: Match) -> list[Match]:
        raise RuntimeError(f"{match.agent} refused, which an oracle knows beforehand")

    def ends(self, _: Match) -> list[Match]:
        return []

    def done(self, agent: AgentId, *, is_ready: bool) -> list[Match]:
        return self.ready(agent) if is_ready else []

    def _seek(self, call: CallId) -> list[Match]:
        _, kind = self._waiting[call]
        able = [agent for agent in self._idle if _serves(self._agents[agent], kind)]
        if not able:
            return []
        agent = min(able, key=lambda each: (self._cost(each), self._idle[each], each))
        del self._idle[agent]
        return [self._join(call, agent)]

    def _join(self, call: CallId, agent: AgentId) -> Match:
        del self._waiting[call]
        self._rings[call] = agent
        return Match(call, agent)

    def _cost(self, agent: AgentId) -> float:
        """Say how much is given away with this agent."""
        if not self._is_farsighted:
            return sum(self._agents[agent].skills.values())
        until, cost = self._missed.get(agent, (0.0, 0.0))
        if until < self._now:
            cost = sum(self._to_come(kind) for kind in self._served[agent])
            self._missed[agent] = (self._now + REMEMBERED, cost)
        return cost

    def _to_come(self, kind: Kind) -> float:
        """Count whom the next minutes bring, shared among all who could serve them."""
        times = self._future[kind]
        first = bisect.bisect_right(times, self._now)
        last = bisect.bisect_right(times, self._now + AHEAD)
        return (last - first) / self._able[kind]

    def _kind(self, caller: Coming, waited: float) -> Kind:
        service: ServiceEntry = self._services[caller.service]
        needs = needs_of(service, self._directory.kind, topic=caller.topic)
        for step in service.widening:
            if step.after is not None and step.after <= waited + 1e-6:
                needs = widen(needs, self._directory.kind, step)
        return service.company, needs


def _serves(agent: AgentEntry, kind: Kind) -> bool:
    company, needs = kind
    return company in agent.companies and covers(agent.skills, needs)
