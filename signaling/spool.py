"""Keeps on disk what happens while the queue is away, and hands it on afterwards.

Nobody who calls waits for the disk: what is told is put into a bounded list, and one
task writes it, syncs it, and hands on what is due once the queue answers again. Each
line bears an id of its own, by which the ledger chains it once however often it comes.
It is handed on twice, some seconds apart: a store that falls again at once may forget
what it was just told.
"""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Never

import structlog

from accounts.model import Service
from queueing.client import QueueClient
from queueing.errors import QueueError, RefusedError
from queueing.model import CompanyId, RequestId, ServiceId
from signaling.spool_lines import (
    RECOVERY_US,
    Done,
    Fact,
    Line,
    More,
    Pending,
    Told,
    facts_of,
    from_text,
    to_text,
)

WAITING: Final = 10_000
"""Lines that may wait for the disk; the next one is dropped and logged."""

MOST: Final = 100_000
"""Lines that may be pending; the same then."""

LOOK_EVERY: Final = 1.0
TWICE_AFTER_US: Final = 5_000_000
AT_ONCE: Final = 500

Place = tuple[str, ServiceId]
"""A company, and a service of it."""

log = structlog.get_logger(__name__)


class Spool:
    """One process's file; whoever wrote it hands it on, also after a restart."""

    def __init__(
        self,
        folder: Path,
        server: str,
        queue: QueueClient,
        clock: Callable[[], float],
    ) -> None:
        self._path = folder / f"{server}.jsonl"
        self._queue = queue
        self._clock = clock
        self._name = f"spool-{server}-{self._now_us()}"
        self._number = 0
        self._pending = Pending()
        self._unwritten: list[Line] = []
        self._handed_on: dict[str, int] = {}
        self._is_news = asyncio.Event()
        self._reached_us = self._now_us()
        self._is_away = False
        self._is_empty = True

    async def open(self) -> None:
        """Read what an earlier life of this process left.

        Raises:
            OSError: the folder cannot be used; better known before anybody calls.
        """
        text = await asyncio.to_thread(self._read)
        self._is_empty = not text
        for line in from_text(text):
            self._pending.add(line)
        self._is_away = bool(self._pending.open("downtime"))

    def refused(self, visit: str, service: Service, why: str, since: float) -> None:
        """Note that a caller could not be queued; once a visit, however often it asks."""
        if self._pending.refusal(visit) is None:
            facts = {"visit": visit, "why": why}
            place = (service.company, ServiceId(service.id))
            self._tell("call_refused", place, _us(since), facts)

    def queued(self, visit: str, call: str) -> None:
        """Note that a caller who was refused a moment ago is in the queue now."""
        told = self._pending.refusal(visit)
        if told is not None and self._now_us() - told.at_us < RECOVERY_US:
            self._add(More(told.id, {"recovered": call}))

    def left(self, visit: str) -> None:
        """Note that a visit is over: who was refused in it stays so."""
        told = self._pending.refusal(visit)
        if told is not None:
            self._add(More(told.id, {}))

    def lost(self, places: Iterable[Place]) -> None:
        """Note that the queue does not answer, once for each of these."""
        if self._is_away:
            return
        self._is_away = True
        facts: dict[str, Fact] = {"what": "queue", "from_us": self._reached_us}
        for place in places:
            self._tell("downtime", place, self._reached_us, facts)

    def reached(self) -> None:
        """Note that the queue answers."""
        self._reached_us = self._now_us()
        if self._is_away:
            self._is_away = False
            for told in self._pending.open("downtime"):
                self._add(More(told.id, {"to_us": self._reached_us}))

    async def run(self) -> Never:
        """Write and hand on for ever; what fails is tried again."""
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._is_news.wait()
            except TimeoutError:
                pass
            self._is_news.clear()
            try:
                await self.write()
                await self.hand_on()
            except (OSError, QueueError) as error:
                log.warning("spool waits", reason=repr(error), lines=len(self._pending))
                await asyncio.sleep(LOOK_EVERY)

    async def write(self) -> None:
        """Bring what was told onto the disk."""
        lines, self._unwritten = self._unwritten, []
        if not lines:
            return
        try:
            await asyncio.to_thread(self._append, to_text(lines))
        except OSError:
            self._unwritten = [*lines, *self._unwritten]
            raise

    async def hand_on(self) -> None:
        """Give the queue what is due, and drop what it has been given twice."""
        if self._is_away:
            return
        now_us = self._now_us()
        for told in self._pending.due(now_us)[:AT_ONCE]:
            first = self._handed_on.get(told.id)
            if first is None or now_us - first >= TWICE_AFTER_US:
                await self._note(told, "again" if first else "first")
                if first is None:
                    self._handed_on[told.id] = now_us
                else:
                    del self._handed_on[told.id]
                    self._add(Done(told.id))
        await self.write()
        if not len(self._pending) and not self._is_empty:
            await asyncio.to_thread(self._empty)

    async def _note(self, told: Told, turn: str) -> None:
        try:
            await self._queue.note(
                kind=told.kind,
                company=CompanyId(told.company),
                service=ServiceId(told.service),
                call=None,
                facts=facts_of(told),
                request=RequestId(f"{told.id}-{turn}"),
            )
        except RefusedError as error:  # it will never be taken: better lost than stuck
            log.warning("a spooled line is refused", line=told.id, code=error.code)

    def _tell(
        self, kind: str, place: Place, at_us: int, facts: Mapping[str, Fact]
    ) -> None:
        if len(self._unwritten) >= WAITING or len(self._pending) >= MOST:
            log.error("the spool is full, a line is dropped", kind=kind)
            return
        self._number += 1
        told = Told(
            id=f"{self._name}-{self._number}",
            kind=kind,
            company=place[0],
            service=place[1],
            at_us=at_us,
            facts=dict(facts),
            is_whole=False,
        )
        self._add(told)

    def _add(self, line: Line) -> None:
        self._pending.add(line)
        self._unwritten.append(line)
        self._is_news.set()

    def _read(self) -> bytes:
        folder = self._path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(0o600)
        _sync(folder)  # else the file's own name may be lost with the power
        return self._path.read_bytes()

    def _append(self, text: bytes) -> None:
        """Write behind what may be a torn line, and wait until the disk has it."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        with os.fdopen(os.open(self._path, flags, 0o600), "ab") as file:
            file.write(b"\n" + text)
            file.flush()
            os.fsync(file.fileno())
        self._is_empty = False

    def _empty(self) -> None:
        os.truncate(self._path, 0)
        self._is_empty = True

    def _now_us(self) -> int:
        return _us(self._clock())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _us(seconds: float) -> int:
    return round(seconds * 1_000_000)
