"""The ledger's commands: whether what is written down still is what was written."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from illico import folder, statement_commands
from illico.accounts_door import open_accounts
from illico.errors import ChainBrokenError, LedgerRefusedError
from illico.ledger_door import chains, opened
from illico.options import DataDir, database_url, read_settings
from illico.screen import Screen
from ledger import head_texts
from ledger.client import ChainHeads, Hand, Verdict
from ledger.errors import LedgerError
from ledger.head_texts import KeptHeads
from ledger.keys import SigningKey
from ledger.model import CompanyId

Company = Annotated[
    str | None, typer.Option("--company", help="This company's chain [all of them].")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a chain, on a line of its own.")
]


def create_app(screen: Screen) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True)

    @app.callback()
    def about() -> None:
        """Look after the chain of what happened."""

    _add_verify(app, screen)
    _add_heads(app, screen)
    _add_export(app)
    _add_rotate(app, screen)
    _add_erase(app, screen)
    statement_commands.add_to(app, screen)
    return app


def _add_verify(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def verify(
        *,
        kept: Annotated[
            list[Path] | None,
            typer.Option("--heads", help="File of heads that somebody kept."),
        ] = None,
        key: Annotated[
            list[str] | None,
            typer.Option("--key", help="Believe this key, which replaced a lost one."),
        ] = None,
        company: Company = None,
        as_json: AsJson = False,
        data_dir: DataDir = None,
    ) -> None:
        """Walk every chain from its first link to its head, past the given heads."""
        heads = [each for file in kept or [] for each in read_heads(file)]
        broken = False
        url = database_url(data_dir)
        verdicts = asyncio.run(_verdicts(url, company, heads, key or []))
        for verdict in verdicts:
            say = facts(verdict) if as_json else sentence(verdict)
            screen.tell(say)
            broken = broken or verdict.found is not None
        if broken:
            raise ChainBrokenError


def _add_heads(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def heads(
        *, company: Company = None, as_json: AsJson = False, data_dir: DataDir = None
    ) -> None:
        """Show the signed daily heads; with --json, as the company keeps them."""
        hand = _hand(data_dir)
        for state in asyncio.run(_heads(database_url(data_dir), company, hand)):
            if as_json:
                screen.tell(state.text)
            else:
                _show(screen, state)


def _add_export(app: typer.Typer) -> None:
    @app.command()
    def export(
        company: str,
        *,
        first: Annotated[
            int, typer.Option("--from", min=1, help="First link of the export.")
        ] = 1,
        data_dir: DataDir = None,
    ) -> None:
        """Write a company's chain to the standard output, as lines of JSON."""
        hand = _hand(data_dir)
        asyncio.run(_export(database_url(data_dir), company, first, hand))


def _add_rotate(app: typer.Typer, screen: Screen) -> None:
    @app.command(name="rotate-key")
    def rotate_key(
        *,
        lost: Annotated[
            bool, typer.Option("--lost", help="The old key is lost: nobody announces.")
        ] = False,
        data_dir: DataDir = None,
    ) -> None:
        """Let a new key sign the daily heads; the old one announces it."""
        file, url = _key_file(data_dir), database_url(data_dir)
        if lost:
            typer.confirm(
                "Every company must then be told the new key. Is the old one lost?",
                abort=True,
            )
        new = asyncio.run(_replace(url, file) if lost else _rotate(url, file))
        screen.tell(f"{file}: the key {new} signs from now on.")


