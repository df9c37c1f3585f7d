"""What the label needs beside the ledger, in SQL: ordinary hours, authorisations, pay."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts import companies
from accounts.hours import OpeningHours
from accounts.hours_text import hours_from_text, hours_to_text
from accounts.journal import Change
from accounts.legal import Authorisation, WorkKind
from accounts.model import CompanyId, JournalKind
from accounts.pay_words import Pay, PayKind
from accounts.tables import AUTHORISATION, ORDINARY, PAY


async def ordinary(sql: AsyncConnection, company: CompanyId) -> OpeningHours | None:
    """When the company's ordinary service is open; none where nobody said so."""
    wanted = select(ORDINARY.c.hours).where(ORDINARY.c.company == company)
    found = (await sql.execute(wanted)).scalar_one_or_none()
    return None if found is None else hours_from_text(found)


async def set_ordinary(change: Change, company: CompanyId, hours: OpeningHours) -> None:
    await companies.require(change.sql, company)
    text = hours_to_text(hours)
    await change.sql.execute(delete(ORDINARY).where(ORDINARY.c.company == company))
    await change.sql.execute(insert(ORDINARY).values(company=company, hours=text))
    await change.note(JournalKind.ORDINARY_HOURS_CHANGED, company, hours=text)


async def authorisations(sql: AsyncConnection) -> tuple[Authorisation, ...]:
    """Every one, also those that are over."""
    ordered = select(AUTHORISATION).order_by(
        AUTHORISATION.c.kind, AUTHORISATION.c.first
    )
    return tuple(
        Authorisation(
            WorkKind(row.kind),
            date.fromisoformat(row.first),
            date.fromisoformat(row.last),
            row.document,
            row.volunteers,
            date.fromisoformat(row.written_on),
        )
        for row in await sql.execute(ordered)
    )


async def authorise(change: Change, given: Authorisation) -> None:
    """A new authorisation, or a better account of the one that begins on this day."""
    table = AUTHORISATION.c
    first = given.first.isoformat()
    same = and_(table.kind == given.kind.value, table.first == first)
    await change.sql.execute(delete(AUTHORISATION).where(same))
    row = {
        "kind": given.kind.value,
        "first": first,
        "last": given.last.isoformat(),
        "document": given.document,
        "volunteers": given.volunteers,
        "written_on": given.written_on.isoformat(),
    }
    await change.sql.execute(insert(AUTHORISATION).values(row))
    await change.note(JournalKind.AUTHORISED, given.kind, **row)


async def pay(sql: AsyncConnection) -> tuple[Pay, ...]:
    rows = await sql.execute(select(PAY).order_by(PAY.c.month, PAY.c.pool, PAY.c.kind))
    return tuple(
        Pay(row.month, row.pool, PayKind(row.kind), row.people, row.cents)
        for row in rows
    )


async def import_pay(change: Change, imported: Sequence[Pay]) -> None:
    """These months and pools as they are here, in place of what was imported before."""
    for month, pool in sorted({(each.month, each.pool) for each in imported}):
        table = PAY.c
        mine = and_(table.month == month, table.pool == pool)
        await change.sql.execute(delete(PAY).where(mine))
    rows = [asdict(each) | {"kind": each.kind.value} for each in imported]
    if rows:
        await change.sql.execute(insert(PAY), rows)
    months = sorted({each.month for each in imported})
    await change.note(JournalKind.PAY_IMPORTED, "pay", months=" ".join(months))
