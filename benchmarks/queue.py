"""How much a call costs the queue, and how soon an agent hears of it."""

import asyncio
import sys
import time
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import queue_offers, queue_speed
from benchmarks.figures import last_line, machine
from benchmarks.servers import Kind

ROUNDS, QUICK_ROUNDS = 42, 6
OFFERS, QUICK_OFFERS = 1_000, 150
TARGETS: Final = {
    "overload_ratio": "≥ 0.12, goal 0.20",
    "light_ratio": "≥ 0.20, goal 0.30",
    "growth_100k_over_1k": "≤ 1.4",
    "script_p999_ms": "≤ 2",
    "event_to_offer_ms": "p99 ≤ 3 × floor",
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    server: Annotated[
        Kind, typer.Option(help="This machine's Redis, or our embedded Valkey.")
    ] = Kind.REDIS,
    rounds: Annotated[int, typer.Option(min=1, help="How many.")] = ROUNDS,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less than a minute in all.")
    ] = False,
) -> None:
    """Load the queue with a whole country and see what one more call costs."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    rounds = QUICK_ROUNDS if quick else rounds
    figures: dict[str, Any] = {"server": server.value}
    for part in (queue_speed.ratios, queue_speed.growth, queue_speed.worst_cases):
        figures |= part(server, rounds, console.print)
    times = QUICK_OFFERS if quick else OFFERS
    figures |= asyncio.run(queue_offers.offers(server, times, console.print))
    console.print(_table(figures))
    print(last_line(figures, seconds=time.monotonic() - started))


def _table(figures: dict[str, Any]) -> Table:
    table = Table(title=f"The queue on {machine()}", title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("must")
    parts = figures["parts"]
    for name, value in figures.items():
        if name != "parts":
            table.add_row(name, str(value), TARGETS.get(name, ""))
    table.add_section()
    for name, part in parts.items():
        table.add_row(name, ", ".join(f"{v} {k}" for k, v in part.items()), "")
    return table


if __name__ == "__main__":
    app()
