"""Administration at the terminal: companies, the journal, and who else is in it."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from accounts.client import AccountsClient
from illico import (
    admin_contracts,
    admin_hours,
    admin_label,
    admin_people,
    admin_services,
    admin_skills,
)
from illico.admin_work import Slug, act
from illico.options import DataDir, database_url
from illico.screen import Screen

PARIS = ZoneInfo("Europe/Paris")


def create_app(screen: Screen) -> typer.Typer:
    app = typer.Typer(help="Companies, services, people, hours.", no_args_is_help=True)
    _add_companies(app, screen)
    admin_services.add_to(app, screen)
    admin_contracts.add_to(app, screen)
    admin_label.add_to(app, screen)
    admin_hours.add_to(app, screen)
    admin_skills.add_to(app, screen)
    admin_people.add_to(app, screen)
    _add_journal(app, screen)
    return app


def _add_companies(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel="Services")
    def add_company(slug: Slug, name: str, data_dir: DataDir = None) -> None:
        """Add a company, by its name in full."""

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_company(slug=slug, name=name)

        act(add, database_url(data_dir))
        screen.tell(f"Company {slug} is there.")


def _add_journal(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def journal(
        limit: Annotated[int, typer.Option(help="How many of the newest.")] = 20,
        data_dir: DataDir = None,
    ) -> None:
        """Show who changed what, the newest first."""

        async def show(accounts: AccountsClient) -> None:
            logins = {str(one.id): one.login for one in await accounts.people()}
            for one in await accounts.journal(limit=limit):
                who = logins.get(one.by, one.by) if one.by else "command line"
                of = logins.get(one.subject, one.subject)
                facts = [f"{name}={fact}" for name, fact in one.facts.items()]
                screen.tell("  ".join((_clock(one.at), who, one.kind, of, *facts)))

        act(show, database_url(data_dir))


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, PARIS):%Y-%m-%d %H:%M:%S}"
