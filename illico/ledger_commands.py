"""The ledger's commands: whether what is written down still is what was written."""

import asyncio

import typer

from illico.errors import ChainBrokenError, LedgerRefusedError
from illico.options import DataDir, database_url
from illico.screen import Screen
from ledger.client import LedgerClient, Verdict
from ledger.errors import LedgerError


def create_app(screen: Screen) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True)

    @app.callback()
    def about() -> None:
        """Look after the chain of what happened."""

    @app.command()
    def verify(data_dir: DataDir = None) -> None:
        """Walk every chain from its first link to its head."""
        broken = False
        for verdict in asyncio.run(_verdicts(database_url(data_dir))):
            screen.tell(sentence(verdict))
            broken = broken or verdict.found is not None
        if broken:
            raise ChainBrokenError

    return app


def sentence(verdict: Verdict) -> str:
    """Tell how one chain fares."""
    name = verdict.company or "(the pool)"
    if verdict.found is None:
        return f"{name}: {verdict.links} links hold, the last is {verdict.digest}"
    return f"{name}: broken at {verdict.found.place}: {verdict.found.what}"


async def _verdicts(url: str) -> list[Verdict]:
    try:
        async with LedgerClient.open(url) as ledger:
            return [await ledger.verify(each) for each in await ledger.companies()]
    except LedgerError as error:
        raise LedgerRefusedError(str(error)) from error
