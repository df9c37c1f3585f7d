"""The SQL of the statements that were given out: none is ever changed or removed."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import tables
from ledger.database import WRITES
from ledger.model import CompanyId
from ledger.statement.statements import SignedStatement, from_text


class StatementStore:
    """The statements of a ledger's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    async def given(self, company: CompanyId, month: str) -> list[SignedStatement]:
        """List the versions of a month's statement, oldest first."""
        table = tables.statement.c
        query = select(table.text).where(table.company == company, table.month == month)
        async with self._engine.connect() as connection:
            rows = await connection.execute(query.order_by(table.version))
            return [from_text(text) for text in rows.scalars()]

    async def keep(self, signed: SignedStatement) -> None:
        """Keep a new version.

        Raises:
            IntegrityError: another process made the same version at the same moment.
        """
        written = signed.statement
        async with self._writing.begin() as connection:
            await connection.execute(
                tables.statement.insert().values(
                    company=written.company,
                    month=written.month,
                    version=written.version,
                    text=signed.text,
                )
            )
