"""Hours of everything that can go wrong at the queue, and what broke: nothing, it must be."""

import asyncio
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from benchmarks.figures import last_line
from benchmarks.queue_order import Order
from benchmarks.servers import BareServer, Kind, bare_server
from benchmarks.soak_people import DIRECTORY, POOL
from queueing import invariants
from queueing.client import QueueClient
from queueing.inventory import Inventory, Ranks
from queueing.keys import Keys
from queueing.library import assemble, microseconds
from queueing.model import Durations

PROCESSES: Final = 4
QUICK_MINUTES: Final = 0.5
TICK: Final = 1.0
LEDGER_AT_ONCE: Final = 2_000
EVERYBODY: Final = 1_000_000
TOLD_AT_MOST: Final = 20
TOLD_KINDS: Final = {
    *("call_queued", "offer_made", "call_answered", "call_ended"),
    *("call_transferred", "not_understood"),
}

DURATIONS: Final = Durations(
    offer=1.5,
    connect=1.0,
    first_words=1.5,
    caller_grace=3.0,
    talk_grace=2.0,
    agent_grace=2.0,
    wrap_up=2.0,
    server_lease=2.0,
    pair_rest=1.5,
)

CLOCK: Final = """
-- The store's clock, with the steps that the soak makes it take.
function clock.now(ctx)
  local time = redis.call('TIME')
  local step = tonumber(redis.call('GET', ctx.q .. ':clock-step') or '0')
  return tonumber(time[1]) * 1000000 + tonumber(time[2]) + step
end
"""
NEWEST: Final = 1_000_000
"""The version of the library with that clock: no client loads its own over it."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long.")] = 10.0,
    server: Annotated[
        Kind, typer.Option(help="Our embedded Valkey, or this machine's Redis.")
    ] = Kind.VALKEY,
    seed: Annotated[int, typer.Option(help="Of the faults and of the people.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less than a minute in all.")
    ] = False,
) -> None:
    """Let processes, people and the clock fail, and check the queue all the time."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    with bare_server(server) as one:
        soak = Soak(one, seed, console.print)
        asyncio.run(soak.run(60 * (QUICK_MINUTES if quick else minutes)))
    for what in soak.broken[:TOLD_AT_MOST]:
        console.print(what, style="red", markup=False)
    figures = {"violations": len(soak.broken), "server": server.value, **soak.counts}
    print(last_line(figures, seconds=time.monotonic() - started))


