"""What an operator changes: companies, services, people, grants, hours."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime

from accounts import companies, grants, journal, people, services
from accounts.database import Database
from accounts.errors import InvalidInputError
from accounts.hours import EmergencyClose, OpeningHours
from accounts.journal import Change
from accounts.model import (
    Company,
    CompanyId,
    JournalEntry,
    JournalKind,
    Person,
    PersonId,
    PersonRole,
    Service,
    ServiceId,
    Topic,
)
from accounts.naming import check_password
from accounts.passwords import Passwords

MAX_JOURNAL_PAGE = 500


class Administration:
    """Each call is one transaction and one line of the journal, or nothing at all.

    `by` is who does it; None for the operator's command line. All of them raise
    `InvalidInputError` for what cannot be, and an `Unknown…Error` for what is not there.
    """

    def __init__(
        self, database: Database, passwords: Passwords, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def add_company(
        self, *, slug: str, name: str, by: PersonId | None = None
    ) -> Company:
        """A company under a slug of its own; `TakenError` when it is another's."""
        async with self._change(by) as change:
            return await companies.add(change, slug=slug, name=name)

    async def companies(self) -> tuple[Company, ...]:
        async with self._database.reading() as sql:
            return await companies.every(sql)

    async def add_service(
        self,
        *,
        slug: str,
        company: CompanyId,
        title: str,
        needs: Iterable[tuple[str, int]],
        topics: Iterable[Topic] = (),
        hours: OpeningHours | None = None,
        target_s: float = 60,
        share: float = 0.95,
        by: PersonId | None = None,
    ) -> Service:
        """A public page `/<slug>`; closed until it has `hours`."""
        async with self._change(by) as change:
            return await services.add(
                change,
                slug=slug,
                company=company,
                title=title,
                needs=needs,
                topics=topics,
                hours=hours or OpeningHours.never(),
                target_s=target_s,
                share=share,
            )

    async def set_needs(
        self,
        service: ServiceId,
        *,
        needs: Iterable[tuple[str, int]],
        topics: Iterable[Topic],
        by: PersonId | None = None,
    ) -> None:
        """What the service asks for from now on, in place of what it asked for."""
        async with self._change(by) as change:
            await services.set_needs(change, service, needs, topics)

    async def set_hours(
        self, service: ServiceId, hours: OpeningHours, *, by: PersonId | None = None
    ) -> None:
        """A new calendar in place of the old one."""
        async with self._change(by) as change:
            await services.set_hours(change, service, hours, JournalKind.HOURS_CHANGED)

    async def close_service(
        self,
        service: ServiceId,
        *,
        since: datetime,
        until: datetime | None = None,
        by: PersonId | None = None,
    ) -> None:
        """Closed in an emergency, whatever the calendar says (None: until reopened)."""
        async with self._change(by) as change:
            hours = (await services.require(change.sql, service)).hours
            closed = hours.closed_now(EmergencyClose(since, until))
            await services.set_hours(
                change, service, closed, JournalKind.SERVICE_CLOSED
            )

    async def reopen_service(
        self, service: ServiceId, *, by: PersonId | None = None
    ) -> None:
        """The emergency is over: the calendar holds again."""
        async with self._change(by) as change:
            hours = (await services.require(change.sql, service)).hours
            await services.set_hours(
                change, service, hours.closed_now(None), JournalKind.SERVICE_REOPENED
            )

    async def add_person(
        self,
        *,
        login: str,
        password: str,
        name: str,
        role: PersonRole,
        company: CompanyId | None = None,
        skills: Mapping[str, int] | None = None,
        companies: Iterable[CompanyId] = (),
        reserve: bool = False,
        by: PersonId | None = None,
    ) -> Person:
        """Somebody who may sign in; `TakenError` when the login is another's.

        An agent has `skills` (at least one) and answers for `companies`; a supervisor
        watches over `companies`; a viewer belongs to `company`.
        """
        person = people.newcomer(login=login, name=name, role=role, company=company)
        checked = grants.check_skills(role, skills or {})
        password_hash = await self._passwords.hash(check_password(password))
        async with self._change(by) as change:
            await people.add(
                change, person, password_hash=password_hash, reserve=reserve
            )
            await grants.grant_all(change, person.id, checked, companies)
        return person

    async def people(self) -> tuple[Person, ...]:
        """Everybody, those with closed accounts too."""
        async with self._database.reading() as sql:
            return await people.every(sql)

    async def set_active(
        self, person: PersonId, *, active: bool, by: PersonId | None = None
    ) -> None:
        """Close an account (its sessions end at once), or open it again."""
        async with self._change(by) as change:
            await people.set_active(change, person, active=active)

    async def set_password(
        self, person: PersonId, *, password: str, by: PersonId | None = None
    ) -> None:
        """A new password; whoever is signed in with the old one no longer is."""
        password_hash = await self._passwords.hash(check_password(password))
        async with self._change(by) as change:
            await people.set_password(change, person, password_hash)

    async def grant_skill(
        self, person: PersonId, *, skill: str, level: int, by: PersonId | None = None
    ) -> None:
        """An agent has this skill at this level from now on."""
        async with self._change(by) as change:
            await grants.grant_skill(change, person, skill, level)

    async def revoke_skill(
        self, person: PersonId, *, skill: str, by: PersonId | None = None
    ) -> None:
        """No longer this skill; the last one stays (`LastSkillError`)."""
        async with self._change(by) as change:
            await grants.revoke_skill(change, person, skill)

    async def grant_company(
        self, person: PersonId, *, company: CompanyId, by: PersonId | None = None
    ) -> None:
        """An agent may answer for this company, a supervisor watch over it."""
        async with self._change(by) as change:
            await grants.grant_company(change, person, company)

    async def revoke_company(
        self, person: PersonId, *, company: CompanyId, by: PersonId | None = None
    ) -> None:
        """No longer for this company."""
        async with self._change(by) as change:
            await grants.revoke_company(change, person, company)

    async def companies_of(self, person: PersonId) -> frozenset[CompanyId]:
        """For which companies an agent answers or a supervisor watches."""
        async with self._database.reading() as sql:
            return await grants.companies_of(sql, person)

    async def journal(
        self, *, limit: int = 100, before: int | None = None
    ) -> tuple[JournalEntry, ...]:
        """The newest entries first; `before` is the last number of the page before."""
        if not 1 <= limit <= MAX_JOURNAL_PAGE:
            raise InvalidInputError(f"A page has 1 to {MAX_JOURNAL_PAGE} entries.")
        async with self._database.reading() as sql:
            return await journal.entries(sql, limit=limit, before=before)

    @contextlib.asynccontextmanager
    async def _change(self, by: PersonId | None = None) -> AsyncIterator[Change]:
        async with self._database.writing() as sql:
            yield Change(sql, self._clock(), by)
