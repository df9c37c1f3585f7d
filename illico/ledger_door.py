"""How commands open the ledger, and find the chains that somebody named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from illico.errors import LedgerRefusedError
from ledger.client import LedgerClient
from ledger.errors import LedgerError
from ledger.model import CompanyId


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[LedgerClient]:
    """Open the ledger; what it refuses is said in its own words."""
    try:
        async with LedgerClient.open(url) as ledger:
            yield ledger
    except LedgerError as error:
        raise LedgerRefusedError(str(error)) from error


async def chains(ledger: LedgerClient, company: str | None) -> list[CompanyId]:
    known = await ledger.companies()
    if company is None:
        return [*known]
    if company not in known:
        raise LedgerRefusedError(f"There is no chain of {company!r}.")
    return [CompanyId(company)]
