"""Administration at the terminal: agents, supervisors, viewers and their passwords."""

import sys
from typing import Annotated

import typer

from accounts.client import AccountsClient
from accounts.model import CompanyId, Person, PersonId, PersonRole, StaffMember
from illico.admin_work import Skills, act, read
from illico.errors import AccountsRefusedError
from illico.options import DataDir, database_url
from illico.screen import Screen
from illico.skills import skill_from_words

PANEL = "People"

Login = Annotated[str, typer.Argument(help="Who, by login.")]
Reserve = Annotated[
    bool | None,
    typer.Option("--reserve/--no-reserve", help="Called only when a wait widens."),
]
Independent = Annotated[
    bool | None,
    typer.Option("--independent/--no-independent", help="Put into no state by others."),
]
Companies = Annotated[
    list[str] | None,
    typer.Option("--company", help="The slug of a company; may be repeated."),
]


def add_to(app: typer.Typer, screen: Screen) -> None:
    _list(app, screen)
    _add_agents(app, screen)
    _add_supervisors(app, screen)
    _add_viewers(app, screen)
    _set_agents(app, screen)
    _grant_skills(app, screen)
    _grant_companies(app, screen)
    _close_accounts(app, screen)
    _add_passwords(app, screen)


def _list(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def people(data_dir: DataDir = None) -> None:
        """Show everybody who may sign in, and what agents can do."""

        async def show(accounts: AccountsClient) -> None:
            staff = {one.person.id: one for one in await accounts.staff()}
            rows = [
                (
                    one.login,
                    one.name,
                    one.role,
                    one.company
                    or " ".join(sorted(await accounts.companies_of(one.id))),
                    *_terms(one, staff.get(one.id)),
                )
                for one in await accounts.people()
            ]
            columns = ("login", "name", "role", "companies", "skills", "terms")
            screen.show("People", columns, rows)

        act(show, database_url(data_dir))


def _terms(person: Person, member: StaffMember | None) -> tuple[str, str]:
    terms = [] if person.active else ["closed"]
    if member is None:
        return "", " ".join(terms)
    terms += ["reserve"] if member.reserve else []
    terms += ["independent"] if member.independent else []
    skills = [f"{skill}:{level}" for skill, level in member.skills.items()]
    return " ".join(skills), " ".join(terms)


def _add_agents(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def add_agent(  # noqa: PLR0917 - typer calls it by name
        login: str,
        name: str,
        skill: Skills,
        company: Companies = None,
        reserve: Reserve = None,
        independent: Independent = None,
        data_dir: DataDir = None,
    ) -> None:
        """Add an agent; the password is asked for, or read from a pipe."""
        skills = dict(read(skill_from_words, each) for each in skill)
        password = _ask_password()

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_person(
                login=login,
                password=password,
                name=name,
                role=PersonRole.AGENT,
                skills=skills,
                companies=[CompanyId(each) for each in company or ()],
                reserve=bool(reserve),
                independent=bool(independent),
            )

        act(add, database_url(data_dir))
        screen.tell(f"Agent {login} is there.")


def _add_supervisors(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def add_supervisor(
        login: str, name: str, company: Companies = None, data_dir: DataDir = None
    ) -> None:
        """Add a supervisor; the password is asked for, or read from a pipe."""
        password = _ask_password()

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_person(
                login=login,
                password=password,
                name=name,
                role=PersonRole.SUPERVISOR,
                companies=[CompanyId(each) for each in company or ()],
            )

        act(add, database_url(data_dir))
        screen.tell(f"Supervisor {login} is there.")


def _add_viewers(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def add_viewer(
        login: str, name: str, company: str, data_dir: DataDir = None
    ) -> None:
        """Add who sees a company's figures; the password as for an agent."""
        password = _ask_password()

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_person(
                login=login,
                password=password,
                name=name,
                role=PersonRole.VIEWER,
                company=CompanyId(company),
            )

        act(add, database_url(data_dir))
        screen.tell(f"Viewer {login} is there.")


def _set_agents(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_agent(
        login: Login,
        reserve: Reserve = None,
        independent: Independent = None,
        data_dir: DataDir = None,
    ) -> None:
        """Set on which terms an agent works; what is not named stays."""
        if reserve is None and independent is None:
            raise typer.BadParameter("name a term, such as --reserve")

        async def change(accounts: AccountsClient) -> None:
            person = await _person(accounts, login)
            await accounts.set_terms(person, reserve=reserve, independent=independent)

        act(change, database_url(data_dir))
        screen.tell(f"Agent {login} works on other terms.")


def _grant_skills(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def grant_skill(
        login: Login,
        skill: Annotated[str, typer.Argument(help="A skill and its level, as lsf:3.")],
        data_dir: DataDir = None,
    ) -> None:
        """Give an agent a skill, or another level of it."""
        word, level = read(skill_from_words, skill)

        async def change(accounts: AccountsClient) -> None:
            person = await _person(accounts, login)
            await accounts.grant_skill(person, skill=word, level=level)

        act(change, database_url(data_dir))
        screen.tell(f"{login} has {word} at level {level}.")

    @app.command(rich_help_panel=PANEL)
    def revoke_skill(login: Login, skill: str, data_dir: DataDir = None) -> None:
        """Take a skill from an agent; the last one stays."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.revoke_skill(await _person(accounts, login), skill=skill)

        act(change, database_url(data_dir))
        screen.tell(f"{login} has no skill {skill}.")


def _grant_companies(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def grant_company(login: Login, company: str, data_dir: DataDir = None) -> None:
        """Let an agent answer for a company, a supervisor watch over it."""

        async def change(accounts: AccountsClient) -> None:
            person = await _person(accounts, login)
            await accounts.grant_company(person, company=CompanyId(company))

        act(change, database_url(data_dir))
        screen.tell(f"{login} works for {company}.")

    @app.command(rich_help_panel=PANEL)
    def revoke_company(login: Login, company: str, data_dir: DataDir = None) -> None:
        """Let somebody no longer work for a company."""

        async def change(accounts: AccountsClient) -> None:
            person = await _person(accounts, login)
            await accounts.revoke_company(person, company=CompanyId(company))

        act(change, database_url(data_dir))
        screen.tell(f"{login} does not work for {company}.")


def _close_accounts(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def close_account(login: Login, data_dir: DataDir = None) -> None:
        """Close somebody's account; their sessions end at once."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_active(await _person(accounts, login), active=False)

        act(change, database_url(data_dir))
        screen.tell(f"The account of {login} is closed.")

    @app.command(rich_help_panel=PANEL)
    def reopen_account(login: Login, data_dir: DataDir = None) -> None:
        """Open a closed account again."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_active(await _person(accounts, login), active=True)

        act(change, database_url(data_dir))
        screen.tell(f"The account of {login} is open.")


def _add_passwords(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_password(login: str, data_dir: DataDir = None) -> None:
        """Set anybody's password; it is asked for, or read from a pipe."""
        password = _ask_password()

        async def change(accounts: AccountsClient) -> None:
            person = await _person(accounts, login)
            await accounts.set_password(person, password=password)

        act(change, database_url(data_dir))
        screen.tell(f"The password of {login} is changed; open sessions have ended.")


async def _person(accounts: AccountsClient, login: str) -> PersonId:
    for person in await accounts.people():
        if person.login == login.casefold():
            return person.id
    raise AccountsRefusedError(f"There is nobody with the login {login!r}.")


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked
