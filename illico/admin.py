"""Administration at the terminal: companies, services, agents, passwords."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from accounts.client import AccountsClient
from accounts.hours import OpeningHours
from accounts.hours_text import hours_from_text
from accounts.model import CompanyId, PersonId, PersonRole, Topic
from illico.accounts_door import open_accounts
from illico.errors import AccountsRefusedError
from illico.options import DataDir, database_url
from illico.screen import Screen
from illico.skills import BadWordsError, skill_from_words, topic_from_words

Slug = Annotated[str, typer.Argument(help="Short name: small letters, digits, dashes.")]
Skills = Annotated[
    list[str],
    typer.Option("--skill", help="A skill and its level, as lsf:3; may be repeated."),
]


def create_app(screen: Screen) -> typer.Typer:
    app = typer.Typer(help="Companies, services, agents.", no_args_is_help=True)
    _add_companies(app, screen)
    _add_services(app, screen)
    _add_agents(app, screen)
    _add_passwords(app, screen)
    return app


def _add_companies(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def add_company(slug: Slug, name: str, data_dir: DataDir = None) -> None:
        """Add a company, by its name in full."""

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_company(slug=slug, name=name)

        _do(add, database_url(data_dir))
        screen.tell(f"Company {slug} is there.")


def _add_services(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def add_service(  # noqa: PLR0917 - typer calls it by name
        slug: Slug,
        company: str,
        title: str,
        skill: Skills,
        topic: Annotated[
            list[str] | None,
            typer.Option(help="A topic, as slug:label:skill:level; may be repeated."),
        ] = None,
        hours: Annotated[
            str,
            typer.Option(help="`always`, `never` or a calendar as JSON."),
        ] = "never",
        data_dir: DataDir = None,
    ) -> None:
        """Add a service of a company: its page is /SLUG."""
        needs = [_read(skill_from_words, each) for each in skill]
        topics = [Topic(*_read(topic_from_words, each)) for each in topic or ()]

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_service(
                slug=slug,
                company=CompanyId(company),
                title=title,
                needs=needs,
                topics=topics,
                hours=_hours(hours),
            )

        _do(add, database_url(data_dir))
        screen.tell(f"Service {slug} is there.")


def _add_agents(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def add_agent(
        login: str,
        name: str,
        skill: Skills,
        company: Annotated[
            list[str] | None,
            typer.Option(help="A company to answer for; may be repeated."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Add an agent; the password is asked for, or read from a pipe."""
        skills = dict(_read(skill_from_words, each) for each in skill)
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

        _do(add, database_url(data_dir))
        screen.tell(f"Agent {login} is there.")


def _add_passwords(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def set_password(login: str, data_dir: DataDir = None) -> None:
        """Set anybody's password; it is asked for, or read from a pipe."""
        password = _ask_password()

        async def change(accounts: AccountsClient) -> None:
            person = await _person(accounts, login)
            await accounts.set_password(person, password=password)

        _do(change, database_url(data_dir))
        screen.tell(f"The password of {login} is changed; open sessions have ended.")


def _do(what: Callable[[AccountsClient], Awaitable[None]], url: str) -> None:
    async def work() -> None:
        async with open_accounts(url) as accounts:
            await what(accounts)

    asyncio.run(work())


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


def _hours(words: str) -> OpeningHours:
    match words:
        case "always":
            return OpeningHours.always()
        case "never":
            return OpeningHours.never()
        case _:
            return hours_from_text(words)


def _read(reader: Callable[[str], Any], words: str) -> Any:
    try:
        return reader(words)
    except BadWordsError as error:
        raise typer.BadParameter(str(error)) from error
