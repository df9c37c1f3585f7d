"""Which sockets of this process an event of the queue or of a relay concerns."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from queueing import messages as queue
from queueing.model import CallId
from relay import messages as relay
from signaling.connection import Connection
from signaling.events import EdgeEvent, RelayBack, RelayDoubt


class Switchboard:
    """Sockets by the call they are in and by the agent they belong to."""

    def __init__(self) -> None:
        self._calls: dict[CallId, set[Connection]] = defaultdict(set)
        self._agents: dict[str, list[Connection]] = {}  # the newest console last
        self._joined: dict[Connection, set[CallId]] = {}
        self._expected: dict[Connection, CallId] = {}
        self._early: dict[CallId, dict[Connection, list[queue.QueueEvent]]] = {}
        self._told = 0

    def plug(self, connection: Connection) -> None:
        """Know a socket."""
        self._joined.setdefault(connection, set())

    def unplug(self, connection: Connection) -> None:
        """Forget a socket everywhere."""
        for call in tuple(self._joined.get(connection, ())):
            self.leave(call, connection)
        self._joined.pop(connection, None)
        self._expect_no_more(connection)
        for agent in [a for a, c in self._agents.items() if connection in c]:
            self.sign_out(agent, connection)

    @contextmanager
    def expecting(self, connection: Connection) -> Iterator[None]:
        """Keep what this socket may `expect`, until it has joined or was refused."""
        try:
            yield
        finally:
            self._expect_no_more(connection)

    def expect(self, call: CallId, connection: Connection) -> None:
        """Keep a call's events for a socket that asks the queue for this call.

        The queue's answer may come later than what happens next to the call, above all
        when it is the stored answer to a request that was sent again.
        """
        self._expect_no_more(connection)
        self._expected[connection] = call
        self._early.setdefault(call, {})[connection] = []

    def _expect_no_more(self, connection: Connection) -> None:
        call = self._expected.pop(connection, None)
        if call is not None:
            del self._early[call][connection]
            if not self._early[call]:
                del self._early[call]

    def join(self, call: CallId, connection: Connection, *, since: int = 0) -> None:
        """Bring a call's events to this socket; of those it expected, what came since.

        ``since`` is the version of the answer, which tells all that happened until then.
        """
        kept = self._early.get(call, {}).get(connection, [])
        self._expect_no_more(connection)
        self._calls[call].add(connection)
        self._joined.setdefault(connection, set()).add(call)
        for event in kept:
            if event.version > since:
                connection.post(event)

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
        concerned = set(self._concerned(event))
        for connection in concerned:
            connection.post(event)
        for connection, kept in self._early.get(_call_of(event), {}).items():
            if connection not in concerned:
                kept.append(event)

    def relay_event(self, name: str, event: relay.Event) -> None:
        """Give an event of a relay to whom it concerns."""
        call = getattr(event, "call", None)
        if call is not None:
            self.post_to_call(call, event)
        elif isinstance(event, relay.ChannelBack):
            self._post_to_all(RelayBack(name, event.same))
        elif isinstance(event, relay.ChannelLost | relay.ChannelRefused):
            self.relay_in_doubt(name)

    def relay_in_doubt(self, name: str) -> None:
        """Let everybody look whether their call must leave this relay."""
        self._post_to_all(RelayDoubt(name))

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
            yield from self._calls.get(_call_of(event), ())


def _call_of(event: queue.QueueEvent) -> CallId:
    return getattr(event, "call", None) or CallId("")
