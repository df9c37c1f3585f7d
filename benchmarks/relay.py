"""What our relay costs and adds, beside Janus and MediaRelay: the same stream for all."""

import asyncio
import sys
import time
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.figures import last_line, machine
from benchmarks.packets import film
from benchmarks.relay_calls import calls_per_core, growth
from benchmarks.relay_delay import added_latency
from benchmarks.relay_race import race

KBPS: Final = 2600
"""What makes 720p30 some 290 packets a second, sound included."""

STREAMS: Final = 30
ROUNDS, SECONDS = 5, 6.0
QUICK_STREAMS, QUICK_ROUNDS, QUICK_SECONDS = 8, 1, 1.5


class Part(StrEnum):
    """What can be measured by itself."""

    RIVALS = "rivals"
    DELAY = "delay"
    CALLS = "calls"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    part: Annotated[
        list[Part] | None, typer.Option(help="Only this; may be repeated.")
    ] = None,
    streams: Annotated[
        int, typer.Option(min=1, help="One-way streams at once.")
    ] = STREAMS,
    rounds: Annotated[int, typer.Option(min=1, help="Of each in the race.")] = ROUNDS,
    seconds: Annotated[
        float, typer.Option(min=1, help="How long a round lasts.")
    ] = SECONDS,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less than a minute in all.")
    ] = False,
) -> None:
    """Measure packets, delays and calls."""
    if quick:
        streams, rounds, seconds = QUICK_STREAMS, QUICK_ROUNDS, QUICK_SECONDS
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    parts = set(part or Part)
    measuring = _measure(parts, streams, rounds, seconds, console)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measuring)
    console.print(_table(figures))
    print(last_line(figures, seconds=time.monotonic() - started))


async def _measure(
    parts: set[Part], streams: int, rounds: int, seconds: float, console: Console
) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    shown, small = film(kbps=KBPS), film(size=(640, 360), kbps=500)
    fewer = max(1, rounds // 2)
    if Part.RIVALS in parts:
        figures |= await race(
            film=shown, rounds=rounds, seconds=seconds, streams=streams, console=console
        )
    if Part.DELAY in parts:
        figures |= await added_latency(
            film=shown, runs=rounds, seconds=seconds, streams=streams, console=console
        )
    if Part.CALLS in parts:
        figures |= await calls_per_core(
            film=shown, rounds=fewer, seconds=seconds, console=console
        )
        # a small film, so that whoever feeds fifty calls keeps up
        figures |= await growth(
            film=small, rounds=fewer, seconds=seconds, console=console
        )
    return figures


def _table(figures: dict[str, Any]) -> Table:
    table = Table(title=f"Relay on {machine()}", title_justify="left")
    table.add_column("what")
    table.add_column("figure")
    for name, value in figures.items():
        table.add_row(name, str(value))
    return table


if __name__ == "__main__":
    app()
