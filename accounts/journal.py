"""What happened to accounts, and who did it; never a password or a token."""

import json
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.model import JournalEntry, JournalKind, PersonId
from accounts.tables import DIRECTORY, JOURNAL


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction that changes something: where, when (epoch) and by whom.

    `by` is None for the operator's command line.
    """

    sql: AsyncConnection
    at: float
    by: PersonId | None = None

    async def note(self, kind: JournalKind, subject: str, /, **facts: object) -> None:
        """Write it down, in the same transaction as the change itself."""
        await self.sql.execute(
            insert(JOURNAL).values(
                at=self.at,
                kind=kind.value,
                by=self.by,
                subject=subject,
                facts=json.dumps({key: str(fact) for key, fact in facts.items()}),
            )
        )

    async def directory_changed(self) -> None:
        """Give the directory a new version, in the same transaction as the change.

        The version is the time in milliseconds, or one more than the last: so that
        a database made anew is newer to a queue that remembers the old one.
        """
        version = await directory_version(self.sql)
        await self.sql.execute(
            update(DIRECTORY).values(version=max(version + 1, int(self.at * 1000)))
        )


async def directory_version(sql: AsyncConnection) -> int:
    version: int = (await sql.execute(select(DIRECTORY.c.version))).scalar_one()
    return version


async def entries(
    sql: AsyncConnection, *, limit: int, before: int | None
) -> tuple[JournalEntry, ...]:
    """The newest first; `before` is the last number of the page before."""
    wanted = select(JOURNAL).order_by(JOURNAL.c.number.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(JOURNAL.c.number < before)
    return tuple(
        JournalEntry(
            number=row.number,
            at=row.at,
            kind=JournalKind(row.kind),
            by=row.by,
            subject=row.subject,
            facts=json.loads(row.facts),
        )
        for row in await sql.execute(wanted)
    )
