"""Which sockets of this process an event of the queue or of a relay concerns."""

from collections import defaultdict
from collections.abc import Iterator

from queueing import messages as queue
from queueing.model import CallId
from relay import messages as relay
from signaling.connection import Connection
from signaling.events import EdgeEvent, RelayBack


class Switchboard:
    """Sockets by the call they are in and by the agent they belong to."""

    def __init__(self) -> None:
        self._calls: dict[CallId, set[Connection]] = defaultdict(set)
        self._agents: dict[str, list[Connection]] = {}  # the newest console last
        self._joined: dict[Connection, set[CallId]] = {}
        self._told = 0

    def plug(self, connection: Connection) -> None:
        """Know a socket."""
        self._joined.setdefault(connection, set())

    def unplug(self, connection: Connection) -> None:
        """Forget a socket everywhere."""
        for call in tuple(self._joined.get(connection, ())):
            self.leave(call, connection)
        self._joined.pop(connection, None)
        for agent in [a for a, c in self._agents.items() if connection in c]:
            self.sign_out(agent, connection)

    def join(self, call: CallId, connection: Connection) -> None:
        """Bring a call's events to this socket."""
        self._calls[call].add(connection)
        self._joined.setdefault(connection, set()).add(call)

    def leave(self, call: CallId, connection: Connection) -> None:
        """Bring them no longer."""
        sockets = self._calls.get(call, set())
        sockets.discard(connection)
        if not sockets:
            self._calls.pop(call, None)
        self._joined.get(connection, set()).discard(call)

    def sign_in(self, agent: str, connection: Connection) -> list[Connection]:
        """Bring an agent's events to this socket; gives the others that the agent has."""
        others = [c for c in self._agents.get(agent, ()) if c is not connection]
        self._agents[agent] = [*others, connection]
        return others

    def sign_out(self, agent: str, connection: Connection) -> Connection | None:
        """Bring them to the socket that had them before, if it is still there."""
        others = [c for c in self._agents.get(agent, ()) if c is not connection]
        self._agents[agent] = others
        if not others:
            del self._agents[agent]
        return self.agent(agent)

    def agent(self, agent: str) -> Connection | None:
        """Find the socket that an agent's events come to."""
        sockets = self._agents.get(agent)
        return sockets[-1] if sockets else None

    def next_calls(self, most: int) -> list[CallId]:
        """List calls that have a socket here: some at a time, all of them in turn."""
        calls = list(self._calls)
        begin = self._told if self._told < len(calls) else 0
        self._told = begin + most
        return calls[begin : begin + most]

    def everybody(self) -> list[Connection]:
        """List every socket of this process."""
        return list(self._joined)

    def post_to_call(self, call: CallId, event: EdgeEvent) -> None:
        """Give an event to every socket of a call."""
        for connection in tuple(self._calls.get(call, ())):
            connection.post(event)

    def queue_event(self, event: queue.QueueEvent) -> None:
        """Give an event of the queue to whom it concerns."""
        for connection in set(self._concerned(event)):
            connection.post(event)

    def relay_event(self, name: str, event: relay.Event) -> None:
        """Give an event of a relay to whom it concerns."""
        call = getattr(event, "call", None)
        if call is not None:
            self.post_to_call(call, event)
        elif isinstance(event, relay.ChannelBack):
            self._post_to_all(RelayBack(name, event.same))

    def _post_to_all(self, event: EdgeEvent) -> None:
        for connection in self.everybody():
            connection.post(event)

    def _concerned(self, event: queue.QueueEvent) -> Iterator[Connection]:
        if isinstance(event, queue.Resync):
            yield from self._joined
            return
        socket = self.agent(getattr(event, "agent", None) or "")
        if socket is not None:
            yield socket
        if not isinstance(event, queue.Offered):
            call: CallId = getattr(event, "call", None) or CallId("")
            yield from self._calls.get(call, ())
