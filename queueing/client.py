"""The queue's door: every other package asks through `QueueClient`."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Final, Self

import structlog

from queueing.agents import Agents
from queueing.asking import valid_id
from queueing.callers import Callers
from queueing.catalogue import Directory
from queueing.errors import QueueUnreachableError
from queueing.keys import Keys
from queueing.library import microseconds
from queueing.looking import Looking
from queueing.messages import (
    LedgerEntry,
    QueueEvent,
    Resync,
    read_ledger_entries,
)
from queueing.model import (
    Durations,
    ServerId,
)
from queueing.outbox import Follower
from queueing.publishing import publish
from queueing.returns import Returns
from queueing.store import Store, StreamEntry, open_store
from queueing.talks import Talks
from queueing.watching import Watching

log = structlog.get_logger(__name__)

_EVENTS_AT_ONCE: Final = 100
_LOST_AT_ONCE: Final = 20
_EVENTS_BLOCK_MS: Final = 1_000
_PAUSE_SECONDS: Final = 0.2


class QueueClient(Callers, Agents, Talks, Returns, Looking, Watching):
    """One pool of the queue, as one process sees it.

    Every transition is executed at most once for its ``request``, however often it is
    sent; within 60 s the first answer is repeated. All of them raise `RefusedError`
    when the queue says no (nothing changed), `QueueUnreachableError` when no answer came
    within 10 s (the outcome is unknown; ask again with the same ``request``).
    """

    def __init__(
        self, store: Store, keys: Keys, server: ServerId | None, follower: Follower
    ) -> None:
        super().__init__(store, server)
        self._keys = keys
        self._follower = follower
        self._followed = 0
        self._is_shaken = False
        self._newest_tick = 0
        self._untold: deque[QueueEvent] = deque()  # of an entry that was read

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        url: str,
        *,
        pool: str = "fr",
        server: ServerId | None = None,
        only_looks: bool = False,
    ) -> AsyncIterator[Self]:
        """Connect, and load the function library if it is missing or older.

        A server begins clean: everybody whom an earlier life under its id still held is
        lost first, with the grace to come back.

        Args:
            url: one server or its Sentinels; see `queueing.urls`.
            pool: which queue.
            server: who holds the callers and agents that come in through this client;
                without it, nothing that needs a connection can be done.
            only_looks: leave the library as it is, whatever its age.
        """
        keys = Keys(valid_id(pool))
        async with open_store(url, keys.tag) as store:
            if not only_looks:
                await store.load_library()
            await store.look_for_replicas()
            follower = await _begin(store, keys, server) if server else Follower(None)
            client = cls(store, keys, server, follower)
            if server is not None:
                client._life = client._followed = await store.number("life")
            yield client

    # ------------------------------------------------------------ administration

    async def publish(self, directory: Directory) -> bool:
        """Replace the directory, unless the queue has this or a newer version.

        In small steps, each safe to repeat: an agent has the new entry from one moment
        on, and calls need what the new services say once every agent has theirs.
        """
        for agent in directory.agents:
            valid_id(agent.id, *agent.companies)
        for service in directory.services:
            valid_id(service.id, service.company, *service.topics, *service.variants)
        return await publish(self._store, directory)

    async def configure(self, durations: Durations) -> None:
        """Set how long each leased state lasts, from the next lease on."""
        flat: list[str | int] = []
        for name, value in asdict(durations).items():
            flat += [name, microseconds(value)]
        await self._store.number("configure", *flat)

    async def is_configured(self) -> bool:
        """Tell whether the durations were set since the store last lost its data."""
        return await self._store.number("configured") > 0

    async def heartbeat(self) -> int:
        """Say that this server lives; due every second.

        A server whose lease runs out loses its agents and callers (they have their
        graces to come back) and finds a `Resync` in its events, even if it lives again
        before all of them were lost. It also tells the highest tick that this server
        has heard of: where another process goes on without the last writes, by a clock
        that is behind, tokens and versions rise all the same.

        Returns:
            The version of the directory that the queue holds, -1 when it has none: a
            caller who published a newer one publishes it again, since the store has
            lost its data.
        """
        await self._store.look_for_replicas()
        version, life = await self._store.urgently(
            "heartbeat", self._own_server(), self._newest_tick
        )
        self._life = int(life)
        return int(version)

    async def sweep(self, limit: int = 20) -> int:
        """End what is due, at most ``limit`` leases and as many of a server's people.

        Returns:
            How many leases were due; ``limit`` when something is left to be done at
            once, so that the next sweep must not wait.
        """
        return await self._store.number("sweep", limit)

    @property
    def unconfirmed(self) -> int:
        """How much this client told of that no replica had: a failover may lose it."""
        return self._store.unconfirmed

    # -------------------------------------------------------------------- streams

    async def events(self) -> AsyncIterator[QueueEvent]:
        """Follow this server's events, from the moment the client was opened, for ever.

        Goes on where it was after a lost connection. One reader at a time.
        """
        while True:
            try:
                is_new_life = await self._begins_again()
                if is_new_life:
                    self._untold.clear()
                entries = [] if is_new_life else await self._read_outbox()
            except QueueUnreachableError as error:
                log.warning("the queue's events do not come", error=str(error))
                self._is_shaken = True
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            if is_new_life:
                self._presented_in = self._followed
                yield Resync()
            while self._untold or entries:
                if not self._untold:
                    self._untold.extend(self._follower.take(*entries.pop(0)))
                self._presented_in = self._followed
                event = self._untold.popleft()
                token = getattr(event, "token", None) or 0
                self._newest_tick = max(self._newest_tick, event.version, token)
                yield event

    async def _read_outbox(self) -> list[StreamEntry]:
        """Read what is new; it has a copy, so that it may be acted on."""
        if self._untold:
            return []
        entries = await self._store.read(
            self._keys.outbox(self._own_server()),
            after=self._follower.position,
            count=_EVENTS_AT_ONCE,
            block_ms=_EVENTS_BLOCK_MS,
        )
        if entries:
            await self._store.confirm("seen", self._own_server(), entries[-1][0])
        return entries

    async def _begins_again(self) -> bool:
        """Tell whether the store lives anew: follow its outbox from the end, then.

        Another process may have gone on without the last writes, this outbox's too.
        """
        if self._is_shaken:
            await self.heartbeat()
            self._is_shaken = False
        if self._life == self._followed:
            return False
        life = self._life
        newest = await self._store.last(self._keys.outbox(self._own_server()))
        self._follower, self._followed = Follower(newest), life
        return True

    async def ledger(
        self, *, after: str, count: int, block_ms: int
    ) -> list[LedgerEntry]:
        """Read the ledger's next ``count`` entries after a position (``"0"``: the first).

        An entry is what one function call wrote, in one or several events.

        Waits up to ``block_ms`` for the first, and never longer than 5 s.
        """
        entries = await self._store.read(
            self._keys.ledger, after=after, count=count, block_ms=block_ms
        )
        return [
            event
            for position, fields in entries
            for event in read_ledger_entries(
                self._keys.pool, position, fields["events"]
            )
        ]

    async def ledger_trim(self, up_to: str) -> None:
        """Remove the ledger events up to and including a position."""
        milliseconds, _, sequence = up_to.partition("-")
        await self._store.trim(
            self._keys.ledger, before=f"{milliseconds}-{int(sequence) + 1}"
        )


async def _begin(store: Store, keys: Keys, server: ServerId) -> Follower:
    """Lose everybody of an earlier life; what that life was told is not for this one."""
    while await store.number("begin", server, _LOST_AT_ONCE):
        pass
    return Follower(await store.last(keys.outbox(server)))
