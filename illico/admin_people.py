"""Administration at the terminal: agents, supervisors, viewers and their passwords."""

import sys
from typing import Annotated

import typer

from accounts.client import AccountsClient
from accounts.model import CompanyId, PersonId, PersonRole
from illico.admin_work import Skills, act, read
from illico.errors import AccountsRefusedError
from illico.options import DataDir, database_url
from illico.screen import Screen
from illico.skills import skill_from_words

Companies = Annotated[
    list[str] | None,
    typer.Option("--company", help="The slug of a company; may be repeated."),
]


def add_to(app: typer.Typer, screen: Screen) -> None:
    _add_agents(app, screen)
    _add_supervisors(app, screen)
    _add_viewers(app, screen)
    _add_passwords(app, screen)


def _add_agents(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def add_agent(
        login: str,
        name: str,
        skill: Skills,
        company: Companies = None,
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
            )

        act(add, database_url(data_dir))
        screen.tell(f"Agent {login} is there.")


def _add_supervisors(app: typer.Typer, screen: Screen) -> None:
    @app.command()
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
    @app.command()
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


def _add_passwords(app: typer.Typer, screen: Screen) -> None:
    @app.command()
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
