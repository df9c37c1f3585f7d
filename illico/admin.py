"""Administration at the terminal: companies, their services, and who else is in it."""

from typing import Annotated

import typer

from accounts.client import AccountsClient
from accounts.model import CompanyId, Topic
from illico import admin_hours, admin_people, admin_skills
from illico.admin_hours import CALENDAR, hours_from_words
from illico.admin_work import Skills, Slug, act, read
from illico.options import DataDir, database_url
from illico.screen import Screen
from illico.skills import skill_from_words, topic_from_words


def create_app(screen: Screen) -> typer.Typer:
    app = typer.Typer(help="Companies, services, people, hours.", no_args_is_help=True)
    _add_companies(app, screen)
    _add_services(app, screen)
    admin_skills.add_to(app, screen)
    admin_people.add_to(app, screen)
    admin_hours.add_to(app, screen)
    return app


def _add_companies(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def add_company(slug: Slug, name: str, data_dir: DataDir = None) -> None:
        """Add a company, by its name in full."""

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_company(slug=slug, name=name)

        act(add, database_url(data_dir))
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
            typer.Option(help=CALENDAR),
        ] = "never",
        data_dir: DataDir = None,
    ) -> None:
        """Add a service of a company: its page is /SLUG."""
        needs = [read(skill_from_words, each) for each in skill]
        topics = [Topic(*read(topic_from_words, each)) for each in topic or ()]

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_service(
                slug=slug,
                company=CompanyId(company),
                title=title,
                needs=needs,
                topics=topics,
                hours=hours_from_words(hours),
            )

        act(add, database_url(data_dir))
        screen.tell(f"Service {slug} is there.")
