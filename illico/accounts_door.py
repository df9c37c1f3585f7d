"""The accounts, with their refusals as sentences of ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from accounts.client import AccountsClient
from accounts.errors import AccountsError
from illico.errors import AccountsRefusedError


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
        raise AccountsRefusedError(str(error)) from error
