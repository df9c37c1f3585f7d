"""Administration at the terminal: when a service is open."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from accounts.client import AccountsClient
from accounts.hours import OpeningHours
from accounts.hours_text import hours_from_text
from accounts.model import ServiceId
from illico.admin_work import Slug, act
from illico.options import DataDir, database_url
from illico.screen import Screen

PARIS = ZoneInfo("Europe/Paris")
CALENDAR = "`always`, `never` or a calendar as JSON (accounts/README.md)."


def add_to(app: typer.Typer, screen: Screen) -> None:
    _set(app, screen)
    _close(app, screen)
    _reopen(app, screen)


def hours_from_words(words: str) -> OpeningHours:
    """Read `always`, `never` or a calendar.

    Raises:
        InvalidHoursError: it is none of them.
    """
    match words:
        case "always":
            return OpeningHours.always()
        case "never":
            return OpeningHours.never()
        case _:
            return hours_from_text(words)


def _set(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def set_hours(
        service: Slug,
        hours: Annotated[str, typer.Argument(help=CALENDAR)],
        data_dir: DataDir = None,
    ) -> None:
        """Give a service another calendar in place of the old one."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_hours(ServiceId(service), hours_from_words(hours))

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} has new opening hours.")


def _close(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def close_service(
        service: Slug,
        until: Annotated[
            datetime | None,
            typer.Option(help="When it opens again by itself, on Paris clocks."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Close a service now, whatever its calendar says."""
        end = until.replace(tzinfo=PARIS) if until is not None else None

        async def close(accounts: AccountsClient) -> None:
            await accounts.close_service(
                ServiceId(service), since=datetime.now(UTC), until=end
            )

        act(close, database_url(data_dir))
        screen.tell(f"Service {service} is closed.")


def _reopen(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def reopen_service(service: Slug, data_dir: DataDir = None) -> None:
        """End an emergency close: the calendar holds again."""

        async def reopen(accounts: AccountsClient) -> None:
            await accounts.reopen_service(ServiceId(service))

        act(reopen, database_url(data_dir))
        screen.tell(f"Service {service} follows its calendar again.")
