"""The command that plays a day before it comes: with the rules that will serve it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.progress import Progress, TaskID

from illico.errors import SimulationRefusedError
from illico.screen import Screen
from illico.simulate_plan import draw, read_plan
from illico.simulate_plots import day_plot, levels_plot, waits_plot
from illico.simulate_report import companies, compared, report
from illico.simulate_result import Result, simulate

WAYS = {"pooled": False, "dedicated": True}
"""Every agent for the companies of the plan; or each for one company alone."""


def add(app: typer.Typer, screen: Screen) -> None:
    """Name the command."""

    @app.command(name="simulate")
    def simulate_day(
        plan: Annotated[Path, typer.Argument(help="A day, such as day.toml.")],
        out: Annotated[
            Path | None,
            typer.Option(help="Folder of the report [beside the plan, by its name]."),
        ] = None,
        *,
        as_json: Annotated[
            bool, typer.Option("--json", help="Print one JSON object, write nothing.")
        ] = False,
    ) -> None:
        """Play a day in virtual time with the queue's own rules, pooled and dedicated."""
        text = _read(plan)
        pooled, dedicated = play(text, screen)
        if as_json:
            found = {"pooled": pooled, "dedicated": dedicated}
            screen.tell(msgspec.json.encode(found).decode())
            return
        screen.show(pooled.title, *compared(pooled, dedicated))
        screen.show("Companies, pooled and dedicated", *companies(pooled, dedicated))
        folder = plan.with_suffix("") if out is None else out
        for name, content in files(pooled, dedicated).items():
            _write(folder / name, content)
        screen.tell(
            f"The report is in {folder}: report.md, result.json and three plots."
        )


def play(text: str, screen: Screen) -> Sequence[Result]:
    """Play both ways, with a bar that shows how far the day is."""
    plan = read_plan(text)
    houses = {name: draw(plan, dedicated=way) for name, way in WAYS.items()}
    found = []
    with Progress(console=screen.errors, transient=True) as bars:
        for name, house in houses.items():
            bar = bars.add_task(name, total=1.0)
            found.append(simulate(house, partial(_advance, bars, bar)))
            _advance(bars, bar, 1.0)
    return found


def _advance(bars: Progress, bar: TaskID, part: float) -> None:
    bars.update(bar, completed=part)


def files(pooled: Result, dedicated: Result) -> dict[str, str]:
    """Make the report: words, figures, plots."""
    both = {"pooled": pooled, "dedicated": dedicated}
    json = msgspec.json.format(msgspec.json.encode(both), indent=1).decode()
    return {
        "report.md": report(pooled, dedicated),
        "result.json": json + "\n",
        "day.svg": day_plot(pooled),
        "waits.svg": waits_plot(pooled),
        "levels.svg": levels_plot(pooled, dedicated),
    }


def _read(plan: Path) -> str:
    try:
        return plan.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SimulationRefusedError(f"{plan} cannot be read: {error}.") from None


def _write(file: Path, content: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        raise SimulationRefusedError(f"{file} cannot be written: {error}.") from None