class Soak:
    """Processes full of people around one server, faults, and who checks."""

    def __init__(
        self, server: BareServer, seed: int, tell: Callable[[str], Any]
    ) -> None:
        self._server = server
        self._chance = random.Random(seed)  # noqa: S311  a drawing, no secret
        self._tell = tell
        self._keys = Keys(POOL)
        self._order = Order(DIRECTORY, pair_rest=DURATIONS.pair_rest)
        self._read = "0"
        self._before: Inventory | None = None
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._lives = 0
        self._published = DIRECTORY.version
        self.broken: list[str] = []
        self.counts: Counter[str] = Counter()

    async def run(self, seconds: float) -> None:
        """Soak for so long, then let everything end and look once more."""
        async with AsyncExitStack() as stack:
            self._plain = stack.enter_context(self._server.client())
            self._load()
            self._client = await stack.enter_async_context(
                QueueClient.open(self._server.url, pool=POOL)
            )
            await self._client.configure(DURATIONS)
            await self._client.publish(DIRECTORY)
            stack.push_async_callback(self._stop)
            for number in range(PROCESSES):
                await self._start(f"server{number}")
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                await self._disturb()
                await asyncio.sleep(TICK)
                await self._check()
                if self.counts["checks"] % 10 == 0:
                    self._say(end - time.monotonic())
            await self._stop()
            await self._settle()

    # -------------------------------------------------------------------- faults

    async def _disturb(self) -> None:
        faults: dict[str, tuple[float, Callable[[], Any]]] = {
            "reloads": (0.2, self._load),
            "library_losses": (0.03, self._lose_library),
            "clock_steps_forth": (0.08, lambda: self._step(0.2, 20)),
            "clock_steps_back": (0.06, lambda: self._step(-3, -0.1)),
            "kills": (0.15, self._kill),
            "freezes": (0.05, self._freeze),
            "publishes": (0.05, self._publish),
        }
        for name, (share, fault) in faults.items():
            if self._chance.random() < share:
                self.counts[name] += 1
                result = fault()
                if result is not None:
                    await result
        for name, process in self._processes.items():
            if process.returncode is not None:
                self.broken.append(f"{name} ended by itself with {process.returncode}")
                await self._start(name)

    def _load(self) -> None:
        self._plain.function_load(assemble(version=NEWEST, clock=CLOCK), replace=True)

    async def _lose_library(self) -> None:
        """As on a server that was set up anew: somebody loads it again."""
        self._plain.function_flush("SYNC")
        await asyncio.sleep(0.05)
        self._load()

    def _step(self, least: float, most: float) -> None:
        step = microseconds(self._chance.uniform(least, most))
        self._plain.incrby(f"{self._keys.tag}:clock-step", step)

    async def _kill(self) -> None:
        """A process dies at whatever it is doing, and is back before its lease, or not."""
        name = self._chance.choice(list(self._processes))
        process = self._processes[name]
        process.kill()
        await process.wait()
        await asyncio.sleep(self._chance.choice((0.0, 0.5, 3.0)))
        await self._start(name)

    async def _freeze(self) -> None:
        """A process stands still for longer than its lease, then goes on."""
        process = self._processes[self._chance.choice(list(self._processes))]
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(self._chance.uniform(1, 4))
        process.send_signal(signal.SIGCONT)

    async def _publish(self) -> None:
        self._published += 1
        await self._client.publish(replace(DIRECTORY, version=self._published))

    async def _start(self, name: str) -> None:
        self._lives += 1
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "benchmarks.soak_people", self._server.url, name, str(self._lives)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        await process.stdout.readline()
        self._processes[name] = process

    async def _stop(self) -> None:
        for process in self._processes.values():
            if process.returncode is None:
                process.kill()
                await process.wait()
        self._processes.clear()

    # ------------------------------------------------------------------- checking

    async def _check(self) -> None:
        pool = await self._client.inventory(EVERYBODY)
        self.counts["checks"] += 1
        found = invariants.violations(_with_every_rest(pool))
        if self._before is not None:
            found += invariants.changes(self._before, pool)
        self._before = pool
        self.broken += [f"{each.invariant} {each.what}" for each in found]
        await self._follow()

    async def _follow(self) -> None:
        """Read the ledger on, as far as it goes."""
        while entries := await self._client.ledger(
            after=self._read, count=LEDGER_AT_ONCE, block_ms=0
        ):
            for entry in entries:
                self._order.take(entry)
            self._read = entries[-1].position
            await self._client.ledger_trim(self._read)
        self.broken += self._order.broken
        self._order.broken.clear()

    async def _settle(self) -> None:
        """Nobody is there any more: every lease ends, and nothing is left undone."""
        self._step(200, 201)
        for _ in range(10):
            while await self._client.sweep(100):
                pass
            self._step(100, 101)
        await self._check()
        pool = await self._client.inventory(EVERYBODY)
        self.broken += [
            f"call {call} is {c['state']} after the end"
            for call, c in pool.calls.items()
            if c["state"] != "ended"
        ]
        self._count(pool)

    def _count(self, pool: Inventory) -> None:
        """I4: the counters say what the ledger says."""
        for (service, kind), times in self._order.counts.items():
            counted = pool.counts.get(service, {}).get(kind, 0) if service else times
            if counted != times:
                self.broken.append(
                    f"I4 {kind} of {service}: {times} events, counted {counted}"
                )
            self.counts["events"] += times
            if kind in TOLD_KINDS:
                self.counts[kind] += times
        mended = int(pool.meta.get("violations", 0))
        if mended:
            self.broken.append(f"I2 the sweeper mended {mended} pairs")

    def _say(self, left: float) -> None:
        self._tell(
            f"{left:4.0f} s left, {sum(self._order.counts.values())} events, "
            f"{len(self.broken)} violations"
        )


def _with_every_rest(pool: Inventory) -> Inventory:
    """Take a rest for lasting until its lease has been ended, however late that is.

    The sweeper comes a moment after the clock; until then a pair that could meet again
    is not one that was missed.
    """
    rests: dict[str, Ranks] = {
        call: {
            agent: EVERYBODY * pool.now
            if f"pair {call} {agent}" in pool.leases
            else until
            for agent, until in agents.items()
        }
        for call, agents in pool.rests.items()
    }
    return replace(pool, rests=rests)


if __name__ == "__main__":
    app()
