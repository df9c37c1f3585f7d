"""How a call looks on bad networks: real browsers behind lines that lose and cap."""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.figures import last_line, machine
from benchmarks.impaired import Couple, Films, Lines, Seen, Stage, Watched, impaired
from benchmarks.links import Quality
from benchmarks.platform import Platform
from benchmarks.signer import Identity, Signer, clip, drawn, write_mjpeg, write_webm
from benchmarks.smoothness import full_again_s, smoothness

SETTLES: Final = 5.0
"""Seconds that a call has to get used to a line before it is judged."""

SATURATED: Final = 0.8
"""Above this share of all processors a row says more about them than about the line."""

FILM_SECONDS: Final = 6.0

LOSSY: Final = Quality(loss=0.05, delay=0.05)
NEAR: Final = Quality(delay=0.02)
RESTLESS: Final = Quality(delay=0.02, jitter=0.03, reorder=0.01)
NARROW: Final = Quality(delay=0.02, cap_bps=300_000, queue_ms=400)


@dataclass(frozen=True, slots=True)
class Plan:
    """One row: what happens to the lines of one call.

    Attributes:
        begins: the lines while both come to see each other, and for `SETTLES` more.
        judged: the time whose pictures are counted, after `SETTLES` on these lines.
        lifted: the time after it on near lines, until the picture is whole again.
    """

    name: str
    begins: Lines
    judged: Stage
    lifted: float = 0.0


BOTH: Final = Lines(LOSSY, LOSSY)
ONE: Final = Lines(LOSSY)
CAPPED: Final = Lines(NARROW)

PLANS: Final = (
    Plan("good lines", Lines(), Stage(15, Lines())),
    Plan("5 % lost and 50 ms each way, both lines", BOTH, Stage(60, BOTH)),
    Plan("5 % lost and 50 ms each way, the caller's line", ONE, Stage(60, ONE)),
    Plan(
        "30 ms of jitter, 1 % overtaken, both lines",
        Lines(RESTLESS, RESTLESS),
        Stage(30, Lines(RESTLESS, RESTLESS)),
    ),
    Plan("300 kbit/s each way, the caller's line", Lines(NEAR), Stage(20, CAPPED), 15),
    Plan("begun at 300 kbit/s, the caller's line", CAPPED, Stage(20, CAPPED), 15),
)
QUICK_PLANS: Final = (
    Plan("5 % lost and 50 ms each way, both lines", BOTH, Stage(6, BOTH)),
    Plan("300 kbit/s each way, the caller's line", Lines(NEAR), Stage(5, CAPPED), 6),
)


class Browsers(StrEnum):
    """Who calls whom: the caller has a Chromium, the agent one of these."""

    CHROMIUM = "chromium"
    FIREFOX = "firefox"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one of the two saw in one row."""

    row: str
    sees: str
    fps: float
    gap_p99_ms: float
    gap_max_ms: float
    gaps_over_300: float
    height: int
    held_ms: float
    kbps_down: int
    full_again_s: float | None
    busy: float

    def facts(self) -> dict[str, Any]:
        flat = asdict(self)
        nested = {
            "fps": {"p50": flat.pop("fps")},
            "gap_ms": {"p99": flat.pop("gap_p99_ms"), "max": flat.pop("gap_max_ms")},
        }
        return {**flat, **nested}


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    browsers: Annotated[
        list[Browsers] | None, typer.Option(help="Of the agent; both unless named.")
    ] = None,
    row: Annotated[
        list[int] | None, typer.Option(help="Only this row, from 1; may be repeated.")
    ] = None,
    film: Annotated[
        Path | None, typer.Option(help="A film of signing instead of drawn signers.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Two short rows, Chromium alone.")
    ] = False,
) -> None:
    """Make a call in each row and judge what both see."""
    started = time.monotonic()
    plans: Sequence[Plan] = QUICK_PLANS if quick else PLANS
    if row:
        plans = [plans[number - 1] for number in row]
    agents = browsers or ([Browsers.CHROMIUM] if quick else list(Browsers))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120)
    outcomes = asyncio.run(_measure(plans, agents, film, console))
    console.print(_table(outcomes))
    figures = {"rows": [each.facts() for each in outcomes]}
    print(last_line(figures, seconds=time.monotonic() - started))


async def _measure(
    plans: Sequence[Plan],
    agents: Sequence[Browsers],
    film: Path | None,
    console: Console,
) -> list[Outcome]:
    outcomes = []
    async for outcome in played(plans, agents, film):
        outcomes.append(outcome)
        console.print(_told(outcome))
    return outcomes


async def played(
    plans: Sequence[Plan], agents: Sequence[Browsers], film: Path | None = None
) -> AsyncIterator[Outcome]:
    """Play every row between a Chromium and each of these, two outcomes each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        films = await asyncio.to_thread(
            _films, folder, film, for_firefox=Browsers.FIREFOX in agents
        )
        blind = {"ILLICO_EYE_WORKERS": "0"}
        async with Platform.start(folder / "platform", settings=blind) as platform:
            for agent in agents:
                is_firefox = agent is Browsers.FIREFOX
                async with impaired(platform, films, with_firefox=is_firefox) as couple:
                    for plan in plans:
                        for outcome in await _play(couple, plan, agent):
                            yield outcome


