"""What it is worth to act before a promise breaks: the same burst with and without."""

import math
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.figures import last_line, machine
from benchmarks.monitor_house import House, Played, Policy, play

SEEDS, QUICK_SEEDS = 20, 5

STUDENT: Final = {
    3: 4.303, 4: 3.182, 5: 2.776, 10: 2.262, 15: 2.145, 20: 2.093, 25: 2.064, 30: 2.045,
}  # fmt: skip
"""By how many standard errors a mean of so many runs may miss, 95 times of 100."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and where the true one lies with 95 % confidence."""

    mean: float
    low: float
    high: float

    def figures(self) -> dict[str, float]:
        return {"mean": self.mean, "low": self.low, "high": self.high}

    def __str__(self) -> str:
        return f"{self.mean:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"


def interval(values: Sequence[float]) -> Interval:
    """Give the mean and its 95 % interval (Student); each value is one seed's."""
    mean = statistics.mean(values)
    t = next(value for seeds, value in STUDENT.items() if seeds >= min(len(values), 30))
    half = t * statistics.stdev(values) / math.sqrt(len(values))
    return Interval(*(round(each, 2) for each in (mean, mean - half, mean + half)))


def gains(played: dict[Policy, list[Played]], over: Policy) -> Interval:
    """Compare the monitor with another policy, seed by seed, in points."""
    pairs = zip(played[Policy.MONITOR], played[over], strict=True)
    return interval([mine.level - other.level for mine, other in pairs])


@app.command()
def main(
    *,
    seeds: Annotated[int, typer.Option(min=3, max=30, help="Hours played.")] = SEEDS,
    burst: Annotated[float, typer.Option(help="Times as many callers.")] = 2.0,
    minutes: Annotated[float, typer.Option(help="For so long.")] = 10.0,
    regular: Annotated[int, typer.Option(help="Agents.")] = 40,
    reserve: Annotated[int, typer.Option(help="Agents in reserve.")] = 8,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer seeds.")] = False,
) -> None:
    """Play a burst without the reserve, with it after 45 s, and with the monitor."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    began = time.monotonic()
    house = House(regular, reserve, burst, minutes)
    numbers = range(min(seeds, QUICK_SEEDS) if quick else seeds)
    played: dict[Policy, list[Played]] = {policy: [] for policy in Policy}
    for seed in track(numbers, "Playing", console=console):
        for policy in Policy:
            played[policy].append(play(house, policy, seed))
    figures = figures_of(house, played)
    table = Table(title=f"A burst on {machine()}", title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
    print(last_line(figures, seconds=time.monotonic() - began))


def figures_of(house: House, played: dict[Policy, list[Played]]) -> dict[str, Any]:
    """Name what was found; levels are means over the seeds, in points of a hundred."""
    watched = played[Policy.MONITOR]
    calls = sum(each.calls for each in watched)
    judged = sum(each.judged for each in watched)
    return {
        "burst": house.burst,
        "minutes": house.minutes,
        "agents": house.regular,
        "reserve": house.reserve,
        "seeds": len(watched),
        "calls": calls,
        "level": {
            policy.value: round(statistics.mean(each.level for each in runs), 2)
            for policy, runs in played.items()
        },
        "lift_points": gains(played, Policy.OFF).figures(),
        "lift_over_timed_points": gains(played, Policy.TIMED).figures(),
        "acts_per_call": round(sum(each.acts for each in watched) / calls, 3),
        "helped_share": round(sum(each.helped for each in watched) / max(1, judged), 3),
    }


if __name__ == "__main__":
    app()
