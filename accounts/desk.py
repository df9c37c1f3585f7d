"""Where every change begins: one transaction, one line of the journal, or nothing."""

import contextlib
from collections.abc import AsyncIterator, Callable

from accounts.database import Database
from accounts.journal import Change
from accounts.model import PersonId
from accounts.passwords import Passwords


class Desk:
    """What the halves of the administration share."""

    def __init__(
        self, database: Database, passwords: Passwords, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    @contextlib.asynccontextmanager
    async def _change(self, by: PersonId | None = None) -> AsyncIterator[Change]:
        async with self._database.writing() as sql:
            yield Change(sql, self._clock(), by)