async def _play(couple: Couple, plan: Plan, agent: Browsers) -> list[Outcome]:
    await couple.set(plan.begins)
    await couple.call()
    await couple.live(Stage(SETTLES, plan.begins))
    if plan.judged.lines != plan.begins:
        await couple.live(Stage(SETTLES, plan.judged.lines))
    judged = await couple.live(plan.judged)
    lifted = None
    if plan.lifted:
        lifted = await couple.live(Stage(plan.lifted, Lines(NEAR)))
    assert await couple.caller.sees() is Identity.BLUE
    assert await couple.agent.sees() is Identity.RED
    await couple.part()
    both = (("caller", "chromium", agent.value), ("agent", agent.value, "chromium"))
    return [
        _outcome(f"{who} ({theirs} ← {other})", plan, judged, lifted)
        for who, theirs, other in both
    ]


def _outcome(sees: str, plan: Plan, judged: Watched, lifted: Watched | None) -> Outcome:
    who = sees.partition(" ")[0]
    seen: Seen = getattr(judged, who)
    again: Seen | None = getattr(lifted, who) if lifted else None
    found = smoothness(seen.polls)
    return Outcome(
        row=plan.name,
        sees=sees,
        fps=found.fps,
        gap_p99_ms=found.gap_p99_ms,
        gap_max_ms=found.gap_max_ms,
        gaps_over_300=found.long_gaps,
        height=found.height,
        held_ms=found.held_ms,
        kbps_down=seen.down_kbps,
        full_again_s=full_again_s(again.polls) if again else None,
        busy=max(judged.busy, lifted.busy if lifted else 0.0),
    )


def _told(one: Outcome) -> str:
    again = (
        "" if one.full_again_s is None else f", whole again after {one.full_again_s} s"
    )
    return (
        f"{one.row}: {one.sees} {one.fps:.0f} fps, longest gap {one.gap_max_ms:.0f} ms, "
        f"{one.height} high{again}"
    )


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(title=f"on {machine()}", title_justify="left")
    for name in ("line", "who sees"):
        table.add_column(name)
    for name in ("fps", "gap p99", "max", "> 300/min", "high", "held", "kbit/s"):
        table.add_column(name, justify="right")
    for name in ("whole again", "busy"):
        table.add_column(name, justify="right")
    for one in outcomes:
        again = "" if one.full_again_s is None else f"{one.full_again_s} s"
        mark = " !" if one.busy > SATURATED else ""
        table.add_row(
            one.row,
            one.sees,
            f"{one.fps:.1f}",
            f"{one.gap_p99_ms:.0f} ms",
            f"{one.gap_max_ms:.0f} ms",
            f"{one.gaps_over_300:.1f}",
            str(one.height),
            f"{one.held_ms:.0f} ms",
            str(one.kbps_down),
            again,
            f"{one.busy:.0%}{mark}",
        )
    return table


def _films(
    folder: Path, film: Path | None, *, for_firefox: bool
) -> tuple[Films, Films]:
    """Make both films; the two of a real film are told apart by their borders."""
    blue = Signer(Identity.BLUE, tone=4, seed=3)
    mjpeg, _ = _write(folder / "caller", Signer(Identity.RED), film)
    other, pictures = _write(folder / "agent", blue, film)
    if not for_firefox:
        return Films(mjpeg), Films(other)
    webm = folder / "agent.webm"
    write_webm(webm, pictures)
    return Films(mjpeg), Films(other, webm)


def _write(
    stem: Path, signer: Signer, film: Path | None
) -> tuple[Path, list[Image.Image]]:
    pictures = list(
        drawn(signer, seconds=FILM_SECONDS)
        if film is None
        else clip(film, identity=signer.identity)
    )
    write_mjpeg(mjpeg := stem.with_suffix(".mjpeg"), pictures)
    return mjpeg, pictures


if __name__ == "__main__":
    app()
