"""What an operator changes of people: accounts, passwords, terms, skills, companies."""

from collections.abc import Iterable, Mapping

from accounts import grants, people
from accounts.desk import Desk
from accounts.model import CompanyId, Person, PersonId, PersonRole
from accounts.naming import check_password


class PeopleDesk(Desk):
    """The half of the administration that is about people."""

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
        independent: bool = False,
        by: PersonId | None = None,
    ) -> Person:
        """Somebody who may sign in; `TakenError` when the login is another's.

        An agent has `skills` (at least one) and answers for `companies`; a supervisor
        watches over `companies`; a viewer belongs to `company`. Only an agent is in
        `reserve` or `independent`.
        """
        person = people.newcomer(login=login, name=name, role=role, company=company)
        checked = grants.check_skills(role, skills or {})
        password_hash = await self._passwords.hash(check_password(password))
        async with self._change(by) as change:
            await people.add(
                change,
                person,
                password_hash=password_hash,
                reserve=reserve,
                independent=independent,
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

    async def set_terms(
        self,
        person: PersonId,
        *,
        reserve: bool | None = None,
        independent: bool | None = None,
        by: PersonId | None = None,
    ) -> None:
        """Whether an agent is in reserve, and independent; what is None stays."""
        async with self._change(by) as change:
            await people.set_terms(
                change, person, reserve=reserve, independent=independent
            )

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
