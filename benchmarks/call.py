"""How soon the caller sees the agent, and how smoothly: whole calls in real browsers."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.figures import last_line, machine, percentiles
from benchmarks.platform import Platform
from benchmarks.timeline import Chained, Timeline
from benchmarks.watched import CallBench, Habits, Observed
from ledger.model import Link
from ledger.store import LedgerStore

LOGIN: Final = "agent1"
CALLS, SECONDS = 20, 5
QUICK_CALLS, QUICK_SECONDS = 4, 3
CHAIN_PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the calls go; without a ledger one part of the wait stays unknown."""

    url: str
    account: dict[str, str]
    ledger_url: str | None


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    url: Annotated[
        str | None,
        typer.Option(help="Of a platform that runs; otherwise one is started."),
    ] = None,
    login: Annotated[str, typer.Option(help="Of an agent there.")] = "",
    password: Annotated[str, typer.Option(help="The agent's.")] = "",
    calls: Annotated[int, typer.Option(min=1, help="How many.")] = CALLS,
    seconds_per_call: Annotated[
        int, typer.Option(min=1, help="How long each is watched.")
    ] = SECONDS,
    accept_after: Annotated[
        float, typer.Option(min=0, help="Seconds that the agent lets it ring.")
    ] = 0.0,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less than a minute in all.")
    ] = False,
) -> None:
    """Make calls one after the other and time what people wait for."""
    if quick:
        calls, seconds_per_call = QUICK_CALLS, QUICK_SECONDS
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    named = (
        Place(url.rstrip("/"), {"login": login, "password": password}, None)
        if url
        else None
    )
    started = time.monotonic()
    habits = Habits(seconds_per_call, accept_after)
    seen, timelines = asyncio.run(_measure(named, calls, habits, console))
    figures = _figures(seen, timelines)
    console.print(_table(figures))
    print(last_line(figures, seconds=time.monotonic() - started))


async def _measure(
    named: Place | None, calls: int, habits: Habits, console: Console
) -> tuple[list[Observed], list[Timeline]]:
    async with (
        _place(named) as place,
        CallBench.open(place.url, place.account, habits) as bench,
    ):
        seen: list[Observed] = []
        for number in range(1, calls + 1):
            seen.append(await bench.one_call())
            console.print(f"call {number}/{calls}: {_progress(seen[-1])}")
        ids = {one.call for one in seen}
        known = await _chained(place.ledger_url, ids) if place.ledger_url else {}
    return seen, [Timeline(one.caller, one.agent, known.get(one.call)) for one in seen]


@asynccontextmanager
async def _place(named: Place | None) -> AsyncIterator[Place]:
    """Use the platform that is named, or start one."""
    if named is not None:
        yield named
        return
    with tempfile.TemporaryDirectory() as folder:
        async with Platform.start(Path(folder) / "platform") as platform:
            agent = platform.accounts[LOGIN]
            account = {"login": agent.login, "password": agent.password}
            yield Place(platform.url(), account, platform.database_url)


async def _chained(ledger_url: str, calls: set[str]) -> dict[str, Chained]:
    """Read from the ledger how each of the calls began, once it holds them all."""
    async with asyncio.timeout(CHAIN_PATIENCE), LedgerStore.open(ledger_url) as store:
        while True:
            links = [
                link
                for company in await store.companies()
                async for page in store.links(company)
                for link in page
            ]
            found = _read(links)
            if calls <= found.keys():
                return found
            await asyncio.sleep(0.2)


def _read(links: Iterable[Link]) -> dict[str, Chained]:
    queued, found = {}, {}
    for link in links:
        if link.kind == "call_queued":
            queued[link.call] = link.at_us / 1000
        elif link.kind == "call_answered" and link.call is not None:
            forwarded_us = json.loads(link.body)["facts"]["forwarded_at_us"]
            found[link.call] = Chained(queued[link.call], forwarded_us / 1000)
    return {str(call): chained for call, chained in found.items()}


def _progress(one: Observed) -> str:
    timeline = Timeline(one.caller, one.agent)
    return (
        f"{timeline.click_to_first_frame_ms:.0f} ms from the click, "
        f"{timeline.accept_to_first_frame_ms:.0f} ms from the accept, "
        f"{min(one.fps):.0f} pictures in the worst second, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _figures(seen: Iterable[Observed], timelines: Sequence[Timeline]) -> dict[str, Any]:
    parts = [timeline.parts() for timeline in timelines]
    clicks = [timeline.click_to_first_frame_ms for timeline in timelines]
    accepts = [timeline.accept_to_first_frame_ms for timeline in timelines]
    return {
        "click_to_first_frame_ms": percentiles(clicks, 50, 95),
        "accept_to_first_frame_ms": percentiles(accepts, 50, 95),
        "fps": percentiles((rate for one in seen for rate in one.fps), 50, 5),
        "calls": len(timelines),
        "parts": {
            name: round(median(part[name] for part in parts), 1) for name in parts[0]
        },
    }


def _table(figures: dict[str, Any]) -> Table:
    table = Table(
        title=f"{figures['calls']} calls on {machine()}", title_justify="left"
    )
    table.add_column("what")
    table.add_column("p50", justify="right")
    table.add_column("p95 (fps: p5)", justify="right")
    for name in ("click_to_first_frame_ms", "accept_to_first_frame_ms", "fps"):
        table.add_row(name, *(f"{value:.0f}" for value in figures[name].values()))
    table.add_section()
    for name, value in figures["parts"].items():
        table.add_row(name, f"{value:.0f}", "")
    return table


if __name__ == "__main__":
    app()
