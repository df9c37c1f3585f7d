"""Finds in SQL what a new life of the queue's store has forgotten."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import superseded, tables
from ledger.events import Kind
from ledger.model import CallId, CompanyId, Event, Recorded
from ledger.superseded import Life, Told

A_DAY: Final = 86_400_000_000
"""Ticks. Where all data were lost, no call of an older day is open."""

_AT_ONCE: Final = 500
_COLUMNS: Final = (
    tables.event.c.company,
    tables.event.c.call,
    tables.event.c.kind,
    tables.event.c.number,
)


async def marks(connection: AsyncConnection, events: Sequence[Event]) -> list[Event]:
    """Mark what is forgotten, when these were just chained and a life begins the last.

    It forgot what was chained before it; an earlier life may have forgotten what comes
    to be chained only now, by a writer that was slow.
    """
    found = await _late(connection, events)
    begun = superseded.life_of(events[-1], events[-1].pool)
    if begun is None:
        return found
    since = begun.number - A_DAY if begun.found_nothing else begun.after
    table = tables.event.c
    query = select(*_COLUMNS).where(
        table.pool == begun.pool,
        table.number > since,
        table.event_id != begun.event_id,
    )
    forgotten = [*map(_told, await connection.execute(query))]
    return found + await _marks(connection, begun, forgotten)


async def _late(connection: AsyncConnection, events: Sequence[Event]) -> list[Event]:
    """Mark those of them that a life has forgotten that was chained before them."""
    told = [one for event in events if (one := _of_event(event))]
    found: list[Event] = []
    if not told:
        return found
    table, pool = tables.event.c, events[0].pool
    query = select(table.body).where(
        table.pool == pool,
        table.number > min(one.number for one in told),
        table.kind == Kind.LIFE_BEGAN,
        table.event_id != events[-1].event_id,
    )
    for body in (await connection.execute(query)).scalars().all():
        life = superseded.life_of(msgspec.json.decode(body, type=Recorded), pool)
        lost = [o for o in told if life and superseded.has_forgotten(life, o.number)]
        if life and lost:
            found += await _marks(connection, life, lost)
    return found


async def _marks(
    connection: AsyncConnection, life: Life, forgotten: Sequence[Told]
) -> list[Event]:
    calls = sorted({told.call for told in forgotten if told.call is not None})
    table = tables.event.c
    known: list[Told] = []
    for begin in range(0, len(calls), _AT_ONCE):
        query = select(*_COLUMNS).where(
            table.pool == life.pool,
            table.company.in_({told.company for told in forgotten}),
            table.call.in_(calls[begin : begin + _AT_ONCE]),
            table.kind.in_([Kind.CALL_QUEUED, Kind.CALL_ENDED]),
            table.number.is_not(None),
        )
        known += map(_told, await connection.execute(query))
    return superseded.marks(life, forgotten, known)


def _told(row: Row[*tuple[Any, ...]]) -> Told:
    call = CallId(row.call) if row.call is not None else None
    return Told(CompanyId(row.company), call, row.kind, row.number)


def _of_event(event: Event) -> Told | None:
    number = superseded.number_of(event.event_id)
    if number is None:
        return None
    return Told(event.company, event.call, event.kind, number)
