"""What a run of the ledger's benchmark is made of: a stream, processes, a look at the chains."""

import asyncio
import contextlib
import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
import redis

from benchmarks.ledger_month import POOL, Noted
from benchmarks.servers import BareServer
from illico.ports import any_free
from ledger.alone import illico_verify
from ledger.books.projector import Projector
from ledger.chain import canonical
from ledger.client import LedgerClient
from ledger.keys import SigningKey
from ledger.model import CompanyId
from ledger.store import LedgerStore
from queueing.keys import Keys

REPORTS: Final = 100
BACKLOG: Final = 100_000
"""Entries in the stream at most: the feeder waits for the ledger."""
AT_ONCE: Final = 500
START_S: Final = 60.0
STALL_S: Final = 120.0
LOOK_EVERY_S: Final = 0.05
_EVENT: Final = re.compile(r'"event_id":"([^"@]*)@')
_KIND: Final = re.compile(r'"kind":"([^"]*)"')

Told = tuple[str, str, str]
"""Number, company and kind of an event."""


@dataclass(slots=True)
class Feed:
    """Writes entries into the stream, and remembers what it wrote."""

    server: BareServer
    entries: Iterable[Noted]
    written: Counter[Told] = field(default_factory=Counter)
    is_done: bool = False

    async def run(self) -> None:
        """Write everything; wait wherever the ledger is too far behind."""
        entries = iter(self.entries)
        with self.server.client() as client:
            while page := [*islice(entries, AT_ONCE)]:
                while client.xlen(Keys(POOL).ledger) > BACKLOG:  # noqa: ASYNC110  another process empties it
                    await asyncio.sleep(LOOK_EVERY_S)
                self._write(client, page)
                await asyncio.sleep(0)
        self.is_done = True

    def _write(self, client: redis.Redis, page: Sequence[Noted]) -> None:
        pipe = client.pipeline(transaction=False)
        for noted in page:
            pipe.xadd(Keys(POOL).ledger, {"events": noted.text})
            self.written.update(noted.events)
        pipe.execute()


@dataclass(frozen=True, slots=True)
class House:
    """Where a ledger process works."""

    server: BareServer
    database_url: str
    folder: Path

    @property
    def key_file(self) -> Path:
        return self.folder / "key.pem"

    def prepare(self) -> None:
        self.key_file.write_text(SigningKey.made().pem(), encoding="ascii")

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "ILLICO_REDIS_URL": self.server.url,
            "ILLICO_DATABASE_URL": self.database_url,
            "ILLICO_QUEUE_POOL": POOL,
            "ILLICO_LEDGER_KEY": str(self.key_file),
            "ILLICO_PORTAL_PORT": str(any_free("127.0.0.1")),
        }


@contextlib.asynccontextmanager
async def a_ledger(house: House) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m ledger` until the block is left, then kill it (SIGKILL)."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ledger"),
        env=house.environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            assert (await process.stdout.readline()).startswith(b"ready")
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def killed_again_and_again(
    house: House, feed: Feed, kills: int, chance: random.Random, longest_s: float
) -> None:
    """Kill the ledger at random moments, then let it chain the rest."""
    for _ in range(kills):
        async with a_ledger(house):
            await asyncio.sleep(chance.uniform(0.01, longest_s))
    async with a_ledger(house):
        await until_chained(house, feed)


async def until_chained(house: House, feed: Feed) -> float:
    """Wait until nothing is left in the stream; tell when that was (monotonic).

    Raises:
        TimeoutError: for too long nothing was taken from it.
    """
    with house.server.client() as client:
        left, since = -1, time.monotonic()
        while True:
            now, length = time.monotonic(), client.xlen(Keys(POOL).ledger)
            if feed.is_done and length == 0:
                return now
            if length != left or not feed.is_done:
                left, since = length, now
            if now - since > STALL_S:
                raise TimeoutError("the ledger takes nothing from the stream any more")
            await asyncio.sleep(LOOK_EVERY_S)


async def chained(store: LedgerStore) -> Counter[Told]:
    """Count every event of every chain."""
    found: Counter[Told] = Counter()
    for company, head in (await store.heads()).items():
        pages = store.bodies(company, after=0, up_to=head.position)
        async for page in pages:
            found.update(_told(company, (body for _, body, _ in page)))
    return found


def _told(company: str, bodies: Iterable[str]) -> Iterator[Told]:
    for body in bodies:
        event, kind = _EVENT.search(body), _KIND.search(body)
        assert event is not None
        assert kind is not None
        yield event[1], company, kind[1]


async def verified(store: LedgerStore) -> float:
    """Walk every chain as `illico ledger verify` does; tell the seconds."""
    client, started = LedgerClient(store), time.monotonic()
    for company in await client.companies():
        verdict = await client.verify(company)
        assert verdict.found is None, verdict.found
    return time.monotonic() - started


async def verified_alone(
    store: LedgerStore, folder: Path, month: str
) -> tuple[float, int]:
    """Export every chain, and let the file that a company runs check and compute it.

    Tells the seconds, and in how many companies its figures are not ours to the last
    digit, or our read models are not a fold of the whole chain.
    """
    client, seconds, differences = LedgerClient(store), 0.0, 0
    export, heads = folder / "export.jsonl", folder / "heads.json"
    for company in filter(None, await client.companies()):
        heads.write_text((await client.heads(company)).text, encoding="ascii")
        with export.open("w", encoding="ascii") as file:
            async for page in client.export(company):
                file.write(page)
        started = time.monotonic()
        words = (str(export), "--heads", str(heads), "--month", month, "--json")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", illico_verify.__file__),
            *words,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        seconds += time.monotonic() - started
        ours = canonical(msgspec.to_builtins(await client.month(company, month)))
        differences += ours != canonical(json.loads(said)["figures"])
        differences += await Projector(store).differences(company) > 0
    return seconds, differences


async def reported(
    database_url: str, company: str, months: Sequence[str]
) -> list[float]:
    """Ask for months again and again, as JSON; tell the milliseconds of the first.

    Nothing is kept between two questions but what the database itself keeps.
    """
    taken = []
    async with LedgerClient.open(database_url) as client:
        for _ in range(REPORTS):
            started = time.monotonic_ns()
            msgspec.json.encode(await client.month(CompanyId(company), months[0]))
            taken.append(time.monotonic_ns() - started)
            for other in months[1:]:
                await client.month(CompanyId(company), other)
    return [each / 1_000_000 for each in taken]
