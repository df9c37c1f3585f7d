"""The model of signaling servers, and of a store that begins anew."""

from collections.abc import Iterable

from queueing.model import AgentState, CallState, ServerId
from queueing.twin.parts import Parts
from queueing.twin.records import Call


class Servers(Parts):
    """A part of the twin."""

    def hold(self, server: ServerId) -> None:
        self.servers.setdefault(server, self.now + self.lasts["server_lease"])

    def server_lost(self, name: ServerId) -> None:
        del self.servers[name]
        self.begin(name)

    def begin(self, name: ServerId) -> None:
        """A server has a new life: it loses everybody whom the old one held."""
        agents = sorted(
            (a for a in self.agents.values() if a.server == name), key=lambda a: a.id
        )
        agents.sort(key=lambda a: a.state != AgentState.READY)
        back: list[Call] = []
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

    def present_everybody(self, servers: Iterable[ServerId]) -> None:
        """Another life of the store: whoever was connected still is.

        But for agents whom the directory does not list any more: they cannot come back,
        unless they have something to finish.
        """
        for a in self.agents.values():
            if a.server and a.state != AgentState.LOST and not self.may_come(a):
                self.lose_agent(a)
        for c in self.calls.values():
            if c.state == CallState.LOST:
                c.server = None
        for a in self.agents.values():
            if a.state == AgentState.LOST:
                a.server = None
        for server in servers:
            self.servers[server] = self.now + self.lasts["server_lease"]
