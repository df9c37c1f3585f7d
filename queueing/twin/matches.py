"""The model of who is sought for whom, and whom a wait has widened to."""

from collections.abc import Iterable, Sequence

from queueing.catalogue import Need
from queueing.matching import Caller, Candidate, best_agent, best_caller, eligible, held
from queueing.model import AgentState, CallState
from queueing.needs import widen
from queueing.twin.parts import Parts
from queueing.twin.records import NEVER, SECOND, Agent, Call


class Matches(Parts):
    """A part of the twin."""

    def match_call(self, c: Call, but: Agent | None = None) -> None:
        if c.state != CallState.QUEUED:
            return
        self.widen(c)
        self.take_overflow(c)
        ready = [a for a in self.ready() if a is not but]
        found = best_agent(self.caller(c), map(self.candidate, ready), self.now)
        if found:
            self.offer(c, self.agents[found.agent])

    def match_agent(self, a: Agent) -> None:
        if a.state != AgentState.READY:
            return
        if a.wish:
            self.take_break(a)
            self.let_go([a])
            return
        queued = [c for c in self.calls.values() if c.state == CallState.QUEUED]
        found = best_caller(self.candidate(a), map(self.caller, queued), self.now)
        if found:
            self.offer(self.calls[found.call], a)
        else:
            self.settle(self.keeps())

    def caller(self, c: Call) -> Caller:
        return Caller(
            c.id,
            c.service.company,
            c.needs,
            c.deadline,
            c.rests,
            c.reserve,
            c.only,
            c.dropped,
        )

    def ready(self) -> list[Agent]:
        """Who may be offered a call: whoever rests may not, until the rest is ended."""
        agents = self.agents.values()
        return [a for a in agents if a.state == AgentState.READY and not a.until]

    def candidate(self, a: Agent, free: Sequence[Agent] | None = None) -> Candidate:
        """An agent among those who are free, or would be."""
        return Candidate(
            a.id,
            a.entry.companies,
            a.entry.skills,
            a.entry.reserve,
            a.idle_since,
            (a.until or 0) if a.state == AgentState.READY else 0,
            self.held(a, free) if self.directory.reserves else frozenset(),
        )

    def held(self, a: Agent, free: Sequence[Agent] | None) -> frozenset[str]:
        """For which scarce skills the agent is kept, beside those who are free."""
        reserves = self.directory.reserves
        free = self.ready() if free is None else free
        counts = {
            each.skill: sum(other.entry.skills.get(each.skill, 0) > 0 for other in free)
            for each in reserves
        }
        return held(a.entry.skills, reserves, counts)

    def keeps(self) -> list[tuple[str, int]]:
        return [(each.skill, each.keep) for each in self.directory.reserves]

    def settle(self, keeps: Sequence[tuple[str, int]]) -> None:
        """One more ready agent may free others who were kept: the first caller goes."""
        for skill, keep in keeps:
            while True:
                holders = [a for a in self.ready() if a.entry.skills.get(skill, 0) > 0]
                waiting = [
                    self.caller(c)
                    for c in self.calls.values()
                    if c.state == CallState.QUEUED
                ]
                found = [
                    best_caller(self.candidate(a), waiting, self.now) for a in holders
                ]
                able = [each for each in found if each]
                if len(holders) <= keep or not able:
                    break
                first = min(able, key=lambda each: (each.deadline, each.call))
                self.match_call(self.calls[first.call])

    def seek(self) -> None:
        """Of all who wait, the first whom anybody fits is served first."""
        waiting = [c for c in self.calls.values() if c.state == CallState.QUEUED]
        for c in sorted(waiting, key=lambda each: (each.deadline, each.id)):
            ready = map(self.candidate, self.ready())
            if best_agent(self.caller(c), ready, self.now):
                self.match_call(c)

    def nobody(self, c: Call) -> bool:
        """Nobody could ever serve, were every step taken and all signed in ready."""
        widest = Caller(
            c.id,
            c.service.company,
            self.widest(c),
            c.deadline,
            reserve=any(step.reserve for step in c.steps),
            dropped=frozenset(need.skill for need in c.first_needs),
            rests=c.rests,
        )
        here = [a for a in self.agents.values() if a.state != AgentState.OFFLINE]
        at_last = NEVER - 1  # when all rests are over, but those that never are
        return not any(eligible(widest, self.candidate(a, here), at_last) for a in here)

    def scarce(self, needs: Iterable[Need]) -> frozenset[str]:
        """Which of the needed skills something is kept of."""
        kept = {each.skill for each in self.directory.reserves}
        return frozenset(kept & {need.skill for need in needs})

    def widest(self, c: Call) -> tuple[Need, ...]:
        needs = c.needs
        for step in c.steps:
            needs = widen(needs, self.directory.kind, step)
        return needs

    def widening_due(self, c: Call) -> int | None:
        """When a waiting call takes its next step: the time it rings does not count."""
        after = c.steps[c.step].after if c.step < len(c.steps) else None
        return None if after is None else c.leg_t0 + round(after * SECOND) + c.rung

    def widen(self, c: Call) -> None:
        while (due := self.widening_due(c)) is not None and due <= self.now:
            self.take_step(c)

    def take_step(self, c: Call) -> None:
        step = c.steps[c.step]
        left = widen(c.needs, self.directory.kind, step)
        c.dropped |= self.scarce(c.needs) - self.scarce(left)
        c.needs = left
        c.reserve = c.reserve or step.reserve
        c.step += 1
        self.tell("call_widened", c)
