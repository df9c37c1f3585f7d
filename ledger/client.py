"""The door of the ledger for other packages: read its chains, heads and exports."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from accounts.client import AccountsClient
from ledger import export, head_texts, heads
from ledger.books.projector import Projector
from ledger.chain import genesis
from ledger.errors import HeadsUnusableError, NoSuchLinkError
from ledger.figures.pillars import Label
from ledger.figures.reports import Report
from ledger.head_texts import KeptHeads
from ledger.heads import PublicKey, SignedEnd, SignedHead
from ledger.keys import SigningKey, is_signed
from ledger.labels import Labels
from ledger.model import CompanyId, Head, KeyId
from ledger.statement.issuing import Issuer
from ledger.statement.statements import SignedStatement
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
    heads: int = 0
    """How many heads were compared with it."""


@dataclass(frozen=True, slots=True)
class ChainHeads:
    """A chain's end now, the heads that were given of it, and the keys of all heads."""

    end: Head
    given: tuple[SignedHead, ...]
    keys: tuple[PublicKey, ...]
    signed: SignedEnd | None = None
    """The same end, signed, where the key that signs is at hand."""

    @property
    def text(self) -> str:
        """The file that the company keeps: one line of JSON."""
        return head_texts.to_text(self.end.company, self.given, self.keys, self.signed)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signs where a chain ends, and when; a key that is not current signs nothing."""

    key: SigningKey
    now_us: int

    def sign(self, end: Head, keys: Sequence[PublicKey]) -> SignedEnd | None:
        is_current = bool(keys) and keys[-1].id == self.key.id
        return self.key.sign_end(end, self.now_us) if is_current else None


class LedgerClient:
    """An open ledger."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._books = Projector(store)
        self._issuer = Issuer(store, self._books)

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

    async def verify(
        self,
        company: CompanyId,
        kept: Sequence[KeptHeads] = (),
        named: Collection[str] = (),
    ) -> Verdict:
        """Walk a company's chain as it is at this moment, past every head given of it.

        Args:
            company: whose; the empty name is the pool's own.
            kept: heads that somebody kept.
            named: keys that are believed though no key announced them.

        Raises:
            HeadsUnusableError: a kept head bears no signature of ours.
        """
        state = await self.heads(company)  # first: no head of it lies behind the end
        reached, end = await self._store.extent(company)
        mine = _signed_by_us(company, state, kept)
        ends = _ends_signed_by_us(company, state, kept)
        walk = Walk(company, _known(state, mine) | ends)
        async for page in self._store.links(company, up_to=reached):
            for link in page:
                if found := walk.step(link):
                    return _verdict(walk, found)
        fault = walk.end(end) or _fault_of_heads(state, mine, named)
        return _verdict(walk, fault)

    async def heads(self, company: CompanyId, hand: Hand | None = None) -> ChainHeads:
        """List the heads that a company was given, and sign where its chain ends now."""
        given = await self._store.given.given(company)
        keys = await self._store.given.keys()
        end = await self._store.head(company)
        return ChainHeads(end, given, keys, hand.sign(end, keys) if hand else None)

    async def export(
        self, company: CompanyId, *, first: int = 1, hand: Hand | None = None
    ) -> AsyncIterator[str]:
        """Write a chain from this link on as JSON lines, a page at a time.

        Raises:
            NoSuchLinkError: the chain does not go that far.
        """
        state = await self.heads(company, hand)
        after = await self._before(state.end, first)
        yield export.first_line(after, state.given, state.keys)
        pages = self._store.bodies(
            company, after=after.position, up_to=state.end.position
        )
        async for page in pages:
            yield await asyncio.to_thread(_lines, page)
        yield export.last_line(state.end, state.signed)

    async def month(
        self, company: CompanyId, month: str, service: str | None = None
    ) -> Report:
        """Make the figures of a month (`YYYY-MM`), of all services or of one."""
        return await self._books.month(company, month, service)

    async def statement(
        self, company: CompanyId, month: str, key: SigningKey, now_us: int
    ) -> SignedStatement:
        """Give the signed statement of a month that is over.

        Raises:
            NoSuchMonthError: it is no month.
            MonthNotOverError: it lasts.
            KeyNotCurrentError: another key signs.
        """
        return await self._issuer.issue(company, month, key, now_us)

    async def label(
        self, accounts: AccountsClient, company: CompanyId, month: str
    ) -> Label:
        """Make a company's label of a month: what is kept, and by which figures.

        Raises:
            NoSuchMonthError: it is no month.
        """
        return await Labels(accounts, self._books).label(company, month)

    async def differences(self, company: CompanyId) -> int:
        """Count the half-hours that are not those of a fold of the whole chain."""
        return await self._books.differences(company)

    async def rebuild(self, company: CompanyId) -> int:
        """Make a company's read models anew; tell up to which link."""
        return (await self._books.rebuild(company)).position

    async def current_key(self) -> KeyId | None:
        """Name the key that signs; none before the first head."""
        keys = await self._store.given.keys()
        return keys[-1].id if keys else None

    async def rotate(self, old: SigningKey, new: SigningKey, now_us: int) -> PublicKey:
        """Let a new key sign from now on, and the old one say so.

        Raises:
            KeyNotCurrentError: the old key is not the one that signs.
        """
        return await self._store.given.rotate(old, new, now_us)

    async def replace_lost(self, new: SigningKey, now_us: int) -> PublicKey:
        """Let a new key sign from now on, because the one that signs is lost.

        Raises:
            NoKeyLostError: no key has signed yet, or this one does already.
        """
        return await self._store.given.replace_lost(new, now_us)

    async def erase_agent(self, agent: str) -> int:
        """Forget who an agent was, in every chain; tell of how many events."""
        return await self._store.eraser.agent(agent)

    async def erase_call(self, call: str) -> int:
        """Forget what people said or were in a call; tell of how many events."""
        return await self._store.eraser.call(call)

    async def _before(self, end: Head, first: int) -> Head:
        """Find the link after which an export begins."""
        if not 1 <= first <= end.position:
            raise NoSuchLinkError(end.company, first)
        company, place = end.company, first - 1
        async for page in self._store.bodies(company, after=place - 1, up_to=place):
            for position, _, digest in page:
                return Head(company, position, digest)
        return genesis(company)


