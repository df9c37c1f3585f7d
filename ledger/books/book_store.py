"""The SQL of the read models: what a page of the chain touches, and a month."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Row, Select, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ledger import tables
from ledger.books.folding import EDITION, Place, StoredClock, StoredSlot
from ledger.database import WRITES
from ledger.events import Kind
from ledger.model import CompanyId

AT_ONCE: Final = 400
"""Names in one question: databases allow some thousand, and some of them less."""


@dataclass(frozen=True, slots=True)
class Made:
    """How far the books of a company are made."""

    position: int
    as_of_us: int


@dataclass(frozen=True, slots=True)
class Page:
    """What the next events of a chain change: these calls, and these half-hours."""

    before: Made
    after: Made
    calls: Collection[str]
    clocks: Sequence[StoredClock]
    places: Collection[Place]
    slots: Sequence[StoredSlot]


class BookStore:
    """The read models of a ledger's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    async def made(self, company: CompanyId) -> Made | None:
        """Tell how far the books go; none where they are of another edition."""
        table = tables.book.c
        query = select(table.position, table.as_of_us).where(
            table.company == company, table.edition == EDITION
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Made(*row) if row else None

    async def begin(self, company: CompanyId) -> Made:
        """Forget the books of a company, to make them anew."""
        async with self._writing.begin() as connection:
            for table in (tables.clock, tables.slot, tables.book):
                mine = table.c.company == company
                await connection.execute(delete(table).where(mine))
            row = {"company": company, "position": 0, "as_of_us": 0}
            await connection.execute(_upsert(connection, tables.book)(row))
        return Made(0, 0)

    async def of_calls(
        self, company: CompanyId, calls: Collection[str], up_to: int
    ) -> dict[int, str]:
        """Read every event of these calls up to a link."""
        table = tables.event.c
        found: dict[int, str] = {}
        for some in _some(calls):
            query = select(table.position, table.body).where(
                table.company == company,
                table.call.in_(some),
                table.position <= up_to,
            )
            found |= await self._pairs(query)
        return found

    async def terms(self, company: CompanyId, up_to: int) -> dict[int, str]:
        """Read all terms of a chain up to a link."""
        table = tables.event.c
        query = select(table.position, table.body).where(
            table.company == company,
            table.kind == Kind.TERMS_SET,
            table.position <= up_to,
        )
        return await self._pairs(query)

    async def places(self, company: CompanyId, calls: Collection[str]) -> set[Place]:
        """Tell in which half-hours these calls are now."""
        table = tables.clock.c
        found: set[Place] = set()
        for some in _some(calls):
            query = select(table.half, table.service).where(
                table.company == company, table.call.in_(some)
            )
            async with self._engine.connect() as connection:
                rows = await connection.execute(query)
                found.update((row.half, row.service) for row in rows)
        return found

    async def clocks(
        self, company: CompanyId, places: Collection[Place]
    ) -> list[StoredClock]:
        """Read every clock of these half-hours."""
        table = tables.clock.c
        found: list[StoredClock] = []
        for some in _some(places):
            here = or_(
                *(
                    and_(table.half == half, table.service == name)
                    for half, name in some
                )
            )
            query = select(tables.clock).where(table.company == company, here)
            async with self._engine.connect() as connection:
                found += map(_clock, await connection.execute(query))
        return found

    async def turn(self, company: CompanyId, page: Page) -> bool:
        """Write what a page changes, whole or not at all; not if another one did."""
        async with self._writing.begin() as connection:
            if not await _moved(connection, company, page):
                return False
            for some in _some(page.calls):
                table = tables.clock.c
                mine = and_(table.company == company, table.call.in_(some))
                await connection.execute(delete(tables.clock).where(mine))
            rows = [{"company": company} | asdict(one) for one in page.clocks]
            if rows:
                await connection.execute(insert(tables.clock), rows)
            await _replace(connection, company, page)
        return True

    async def slots(
        self, company: CompanyId, begin: int, behind: int
    ) -> tuple[Made, list[StoredSlot]] | None:
        """Read a run of half-hours, and how far they are made, at one moment."""
        book, table = tables.book.c, tables.slot.c
        inside = and_(
            table.company == book.company, table.half >= begin, table.half < behind
        )
        joined = tables.book.outerjoin(tables.slot, inside)
        query = (
            select(
                book.position, book.as_of_us, table.half, table.service, table.packed
            )
            .select_from(joined)
            .where(book.company == company, book.edition == EDITION)
            .order_by(table.half, table.service)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        if not rows:
            return None
        made = Made(rows[0].position, rows[0].as_of_us)
        return made, [
            StoredSlot(row.half, row.service, row.packed)
            for row in rows
            if row.half is not None
        ]

    async def _pairs(self, query: Select[Any]) -> dict[int, str]:
        async with self._engine.connect() as connection:
            rows = await connection.execute(query)
            return {row.position: row.body for row in rows}


async def _moved(connection: AsyncConnection, company: CompanyId, page: Page) -> bool:
    table = tables.book.c
    result = await connection.execute(
        update(tables.book)
        .where(
            table.company == company,
            table.position == page.before.position,
            table.edition == EDITION,
        )
        .values(position=page.after.position, as_of_us=page.after.as_of_us)
    )
    return result.rowcount == 1


async def _replace(connection: AsyncConnection, company: CompanyId, page: Page) -> None:
    table = tables.slot.c
    for some in _some(page.places):
        here = or_(
            *(and_(table.half == half, table.service == name) for half, name in some)
        )
        await connection.execute(
            delete(tables.slot).where(table.company == company, here)
        )
    rows = [{"company": company} | asdict(one) for one in page.slots]
    if rows:
        await connection.execute(insert(tables.slot), rows)


def _upsert(connection: AsyncConnection, table: Any) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite

    def statement(values: dict[str, Any]) -> Any:
        values = values | {"edition": EDITION}
        return dialect.insert(table).values(**values).on_conflict_do_nothing()

    return statement


def _some(names: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = iter(sorted(names))
    while some := [*islice(ordered, AT_ONCE)]:
        yield some


def _clock(row: Row[Any]) -> StoredClock:
    return StoredClock(
        row.call, row.number, row.service, row.half, row.t0_us, row.terms, row.told
    )
