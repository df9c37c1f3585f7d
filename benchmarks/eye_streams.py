"""Many people looked at on few processors: is everybody, and do their calls notice?"""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Annotated, Any, Final

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.eye_choir import Choir, Sung
from benchmarks.eye_films import Someone, filmed, frames_in, loop_of
from benchmarks.figures import last_line, machine, percentile
from benchmarks.packets import Film, pictures
from benchmarks.relay_rivals import OurRelay
from relay.client import RelayClient
from relay.messages import EyeCounted

KBPS: Final = 500
LOOP_S: Final = 6.0
"""A drawn signer at 480 lines, as each of them sends."""

SETTLES: Final = 5.0
"""Seconds after the eye is switched that are not judged: it begins with key frames."""

PATIENCE: Final = 5.0
FIRST_WINDOW_S: Final = 3.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    streams: Annotated[int, typer.Option(min=1, help="People who sign.")] = 50,
    rounds: Annotated[int, typer.Option(min=1, help="Off and on, so often.")] = 3,
    seconds: Annotated[float, typer.Option(min=2, help="How long each lasts.")] = 12.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes of the eye.")] = 1,
    layers: Annotated[
        bool, typer.Option(help="Whether they send temporal layers, as our pages do.")
    ] = True,
    quick: Annotated[
        bool, typer.Option("--quick", help="8 streams, one round of 5 s.")
    ] = False,
) -> None:
    """Switch the eye off and on, and look at the calls beside each other."""
    if quick:
        streams, rounds, seconds = 8, 1, 5.0
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110)
    started = time.monotonic()
    shown = signing(layers=layers)
    measuring = _measure(shown, streams, rounds, seconds, workers)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        off, on, counted = runner.run(measuring)
    console.print(_table(off, on))
    figures = {
        "streams": streams,
        "workers": workers,
        "layers": layers,
        "off": _middle(off),
        "on": _middle(on),
        **_evenness(counted, rounds, seconds),
    }
    print(last_line(figures, seconds=time.monotonic() - started))


def signing(*, layers: bool) -> Film:
    """Film the drawn signer, without sound: it is nothing to the eye."""
    loop = loop_of(Someone("drawn"))
    count = frames_in(LOOP_S)
    frames = filmed(
        (loop[n % len(loop)] for n in range(count)), kbps=KBPS, layers=layers
    )
    return Film(
        pieces=tuple(pictures(frames)),
        seconds=LOOP_S,
        pictures=count,
        bases=sum(1 for frame in frames if frame.temporal_id == 0),
    )


async def _measure(
    shown: Film, streams: int, rounds: int, seconds: float, workers: int
) -> tuple[list[Sung], list[Sung], list[int]]:
    off: list[Sung] = []
    on: list[Sung] = []
    async with OurRelay.open(eye_workers=workers) as relay:
        made = [await relay.stream(watching={"sends": False}) for _ in range(streams)]
        await let_talk(relay.client, streams)
        async with Choir.open(made, shown, relay.pid) as choir:
            for _ in range(rounds):
                off.append(await choir.sing(SETTLES, seconds))
                await watch(relay.client, streams, yes=True)
                on.append(await choir.sing(SETTLES, seconds))
                await watch(relay.client, streams, yes=False)
            counted = await counts(relay.client, streams)
    return off, on, counted


async def let_talk(client: RelayClient, streams: int) -> None:
    """Let them be seen and see: only of a conversation windows are counted."""
    both = [("caller", "agent:0"), ("agent:0", "caller")]
    for number in range(1, streams + 1):
        await client.route(call=f"call-{number}", token=1, routes=both)


async def watch(client: RelayClient, streams: int, *, yes: bool) -> None:
    """Let the eye look at everybody who signs, or at nobody."""
    for number in range(1, streams + 1):
        await client.watch(call=f"call-{number}", participant="caller", yes=yes)


async def counts(client: RelayClient, streams: int) -> list[int]:
    """End the calls, and hear of each how many windows were judged.

    Raises:
        TimeoutError: of some nothing is told.

    """
    found: dict[str, int] = {}
    for number in range(1, streams + 1):
        await client.close_call(call=f"call-{number}", token=1)
    async with asyncio.timeout(PATIENCE):
        async for event in client.events():
            if isinstance(event, EyeCounted):
                found[event.call] = event.windows
            if len(found) == streams:
                break
    return sorted(found.values())


def _evenness(counted: Sequence[int], rounds: int, seconds: float) -> dict[str, Any]:
    return {
        "windows_per_stream": {
            "min": min(counted),
            "p5": percentile(counted, 0.05),
            "p50": percentile(counted, 0.5),
            "max": max(counted),
            "due": rounds * int(SETTLES + seconds - FIRST_WINDOW_S),
        }
    }


def _middle(rounds: Sequence[Sung]) -> dict[str, float]:
    rows = [asdict(one) for one in rounds]
    return {key: round(median(row[key] for row in rows), 3) for key in rows[0]}


def _table(off: Sequence[Sung], on: Sequence[Sung]) -> Table:
    table = Table(title=f"Calls beside the eye, {machine()}", title_justify="left")
    names = list(asdict(off[0]))
    for name in ("eye", *names):
        table.add_column(name.replace("_", " "))
    for pair in zip(off, on, strict=True):
        for word, one in zip(("off", "on"), pair, strict=True):
            facts = asdict(one)
            table.add_row(word, *(f"{facts[name]:.3g}" for name in names))
    return table


if __name__ == "__main__":
    app()
