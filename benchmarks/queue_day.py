"""A day of load at the queue, beside the same day in the hands of an oracle."""

import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.day import Day, Outcome, a_day, play
from benchmarks.day_oracle import DayOracle
from benchmarks.day_queue import DURATIONS, DayQueue
from benchmarks.figures import last_line, machine
from benchmarks.queue_order import Order
from benchmarks.servers import BareServer, Kind, bare_server
from queueing.catalogue import TARGET_SECONDS
from queueing.model import ServiceId

CALLS, QUICK_CALLS = 20_000, 10_000
SHORT: Final = 5.0
"""Who leaves before is not counted (rules)."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Fairness:
    """How the queue did beside the better of two oracles."""

    service_level: float
    oracle_service_level: float
    worst: float
    oracle_worst: float
    i8_violations: int
    broken: tuple[str, ...]

    def figures(self) -> dict[str, Any]:
        """Name them as the last line does; service levels are in points of a hundred."""
        gap = self.oracle_service_level - self.service_level
        return {
            "service_level": round(self.service_level, 2),
            "oracle_service_level": round(self.oracle_service_level, 2),
            "service_level_gap": round(gap, 2),
            "i8_violations": self.i8_violations,
            "worst_wait_s": round(self.worst, 1),
            "oracle_worst_wait_s": round(self.oracle_worst, 1),
            "worst_wait_ratio": round(self.worst / self.oracle_worst, 3),
        }


@app.command()
def main(
    *,
    calls: Annotated[int, typer.Option(min=100, help="About how many.")] = CALLS,
    server: Annotated[
        Kind, typer.Option(help="Our embedded Valkey, or this machine's Redis.")
    ] = Kind.VALKEY,
    seed: Annotated[int, typer.Option(help="Of the day.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less than a minute in all.")
    ] = False,
) -> None:
    """Play one day with the real queue and with an oracle that sees everything."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    day = a_day(calls=QUICK_CALLS if quick else calls, seed=seed)
    console.print(f"{len(day.callers)} calls, {len(day.directory.agents)} agents")
    with bare_server(server) as one:
        fair = fairness(day, one)
    for what in fair.broken[:20]:
        console.print(what, style="red", markup=False)
    figures = {"server": server.value, "calls": len(day.callers), **fair.figures()}
    table = Table(title=f"A day on {machine()}", title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
    print(last_line(figures, seconds=time.monotonic() - started))


def fairness(day: Day, server: BareServer) -> Fairness:
    """Play the day three times: by the queue, and by two oracles."""
    with server.client() as client:
        queue = DayQueue(client, day)
        mine = play(day, queue)
        order = Order(day.directory, pair_rest=DURATIONS.pair_rest)
        for entry in queue.ledger():
            order.take(entry)
        broken = [*order.broken]
        if queue.mended():
            broken.append(f"I2 the sweeper mended {queue.mended()} pairs")
    oracles = [
        play(day, DayOracle(day, is_farsighted=sighted)) for sighted in (True, False)
    ]
    best = max(oracles, key=lambda each: service_level(day, each))
    worst_of_oracle = max(_waited(best).values())
    by_service = worst_by_service(day, mine)
    return Fairness(
        service_level=service_level(day, mine),
        oracle_service_level=service_level(day, best),
        worst=max(by_service.values()),
        oracle_worst=worst_of_oracle,
        i8_violations=sum(each.startswith("I8") for each in broken),
        broken=tuple(broken),
    )


def service_level(day: Day, outcome: Outcome) -> float:
    """Give in time ÷ (answered + abandoned), without the short ones, in hundredths."""
    in_time = sum(wait <= TARGET_SECONDS for wait in outcome.waits.values())
    short = sum(wait < SHORT for wait in outcome.abandoned.values())
    return 100 * in_time / (len(day.callers) - short)


def worst_by_service(day: Day, outcome: Outcome) -> dict[ServiceId, float]:
    """Give the longest wait of each service's callers, whether answered or not."""
    waited = _waited(outcome)
    worst: dict[ServiceId, float] = defaultdict(float)
    for caller in day.callers:
        worst[caller.service] = max(worst[caller.service], waited[caller.call])
    return worst


def _waited(outcome: Outcome) -> dict[Any, float]:
    return {**outcome.waits, **outcome.abandoned}


if __name__ == "__main__":
    app()
