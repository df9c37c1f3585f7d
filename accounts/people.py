"""The people: agents, supervisors, viewers, admins."""

import secrets
from collections import defaultdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts import companies
from accounts.errors import InvalidInputError, TakenError, UnknownPersonError
from accounts.journal import Change
from accounts.model import (
    CompanyId,
    JournalKind,
    Person,
    PersonId,
    PersonRole,
    StaffMember,
)
from accounts.naming import check_login, check_name, is_login
from accounts.tables import GRANT, PERSON, SESSION, SKILL


def newcomer(
    *, login: str, name: str, role: PersonRole, company: CompanyId | None
) -> Person:
    """Somebody new, not written down yet; only a viewer belongs to a company."""
    if (role is PersonRole.VIEWER) != (company is not None):
        raise InvalidInputError("A viewer, and only a viewer, belongs to a company.")
    return Person(
        id=PersonId(secrets.token_hex(8)),
        login=check_login(login),
        name=check_name(name),
        role=role,
        company=company,
    )


async def add(
    change: Change,
    person: Person,
    *,
    password_hash: str,
    reserve: bool = False,
    independent: bool = False,
) -> None:
    """Write a newcomer down; `TakenError` when the login is another's."""
    if reserve or independent:
        _require_agent(person)
    if person.company is not None:
        await companies.require(change.sql, person.company)
    if await by_login(change.sql, person.login) is not None:
        raise TakenError(f"There is somebody with the login {person.login!r} already.")
    await change.sql.execute(
        insert(PERSON).values(
            id=person.id,
            login=person.login,
            name=person.name,
            role=person.role.value,
            company=person.company,
            reserve=reserve,
            active=True,
            password_hash=password_hash,
            independent=independent,
        )
    )
    terms = {"reserve": reserve, "independent": independent}
    await change.note(
        JournalKind.PERSON_ADDED,
        person.id,
        role=person.role.value,
        **{name: True for name, is_so in terms.items() if is_so},
    )
    await change.directory_changed()


async def set_active(change: Change, person: PersonId, *, active: bool) -> None:
    """Close somebody's account (their sessions end at once), or open it again."""
    await require(change.sql, person)
    await change.sql.execute(
        update(PERSON).where(PERSON.c.id == person).values(active=active)
    )
    if not active:
        await _end_sessions(change.sql, person)
    kind = JournalKind.PERSON_REOPENED if active else JournalKind.PERSON_CLOSED
    await change.note(kind, person)
    await change.directory_changed()


async def set_terms(
    change: Change,
    person: PersonId,
    *,
    reserve: bool | None,
    independent: bool | None,
) -> None:
    """How an agent works for us; None leaves it as it is."""
    _require_agent(await require(change.sql, person))
    terms = {"reserve": reserve, "independent": independent}
    changed = {name: is_so for name, is_so in terms.items() if is_so is not None}
    if not changed:
        return
    await change.sql.execute(
        update(PERSON).where(PERSON.c.id == person).values(changed)
    )
    await change.note(JournalKind.TERMS_CHANGED, person, **changed)
    await change.directory_changed()


async def set_password(change: Change, person: PersonId, password_hash: str) -> None:
    """Whoever is signed in with the old password is no longer."""
    await require(change.sql, person)
    await change.sql.execute(
        update(PERSON).where(PERSON.c.id == person).values(password_hash=password_hash)
    )
    await _end_sessions(change.sql, person)
    await change.note(JournalKind.PASSWORD_CHANGED, person)


async def still(change: Change, row: Row[Any], newer: str | None) -> Person | None:
    """Who it is, if the account is open and the password the one just compared.

    Both may have changed meanwhile. `newer` is a hash of the same password at
    today's costs, to keep in place of the old one.
    """
    mine = PERSON.c.id == row.id, PERSON.c.active
    unchanged = PERSON.c.password_hash == row.password_hash
    now = (await change.sql.execute(select(PERSON).where(*mine, unchanged))).first()
    if now is None:
        return None
    if newer is not None:
        await change.sql.execute(
            update(PERSON).where(PERSON.c.id == row.id).values(password_hash=newer)
        )
    return person_of(now)


async def by_login(sql: AsyncConnection, login: str) -> Row[Any] | None:
    """The whole row, for whoever compares passwords."""
    if not is_login(login):
        return None
    return (await sql.execute(select(PERSON).where(PERSON.c.login == login))).first()


async def require(sql: AsyncConnection, person: PersonId) -> Person:
    """Raises `UnknownPersonError` when there is nobody."""
    row = (await sql.execute(select(PERSON).where(PERSON.c.id == person))).first()
    if row is None:
        raise UnknownPersonError(f"There is nobody {person!r}.")
    return person_of(row)


async def every(sql: AsyncConnection) -> tuple[Person, ...]:
    rows = await sql.execute(select(PERSON).order_by(PERSON.c.login))
    return tuple(person_of(row) for row in rows)


async def staff(sql: AsyncConnection) -> tuple[StaffMember, ...]:
    """The agents whose accounts are open."""
    agents = PERSON.c.role == PersonRole.AGENT.value, PERSON.c.active
    skills: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in await sql.execute(select(SKILL).order_by(SKILL.c.skill)):
        skills[row.person][row.skill] = row.level
    grants: defaultdict[str, set[CompanyId]] = defaultdict(set)
    for row in await sql.execute(select(GRANT)):
        grants[row.person].add(row.company)
    rows = await sql.execute(select(PERSON).where(*agents).order_by(PERSON.c.login))
    return tuple(
        StaffMember(
            person=person_of(row),
            companies=frozenset(grants[row.id]),
            skills=skills[row.id],
            reserve=row.reserve,
            independent=row.independent,
        )
        for row in rows
    )


def person_of(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        role=PersonRole(row.role),
        company=row.company,
        active=row.active,
    )


def _require_agent(person: Person) -> None:
    if person.role is not PersonRole.AGENT:
        raise InvalidInputError("Only an agent is in reserve or independent.")


async def _end_sessions(sql: AsyncConnection, person: PersonId) -> None:
    await sql.execute(delete(SESSION).where(SESSION.c.person == person))
