"""The companies that pay."""

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.errors import TakenError, UnknownCompanyError
from accounts.journal import Change
from accounts.model import Company, CompanyId, JournalKind
from accounts.naming import check_name, check_slug
from accounts.tables import COMPANY


async def add(change: Change, *, slug: str, name: str) -> Company:
    """A company under a slug of its own; `TakenError` when it is another's."""
    company = Company(id=CompanyId(check_slug(slug)), name=check_name(name))
    if await _exists(change.sql, company.id):
        raise TakenError(f"There is a company {slug!r} already.")
    await change.sql.execute(insert(COMPANY).values(id=company.id, name=company.name))
    await change.note(JournalKind.COMPANY_ADDED, company.id, name=company.name)
    return company


async def every(sql: AsyncConnection) -> tuple[Company, ...]:
    rows = await sql.execute(select(COMPANY).order_by(COMPANY.c.id))
    return tuple(Company(id=row.id, name=row.name) for row in rows)


async def count(sql: AsyncConnection) -> int:
    return (await sql.execute(select(func.count()).select_from(COMPANY))).scalar_one()


async def require(sql: AsyncConnection, company: CompanyId) -> None:
    """Raises `UnknownCompanyError` when there is none."""
    if not await _exists(sql, company):
        raise UnknownCompanyError(f"There is no company {company!r}.")


async def _exists(sql: AsyncConnection, company: CompanyId) -> bool:
    found = await sql.execute(select(COMPANY.c.id).where(COMPANY.c.id == company))
    return found.first() is not None
