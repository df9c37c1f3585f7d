"""Whether the eye is right: false advice, troubles told, how soon, and what it costs."""

import asyncio
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import uvloop
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.eye_conditions import (
    CONDITIONS,
    LIGHTS,
    Condition,
    Kind,
    make_film,
)
from benchmarks.eye_cost import core_share, ms_per_hand_check
from benchmarks.eye_films import Film, Someone, people_of
from benchmarks.eye_play import Screening
from benchmarks.eye_rows import Row, figures, row_of
from benchmarks.figures import last_line

COST_S, QUICK_COST_S = 20.0, 4.0
AHEAD: Final = 2
"""Films that wait for each process which makes them."""

WALLS: Final = ((240, 240, 240), (120, 125, 130), (60, 70, 85))

Plan = tuple[Someone, Condition]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    clips: Annotated[
        Path | None,
        typer.Option(
            envvar="ILLICO_SIGNING_CLIPS", help="A folder with films of real signing."
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Conditions with this in their name.")
    ] = None,
    detail: Annotated[
        bool, typer.Option("--detail", help="A line for every film.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="One clip, one amount of each trouble.")
    ] = False,
) -> None:
    """Show the eye people who sign, untouched and with every trouble."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 130)
    started = time.monotonic()
    people = people_of(clips)[: 1 if quick else None]
    if not people:
        console.print("No clips of real signing: only the drawn signer is shown.")
    plans = [one for one in _plans(people, quick=quick) if _is_wanted(one, only)]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = {} if only else runner.run(_cost(people, quick=quick))
        rows, left_out = runner.run(_rows(plans))
    for table in _tables(rows, detail=detail):
        console.print(table)
    for someone, condition in left_out:
        console.print(f"not made: {someone.name}, {condition.name} (no face found)")
    found |= figures(rows)
    print(last_line(found, seconds=time.monotonic() - started))


def _plans(people: Sequence[Someone], *, quick: bool) -> list[Plan]:
    """Who is shown in what; the drawn signer is also varied in looks, untouched."""
    everybody = [*people, Someone("drawn")]
    plans = [
        (someone, condition)
        for someone in everybody
        for condition in CONDITIONS.values()
        if condition.is_for(someone) and (condition.quick or not quick)
    ]
    if quick:
        return plans
    looks = [
        Someone(f"drawn, tone {tone}, wall {n}", tone=tone, wall=wall, seed=n)
        for tone in range(5)
        for n, wall in enumerate(WALLS, 1)
    ]
    return plans + [
        (someone, CONDITIONS[light]) for light in LIGHTS for someone in looks
    ]


def _is_wanted(plan: Plan, only: Sequence[str] | None) -> bool:
    return not only or any(part in plan[1].name for part in only)


async def _cost(people: Sequence[Someone], *, quick: bool) -> dict[str, Any]:
    shown = people or [Someone("drawn")]
    seconds = QUICK_COST_S if quick else COST_S
    return {
        "core_share_per_call": await core_share(shown, seconds),
        "ms_per_hand_check": ms_per_hand_check(shown),
    }


async def _rows(plans: Sequence[Plan]) -> tuple[list[Row], list[Plan]]:
    rows: list[Row] = []
    left_out: list[Plan] = []
    async with Screening.open() as screening:
        async for (someone, condition), film in _films(plans):
            if film is None:
                left_out.append((someone, condition))
                continue
            played = await screening.play(film, ends_silent=condition.silent)
            rows.append(row_of(someone.name, condition, played, film.onset))
    return rows, left_out


async def _films(plans: Sequence[Plan]) -> AsyncIterator[tuple[Plan, Film | None]]:
    """Make films on all processors, some of them ahead."""
    loop = asyncio.get_running_loop()
    count = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=spawn) as makers:
        waiting: deque[tuple[Plan, asyncio.Future[Film | None]]] = deque()
        coming = iter(plans)
        for _ in track(plans, "films", console=Console(stderr=True)):
            for plan in coming:
                making = loop.run_in_executor(makers, make_film, plan[0], plan[1].name)
                waiting.append((plan, making))
                if len(waiting) > AHEAD * count:
                    break
            plan, making = waiting.popleft()
            yield plan, await making


def _tables(rows: Sequence[Row], *, detail: bool) -> list[Table]:
    tables = []
    for kind, title in (
        (Kind.LEGIBLE, "Legible: advice is false"),
        (Kind.TROUBLE, "In trouble"),
        (Kind.SHOWN, "Only shown"),
    ):
        table = Table(title=title, title_justify="left")
        for name in ("condition", "reason", "n", "right", "delay s", "told besides"):
            table.add_column(name)
        of_kind = [row for row in rows if row.condition.kind is kind]
        if not of_kind:
            continue
        for name in dict.fromkeys(row.condition.name for row in of_kind):
            own = [row for row in of_kind if row.condition.name == name]
            table.add_row(*_cells(name, own))
            if detail:
                for row in own:
                    table.add_row(*_cells(f"  {row.signer}", [row]))
        tables.append(table)
    return tables


def _cells(name: str, rows: Sequence[Row]) -> tuple[str, ...]:
    condition, windows = rows[0].condition, sum(row.windows for row in rows)
    told = sum((row.told for row in rows), start=type(rows[0].told)())
    others = [
        f"{reason.value} {count / windows:.2f}"
        for reason, count in told.most_common()
        if reason is not condition.reason
    ]
    delays = [row.delay_s for row in rows if row.condition.reason]
    return (
        name,
        condition.reason or "",
        str(windows),
        f"{sum(row.right for row in rows) / windows:.2f}" if windows else "-",
        " ".join("never" if d is None else f"{d:.1f}" for d in delays),
        ", ".join(others),
    )


if __name__ == "__main__":
    app()
