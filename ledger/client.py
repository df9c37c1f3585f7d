"""The door of the ledger for other packages: read its chains and check them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from ledger.model import CompanyId
from ledger.store import LedgerStore
from ledger.verify import Break, Walk


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along one chain found: how far it holds, and its first bad link."""

    company: CompanyId
    links: int
    digest: str
    """Of the last link that holds, hexadecimal."""
    found: Break | None


class LedgerClient:
    """An open ledger."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store

    @classmethod
    @asynccontextmanager
    async def open(cls, database_url: str) -> AsyncIterator[Self]:
        """Open the database; its tables are brought up to date.

        Raises:
            NewerDatabaseError: a newer version of Illico wrote it.
        """
        async with LedgerStore.open(database_url) as store:
            yield cls(store)

    async def companies(self) -> tuple[CompanyId, ...]:
        """Every chain there is; the empty name is the pool's own."""
        return tuple(sorted(await self._store.companies()))

    async def verify(self, company: CompanyId) -> Verdict:
        """Walk a company's chain as it is at this moment."""
        reached, head = await self._store.extent(company)
        walk = Walk(company)
        async for page in self._store.links(company, up_to=reached):
            for link in page:
                if found := walk.step(link):
                    return _verdict(walk, found)
        return _verdict(walk, walk.end(head))


def _verdict(walk: Walk, found: Break | None) -> Verdict:
    head = walk.head
    return Verdict(walk.company, head.position, head.digest.hex(), found)
