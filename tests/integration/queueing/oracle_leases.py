"""The model of time: what ends by itself."""

from typing import Any

from queueing.model import AgentState, CallState
from tests.integration.queueing.oracle_records import NEVER, SECOND

LEASED = (AgentState.WRAP_UP, AgentState.READY, AgentState.LOST)


class Leases:
    """A part of the oracle."""

    def advance(self: Any, seconds, alive):
        self.now += seconds * SECOND
        for server in alive:
            self.servers[server] = self.now + self.lasts["server_lease"]
        while due := [each for each in self.leases() if each[0] <= self.now]:
            for _, *lease in due:
                if any(each[1:] == (*lease,) for each in self.leases(self.now)):
                    self.due(*lease)

    def leases(self: Any, until=None):
        found = [(c.until, "call", c.id) for c in self.calls.values() if c.until]
        found += [
            (a.until, "agent", a.id)
            for a in self.agents.values()
            if a.until and a.state in LEASED
        ]
        found += [
            (expiry, f"pair {c.id}", agent)
            for c in self.calls.values()
            for agent, expiry in c.rests.items()
            if expiry != NEVER
        ]
        found += [
            (self.widening_due(c), "widen", c.id)
            for c in self.calls.values()
            if c.state == CallState.QUEUED and self.widening_due(c)
        ]
        found += [
            (self.overflow_due(c), "overflow", c.id)
            for c in self.calls.values()
            if c.state == CallState.QUEUED and self.overflow_due(c)
        ]
        found += [
            (c.call_back_until, "callback", c.id)
            for c in self.calls.values()
            if c.call_back_until
        ]
        found += [(c.only_until, "only", c.id) for c in self.calls.values() if c.only]
        found += [(expiry, "server", name) for name, expiry in self.servers.items()]
        found.sort(key=lambda each: (each[0], " ".join(each[1:])))
        return [each for each in found if until is None or each[0] <= until]

    def due(self: Any, kind, name):
        if kind == "server":
            self.server_lost(name)
        elif kind.startswith("pair"):
            c = self.calls[kind.removeprefix("pair ")]
            del c.rests[name]
            self.match_call(c)
        elif kind == "widen":
            self.match_call(self.calls[name])
        elif kind == "overflow":
            self.take_overflow(self.calls[name])
        elif kind == "callback":
            self.call_back_due(self.calls[name])
        elif kind == "only":
            self.only_due(self.calls[name])
        elif kind == "agent":
            self.agent_due(self.agents[name])
        else:
            self.call_due(self.calls[name])

    def agent_due(self: Any, a):
        if a.state == AgentState.WRAP_UP and a.wish:
            self.take_break(a)
            self.let_go([a])
        elif a.state == AgentState.WRAP_UP:
            self.get_ready(a)
        elif a.state == AgentState.READY:
            self.rested(a)
        else:
            self.leave(a)

    def call_due(self: Any, c):
        if c.state == CallState.OFFERED:
            self.time_out(c)
        elif c.state == CallState.CONNECTING and c.call_back_until:
            self.finish(c, "call_back_missed")
        elif c.state == CallState.CONNECTING:
            self.no_frame(c)
        else:
            waiting = c.was == CallState.QUEUED and c.t1 is None
            early = "no_one_there" if c.alone else "lost_waiting"
            self.finish(c, early if waiting else "caller_lost")
