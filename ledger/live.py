"""Today of every company that somebody looks at: made once, sent to all who look.

Each company has one board while a page of it is open. The board makes the sheet when
the chain grew, finds what is new in it, and hands the same bytes to every page. A page
that reads slowly has one message kept for it, the newest; what it missed comes as the
whole sheet. Nothing is sent because time passes: pages count seconds by themselves.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Never, TypeVar

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from accounts.errors import FailedError as AccountsFailedError
from ledger import news
from ledger.desk import Copy, DayDesk
from ledger.model import (
    CallRow,
    CompanyId,
    DaySheet,
    Head,
    News,
    StandingAlert,
)
from ledger.writer import end_if_cancelled
from queueing.errors import QueueError
from queueing.model import AgentState
from queueing.model import CompanyId as QueueCompanyId

GATHER_S: Final = 0.1
"""Changes within this time travel together; a big day is made less often still."""

REST: Final = 4
"""So many times as long as a sheet took to make, its board rests."""

QUIET_EVERY_S: Final = 15.0
LOOK_EVERY_S: Final = 1.0
SESSION_EVERY_S: Final = 10.0
"""How soon a session that ended elsewhere ends here."""

SESSIONS_AT_ONCE: Final = 500
SIGNED_OUT: Final = b"event: signed_out\ndata: {}\n\n"
STILL_HERE: Final = b": still here\n\n"

TIMEOUT_S: Final = 10.0
AWAY: Final = (
    SQLAlchemyError,
    AccountsFailedError,
    QueueError,
    OSError,
    TimeoutError,
)

log = structlog.get_logger(__name__)

Known = TypeVar("Known")
Staff = Mapping[QueueCompanyId, Mapping[AgentState, int]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the boards look besides the chain."""

    staff: Callable[[], Awaitable[Staff]]
    """Agents by company and state."""
    alerts: Callable[[], Awaitable[Mapping[CompanyId, tuple[StandingAlert, ...]]]]
    """The alerts that hold."""
    signed_in: Callable[[Collection[str]], Awaitable[Mapping[str, CompanyId]]]
    """Of these sessions those that last, and whose company each one opens."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside a company's day; none while nobody knows."""

    staff: Mapping[AgentState, int] | None = None
    alerts: tuple[StandingAlert, ...] | None = None


class Stream:
    """One open page: the newest message that it has not had, and nothing behind it."""

    def __init__(self, company: CompanyId, session: str) -> None:
        self.company = company
        self.session = session
        self._next: bytes | None = None
        self._is_behind = True
        self._is_over = False
        self._bell = asyncio.Event()

    def tell(self, message: bytes) -> None:
        """Keep a message; one that was not sent yet makes room, and is missed."""
        self._is_behind |= self._next is not None
        self._next = message
        self._bell.set()

    def tell_whole(self) -> None:
        """Let the whole sheet be sent."""
        self._is_behind = True
        self._bell.set()

    def end(self, message: bytes) -> None:
        """Send this and nothing more."""
        self._next, self._is_over = message, True
        self._bell.set()

    async def read(self, whole: Callable[[], bytes]) -> tuple[bytes, bool]:
        """Wait for what is to be sent next, and tell whether it is the last."""
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIET_EVERY_S):
                await self._bell.wait()
        self._bell.clear()
        message, self._next = self._next, None
        if self._is_over:
            return message or b"", True
        if self._is_behind and (sheet := whole()):
            self._is_behind = False
            return sheet, False
        return message or STILL_HERE, False


class Board:
    """One company's day, for everybody who looks at it."""

    def __init__(self, company: CompanyId, desk: DayDesk) -> None:
        self.company = company
        self.streams: set[Stream] = set()
        self.beside = Beside()
        self._desk = desk
        self._copy: Copy | None = None
        self._told: object = None
        self._bell = asyncio.Event()

    def join(self, stream: Stream) -> None:
        """Show a page everything at once, as far as it is known."""
        self.streams.add(stream)
        if self._copy is not None:
            stream.tell_whole()

    def ring(self) -> None:
        """Look soon: something changed."""
        self._bell.set()

    def whole(self) -> bytes:
        """Give the sheet and what is beside it; nothing before the first look."""
        if self._copy is None:
            return b""
        sheet = _message(b"day", self._copy.encoded)
        return sheet + _message(b"news", _news(self._copy.sheet, (), self.beside))

    async def run(self) -> None:
        """Look whenever something changed, for as long as somebody looks here."""
        loop = asyncio.get_running_loop()
        while self.streams:
            self._bell.clear()
            begun = loop.time()
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    copy = await self._desk.copy(self.company, self._desk.today())
            except AWAY as error:
                log.warning("a live day is not read", reason=repr(error))
            else:
                self._show(copy)
            await asyncio.sleep(max(GATHER_S, REST * (loop.time() - begun)))
            await self._next_change()

    async def _next_change(self) -> None:
        turn_ms = news.next_turn_ms(self._copy.sheet) if self._copy else None
        wait_s = QUIET_EVERY_S if turn_ms is None else turn_ms / 1000
        with suppress(TimeoutError):
            async with asyncio.timeout(min(QUIET_EVERY_S, wait_s)):
                await self._bell.wait()

    def _show(self, copy: Copy) -> None:
        before, self._copy = self._copy, copy
        rows = news.changed(before.sheet if before else None, copy.sheet)
        state = (copy.sheet.chain, copy.sheet.figures.breaches, self.beside)
        if rows == () and state == self._told:
            return
        self._told = state
        if rows is None:
            for stream in self.streams:
                stream.tell_whole()
            return
        told = _message(b"news", _news(copy.sheet, rows, self.beside))
        for stream in self.streams:
            stream.tell(told)


