"""Hours of calls that come and go at one relay, and what they left: nothing, it must be."""

import asyncio
import contextlib
import random
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from benchmarks.figures import last_line, percentiles
from benchmarks.fuzz_guests import Stranger
from benchmarks.packets import film
from benchmarks.relay_process import RelayProcess, own_ports, relay_process
from benchmarks.soak_calls import House, SoakedCall, annoy
from relay.client import RelayClient
from relay.errors import RelayError
from relay.messages import ChannelBack

QUICK_MINUTES: Final = 0.7
PORTS: Final = 400
LOOK_EVERY: Final = 2.0
TELL_EVERY: Final = 60.0
WARM_SECONDS: Final = 60.0
WARM: Final = 0.1
"""The share of a soak, and the seconds, until rings are full and arenas have grown."""

SETTLE_SECONDS: Final = 80.0
"""A check of an address that never answers ends after 64 s."""

KBPS: Final = 250
CHANGES: Final = 6
TOLD_AT_MOST: Final = 20

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    minutes: Annotated[float, typer.Option(min=0.2, help="How long.")] = 120.0,
    calls: Annotated[int, typer.Option(min=1, help="How many at once.")] = 10,
    seed: Annotated[int, typer.Option(help="Of what people do.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="Forty seconds and four calls.")
    ] = False,
) -> None:
    """Let calls come and go at a relay, and see that it keeps nothing of them."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    soak = Soak(seed, lambda text: console.print(text, markup=False, highlight=False))
    seconds = 60 * (QUICK_MINUTES if quick else minutes)
    asyncio.run(soak.run(seconds, min(calls, 4) if quick else calls))
    for what in soak.problems[:TOLD_AT_MOST]:
        console.print(what, style="red", markup=False)
    print(last_line(soak.figures(), seconds=time.monotonic() - started))


class Soak:
    """One relay, and as many calls at once as were asked for."""

    def __init__(
        self, seed: int, tell: Callable[[str], Any], *, changes: int = CHANGES
    ) -> None:
        """Take the seed, who is told, and the most changes that a call goes through."""
        self.problems: list[str] = []
        self.memory: list[tuple[float, int]] = []
        self.left: dict[str, float] = {}
        self._seed = seed
        self._tell = tell
        self._changes = changes
        self._house: House | None = None
        self._began = 0.0

    async def run(self, seconds: float, calls: int) -> None:
        """Soak for so long, then let everybody leave and look what is left."""
        async with self._opened() as (relay, client):
            house = self._house = House(
                client, film(size=(320, 180), kbps=KBPS), wall_clock
            )
            before = await relay.figures()
            self._began = time.monotonic()
            end = self._began + seconds
            async with asyncio.TaskGroup() as tasks:
                looking = tasks.create_task(self._look(relay, house))
                listening = tasks.create_task(_listen(client, house))
                async with asyncio.TaskGroup() as lives:
                    for number in range(calls):
                        lives.create_task(self._live(house, number, end))
                looking.cancel()
                await self._settle(relay, before)
                listening.cancel()
            self.problems = [*house.problems, *relay.faults()]

    def figures(self) -> dict[str, Any]:
        """Give the keys of the last line."""
        assert self._house is not None, "nothing has run"
        return {
            "memory_growth_percent": round(_growth(self.memory), 1),
            "tasks_left": int(self.left["tasks"]),
            "sockets_left": int(self.left["sockets"]),
            **self._house.counts,
            "fps": percentiles(self._house.fps, 50, 5),
            "problems": len(self.problems),
            "rss_mib": round(self.memory[-1][1] / 1024, 1),
            "seed": self._seed,
        }

    async def _live(self, house: House, number: int, end: float) -> None:
        """Have one call after the other."""
        chance = random.Random(self._seed * 1000 + number)  # noqa: S311 - to repeat it
        await asyncio.sleep(chance.uniform(0, 3))
        turn = 0
        while time.monotonic() < end:
            turn += 1
            call = SoakedCall(house, chance, f"soak-{number}-{turn}")
            try:
                await call.live(chance.randint(0, self._changes))
            except* Exception as group:  # noqa: BLE001 - it is what a soak looks for
                found = [told(error) for error in group.exceptions]
                house.problems += found
                for what in found:
                    self._tell(f"{call.name}: {what}")
                await asyncio.sleep(1)

    async def _look(self, relay: RelayProcess, house: House) -> None:
        chance = random.Random(self._seed)  # noqa: S311 - to repeat it
        stranger, told = Stranger(), self._began
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY)
                now = time.monotonic()
                self.memory.append((now - self._began, relay.rss_kib()))
                annoy(stranger, relay.ports[0] + chance.randrange(40), chance)
                if now - told >= TELL_EVERY:
                    told = now
                    self._tell(
                        f"{now - self._began:5.0f} s, {house.counts['calls']} calls, "
                        f"{house.counts['legs']} legs, {self.memory[-1][1]} KiB, "
                        f"{len(house.problems)} problems"
                    )
        finally:
            stranger.close()

    async def _settle(self, relay: RelayProcess, before: dict[str, float]) -> None:
        """Wait until nothing is left, or say what is."""
        end = time.monotonic() + SETTLE_SECONDS
        while True:
            now = await relay.figures()
            self.left = {
                name: now[f"illico_relay_{name}"] - before[f"illico_relay_{name}"]
                for name in ("tasks", "sockets")
            }
            if not any(self.left.values()) or time.monotonic() > end:
                return
            await asyncio.sleep(1)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[RelayProcess, RelayClient]]:
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="s"))
            relay = await stack.enter_async_context(
                relay_process(Path(folder), own_ports(PORTS))
            )
            client = await stack.enter_async_context(
                RelayClient.open("r1", relay.address, relay.secret, server="soak")
            )
            await client.close_call(call="none", token=0)
            yield relay, client


async def _listen(client: RelayClient, house: House) -> None:
    """Read what happens; claim everybody again where the channel was lost."""
    async for event in client.events():
        if isinstance(event, ChannelBack):
            house.problems.append("the channel was lost")
            for call, name in list(house.present):
                with contextlib.suppress(RelayError):
                    await client.claim(call=call, participant=name)


def _growth(memory: list[tuple[float, int]]) -> float:
    """Compare the last fifth with the first fifth after the warm-up, in percent."""
    whole = memory[-1][0]
    warm = [kib for at, kib in memory if at >= max(WARM_SECONDS, WARM * whole)]
    warm = warm or [kib for at, kib in memory if at >= whole / 2]
    fifth = max(1, len(warm) // 5)
    return 100 * (median(warm[-fifth:]) / median(warm[:fifth]) - 1)


def told(error: BaseException) -> str:
    """Tell an error and where it comes from, in one line."""
    if isinstance(error, BaseExceptionGroup):
        return " and ".join(told(part) for part in error.exceptions)
    places = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{Path(p.filename).name}:{p.lineno}" for p in reversed(places))
    return f"{error!r} at {where}"


def wall_clock() -> float:
    """Give the time in seconds since the epoch."""
    return datetime.now(UTC).timestamp()


if __name__ == "__main__":
    app()
