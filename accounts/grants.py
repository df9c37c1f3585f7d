"""What somebody may do: which skills at which level, for which companies."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts import companies, people, skills
from accounts.errors import InvalidInputError, LastSkillError
from accounts.journal import Change
from accounts.model import CompanyId, JournalKind, PersonId, PersonRole
from accounts.naming import check_level, check_skill
from accounts.tables import GRANT, SKILL


def check_skills(role: PersonRole, able: Mapping[str, int]) -> dict[str, int]:
    """An agent has at least one skill; nobody else has any."""
    if bool(able) != (role is PersonRole.AGENT):
        raise InvalidInputError(
            "An agent, and only an agent, has skills: at least one."
        )
    return {check_skill(skill): check_level(level) for skill, level in able.items()}


async def grant_all(
    change: Change,
    person: PersonId,
    able: Mapping[str, int],
    granted: Iterable[CompanyId],
) -> None:
    """Everything that somebody new may do."""
    for skill, level in able.items():
        await grant_skill(change, person, skill, level)
    for company in granted:
        await grant_company(change, person, company)


async def grant_skill(change: Change, person: PersonId, skill: str, level: int) -> None:
    """This level from now on, whatever it was before."""
    await _require_role(change.sql, person, {PersonRole.AGENT})
    values = {
        "person": person,
        "skill": check_skill(skill),
        "level": check_level(level),
    }
    await skills.require(change.sql, skill)
    await change.sql.execute(
        delete(SKILL).where(SKILL.c.person == person, SKILL.c.skill == skill)
    )
    await change.sql.execute(insert(SKILL).values(values))
    await change.note(JournalKind.SKILL_GRANTED, person, skill=skill, level=level)
    await change.directory_changed()


async def revoke_skill(change: Change, person: PersonId, skill: str) -> None:
    """No effect when they have it not; their last one they keep (`LastSkillError`)."""
    await _require_role(change.sql, person, {PersonRole.AGENT})
    gone = await change.sql.execute(
        delete(SKILL).where(SKILL.c.person == person, SKILL.c.skill == skill)
    )
    if not gone.rowcount:
        return
    if not await _count_skills(change.sql, person):
        raise LastSkillError("An agent keeps at least one skill; close the account.")
    await change.note(JournalKind.SKILL_REVOKED, person, skill=skill)
    await change.directory_changed()


async def grant_company(change: Change, person: PersonId, company: CompanyId) -> None:
    """An agent may answer for this company, a supervisor watch over it."""
    await _require_role(change.sql, person, {PersonRole.AGENT, PersonRole.SUPERVISOR})
    await companies.require(change.sql, company)
    if await _has_company(change.sql, person, company):
        return
    await change.sql.execute(insert(GRANT).values(person=person, company=company))
    await change.note(JournalKind.COMPANY_GRANTED, person, company=company)
    await change.directory_changed()


async def revoke_company(change: Change, person: PersonId, company: CompanyId) -> None:
    """No effect when there was no such grant."""
    await people.require(change.sql, person)
    gone = await change.sql.execute(
        delete(GRANT).where(GRANT.c.person == person, GRANT.c.company == company)
    )
    if gone.rowcount:
        await change.note(JournalKind.COMPANY_REVOKED, person, company=company)
        await change.directory_changed()


async def companies_of(sql: AsyncConnection, person: PersonId) -> frozenset[CompanyId]:
    rows = await sql.execute(select(GRANT.c.company).where(GRANT.c.person == person))
    return frozenset(rows.scalars())


async def _require_role(
    sql: AsyncConnection, person: PersonId, roles: set[PersonRole]
) -> None:
    found = await people.require(sql, person)
    if found.role not in roles:
        raise InvalidInputError(f"That is nothing for the role {found.role.value!r}.")


async def _has_company(
    sql: AsyncConnection, person: PersonId, company: CompanyId
) -> bool:
    return company in await companies_of(sql, person)


async def _count_skills(sql: AsyncConnection, person: PersonId) -> int:
    counted = select(func.count()).select_from(SKILL).where(SKILL.c.person == person)
    return (await sql.execute(counted)).scalar_one()