class Live:
    """The boards of all companies."""

    def __init__(self, desk: DayDesk, sources: Sources) -> None:
        self._desk = desk
        self._sources = sources
        self._boards: dict[CompanyId, Board] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._staff: Staff | None = None
        self._alerts: Mapping[CompanyId, tuple[StandingAlert, ...]] | None = None
        self._heads: dict[CompanyId, Head] = {}

    @contextmanager
    def look(self, company: CompanyId, session: str) -> Iterator[tuple[Board, Stream]]:
        """Open a page's stream; the first one starts the company's board."""
        board, stream = self._board(company), Stream(company, session)
        board.join(stream)
        try:
            yield board, stream
        finally:
            board.streams.discard(stream)
            board.ring()
            if not board.streams:
                self._boards.pop(company, None)

    def ring(self, companies: Iterable[CompanyId]) -> None:
        """Tell those who look at these companies that their chains grew."""
        for company in companies:
            if board := self._boards.get(company):
                board.ring()

    def close(self) -> None:
        """Send everybody home."""
        for stream in self._streams():
            stream.end(b"")

    async def run(self) -> Never:
        """Keep the boards for ever."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            tasks.create_task(self._see_out())
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                if self._boards:
                    await self._look_around()

    def _board(self, company: CompanyId) -> Board:
        if board := self._boards.get(company):
            return board
        if self._tasks is None:
            raise RuntimeError("the boards do not run")
        board = self._boards[company] = Board(company, self._desk)
        board.beside = self._beside(company)
        self._tasks.create_task(board.run())
        return board

    async def _look_around(self) -> None:
        """Ring for what another writer chained, and for agents who came or went."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                heads = await self._desk.heads()
        except AWAY as error:
            log.warning("heads not read, tried again", reason=repr(error))
        else:
            self.ring(k for k, head in heads.items() if self._heads.get(k) != head)
            self._heads = heads
        self._staff = await _known(self._sources.staff)
        self._alerts = await _known(self._sources.alerts)
        end_if_cancelled()
        for company, board in self._boards.items():
            beside = self._beside(company)
            if beside != board.beside:
                board.beside = beside
                board.ring()

    def _beside(self, company: CompanyId) -> Beside:
        staff, alerts, name = self._staff, self._alerts, QueueCompanyId(company)
        return Beside(
            None if staff is None else staff.get(name, {}),
            None if alerts is None else alerts.get(company, ()),
        )

    async def _see_out(self) -> Never:
        """End the streams of sessions that are over."""
        while True:
            await asyncio.sleep(SESSION_EVERY_S)
            sessions = [*{stream.session for stream in self._streams()}]
            for begin in range(0, len(sessions), SESSIONS_AT_ONCE):
                asked = frozenset(sessions[begin : begin + SESSIONS_AT_ONCE])
                try:
                    async with asyncio.timeout(TIMEOUT_S):
                        lasting = await self._sources.signed_in(asked)
                except AWAY:
                    continue
                for stream in self._streams():
                    opens = lasting.get(stream.session)
                    if stream.session in asked and opens != stream.company:
                        stream.end(SIGNED_OUT)

    def _streams(self) -> Iterator[Stream]:
        for board in self._boards.values():
            yield from board.streams


async def _known(ask: Callable[[], Awaitable[Known]]) -> Known | None:
    """Ask; of what is away nothing is known."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await ask()
    except AWAY:
        return None


def _news(sheet: DaySheet, rows: tuple[CallRow, ...], beside: Beside) -> bytes:
    staff = beside.staff
    return msgspec.json.encode(
        News(
            as_of_ms=sheet.as_of_ms,
            figures=sheet.figures,
            calls=rows,
            calls_total=sheet.calls_total,
            chain=sheet.chain,
            staff=None if staff is None else {str(k): n for k, n in staff.items()},
            alerts=beside.alerts,
        )
    )


def _message(kind: bytes, data: bytes) -> bytes:
    return b"event: " + kind + b"\ndata: " + data + b"\n\n"
