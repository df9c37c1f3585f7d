"""Keeps the books of days that somebody looks at.

A book is read once and then only lengthened; its sheet is made in a thread, once for
everybody who looks at the same moment.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import msgspec

from ledger import paris
from ledger.figures.days import DayBook
from ledger.model import CallRow, ChainEnd, CompanyId, DaySheet, Head, Recorded
from ledger.store import LedgerStore

BOOKS: Final = 64
"""How many books stay open; the one that nobody asked for longest is closed first."""

FRESH_US: Final = 900_000

_decoder = msgspec.json.Decoder(Recorded)


@dataclass(frozen=True, slots=True)
class Copy:
    """A sheet and its JSON."""

    sheet: DaySheet
    encoded: bytes
    rows: Sequence[CallRow]
    """Every line of the day, newest first; the sheet lists some of them."""


@dataclass(slots=True)
class _OpenBook:
    book: DayBook
    read_up_to: int = 0
    copy: Copy | None = None
    copied_us: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class DayDesk:
    """Days of companies, always as the ledger has them."""

    def __init__(self, store: LedgerStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._books: OrderedDict[tuple[CompanyId, date], _OpenBook] = OrderedDict()

    def today(self) -> date:
        return paris.day_at(self._now_us())

    async def copy(self, company: CompanyId, day: date) -> Copy:
        """Make the sheet of a day, or hand out the one that was just made."""
        book = self._open(company, day)
        async with book.turn:
            head = await self._store.head(company)
            now_us = self._now_us()
            if _is_fresh(book, head, now_us) and book.copy is not None:
                return book.copy
            await self._catch_up(book, company, day, head)
            end = ChainEnd(head.position, head.digest.hex())
            book.copy = await asyncio.to_thread(_make, book.book, now_us, end)
            book.copied_us = now_us
            return book.copy

    async def heads(self) -> dict[CompanyId, Head]:
        """Tell where each chain ends."""
        return await self._store.heads()

    def _open(self, company: CompanyId, day: date) -> _OpenBook:
        key = (company, day)
        if key not in self._books:
            self._books[key] = _OpenBook(DayBook(company, day))
        self._books.move_to_end(key)
        while len(self._books) > BOOKS:
            self._books.popitem(last=False)
        return self._books[key]

    async def _catch_up(
        self, book: _OpenBook, company: CompanyId, day: date, head: Head
    ) -> None:
        """Add what the book has not read; a page is added whole or not at all."""
        if head.position <= book.read_up_to:
            return
        bounds_us = paris.bounds_us(day)
        pages = self._store.day(
            company, bounds_us, after=book.read_up_to, up_to=head.position
        )
        async for page in pages:
            for recorded in await asyncio.to_thread(_decode, page):
                book.book.add(recorded)
            book.read_up_to = page[-1][0]
        book.read_up_to = head.position

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)


def _is_fresh(book: _OpenBook, head: Head, now_us: int) -> bool:
    return (
        book.copy is not None
        and book.read_up_to == head.position
        and 0 <= now_us - book.copied_us < FRESH_US
    )


def _decode(page: Sequence[tuple[int, str]]) -> list[Recorded]:
    return [_decoder.decode(body) for _, body in page]


def _make(book: DayBook, now_us: int, end: ChainEnd) -> Copy:
    rows = book.rows(now_us)
    sheet = book.sheet(now_us, end, rows)
    return Copy(sheet, msgspec.json.encode(sheet), rows)