def _add_erase(app: typer.Typer, screen: Screen) -> None:
    @app.command()
    def erase(
        *,
        login: Annotated[
            str | None, typer.Option("--login", help="Forget who this agent was.")
        ] = None,
        call: Annotated[
            str | None, typer.Option("--call", help="Forget who was in this call.")
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Erase a person's values for ever; every chain stays whole."""
        if (login is None) == (call is None):
            raise LedgerRefusedError(
                "Say whom to forget: --login LOGIN or --call CALL."
            )
        url = database_url(data_dir)
        typer.confirm("Nothing brings the values back. Erase them?", abort=True)
        erased = asyncio.run(
            _erase_agent(url, login) if login else _erase_call(url, call)
        )
        screen.tell(f"Erased from {erased} events.")


def read_heads(file: Path) -> list[KeptHeads]:
    """Read what a company kept: one or several lines of `illico ledger heads --json`.

    Raises:
        LedgerRefusedError: the file is no such thing.
    """
    try:
        lines = filter(bytes.strip, file.read_bytes().splitlines())
        return [head_texts.read(line) for line in lines]
    except (OSError, ValueError) as error:
        raise LedgerRefusedError(f"{file} is no file of heads: {error}") from error


def sentence(verdict: Verdict) -> str:
    """Tell how one chain fares."""
    name = verdict.company or "(the pool)"
    if verdict.found is None:
        held = f"{verdict.links} links hold, the last is {verdict.digest}"
        return f"{name}: {held}; {verdict.heads} given heads fit"
    return f"{name}: broken at {verdict.found.place}: {verdict.found.what}"


def facts(verdict: Verdict) -> str:
    """Tell it to a program."""
    found = verdict.found
    told: dict[str, Any] = {
        "company": verdict.company,
        "holds": found is None,
        "links": verdict.links,
        "digest": verdict.digest,
        "heads": verdict.heads,
    }
    if found is not None:
        told |= {"link": found.position, "first": found.since, "what": found.what}
    return json.dumps(told)


def _show(screen: Screen, state: ChainHeads) -> None:
    name, end = state.end.company or "(the pool)", state.end
    rows = [
        (each.head.day, str(each.head.position), each.head.digest.hex(), each.head.key)
        for each in state.given
    ]
    signed = "not signed" if state.signed is None else state.signed.key
    now = ("now", str(end.position), end.digest.hex(), signed)
    screen.show(name, ("day", "link", "digest", "key"), [*rows, now])


def _hand(data_dir: Path | None) -> Hand | None:
    """Take the key that signs, where it lies on this machine."""
    file = _key_file(data_dir)
    if not file.exists():
        return None
    try:
        return Hand(SigningKey.read(file), time.time_ns() // 1_000)
    except LedgerError as error:
        raise LedgerRefusedError(str(error)) from error


def _key_file(data_dir: Path | None) -> Path:
    settings = read_settings(data_dir)
    return settings.ledger_key or folder.prepare(settings.data_dir).ledger_key


async def _verdicts(
    url: str, company: str | None, kept: list[KeptHeads], named: list[str]
) -> list[Verdict]:
    async with opened(url) as ledger:
        found = await chains(ledger, company)
        return [await ledger.verify(each, kept, named) for each in found]


async def _heads(url: str, company: str | None, hand: Hand | None) -> list[ChainHeads]:
    async with opened(url) as ledger:
        found = await chains(ledger, company)
        return [await ledger.heads(each, hand) for each in found]


async def _export(url: str, company: str, first: int, hand: Hand | None) -> None:
    async with opened(url) as ledger:
        async for page in ledger.export(CompanyId(company), first=first, hand=hand):
            sys.stdout.write(page)


def _found(file: Path) -> SigningKey | None:
    """Read a key that may be lost, or spoilt."""
    try:
        return SigningKey.read(file)
    except LedgerError:
        return None


async def _erase_agent(url: str, login: str) -> int:
    async with open_accounts(url) as accounts:
        people = await accounts.people()
    ids = [one.id for one in people if one.login == login]
    if not ids:
        raise LedgerRefusedError(f"Nobody signs in as {login!r}.")
    async with opened(url) as ledger:
        return await ledger.erase_agent(ids[0])


async def _erase_call(url: str, call: str | None) -> int:
    async with opened(url) as ledger:
        return await ledger.erase_call(call or "")


async def _rotate(url: str, file: Path) -> str:
    """Announce a new key, then put it in the old one's place.

    It lies beside the old one before the ledger knows it: a crash at any moment loses
    no key, and the command, called again, ends what it began.
    """
    async with opened(url) as ledger:
        waiting = file.with_suffix(".next.pem")
        if not waiting.exists():
            folder.write_private(waiting, SigningKey.made().pem())
        new = SigningKey.read(waiting)
        if await ledger.current_key() != new.id:
            now_us = time.time_ns() // 1_000
            await ledger.rotate(SigningKey.read(file), new, now_us)
        waiting.replace(file)
        return new.id


async def _replace(url: str, file: Path) -> str:
    """Put a new key in a lost one's place, which nobody can announce."""
    found = _found(file)
    async with opened(url) as ledger:
        if found is not None and found.id == await ledger.current_key():
            raise LedgerRefusedError(
                f"{file} holds the key that signs: it is not lost."
            )
        waiting = file.with_suffix(".next.pem")
        if not waiting.exists():
            folder.write_private(waiting, SigningKey.made().pem())
        new = SigningKey.read(waiting)
        if await ledger.current_key() != new.id:
            await ledger.replace_lost(new, time.time_ns() // 1_000)
        waiting.replace(file)
        return new.id