def _lines(page: Sequence[tuple[int, str, bytes]]) -> str:
    return "".join(export.link_line(body, digest) for _, body, digest in page)


def _known(state: ChainHeads, kept: Iterable[SignedHead]) -> dict[int, bytes]:
    """Gather what was given out; a head that somebody kept counts for more."""
    return {each.head.position: each.head.digest for each in (*state.given, *kept)}


def _signed_by_us(
    company: CompanyId, state: ChainHeads, kept: Sequence[KeptHeads]
) -> list[SignedHead]:
    mine = [head for one in kept if one.company == company for head in one.heads]
    for each in mine:
        if not heads.is_ours(each, state.keys, is_signed):
            day = each.head.day
            raise HeadsUnusableError(f"The kept head of {day} is not signed by us.")
    return mine


def _ends_signed_by_us(
    company: CompanyId, state: ChainHeads, kept: Sequence[KeptHeads]
) -> dict[int, bytes]:
    ends = [one.end for one in kept if one.company == company and one.end is not None]
    for each in ends:
        if not heads.is_our_end(each, state.keys, is_signed):
            raise HeadsUnusableError("A kept end of the chain is not signed by us.")
    return {each.end.position: each.end.digest for each in ends}


def _fault_of_heads(
    state: ChainHeads, kept: Sequence[SignedHead], named: Collection[str]
) -> Break | None:
    company = state.end.company
    faults = heads.faults(company, state.given, state.keys, is_signed, named)
    for each, what in (*faults, *heads.missed(state.given, kept)):
        place = each.head.position
        return Break(company, place, f"the head of {each.head.day} {what}", place)
    return None


def _verdict(walk: Walk, found: Break | None) -> Verdict:
    head = walk.head
    held = sum(position <= head.position for position in walk.known)
    return Verdict(walk.company, head.position, head.digest.hex(), found, held)
