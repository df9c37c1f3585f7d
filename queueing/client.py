"""The queue's door: every other package asks through `QueueClient`."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, Final, Self

import msgspec
import structlog

from queueing.catalogue import (
    Directory,
)
from queueing.directory import encode_directory
from queueing.errors import BadIdError, NoServerError, QueueUnreachableError
from queueing.keys import Keys
from queueing.library import microseconds
from queueing.messages import LedgerEntry, QueueEvent, read_ledger_entry
from queueing.model import (
    AgentId,
    AgentView,
    CallId,
    CallView,
    CompanyId,
    Durations,
    Evidence,
    Mode,
    RelayId,
    RequestId,
    ServerId,
    ServiceId,
    Side,
    TopicId,
)
from queueing.outbox import Follower
from queueing.store import Store, open_store
from queueing.views import read_agent, read_call, read_positions

log = structlog.get_logger(__name__)

_ID = re.compile(r"[A-Za-z0-9_.:@-]{1,64}")
_EVENTS_AT_ONCE: Final = 100
_LOST_AT_ONCE: Final = 100
_EVENTS_BLOCK_MS: Final = 1_000
_PAUSE_SECONDS: Final = 0.2


class QueueClient:
    """One pool of the queue, as one process sees it.

    Every transition is executed at most once for its ``request``, however often it is
    sent; within 60 s the first answer is repeated. All of them raise `RefusedError`
    when the queue says no (nothing changed), `QueueUnreachableError` when no answer came
    within 10 s (the outcome is unknown; ask again with the same ``request``).
    """

    def __init__(
        self, store: Store, keys: Keys, server: ServerId | None, follower: Follower
    ) -> None:
        self._store = store
        self._keys = keys
        self._server = server
        self._follower = follower

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, pool: str = "fr", server: ServerId | None = None
    ) -> AsyncIterator[Self]:
        """Connect, and load the function library if it is missing or older.

        A server begins clean: everybody whom an earlier life under its id still held is
        lost first, with the grace to come back.

        Args:
            url: ``redis://…``, ``rediss://…`` or ``unix:///path``.
            pool: which queue.
            server: who holds the callers and agents that come in through this client;
                without it, nothing that needs a connection can be done.
        """
        keys = Keys(_valid(pool))
        async with open_store(url, keys.tag) as store:
            await store.load_library()
            follower = await _begin(store, keys, server) if server else Follower(None)
            yield cls(store, keys, server, follower)

    # ------------------------------------------------------------ administration

    async def publish(self, directory: Directory) -> bool:
        """Replace the directory, unless the queue has this or a newer version."""
        for agent in directory.agents:
            _valid(agent.id, *agent.companies)
        for service in directory.services:
            _valid(service.id, service.company, *service.topics)
        reply = await self._store.number(
            "publish", directory.version, encode_directory(directory)
        )
        return reply == 1

    async def configure(self, durations: Durations) -> None:
        """Set how long each leased state lasts, from the next lease on."""
        flat: list[str | int] = []
        for name, value in asdict(durations).items():
            flat += [name, microseconds(value)]
        await self._store.number("configure", *flat)

    async def heartbeat(self) -> int:
        """Say that this server lives; due every second.

        A server whose lease runs out loses its agents and callers (they have their
        graces to come back) and finds a `Resync` in its events.

        Returns:
            The version of the directory that the queue holds, -1 when it has none: a
            caller who published a newer one publishes it again, since the store has
            lost its data.
        """
        return await self._store.number("heartbeat", self._own_server())

    async def sweep(self, limit: int = 100) -> int:
        """End what is due, at most ``limit`` leases; say how many there were."""
        return await self._store.number("sweep", limit)

    # -------------------------------------------------------------------- callers

    async def enqueue(
        self,
        *,
        call: CallId,
        service: ServiceId,
        topic: TopicId | None,
        mode: Mode,
        relay: RelayId,
        connection: str,
        request: RequestId,
    ) -> CallView:
        """Put a caller into the queue: this is T0.

        Raises:
            UnknownServiceError: the directory has no such service.
            UnknownTopicError: the service has no such topic.
            CallExistsError: another request took this call id.
        """
        # a service or topic that is no id at all is unknown, not a broken protocol
        return read_call(
            await self._transition(
                "enqueue",
                request,
                _valid(call),
                service,
                topic or "",
                mode,
                _valid(relay),
                self._own_server(),
                _valid(connection),
            )
        )

    async def resume(
        self, *, call: CallId, connection: str, request: RequestId
    ) -> CallView:
        """A caller is back, or opens a newer connection: the newest one wins.

        Raises:
            UnknownCallError: there is no such call.
            EndedCallError: it is over.
        """
        return read_call(
            await self._transition(
                "resume",
                request,
                _valid(call),
                self._own_server(),
                _valid(connection),
            )
        )

    async def caller_lost(
        self, *, call: CallId, connection: str, request: RequestId
    ) -> None:
        """The caller's connection is gone; no effect if it is not the newest one."""
        await self._transition("caller_lost", request, _valid(call), _valid(connection))

    # --------------------------------------------------------------------- agents

    async def agent_connected(
        self, *, agent: AgentId, connection: str, request: RequestId
    ) -> AgentView:
        """An agent opened a console: offline becomes away, lost what it was before.

        Raises:
            UnknownAgentError: the directory does not list this agent.
        """
        return read_agent(
            await self._transition(
                "agent_connected",
                request,
                _valid(agent),
                self._own_server(),
                _valid(connection),
            )
        )

    async def agent_ready(self, *, agent: AgentId, request: RequestId) -> AgentView:
        """The agent takes calls from now on; ends a wrap-up early.

        Raises:
            InvalidTransitionError: offline, lost, ringing or in a call.
        """
        return read_agent(await self._transition("agent_ready", request, _valid(agent)))

    async def agent_away(self, *, agent: AgentId, request: RequestId) -> AgentView:
        """The agent takes no calls for now; a ringing one is refused.

        Raises:
            InvalidTransitionError: offline, lost or in a call.
        """
        return read_agent(await self._transition("agent_away", request, _valid(agent)))

    async def agent_offline(self, *, agent: AgentId, request: RequestId) -> AgentView:
        """The agent signs out; a call goes back to the queue with its T0."""
        return read_agent(
            await self._transition("agent_offline", request, _valid(agent))
        )

    async def agent_lost(
        self, *, agent: AgentId, connection: str, request: RequestId
    ) -> None:
        """The agent's connection is gone; no effect if it is not the newest one."""
        await self._transition("agent_lost", request, _valid(agent), _valid(connection))

    async def accept(
        self, *, agent: AgentId, call: CallId, token: int, request: RequestId
    ) -> CallView:
        """The agent takes the ringing call.

        Raises:
            StaleTokenError: this offer is over.
        """
        return read_call(
            await self._transition(
                "accept", request, _valid(agent), _valid(call), token
            )
        )

    async def refuse(
        self, *, agent: AgentId, call: CallId, token: int, request: RequestId
    ) -> None:
        """The agent passes the call on; it keeps its T0.

        Raises:
            StaleTokenError: this offer is over.
        """
        await self._transition("refuse", request, _valid(agent), _valid(call), token)

    async def wrap_up_done(
        self, *, agent: AgentId, ready: bool, request: RequestId
    ) -> AgentView:
        """The agent has finished the notes, and is ready or away.

        Raises:
            InvalidTransitionError: there is no wrap-up.
        """
        return read_agent(
            await self._transition("wrap_up_done", request, _valid(agent), int(ready))
        )

    # ---------------------------------------------------------------------- calls

    async def answered(
        self,
        *,
        call: CallId,
        token: int,
        evidence: Evidence,
        browser_ms: int | None,
        forwarded_at: float | None,
        request: RequestId,
    ) -> CallView:
        """The caller saw the agent: T1 is the moment the queue learns it.

        Args:
            call: which call.
            token: the accepted offer's.
            evidence: what shows it.
            browser_ms: the caller's own measure, press to first frame.
            forwarded_at: when the relay first forwarded a key frame of the agent.
            request: a second sending is harmless, and so is a second evidence.

        Raises:
            StaleTokenError: this agent does not have the call any more.
        """
        return read_call(
            await self._transition(
                "answered",
                request,
                _valid(call),
                token,
                evidence,
                "" if browser_ms is None else browser_ms,
                "" if forwarded_at is None else microseconds(forwarded_at),
            )
        )

    async def media_failed(
        self, *, call: CallId, token: int, request: RequestId
    ) -> None:
        """No frame came after the accept: somebody else, or the end.

        Raises:
            StaleTokenError: this agent does not have the call any more.
            InvalidTransitionError: the call is answered already.
        """
        await self._transition("media_failed", request, _valid(call), token)

    async def hang_up(
        self, *, call: CallId, by: Side, request: RequestId, difficult: bool = False
    ) -> CallView:
        """End a call. Before T1, a caller who hangs up has abandoned.

        Raises:
            InvalidTransitionError: an agent hangs up a call that nobody accepted.
        """
        return read_call(
            await self._transition("hang_up", request, _valid(call), by, int(difficult))
        )

    async def note(
        self,
        *,
        kind: str,
        company: CompanyId,
        service: ServiceId,
        call: CallId | None,
        facts: Mapping[str, Any],
        request: RequestId,
    ) -> None:
        """Write a ledger event about something that is no transition."""
        await self._transition(
            "note",
            request,
            _valid(kind),
            _valid(company),
            _valid(service),
            _valid(call) if call else "",
            msgspec.json.encode(facts).decode(),
        )

    # -------------------------------------------------------------------- looking

    async def view(self, call: CallId) -> CallView | None:
        """Look at a call; one that ended more than an hour ago is gone."""
        flat = await self._store.function("view", _valid(call))
        return read_call(flat) if flat else None

    async def agent_view(self, agent: AgentId) -> AgentView | None:
        """Look at an agent."""
        flat = await self._store.function("agent_view", _valid(agent))
        return read_agent(flat) if flat else None

    async def positions(
        self, calls: Sequence[CallId]
    ) -> dict[CallId, tuple[int, bool]]:
        """Tell the position of each call that is queued, and whether nobody fits.

        The position is the one among the company's callers (1 is next); nobody fits
        when no signed-in agent could ever serve the call.
        """
        if not calls:
            return {}
        return read_positions(await self._store.function("positions", *calls))

    # -------------------------------------------------------------------- streams

    async def events(self) -> AsyncIterator[QueueEvent]:
        """Follow this server's events, from the moment the client was opened, for ever.

        Goes on where it was after a lost connection. One reader at a time.
        """
        outbox = self._keys.outbox(self._own_server())
        while True:
            try:
                entries = await self._store.read(
                    outbox,
                    after=self._follower.position,
                    count=_EVENTS_AT_ONCE,
                    block_ms=_EVENTS_BLOCK_MS,
                )
            except QueueUnreachableError as error:
                log.warning("the queue's events do not come", error=str(error))
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            for position, fields in entries:
                for event in self._follower.take(position, fields):
                    yield event

    async def ledger(
        self, *, after: str, count: int, block_ms: int
    ) -> list[LedgerEntry]:
        """Read ledger events after a position (``"0"``: from the first one).

        Waits up to ``block_ms`` for the first, and never longer than 5 s.
        """
        entries = await self._store.read(
            self._keys.ledger, after=after, count=count, block_ms=block_ms
        )
        return [
            read_ledger_entry(self._keys.pool, position, fields)
            for position, fields in entries
        ]

    async def ledger_trim(self, up_to: str) -> None:
        """Remove the ledger events up to and including a position."""
        milliseconds, _, sequence = up_to.partition("-")
        await self._store.trim(
            self._keys.ledger, before=f"{milliseconds}-{int(sequence) + 1}"
        )

    # -------------------------------------------------------------------- private

    async def _transition(
        self, name: str, request: RequestId, *args: str | int
    ) -> list[str]:
        return await self._store.function(name, _valid(request), *args)

    def _own_server(self) -> ServerId:
        if self._server is None:
            raise NoServerError("this client was opened without a server id")
        return self._server


async def _begin(store: Store, keys: Keys, server: ServerId) -> Follower:
    """Lose everybody of an earlier life; what that life was told is not for this one."""
    while await store.number("begin", server, _LOST_AT_ONCE):
        pass
    return Follower(await store.last(keys.outbox(server)))


def _valid(first: str, *others: str) -> str:
    """Give the first id back, after checking all: they become parts of keys."""
    for each in (first, *others):
        if not _ID.fullmatch(each):
            raise BadIdError(f"{each[:80]!r} is no id")
    return first
