"""What every command of the administration does: read words, open the accounts, act."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeVar

import typer

from accounts.client import AccountsClient
from illico.accounts_door import open_accounts
from illico.skills import BadWordsError

T = TypeVar("T")

NUMBERS: Final = {"ignore_unknown_options": True}
"""So that -1 is a number that the accounts refuse, and no option."""

Slug = Annotated[str, typer.Argument(help="Short name: small letters, digits, dashes.")]
Skills = Annotated[
    list[str],
    typer.Option("--skill", help="A skill and its level, as lsf:3; may be repeated."),
]


def act(what: Callable[[AccountsClient], Awaitable[None]], url: str) -> None:
    """Do it with the accounts open.

    Raises:
        AccountsRefusedError: they said no; nothing has changed.
    """

    async def work() -> None:
        async with open_accounts(url) as accounts:
            await what(accounts)

    asyncio.run(work())


def read(reader: Callable[[str], T], words: str) -> T:
    """Read an argument; what it cannot be is explained, with exit code 2."""
    try:
        return reader(words)
    except BadWordsError as error:
        raise typer.BadParameter(str(error)) from error
