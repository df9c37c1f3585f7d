"""The accounts, with their refusals as sentences of ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from accounts.client import AccountsClient
from accounts.errors import AccountsError, LastSkillError, UnknownSkillError
from illico.errors import AccountsRefusedError

_HINTS: Final = {
    UnknownSkillError.code: " `illico admin add-skill` adds one.",
    LastSkillError.code: " `illico admin close-account` does that.",
}


@asynccontextmanager
async def open_accounts(database_url: str) -> AsyncIterator[AccountsClient]:
    """Open the accounts and bring their tables up to date.

    Raises:
        AccountsRefusedError: whatever they say no to within the block.
    """
    try:
        async with AccountsClient.open(database_url) as accounts:
            yield accounts
    except AccountsError as error:
        hint = _HINTS.get(error.code, "")
        raise AccountsRefusedError(f"{error}{hint}") from error
