"""A million hostile packets of every kind at a real relay, and what they did: nothing."""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from benchmarks.figures import last_line
from benchmarks.fuzz_attacks import SHARES, Attacks
from benchmarks.fuzz_forwarding import Forwarding
from benchmarks.fuzz_guests import Guest, attended, eventually
from benchmarks.relay_process import own_ports, relay_process
from relay.client import RelayClient
from relay.messages import ChannelBack, LegCondition, LegState, Role

BATCH: Final = 10_000
QUICK: Final = 30_000
PORTS: Final = 200
COUPLES: Final = ("victim", "neighbour")
TOLD_AT_MOST: Final = 20
WARM: Final = 0.2
"""The share of all batches after which memory should not grow any more."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    packets: Annotated[
        int, typer.Option(min=1_000, help="How many, of all kinds.")
    ] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="30 000 packets, under a minute.")
    ] = False,
) -> None:
    """Send hostile bytes of every kind to a relay, and see that nothing comes of it."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    started = time.monotonic()
    fuzz = Fuzz(seed, lambda text: console.print(text, markup=False, highlight=False))
    fuzz.tell(f"seed {seed}")
    asyncio.run(fuzz.run(QUICK if quick else packets))
    for what in [*fuzz.exceptions, *fuzz.closed][:TOLD_AT_MOST]:
        console.print(what, style="red", markup=False)
    print(last_line(fuzz.figures(), seconds=time.monotonic() - started))


class Fuzz:
    """Two calls on one relay: one is attacked, the other must not notice."""

    def __init__(self, seed: int, tell: Callable[[str], Any]) -> None:
        self.tell: Final = tell
        self.exceptions: list[str] = []
        self.closed: list[str] = []
        self.counts: Counter[str] = Counter()
        self.memory_kib: list[int] = []
        self.objects: list[int] = []
        self._seed = seed
        self._chance = random.Random(seed)  # noqa: S311 - a seed must give it again
        self._forwarding = Forwarding(self._chance)

    async def run(self, packets: int, batch: int = BATCH) -> None:
        """Send so many, and look after each batch whether everybody is well."""
        async with self._opened() as attacks:
            done = 0
            while done < packets:
                size = min(batch, packets - done)
                for kind, share in SHARES.items():
                    await self._attack(attacks, kind, max(1, round(size * share)))
                done += size
                await self._look(attacks)
                self.tell(
                    f"{done} packets, {len(self.exceptions)} exceptions, "
                    f"{len(self.closed)} legs closed, {self.memory_kib[-1]} KiB, "
                    f"{self.objects[-1]} objects"
                )

    def figures(self) -> dict[str, Any]:
        """Give the keys of the last line."""
        return {
            "packets": self.counts.total(),
            "exceptions": len(self.exceptions),
            "closed_legs": len(self.closed),
            "growth_kib": _growth(self.memory_kib),
            "growth_objects": _growth(self.objects),
            "per_kind": dict(self.counts),
            "seed": self._seed,
        }

    async def _attack(self, attacks: Attacks, kind: str, count: int) -> None:
        if kind in {"rtp", "rtcp"}:
            self._forwarding.attack(kind, count)
        else:
            try:
                await attacks.of(kind, count)
            except TimeoutError:
                self.closed.append(
                    f"the victim's leg has read nothing for 10 s: {kind}"
                )
        self.counts[kind] += count

    async def _look(self, attacks: Attacks) -> None:
        """See that both calls go on, and what the relay has said and kept."""
        if not self._forwarding.forwards():
            self.closed.append("the rules forward nothing any more")
        for guest, other in attacks.pairs():
            if not await sees(guest, other):
                self.closed.append(f"{other.leg} sees {guest.leg} no more")
        await attacks.tidy()
        self.memory_kib.append(attacks.relay.rss_kib())
        self.objects.append((await attacks.relay.laid_open())["objects"])
        found = await attacks.relay.figures()
        broken = int(found.get("illico_relay_broken_total", 0))
        self.exceptions = [
            *self._forwarding.exceptions,
            *attacks.relay.faults(),
            *attacks.exceptions,
            *["a packet broke a rule"] * broken,
        ]

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Attacks]:
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="f"))
            relay = await stack.enter_async_context(
                relay_process(Path(folder), own_ports(PORTS))
            )
            client = await stack.enter_async_context(
                RelayClient.open("r1", relay.address, relay.secret, server="fuzz")
            )
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            guests: list[Guest] = []
            listening = tasks.create_task(self._listen(client, guests))
            stack.callback(listening.cancel)
            for number in range(2 * len(COUPLES)):
                guests.append(await self._enter(client, number))
                stack.callback(guests[-1].close)
            await stack.enter_async_context(attended(guests))
            attacks = Attacks(self._chance, relay, client, guests)
            stack.push_async_callback(attacks.close)
            yield attacks

    async def _enter(self, client: RelayClient, number: int) -> Guest:
        call = COUPLES[number // 2]
        role = (Role.CALLER, Role.AGENT)[number % 2]
        guest = Guest(self._chance, call, role, number)
        await guest.ask_in(client)
        await guest.connect()
        names = str(Role.CALLER), str(Role.AGENT)
        await client.route(call=call, token=0, routes=[names, names[::-1]])
        return guest

    async def _listen(self, client: RelayClient, guests: list[Guest]) -> None:
        """Note each leg of the two calls that ends."""
        async for event in client.events():
            if isinstance(event, ChannelBack):  # speak for everybody again
                for guest in guests:
                    await client.claim(call=guest.call, participant=guest.name)
            if not isinstance(event, LegState) or event.call not in COUPLES:
                continue
            if event.state in {LegCondition.CLOSED, LegCondition.FAILED}:
                self.closed.append(f"{event.leg} {event.state}")


async def sees(guest: Guest, other: Guest) -> bool:
    """Say whether a picture still goes from one to the other."""
    before = other.shown
    for _ in range(3):  # the relay may wait for a number that came twice
        guest.show()
        if await eventually(lambda: other.shown > before, within=1.0):
            return True
    return False


def _growth(values: list[int]) -> int:
    """Compare the last batches with those that came when everything was warm."""
    warm = values[int(len(values) * WARM) :]
    fifth = max(1, len(warm) // 5)
    return int(median(warm[-fifth:]) - median(warm[:fifth]))


if __name__ == "__main__":
    app()
