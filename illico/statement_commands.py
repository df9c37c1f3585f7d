"""The commands for what is read of the ledger each month: statements, read models."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from illico import folder
from illico.accounts_door import open_accounts
from illico.ledger_door import chains, opened
from illico.options import DataDir, database_url, read_settings
from illico.screen import Screen
from ledger.figures.pillars import to_text
from ledger.keys import SigningKey
from ledger.model import CompanyId
from ledger.statement.paper import as_pdf
from ledger.statement.statements import SignedStatement


def add_to(app: typer.Typer, screen: Screen) -> None:
    _add_statement(app)
    _add_label(app)
    _add_rebuild(app, screen)


def _add_statement(app: typer.Typer) -> None:
    @app.command()
    def statement(
        company: str,
        month: Annotated[str, typer.Argument(help="A month that is over: 2026-11.")],
        pdf: Annotated[
            Path | None, typer.Option(help="Write it as a PDF, too, to this file.")
        ] = None,
        *,
        english: Annotated[bool, typer.Option(help="The PDF in English.")] = False,
        data_dir: DataDir = None,
    ) -> None:
        """Write a month's signed statement to the standard output, as JSON."""
        settings = read_settings(data_dir)
        file = settings.ledger_key or folder.prepare(settings.data_dir).ledger_key
        url = database_url(data_dir)
        signed = asyncio.run(_statement(url, company, month, file))
        if pdf is not None:
            pdf.write_bytes(as_pdf(signed, "en" if english else "fr"))
        sys.stdout.write(signed.text)


def _add_label(app: typer.Typer) -> None:
    @app.command()
    def label(company: str, month: str, data_dir: DataDir = None) -> None:
        """Write a company's label of a month to the standard output, as JSON."""
        told = asyncio.run(_label(database_url(data_dir), company, month))
        sys.stdout.write(told + "\n")


def _add_rebuild(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def rebuild(
        company: Annotated[
            str | None, typer.Option("--company", help="Of this one [all of them].")
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Make the figures anew from the chains, and say whether they were right."""
        for name, links, wrong in asyncio.run(
            _rebuild(database_url(data_dir), company)
        ):
            said = f"{wrong} half-hours were wrong" if wrong else "all were right"
            screen.tell(f"{name or '(the pool)'}: made from {links} links; {said}")


async def _statement(url: str, company: str, month: str, file: Path) -> SignedStatement:
    async with opened(url) as ledger:
        (name,) = await chains(ledger, company)
        key = SigningKey.read(file)
        now_us = time.time_ns() // 1_000
        return await ledger.statement(name, month, key, now_us)


async def _label(url: str, company: str, month: str) -> str:
    async with open_accounts(url) as accounts, opened(url) as ledger:
        (name,) = await chains(ledger, company)
        return to_text(await ledger.label(accounts, name, month))


async def _rebuild(url: str, company: str | None) -> list[tuple[CompanyId, int, int]]:
    async with opened(url) as ledger:
        made = []
        for name in await chains(ledger, company):
            wrong = await ledger.differences(name)
            made.append((name, await ledger.rebuild(name), wrong))
        return made
