"""Administration at the terminal: what the label and the law ask beside the calls."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from accounts.client import AccountsClient
from accounts.legal import Authorisation, WorkKind
from accounts.model import CompanyId
from illico.admin_hours import CALENDAR, hours_from_words
from illico.admin_work import act
from illico.options import DataDir, database_url
from illico.screen import Screen

PANEL = "Label"
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])]


def add_to(app: typer.Typer, screen: Screen) -> None:
    _ordinary(app, screen)
    _authorise(app, screen)
    _authorisations(app, screen)
    _import_pay(app, screen)


def _ordinary(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_ordinary_hours(
        company: str,
        hours: Annotated[str, typer.Argument(help=CALENDAR)],
        data_dir: DataDir = None,
    ) -> None:
        """Say when a company's ordinary customer service is open: ours must be, too."""

        async def change(accounts: AccountsClient) -> None:
            calendar = hours_from_words(hours)
            await accounts.set_ordinary_hours(CompanyId(company), calendar)

        act(change, database_url(data_dir))
        screen.tell(f"The ordinary hours of {company} are known.")


def _authorise(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def authorise(  # noqa: PLR0917 - typer calls it by name
        kind: WorkKind,
        first: Day,
        last: Day,
        document: Annotated[str, typer.Option(help="Where it lies.")],
        volunteers: Annotated[int, typer.Option(help="How many wrote that they do.")],
        written: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
        data_dir: DataDir = None,
    ) -> None:
        """Write down that people may work on Sundays, or at night (21:00 to 6:00)."""

        async def change(accounts: AccountsClient) -> None:
            days = first.date(), last.date()
            given = Authorisation(kind, *days, document, volunteers, written.date())
            await accounts.authorise(given)

        act(change, database_url(data_dir))
        screen.tell(f"Authorised ({kind}): {first:%Y-%m-%d} to {last:%Y-%m-%d}.")


def _authorisations(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def authorisations(data_dir: DataDir = None) -> None:
        """Show what is authorised, from when to when."""

        async def show(accounts: AccountsClient) -> None:
            rows = [_row(each) for each in await accounts.authorisations()]
            head = ("kind", "from", "to", "document", "volunteers", "written")
            screen.show("Authorisations", head, rows)

        act(show, database_url(data_dir))


def _import_pay(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def import_pay(
        file: Annotated[
            Path, typer.Argument(help="month;pool;wages|fees;person;cents")
        ],
        data_dir: DataDir = None,
    ) -> None:
        """Import agents' gross pay: sums are kept, and nobody's own."""

        async def change(accounts: AccountsClient) -> None:
            text = file.read_text(encoding="utf-8")
            sums = await accounts.import_pay(text)
            screen.tell(f"{sums} sums are kept. Remove {file}: it names people.")

        act(change, database_url(data_dir))


def _row(given: Authorisation) -> tuple[str, ...]:
    first, last, written = map(
        date.isoformat, (given.first, given.last, given.written_on)
    )
    return given.kind, first, last, given.document, str(given.volunteers), written
