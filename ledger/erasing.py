"""Forgets people: what may be erased goes, and the chains stay whole.

A body holds commitments alone, so that salt and value can go without a trace in it. What
was told in an export, a log or a copy of the database is out of reach from here.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ledger import tables
from ledger.database import WRITES

PAGE: Final = 500
NAMES_OF_AN_AGENT: Final = frozenset({"agent_name"})
"""Facts that are of the agent beside whose id they stand."""

_Kept = Mapping[str, list[Any]]


class Eraser:
    """Takes values out of a ledger's database, page by page, each in a transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._writing = engine.execution_options(**{WRITES: True})

    async def agent(self, agent: str) -> int:
        """Forget who an agent was, in every chain; tell of how many events."""
        text = json.dumps(agent)
        return await self._erase(
            tables.event.c.erasable.contains(text, autoescape=True),
            lambda kept: _without_agent(kept, agent),
        )

    async def call(self, call: str) -> int:
        """Forget all that people said or were in a call; tell of how many events."""
        return await self._erase(tables.event.c.call == call, lambda _: {})

    async def _erase(
        self, where: ColumnElement[bool], keep: Callable[[_Kept], _Kept]
    ) -> int:
        erased, after = 0, ("", -1)
        while True:
            async with self._writing.begin() as connection:
                rows = await _page(connection, where, after)
                for row in rows:
                    erased += await _rewrite(connection, row, keep)
            if not rows:
                return erased
            after = (rows[-1].company, rows[-1].position)


async def _page(
    connection: AsyncConnection, where: ColumnElement[bool], after: tuple[str, int]
) -> Sequence[Any]:
    """Read the next events that may have something to forget."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA secure_delete = ON")
    table = tables.event.c
    query = (
        select(table.company, table.position, table.erasable)
        .where(where, table.erasable.is_not(None))
        .where(tuple_(table.company, table.position) > tuple_(*after))
        .order_by(table.company, table.position)
        .limit(PAGE)
    )
    return (await connection.execute(query)).all()


async def _rewrite(
    connection: AsyncConnection, row: Any, keep: Callable[[_Kept], _Kept]
) -> int:
    before = json.loads(row.erasable)
    after = keep(before)
    if after == before:
        return 0
    table = tables.event.c
    await connection.execute(
        update(tables.event)
        .where(table.company == row.company, table.position == row.position)
        .values(erasable=json.dumps(after) if after else None)
    )
    return 1


def _without_agent(kept: _Kept, agent: str) -> _Kept:
    """Drop the agent's id wherever it stands, and the name beside it."""
    left = {name: part for name, part in kept.items() if part[1] != agent}
    if len(left) == len(kept):
        return kept
    return {name: part for name, part in left.items() if name not in NAMES_OF_AN_AGENT}
