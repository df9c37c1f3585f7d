"""The door of accounts: what the other packages may ask and change."""

import contextlib
from collections.abc import AsyncIterator, Callable, Collection
from datetime import UTC, datetime
from typing import Self

import structlog

from accounts import companies, demo, journal, people, services, sessions, skills
from accounts.administration import Administration
from accounts.database import Database
from accounts.errors import BadCredentialsError
from accounts.journal import Change
from accounts.model import (
    DOORS,
    Audience,
    CompanyId,
    DemoAccount,
    Person,
    PersonRole,
    Roster,
    Service,
    SignedIn,
    StaffMember,
)
from accounts.naming import spell_login
from accounts.passwords import Passwords


def _wall_clock() -> float:
    return datetime.now(UTC).timestamp()


class AccountsClient(Administration):
    """Who is who, and who may what; administration is the other half of the door.

    Every call raises `DatabaseUnavailableError` when SQL does not do its part.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        clock: Callable[[], float],
        session_hours: int,
    ) -> None:
        super().__init__(database, passwords, clock)
        self._session_hours = session_hours
        self._log = structlog.get_logger("accounts")

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        database_url: str,
        *,
        session_hours: int = 12,
        clock: Callable[[], float] = _wall_clock,
    ) -> AsyncIterator[Self]:
        """Connect, bring the tables up to date (under a lock), and close at the end.

        Raises:
            DatabaseUrlError: not a URL of SQLite (a file) or PostgreSQL.
            DatabaseUnreadableError: the file is no database, or may not be opened.
            DatabaseNewerError: a newer Illico has written it.
            DatabaseUnavailableError: PostgreSQL does not answer.
        """
        async with Database.open(database_url) as database, Passwords.open() as words:
            yield cls(database, words, clock, session_hours)

    async def service(self, slug: str) -> Service | None:
        async with self._database.reading() as sql:
            return await services.one(sql, slug)

    async def services(self, company: CompanyId | None = None) -> tuple[Service, ...]:
        """Every service, or those of one company."""
        async with self._database.reading() as sql:
            return await services.every(sql, company)

    async def staff(self) -> tuple[StaffMember, ...]:
        """The agents whose accounts are open; each has at least one skill."""
        async with self._database.reading() as sql:
            return await people.staff(sql)

    async def roster(self) -> Roster:
        """Everything that decides who may serve whom, in one consistent look."""
        async with self._database.reading() as sql:
            return Roster(
                version=await journal.directory_version(sql),
                services=await services.every(sql),
                staff=await people.staff(sql),
                skills=await skills.every(sql),
                reserves=await skills.reserves(sql),
            )

    async def directory_version(self) -> int:
        """Grows with every change of services, people, skills, grants or reserves."""
        async with self._database.reading() as sql:
            return await journal.directory_version(sql)

    async def sign_in(
        self, *, login: str, password: str, audience: Audience, now: float, address: str
    ) -> SignedIn:
        """Begin a session of one door; `now` in seconds since the epoch.

        `address` is where the try comes from (an IP address, or empty when unknown).

        Raises:
            BadCredentialsError: as slow whether or not there is such a login.
            TooManyTriesError: for this login or from this address.
        """
        login = spell_login(login)
        tried = sessions.tried_buckets(login, address)
        async with self._database.writing() as sql:
            await sessions.charge(sql, tried, now)
        async with self._database.reading() as sql:
            row = await people.by_login(sql, login)
        kept = None if row is None else row.password_hash
        right = await self._passwords.verify(kept, password)
        if row is None or not right or not _may_enter(row.role, audience):
            raise self._refused(audience)
        newer = await self._newer_hash(row.password_hash, password)
        async with self._database.writing() as sql:
            change = Change(sql, now, row.id)
            person = await people.still(change, row, newer)
            if person is None:
                raise self._refused(audience)
            await sessions.refund(sql, tried, now)
            return await sessions.begin(change, person, audience, self._session_hours)

    async def person(
        self, *, token: str, audience: Audience, now: float
    ) -> Person | None:
        """Whose session it is; None when it is over, unknown, or of another door."""
        async with self._database.reading() as sql:
            return await sessions.person_of(sql, token, audience, now)

    async def signed_in(
        self, *, tokens: Collection[str], audience: Audience, now: float
    ) -> dict[str, Person]:
        """Whose sessions they are, at most 500; those that are over are left out."""
        async with self._database.reading() as sql:
            return await sessions.people_of(sql, tokens, audience, now)

    async def sign_out(self, *, token: str) -> None:
        """End the session; nothing happens when there is none."""
        async with self._database.writing() as sql:
            await sessions.end(sql, token, self._clock())

    async def seed_demo(self) -> list[DemoAccount] | None:
        """Two companies, their services, and people to try them; once.

        None when there is a company already. The passwords exist nowhere else.
        """
        async with self._database.reading() as sql:
            if await companies.count(sql):
                return None
        accounts = demo.accounts()
        hashes = [await self._passwords.hash(one.password) for one in accounts]
        async with self._change() as change:
            return await demo.seed(change, accounts, hashes)

    async def _newer_hash(self, kept: str, password: str) -> str | None:
        if not self._passwords.is_outdated(kept):
            return None
        return await self._passwords.hash(password)

    def _refused(self, audience: Audience) -> BadCredentialsError:
        self._log.info("sign_in_refused", audience=audience.value)
        return BadCredentialsError("Login or password is wrong.")


def _may_enter(role: str, audience: Audience) -> bool:
    return audience in DOORS[PersonRole(role)]
