"""The model of signaling servers, and of a store that begins anew."""

from typing import Any

from queueing.model import AgentState, CallState


class Servers:
    """A part of the oracle."""

    def hold(self: Any, server):
        self.servers.setdefault(server, self.now + self.lasts["server_lease"])

    def server_lost(self: Any, name):
        del self.servers[name]
        self.begin(name)

    def begin(self: Any, name):
        """A server has a new life: it loses everybody whom the old one held."""
        agents = sorted(
            (a for a in self.agents.values() if a.server == name), key=lambda a: a.id
        )
        agents.sort(key=lambda a: a.state != AgentState.READY)
        back = []
        for a in agents:
            if a.state != AgentState.LOST:
                back += self.lose_agent(a)
            a.server = None
        self.let_go(agents, *back)
        live = (c for c in self.calls.values() if c.state != CallState.ENDED)
        for c in sorted((c for c in live if c.server == name), key=lambda c: c.id):
            if c.state != CallState.LOST:
                self.lose_call(c)
            c.server = None

    def present_everybody(self: Any, servers):
        """Another life of the store: whoever was connected still is.

        But for agents whom the directory does not list any more: they cannot come back,
        unless they have something to finish.
        """
        for a in self.agents.values():
            if a.server and a.state != AgentState.LOST and not self.may_come(a):
                self.lose_agent(a)
        held: list[Any] = [*self.calls.values(), *self.agents.values()]
        for each in held:
            if each.state in {CallState.LOST, AgentState.LOST}:
                each.server = None
        for server in servers:
            self.servers[server] = self.now + self.lasts["server_lease"]
