"""What an operator changes: companies here; services and people at their desks."""

from collections.abc import Collection

from accounts import api_keys, companies, journal
from accounts.errors import InvalidInputError
from accounts.label_desk import LabelDesk
from accounts.model import (
    ApiKey,
    ApiKeyId,
    Company,
    CompanyId,
    JournalEntry,
    NewApiKey,
    PersonId,
    Scope,
)
from accounts.people_desk import PeopleDesk
from accounts.service_desk import ServiceDesk

MAX_JOURNAL_PAGE = 500


class Administration(ServiceDesk, PeopleDesk, LabelDesk):
    """Each call is one transaction and one line of the journal, or nothing at all.

    `by` is who does it; None for the operator's command line. All of them raise
    `InvalidInputError` for what cannot be, and an `Unknown…Error` for what is not there.
    """

    async def add_company(
        self, *, slug: str, name: str, by: PersonId | None = None
    ) -> Company:
        """A company under a slug of its own; `TakenError` when it is another's."""
        async with self._change(by) as change:
            return await companies.add(change, slug=slug, name=name)

    async def companies(self) -> tuple[Company, ...]:
        async with self._database.reading() as sql:
            return await companies.every(sql)

    async def add_api_key(
        self,
        *,
        company: CompanyId,
        name: str,
        scopes: Collection[Scope],
        by: PersonId | None = None,
    ) -> NewApiKey:
        """A key of a company; its secret is told here and never again."""
        async with self._change(by) as change:
            return await api_keys.add(change, company, name, scopes)

    async def api_keys(self, company: CompanyId) -> tuple[ApiKey, ...]:
        """A company's keys, the newest first, those that were revoked too."""
        async with self._database.reading() as sql:
            return await api_keys.every(sql, company)

    async def revoke_api_key(
        self, *, company: CompanyId, key: ApiKeyId, by: PersonId | None = None
    ) -> None:
        """End a key for good; `UnknownKeyError` when no such one opens."""
        async with self._change(by) as change:
            await api_keys.revoke(change, company, key)

    async def api_key(self, secret: str) -> ApiKey | None:
        """Which key somebody shows; none when it opens nothing."""
        async with self._database.reading() as sql:
            return await api_keys.of_secret(sql, secret)

    async def journal(
        self, *, limit: int = 100, before: int | None = None
    ) -> tuple[JournalEntry, ...]:
        """The newest entries first; `before` is the last number of the page before."""
        if not 1 <= limit <= MAX_JOURNAL_PAGE:
            raise InvalidInputError(f"A page has 1 to {MAX_JOURNAL_PAGE} entries.")
        async with self._database.reading() as sql:
            return await journal.entries(sql, limit=limit, before=before)
