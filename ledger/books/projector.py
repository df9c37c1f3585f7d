"""Keeps the read models behind the chains: each page in a transaction of its own.

The calls that a page touches are folded anew from all their events, and the half-hours
that they are in, or were in, are made anew from their clocks. So it does not matter how
late an event comes, nor how often it is done again.
"""

import asyncio
from collections.abc import Mapping
from typing import Final, Never

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ledger.books.book_store import BookStore, Made, Page
from ledger.books.folding import StoredSlot, by_position, fold, names, pack
from ledger.figures import halves
from ledger.figures.reports import Report, Scope, report
from ledger.figures.slots import Slot
from ledger.figures.terms import TermsBook
from ledger.model import CompanyId, Head
from ledger.store import LedgerStore

EVENTS: Final = 2_000
"""Events in a page."""

LOOK_EVERY_S: Final = 0.5

log = structlog.get_logger(__name__)


class Projector:
    """Makes clocks and half-hours from the chains."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._books = BookStore(store.engine)

    async def run(self) -> Never:
        """Follow all chains for ever; what is away is waited for."""
        trouble = ""
        while True:
            try:
                heads = await self._store.heads()
                for company, head in heads.items():
                    await self.catch_up(company, head)
                trouble = ""
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                if repr(error) != trouble:
                    log.warning("books not made, tried again", reason=repr(error))
                trouble = repr(error)
            await asyncio.sleep(LOOK_EVERY_S)

    async def catch_up(self, company: CompanyId, head: Head) -> Made:
        """Make the books of a chain up to its head."""
        made = await self._books.made(company)
        if made is None:
            made = await self._books.begin(company)
        while made.position < head.position:
            page = await self._page(company, made, head.position)
            if await self._books.turn(company, page):
                made = page.after
            else:  # another process was faster, or began anew
                made = await self._books.made(company) or Made(0, 0)
        return made

    async def rebuild(self, company: CompanyId) -> Made:
        """Make the books of a chain anew from its first link."""
        await self._books.begin(company)
        return await self.catch_up(company, await self._store.head(company))

    async def differences(self, company: CompanyId) -> int:
        """Compare the books with a fold of the whole chain; count what differs."""
        made = await self.catch_up(company, await self._store.head(company))
        found = await self._books.slots(company, 0, 2**31 - 1)
        slots = found[1] if found else []
        bodies: dict[int, str] = {}
        pages = self._store.bodies(company, after=0, up_to=made.position)
        async for page in pages:
            bodies |= {position: body for position, body, _ in page}
        fresh = await asyncio.to_thread(_fresh, bodies)
        return len({*map(_key, slots)} ^ {*map(_key, fresh)})

    async def month(
        self, company: CompanyId, month: str, service: str | None = None
    ) -> Report:
        """Make the figures of a month (`YYYY-MM`), up to the chain's end."""
        made, slots = await self.opened(company, month)
        scope = Scope(company, service, month, made.position, made.as_of_us)
        return await asyncio.to_thread(report, scope, slots)

    async def opened(self, company: CompanyId, month: str) -> tuple[Made, list[Slot]]:
        """Read a month's half-hours, made up to the chain's end."""
        made, stored = await self.slots(company, *halves.of_month(month))
        return made, await asyncio.to_thread(_opened, stored)

    async def terms(self, company: CompanyId, up_to: int) -> TermsBook:
        """Read the terms that a chain tells up to a link."""
        return fold(by_position(await self._books.terms(company, up_to))).terms

    async def slots(
        self, company: CompanyId, begin: int, behind: int
    ) -> tuple[Made, list[StoredSlot]]:
        """Read a run of half-hours, made up to the chain's end."""
        await self.catch_up(company, await self._store.head(company))
        found = await self._books.slots(company, begin, behind)
        return found or (Made(0, 0), [])

    async def _page(self, company: CompanyId, made: Made, up_to: int) -> Page:
        events = await self._next(company, made.position, up_to)
        last = max(events)
        calls = await asyncio.to_thread(names, events.values())
        known = await self._books.of_calls(company, calls, last)
        terms = await self._books.terms(company, last)
        folded = await asyncio.to_thread(fold, by_position(events, known, terms))
        places = await self._books.places(company, calls)
        places |= {clock.place for clock in folded.clocks}
        others = [
            clock
            for clock in await self._books.clocks(company, places)
            if clock.call not in calls
        ]
        clocks = [*others, *folded.clocks]
        slots = await asyncio.to_thread(pack, places, clocks, folded.terms)
        as_of_us = max(made.as_of_us, folded.as_of_us)
        after = Made(last, as_of_us)
        return Page(made, after, calls, folded.clocks, places, slots)

    async def _next(
        self, company: CompanyId, after: int, up_to: int
    ) -> Mapping[int, str]:
        events: dict[int, str] = {}
        async for page in self._store.bodies(company, after=after, up_to=up_to):
            events |= {position: body for position, body, _ in page}
            if len(events) >= EVENTS:
                break
        return events


def _fresh(bodies: Mapping[int, str]) -> list[StoredSlot]:
    folded = fold(by_position(bodies))
    places = {clock.place for clock in folded.clocks}
    return pack(places, folded.clocks, folded.terms)


def _key(slot: StoredSlot) -> tuple[int, str, bytes]:
    return slot.half, slot.service, slot.packed


def _opened(stored: list[StoredSlot]) -> list[Slot]:
    return [each.slot for each in stored]
