"""What a thousand open portals cost, and how soon a new caller is on the page."""

import asyncio
import contextlib
import os
import resource
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import aiohttp
import typer
from playwright.async_api import Page, async_playwright
from rich.console import Console
from rich.table import Table

from accounts.client import AccountsClient
from accounts.model import CompanyId as AccountsCompanyId
from accounts.model import PersonRole
from benchmarks.figures import last_line, machine, percentiles
from benchmarks.servers import BareServer, Kind, bare_server
from illico.ports import any_free
from queueing.catalogue import AgentEntry, Directory, Need, ServiceEntry
from queueing.client import QueueClient
from queueing.model import (
    AgentId,
    CallId,
    CompanyId,
    Mode,
    RelayId,
    RequestId,
    ServerId,
    ServiceId,
    Side,
)

COMPANIES: Final = 20
STREAMS, QUICK_STREAMS = 1_000, 100
SECONDS, QUICK_SECONDS = 60, 15
SHOWN, QUICK_SHOWN = 30, 8
CALLS_BEFORE: Final = 300
AGENTS: Final = 100
START_S: Final = 60.0
OPENING_AT_ONCE: Final = 40
SETTLE_S: Final = 3.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class House:
    """A ledger that serves, its queue, and who may look."""

    url: str
    pid: int
    queue: QueueClient
    viewers: Sequence["Viewer"]
    services: Sequence[ServiceId]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who may look at one company."""

    login: str
    password: str = field(repr=False)
    company: CompanyId


@dataclass(slots=True)
class Readers:
    """Open pages without a browser: each reads what is pushed, and counts it."""

    wanted: int
    opened: int = 0
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    messages: int = 0
    bytes: int = 0
    largest: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


@app.command()
def main(
    *,
    streams: Annotated[int, typer.Option(min=1)] = STREAMS,
    seconds: Annotated[int, typer.Option(min=5)] = SECONDS,
    quick: Annotated[bool, typer.Option("--quick", help="Less than a minute.")] = False,
) -> None:
    """Open the portals, let something happen each second, and look at the clock."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    if quick:
        streams, seconds = QUICK_STREAMS, QUICK_SECONDS
    shown = QUICK_SHOWN if quick else SHOWN
    _allow_many_files()
    figures = asyncio.run(_measure(streams, seconds, shown, console))
    table = Table(title=f"The portal on {machine()}", title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
    print(last_line(figures, seconds=time.monotonic() - started))


async def _measure(
    streams: int, seconds: int, shown: int, console: Console
) -> dict[str, Any]:
    async with _house() as house:
        for number in range(CALLS_BEFORE):
            await _call(house, f"old-{number}", number, stays=False)
        console.print(f"{CALLS_BEFORE} calls of the morning are chained")
        waits = await _shown(house, shown)
        console.print(f"{len(waits)} new callers were seen on the page")
        figures: dict[str, Any] = {}
        for companies in (1, len(house.viewers)):
            async with _readers(house, streams, companies) as readers:
                console.print(f"{streams} pages of {companies} companies are open")
                await asyncio.sleep(SETTLE_S)
                cost = await _cost(house, readers, seconds, companies)
            figures |= cost if companies == 1 else {"spread": cost}
    return {
        **figures,
        "streams": streams,
        "companies": len(house.viewers),
        "shown_ms": percentiles(waits, 50, 95, 100),
    }


async def _cost(
    house: House, readers: Readers, seconds: int, companies: int
) -> dict[str, Any]:
    """Let each company have an event a second; tell what the ledger used meanwhile."""
    before, read, size = _cpu(house.pid), readers.messages, readers.bytes
    started = time.monotonic()
    for second in range(seconds):
        for number in range(companies):
            name = f"new-{companies}-{second}-{number}"
            await _call(house, name, number, stays=True)
        await asyncio.sleep(max(0.0, started + second + 1 - time.monotonic()))
    wall = time.monotonic() - started
    return {
        "core_share": round((_cpu(house.pid) - before) / wall, 3),
        "messages_per_s": round((readers.messages - read) / wall),
        "bytes_per_s": round((readers.bytes - size) / wall),
        "largest_push": readers.largest,
    }


async def _call(house: House, name: str, number: int, *, stays: bool) -> None:
    """Let somebody call one of the companies: one event, or a short call's three."""
    await house.queue.enqueue(
        call=CallId(name),
        service=house.services[number % len(house.services)],
        topic=None,
        mode=Mode.VIDEO,
        relay=RelayId("r1"),
        connection=f"{name}-c",
        request=RequestId(f"{name}-1"),
    )
    if not stays:
        await house.queue.hang_up(
            call=CallId(name), by=Side.CALLER, request=RequestId(f"{name}-2")
        )


async def _shown(house: House, callers: int) -> list[float]:
    """Tell in ms how long after T0 each new caller stood on the live page."""
    async with _a_page(house) as page:
        waits = []
        for number in range(callers):
            name = f"shown-{number}"
            await page.evaluate(_WATCH, f"{name} 0")
            await _call(house, name, 0, stays=True)
            view = await house.queue.view(CallId(name))
            assert view is not None
            seen_ms = await page.evaluate("() => globalThis.seen")
            waits.append(seen_ms - view.t0 * 1000)
            await house.queue.hang_up(
                call=CallId(name), by=Side.CALLER, request=RequestId(f"{name}-2")
            )
        return waits


_WATCH: Final = """(name) => {
  const told = (done) => {
    const look = () => document.querySelector(`[data-waiting="${name}"]`)
      ? (watcher.disconnect(), requestAnimationFrame(() => done(Date.now()))) : null;
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { childList: true, subtree: true });
  };
  globalThis.seen = new Promise(told);
}"""


@contextlib.asynccontextmanager
async def _a_page(house: House) -> AsyncIterator[Page]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await browser.new_page(locale="fr-FR")
        await page.goto(house.url)
        await page.get_by_label("Identifiant").fill(house.viewers[0].login)
        await page.get_by_label("Mot de passe").fill(house.viewers[0].password)
        await page.keyboard.press("Enter")
        await page.get_by_test_id("waiting").wait_for()
        try:
            yield page
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def _readers(
    house: House, streams: int, companies: int
) -> AsyncIterator[Readers]:
    """Hold so many pages open, the companies taking turns."""
    readers, door = Readers(streams), asyncio.Semaphore(OPENING_AT_ONCE)
    async with contextlib.AsyncExitStack() as stack:
        sessions = [
            await stack.enter_async_context(_signed_in(house, viewer))
            for viewer in house.viewers[:companies]
        ]
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        for number in range(streams):
            session = sessions[number % len(sessions)]
            reading = _read(session, readers, door)
            readers.tasks.append(tasks.create_task(reading))
        async with asyncio.timeout(START_S + streams / 10):
            await readers.is_open.wait()
        try:
            yield readers
        finally:
            for task in readers.tasks:
                task.cancel()


async def _read(
    session: aiohttp.ClientSession, readers: Readers, door: asyncio.Semaphore
) -> None:
    async with door:
        answer = await session.get("/api/day/events")
        answer.raise_for_status()
        while not (await answer.content.readline()).startswith(b"event: news"):
            pass
    readers.opened += 1
    if readers.opened == readers.wanted:
        readers.is_open.set()
    async for line in answer.content:
        if line.startswith(b"data:"):
            readers.messages += 1
            readers.bytes += len(line)
            readers.largest = max(readers.largest, len(line))


@contextlib.asynccontextmanager
async def _signed_in(
    house: House, viewer: "Viewer"
) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(
        house.url,
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
        read_bufsize=2**20,
    ) as session:
        answer = await session.post(
            "/api/sign-in",
            json={"login": viewer.login, "password": viewer.password},
            headers={"Origin": house.url},
        )
        answer.raise_for_status()
        yield session


@contextlib.asynccontextmanager
async def _house() -> AsyncIterator[House]:
    with bare_server(Kind.VALKEY) as server, tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{folder}/illico.sqlite3"
        viewers = [await _seed(database, number) for number in range(COMPANIES)]
        companies = [viewer.company for viewer in viewers]
        async with QueueClient.open(server.url, server=ServerId("s1")) as queue:
            await queue.heartbeat()
            await queue.publish(_directory(companies))
            services = [ServiceId(f"{name}-demo") for name in companies]
            async with _ledger(server, database) as (url, pid):
                yield House(url, pid, queue, viewers, services)


async def _seed(database_url: str, number: int) -> Viewer:
    company, login = f"company-{number}", f"viewer-{number}"
    password = secrets.token_urlsafe(16)
    async with AccountsClient.open(database_url) as accounts:
        slug = AccountsCompanyId(company)
        await accounts.add_company(slug=slug, name=f"Company {number}")
        await accounts.add_person(
            login=login,
            password=password,
            name=f"Viewer {number}",
            role=PersonRole.VIEWER,
            company=slug,
        )
    return Viewer(login, password, CompanyId(company))


def _directory(companies: Sequence[CompanyId]) -> Directory:
    return Directory(
        version=1,
        services=tuple(
            ServiceEntry(ServiceId(f"{name}-demo"), name, (Need("lsf", 1),))
            for name in companies
        ),
        agents=tuple(
            AgentEntry(AgentId(f"agent-{number}"), frozenset(companies), {"lsf": 3})
            for number in range(AGENTS)
        ),
    )


@contextlib.asynccontextmanager
async def _ledger(
    server: BareServer, database_url: str
) -> AsyncIterator[tuple[str, int]]:
    """Run `python -m ledger`; give its address and its process."""
    port = any_free("127.0.0.1")
    url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ledger"),
        env={
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "ILLICO_REDIS_URL": server.url,
            "ILLICO_DATABASE_URL": database_url,
            "ILLICO_PORTAL_PORT": str(port),
            "ILLICO_PORTAL_URL": url,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            assert (await process.stdout.readline()).startswith(b"ready")
        yield url, process.pid
    finally:
        process.terminate()
        await process.wait()


def _cpu(pid: int) -> float:
    """Tell the seconds of processor time that a process has used, all threads."""
    # clock_getcpuclockid(3): the clock of another process is made of its number
    return time.clock_gettime((~pid) << 3 | 2)


def _allow_many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    app()
