"""Administration at the terminal: what companies pay, and the volume they agreed."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from accounts.client import AccountsClient
from accounts.model import Contract, ServiceId
from illico.admin_work import NUMBERS, Slug, act, read
from illico.options import DataDir, database_url
from illico.screen import Screen
from illico.skills import BadWordsError

PANEL = "Contracts"
MICRO, CENTS = 1_000_000, 100


def add_to(app: typer.Typer, screen: Screen) -> None:
    _list(app, screen)
    _set_tariff(app, screen)
    _set_forecast(app, screen)


def _list(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def contracts(data_dir: DataDir = None) -> None:
        """Show every version of every contract."""

        async def show(accounts: AccountsClient) -> None:
            rows = [_row(each) for each in await accounts.contracts()]
            head = ("service", "version", "promise", "offer", "a minute", "a month")
            screen.show("Contracts", (*head, "forecast"), rows)

        act(show, database_url(data_dir))


def _set_tariff(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL, context_settings=NUMBERS)
    def set_tariff(  # noqa: PLR0917 - typer calls it by name
        service: Slug,
        per_minute: Annotated[str, typer.Argument(help="Euros, at most 0.60.")],
        offer: Annotated[str, typer.Option(help="base or premium.")] = "base",
        fixed: Annotated[str, typer.Option(help="Euros a month.")] = "0",
        payer: Annotated[str, typer.Option(help="The company, always.")] = "company",
        data_dir: DataDir = None,
    ) -> None:
        """Agree on another tariff from now on, without VAT."""
        micro = read(lambda words: euros(words, MICRO), per_minute)
        cents = read(lambda words: euros(words, CENTS), fixed)

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_tariff(
                ServiceId(service),
                offer=offer,
                per_minute=micro,
                fixed_cents=cents,
                payer=payer,
            )

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} has another tariff.")


def _set_forecast(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_forecast(
        service: Slug,
        file: Annotated[
            Path | None,
            typer.Argument(help="336 numbers, from Monday 0:00 on; none: no band."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Agree on how many calls each half-hour of a week brings."""
        words = "" if file is None else file.read_text(encoding="utf-8")
        forecast = read(_numbers, words)

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_forecast(ServiceId(service), forecast)

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} has another forecast.")


def euros(words: str, parts: int) -> int:
    """Read euros as whole parts of one; 0,45 is read as well as 0.45."""
    try:
        exact = Decimal(words.replace(",", ".")) * parts
        whole = int(exact)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise BadWordsError(f"{words!r} is no sum of euros, such as 0.45") from error
    if whole != exact:
        raise BadWordsError(f"{words!r} has too many places behind the point")
    return whole


def _numbers(words: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, words.replace(";", " ").replace(",", " ").split()))
    except ValueError as error:
        raise BadWordsError("a forecast is 336 whole numbers") from error


def _row(contract: Contract) -> tuple[str, ...]:
    tariff = contract.tariff
    return (
        contract.service,
        str(contract.version),
        f"{contract.share_permille / 10:g} % in {contract.target_us / MICRO:g} s",
        tariff.offer,
        f"{Decimal(tariff.per_minute) / MICRO:.4f} €",
        f"{Decimal(tariff.fixed_cents) / CENTS:.2f} €",
        f"{sum(contract.forecast)} a week" if contract.forecast else "none",
    )
