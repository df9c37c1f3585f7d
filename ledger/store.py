"""The SQL of the ledger: lengthen the chains, walk one, read a day."""

import json
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

from sqlalchemy import Row, Table, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ledger import chain, lives, superseded, tables
from ledger.database import WAIT_S, WRITES, open_engine
from ledger.erasing import Eraser
from ledger.events import WITHOUT_CLOCK, Kind
from ledger.head_store import HeadStore
from ledger.model import CallId, CompanyId, Erasable, Event, EventId, Head, Link

PAGE: Final = 500
SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of a pool's stream, oldest first, with the place of the last one."""

    pool: str
    last_id: str
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Committed:
    """What a transaction did: the new heads, and how many events were known before."""

    heads: dict[CompanyId, Head]
    chained: int
    known: int
    went_back: bool
    """New events stood behind the cursor: the stream is older than the ledger."""


class LedgerStore:
    """The ledger's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = self._engine = engine
        self.given = HeadStore(engine)
        self.eraser = Eraser(engine)
        self._writing = engine.execution_options(**{WRITES: True})

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, wait_s: float = WAIT_S) -> AsyncIterator[Self]:
        """Open the database and bring its tables up to date."""
        async with open_engine(url, wait_s) as engine:
            yield cls(engine)

    async def append(self, batch: Batch) -> Committed:
        """Chain what is not chained yet: events, heads and cursor in one transaction.

        Doing it twice, or from two processes at once, chains each event once.
        """
        async with self._writing.begin() as connection:
            stored = await _lock_cursor(connection, batch.pool)
            new = await _unknown(connection, batch.events)
            heads: dict[CompanyId, Head] = {}
            for part in _parts(new):
                heads |= await _chain(connection, part)
                marks = await lives.marks(connection, part)
                heads |= await _chain(connection, await _unknown(connection, marks))
            is_ahead = _place(batch.last_id) > _place(stored)
            if new or is_ahead:
                await _move_cursor(connection, batch.pool, batch.last_id)
        return Committed(
            heads,
            chained=len(new),
            known=len(batch.events) - len(new),
            went_back=bool(new) and not is_ahead,
        )

    async def cursor(self, pool: str) -> str:
        """Tell how far a pool's stream is chained; `0` before the first event."""
        query = select(tables.cursor.c.stream_id).where(tables.cursor.c.pool == pool)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).scalar_one_or_none() or "0"

    async def heads(self) -> dict[CompanyId, Head]:
        """Tell where each chain ends."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(tables.head))).all()
        return {head.company: head for head in map(_head, rows)}

    async def companies(self) -> set[CompanyId]:
        """Name every chain, even one whose head is missing."""
        names: set[CompanyId] = set(await self.heads())
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(tables.event.c.company).distinct())
            return names.union(map(CompanyId, rows.scalars()))

    async def head(self, company: CompanyId) -> Head:
        """Tell where one chain ends; an unknown company's chain has no link yet."""
        query = select(tables.head).where(tables.head.c.company == company)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _head(row) if row else chain.genesis(company)

    async def extent(self, company: CompanyId) -> tuple[int, Head]:
        """Tell the last link's position and the head, both of the same moment."""
        table, head = tables.event.c, tables.head.c
        last = select(func.max(table.position)).where(table.company == company)
        position = select(head.position).where(head.company == company)
        digest = select(head.digest).where(head.company == company)
        query = select(
            last.scalar_subquery(), position.scalar_subquery(), digest.scalar_subquery()
        )
        async with self._engine.connect() as connection:
            reached, place, hashed = (await connection.execute(query)).one()
        if place is None:
            return reached or 0, chain.genesis(company)
        return reached or 0, Head(company, place, hashed)

    async def links(
        self,
        company: CompanyId,
        *,
        after: int = 0,
        up_to: int | None = None,
    ) -> AsyncIterator[Sequence[Link]]:
        """Read a chain page by page, in the order of positions."""
        table = tables.event.c
        while True:
            query = select(tables.event).where(
                table.company == company, table.position > after
            )
            if up_to is not None:
                query = query.where(table.position <= up_to)
            async with self._engine.connect() as connection:
                page = query.order_by(table.position).limit(PAGE)
                rows = (await connection.execute(page)).all()
            if not rows:
                return
            yield [_link(row) for row in rows]
            after = rows[-1].position

    async def bodies(
        self, company: CompanyId, *, after: int, up_to: int
    ) -> AsyncIterator[Sequence[tuple[int, str, bytes]]]:
        """Read position, body and digest alone, page by page: what may leave us."""
        table = tables.event.c
        columns = select(table.position, table.body, table.digest)
        while after < up_to:
            query = columns.where(
                table.company == company,
                table.position > after,
                table.position <= up_to,
            )
            async with self._engine.connect() as connection:
                page = query.order_by(table.position).limit(PAGE)
                rows = (await connection.execute(page)).all()
            if not rows:
                return
            yield [(row.position, row.body, row.digest) for row in rows]
            after = rows[-1].position

    async def day(
        self,
        company: CompanyId,
        bounds_us: tuple[int, int],
        *,
        after: int,
        up_to: int,
    ) -> AsyncIterator[Sequence[tuple[int, str]]]:
        """Read position and body of all terms, and of all events of a day's calls.

        A call belongs to the day of its T0; its later events may be of the next day.
        """
        table = tables.event.c
        while True:
            query = (
                select(table.position, table.body)
                .where(table.company == company)
                .where(table.position > after, table.position <= up_to)
                .where(_belongs(company, bounds_us))
                .order_by(table.position)
                .limit(PAGE)
            )
            async with self._engine.connect() as connection:
                rows = (await connection.execute(query)).all()
            if not rows:
                return
            yield [(row.position, row.body) for row in rows]
            after = rows[-1].position


