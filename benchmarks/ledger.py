"""How fast and how surely a month of calls is chained, and how fast a chain is verified."""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.databases import Database, open_database, size
from benchmarks.figures import last_line, machine, percentiles
from benchmarks.ledger_month import COMPANIES, a_month
from benchmarks.ledger_runs import (
    Feed,
    House,
    Told,
    a_ledger,
    chained,
    killed_again_and_again,
    reported,
    until_chained,
    verified,
    verified_alone,
)
from benchmarks.servers import Kind, bare_server
from ledger.store import LedgerStore

CALLS, QUICK_CALLS = 100_000, 1_500
SPEED_CALLS, QUICK_SPEED_CALLS = 10_000, 1_000
KILLS, QUICK_KILLS = 20, 3
LIFE_S, QUICK_LIFE_S = 3.0, 0.3
ROUNDS: Final = 3
MONTH: Final = "2026-11"
MONTHS: Final = (MONTH, "2026-10", "2026-12")
COMPANY: Final = "company00"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run on each database."""

    calls: int
    kills: int
    life_s: float
    speed_calls: int
    rounds: int
    seed: int
    companies: int = 1
    """Whose month it is: of one company, so that its export holds the whole month."""
    speed_companies: int = COMPANIES


@dataclass(frozen=True, slots=True)
class Killed:
    """What a month with kills came to."""

    events: int
    lost: int
    doubled: int
    verify_s: float
    alone_s: float
    differences: int
    """Companies whose figures are not the same by every way, to the last digit."""
    report_ms: dict[str, float]
    """How long a question for the month's figures takes."""
    bytes: int


@app.command()
def main(
    *,
    calls: Annotated[int, typer.Option(min=10, help="Of the month.")] = CALLS,
    kills: Annotated[int, typer.Option(min=0, help="With SIGKILL.")] = KILLS,
    database: Annotated[
        list[Database] | None, typer.Option(help="Which; both unless named.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the month and of the kills.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less than a minute in all.")
    ] = False,
) -> None:
    """Chain a month again and again while the ledger is killed; then look at it."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    plan = (
        Plan(QUICK_CALLS, QUICK_KILLS, QUICK_LIFE_S, QUICK_SPEED_CALLS, 1, seed)
        if quick
        else Plan(calls, kills, LIFE_S, SPEED_CALLS, ROUNDS, seed)
    )
    speeds, months = {}, {}
    for kind in database or Database:
        speeds[kind.value] = speed(plan, kind)
        console.print(f"{kind}: {speeds[kind.value]:,.0f} events/s, one writer")
        months[kind.value] = month(plan, kind)
        console.print(f"{kind}: {months[kind.value]}")
    figures = as_figures(plan, speeds, months)
    table = Table(title=f"The ledger on {machine()}", title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
    print(last_line(figures, seconds=time.monotonic() - started))


def speed(plan: Plan, kind: Database) -> float:
    """Tell how many events a second one writer chains, without kills: the median."""
    return statistics.median(
        asyncio.run(_speed(plan, kind)) for _ in range(plan.rounds)
    )


def month(plan: Plan, kind: Database) -> Killed:
    """Chain the month while the ledger is killed at random moments, and look at it."""
    return asyncio.run(_month(plan, kind))


def as_figures(
    plan: Plan, speeds: dict[str, float], months: dict[str, Killed]
) -> dict[str, Any]:
    """Name them as the last line does."""
    first = next(iter(months.values()))
    return {
        "events_per_s": {name: round(each) for name, each in speeds.items()},
        "verify_events_per_s": round(first.events / first.verify_s),
        "alone_events_per_s": round(first.events / first.alone_s),
        "report_month_ms": {
            name: max(each.report_ms[name] for each in months.values())
            for name in ("p50", "p95")
        },
        "differences": sum(each.differences for each in months.values()),
        "lost": sum(each.lost for each in months.values()),
        "doubled": sum(each.doubled for each in months.values()),
        "kills": plan.kills * len(months),
        "calls": plan.calls,
        "events": first.events,
        "bytes_per_event": round(first.bytes / first.events),
    }


async def _speed(plan: Plan, kind: Database) -> float:
    entries = [*a_month(plan.speed_calls, plan.seed, plan.speed_companies)]
    with _house(kind) as house:
        async with a_ledger(house):
            feed = Feed(house.server, entries)
            started = time.monotonic()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(feed.run())
                ended = tasks.create_task(until_chained(house, feed))
    return feed.written.total() / (ended.result() - started)


async def _month(plan: Plan, kind: Database) -> Killed:
    with _house(kind) as house:
        entries = a_month(plan.calls, plan.seed, plan.companies)
        feed = Feed(house.server, entries)
        chance = random.Random(plan.seed)  # noqa: S311  a drawing, no secret
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(feed.run())
            await killed_again_and_again(house, feed, plan.kills, chance, plan.life_s)
        async with LedgerStore.open(house.database_url) as store:
            lost, doubled = difference(feed.written, await chained(store))
            alone_s, differences = await verified_alone(store, house.folder, MONTH)
            verify_s = await verified(store)
        report_ms = await reported(house.database_url, COMPANY, MONTHS)
        return Killed(
            events=feed.written.total(),
            lost=lost,
            doubled=doubled,
            verify_s=verify_s,
            alone_s=alone_s,
            differences=differences,
            report_ms=percentiles(report_ms, 50, 95),
            bytes=size(house.database_url),
        )


def difference(written: Counter[Told], found: Counter[Told]) -> tuple[int, int]:
    """Count the events that are missing, and those that are there too often."""
    return (written - found).total(), (found - written).total()


@contextmanager
def _house(kind: Database) -> Iterator[House]:
    with (
        bare_server(Kind.VALKEY) as server,
        open_database(kind) as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        house = House(server, url, Path(folder))
        house.prepare()
        yield house


if __name__ == "__main__":
    app()
