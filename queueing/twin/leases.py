"""The model of time: what ends by itself."""

from collections.abc import Iterable, Iterator

from queueing.model import AgentId, AgentState, CallId, CallState, EndReason, ServerId
from queueing.twin.parts import Parts
from queueing.twin.records import NEVER, SECOND, Agent, Call, Lease

LEASED = (AgentState.WRAP_UP, AgentState.READY, AgentState.LOST)


class Leases(Parts):
    """A part of the twin."""

    def advance(self, seconds: int, alive: Iterable[ServerId]) -> None:
        self.now += seconds * SECOND
        for server in alive:
            self.servers[server] = self.now + self.lasts["server_lease"]
        while due := [each for each in self.leases() if each[0] <= self.now]:
            for _, kind, name in due:
                if any(each[1:] == (kind, name) for each in self.leases(self.now)):
                    self.due(kind, name)

    def leases(self, until: int | None = None) -> list[Lease]:
        """Give what ends by itself, in the order in which it does."""
        found = [each for c in self.calls.values() for each in self.leases_of_call(c)]
        found += [
            (a.until, "agent", a.id)
            for a in self.agents.values()
            if a.until and a.state in LEASED
        ]
        found += [(expiry, "server", name) for name, expiry in self.servers.items()]
        found.sort(key=lambda each: (each[0], " ".join(each[1:])))
        return [each for each in found if until is None or each[0] <= until]

    def leases_of_call(self, c: Call) -> Iterator[Lease]:
        if c.state == CallState.ENDED:
            return
        times = {
            "call": c.until,
            "callback": c.call_back_until,
            "only": c.only_until,
        }
        if c.state == CallState.QUEUED:
            times["widen"] = self.widening_due(c)
            times["overflow"] = self.overflow_due(c)
        times["promise"] = self.promise_due(c)
        for kind, at in times.items():
            if at:
                yield at, kind, c.id
        for agent, expiry in c.rests.items():
            if expiry != NEVER:
                yield expiry, f"pair {c.id}", agent

    def due(self, kind: str, name: str) -> None:
        """Let one of them end."""
        kind, _, of = kind.partition(" ")
        match kind:
            case "server":
                self.server_lost(ServerId(name))
            case "agent":
                self.agent_due(self.agents[AgentId(name)])
            case "pair":
                c = self.calls[CallId(of)]
                del c.rests[AgentId(name)]
                self.match_call(c)
            case _:
                self.call_lease_due(kind, self.calls[CallId(name)])

    def call_lease_due(self, kind: str, c: Call) -> None:
        match kind:
            case "widen":
                self.match_call(c)
            case "overflow":
                self.take_overflow(c)
            case "callback":
                self.call_back_due(c)
            case "only":
                self.only_due(c)
            case "promise":
                self.break_promise(c)
            case _:
                self.call_due(c)

    def agent_due(self, a: Agent) -> None:
        if a.state == AgentState.WRAP_UP and a.wish:
            self.take_break(a)
            self.let_go([a])
        elif a.state == AgentState.WRAP_UP:
            self.get_ready(a)
        elif a.state == AgentState.READY:
            self.rested(a)
        else:
            self.leave(a)

    def call_due(self, c: Call) -> None:
        if c.state == CallState.OFFERED:
            self.time_out(c)
        elif c.state == CallState.CONNECTING and c.call_back_until:
            self.finish(c, EndReason.CALL_BACK_MISSED)
        elif c.state == CallState.CONNECTING:
            self.no_frame(c)
        else:
            waiting = c.was == CallState.QUEUED and c.t1 is None
            early = EndReason.NO_ONE_THERE if c.alone else EndReason.LOST_WAITING
            self.finish(c, early if waiting else EndReason.CALLER_LOST)