def _belongs(company: CompanyId, bounds_us: tuple[int, int]) -> Any:
    queued = tables.event.alias("queued").c
    begin, end = bounds_us
    calls = select(queued.call).where(
        queued.company == company,
        queued.kind == Kind.CALL_QUEUED,
        queued.at_us >= begin,
        queued.at_us < end,
    )
    table = tables.event.c
    unqueued = and_(
        table.kind.in_([*WITHOUT_CLOCK]),
        table.at_us >= begin,
        table.at_us < end,
    )
    return or_(table.call.in_(calls), unqueued, table.kind == Kind.TERMS_SET)


async def _lock_cursor(connection: AsyncConnection, pool: str) -> str:
    """Hold the pool's cursor until the commit: one writer of a pool at a time."""
    await _ensure(connection, tables.cursor, pool=pool, stream_id="0")
    query = select(tables.cursor.c.stream_id).where(tables.cursor.c.pool == pool)
    return str((await connection.execute(query.with_for_update())).scalar_one())


async def _unknown(
    connection: AsyncConnection,
    events: Sequence[Event],
) -> list[Event]:
    ids = [event.event_id for event in events]
    query = select(tables.event.c.event_id).where(tables.event.c.event_id.in_(ids))
    known = set((await connection.execute(query)).scalars())
    unknown = []
    for event in events:
        if event.event_id not in known:
            known.add(event.event_id)
            unknown.append(event)
    return unknown


def _parts(events: Iterable[Event]) -> Iterator[Sequence[Event]]:
    """Cut behind each event that says that a life of the store has begun."""
    part = []
    for event in events:
        part.append(event)
        if event.kind == Kind.LIFE_BEGAN:
            yield part
            part = []
    if part:
        yield part


async def _chain(
    connection: AsyncConnection,
    events: Iterable[Event],
) -> dict[CompanyId, Head]:
    """Lengthen each company's chain, in the order of names: no two writers cross."""
    by_company: defaultdict[CompanyId, list[Event]] = defaultdict(list)
    for event in events:
        by_company[event.company].append(event)
    heads = {}
    for company in sorted(by_company):
        head = await _lock_head(connection, company)
        links, head = chain.extend(head, by_company[company], _salt)
        await connection.execute(tables.event.insert(), [_row(link) for link in links])
        await connection.execute(
            update(tables.head)
            .where(tables.head.c.company == company)
            .values(position=head.position, digest=head.digest),
        )
        heads[company] = head
    return heads


async def _lock_head(connection: AsyncConnection, company: CompanyId) -> Head:
    start = chain.genesis(company)
    await _ensure(
        connection,
        tables.head,
        company=company,
        position=start.position,
        digest=start.digest,
    )
    query = select(tables.head).where(tables.head.c.company == company)
    return _head((await connection.execute(query.with_for_update())).one())


async def _move_cursor(connection: AsyncConnection, pool: str, place: str) -> None:
    await connection.execute(
        update(tables.cursor)
        .where(tables.cursor.c.pool == pool)
        .values(stream_id=place),
    )


async def _ensure(connection: AsyncConnection, table: Table, **values: Any) -> None:
    """Insert a row unless it is there already."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).values(**values)
    await connection.execute(insert.on_conflict_do_nothing())


def _salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def _place(stream_id: str) -> tuple[int, int]:
    milliseconds, _, number = stream_id.partition("-")
    return int(milliseconds), int(number or 0)


def _head(row: Row[Any]) -> Head:
    return Head(CompanyId(row.company), row.position, row.digest)


def _row(link: Link) -> dict[str, Any]:
    kept = {name: [part.salt, part.value] for name, part in link.erasable.items()}
    return {
        "company": link.company,
        "position": link.position,
        "event_id": link.event_id,
        "number": superseded.number_of(link.event_id),
        "pool": link.pool,
        "kind": link.kind,
        "at_us": link.at_us,
        "call": link.call,
        "body": link.body,
        "previous": link.previous,
        "digest": link.digest,
        "erasable": json.dumps(kept, allow_nan=False) if kept else None,
    }


def _link(row: Row[Any]) -> Link:
    kept = json.loads(row.erasable) if row.erasable else {}
    return Link(
        company=CompanyId(row.company),
        position=row.position,
        event_id=EventId(row.event_id),
        pool=row.pool,
        kind=row.kind,
        at_us=row.at_us,
        call=CallId(row.call) if row.call is not None else None,
        body=row.body,
        previous=row.previous,
        digest=row.digest,
        erasable={name: Erasable(salt, value) for name, (salt, value) in kept.items()},
    )
