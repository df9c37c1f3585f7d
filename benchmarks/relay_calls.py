"""What a whole call costs our relay, and whether fifty cost more than fifty times one."""

from contextlib import AsyncExitStack
from statistics import median
from typing import Any, Final

from rich.console import Console

from benchmarks.load import MOST_LOSS, Load, apart
from benchmarks.packets import Film
from benchmarks.relay_figures import FULL
from benchmarks.relay_rivals import OurRelay, Stream

CALLS: Final = 10
FEW, MANY = 1, 50
WARM_UP: Final = 0.5


class Calls:
    """Some two-way calls on a relay of their own; `costs` is CPU seconds a second."""

    def __init__(self, number: int, pid: int, load: Load) -> None:
        self.number: Final = number
        self._pid = pid
        self._load = load
        self._costs: list[float] = []

    @classmethod
    async def begin(cls, stack: AsyncExitStack, number: int, shown: Film) -> "Calls":
        """Start a relay and so many calls of two."""
        relay = await stack.enter_async_context(OurRelay.open())
        streams: list[Stream] = []
        for _ in range(number):
            caller, agent = await relay.talk()
            streams += [Stream(caller, (agent,)), Stream(agent, (caller,))]
        return cls(number, relay.pid, Load(streams, shown))

    @property
    def per_call(self) -> float:
        """Processor seconds a second of one call."""
        return median(self._costs) / self.number

    async def warm_up(self) -> None:
        """Let them see their first key frames."""
        await self._load.round(WARM_UP, self._pid)

    async def round(self, seconds: float, console: Console) -> None:
        """Let them talk for so long."""
        with apart(self._pid):
            one = await self._load.round(seconds, self._pid)
        if one.loss > MOST_LOSS:
            console.print(f"{self.number} calls lost {one.loss:.2%}, discarded")
            return
        self._costs.append(one.cpu / seconds)
        console.print(
            f"{self.number} calls: {one.cpu / seconds:.1%} of a core, "
            f"sent {one.late_p99 * 1e3:.1f} ms late at worst (p99)"
        )


async def calls_per_core(
    *, film: Film, rounds: int, seconds: float, console: Console, calls: int = CALLS
) -> dict[str, Any]:
    """Say how many two-way calls of 720p30 a core carries when it is 60 % busy."""
    async with AsyncExitStack() as stack:
        talking = await Calls.begin(stack, calls, film)
        await talking.warm_up()
        for _ in range(rounds):
            await talking.round(seconds, console)
    return {
        "calls_per_core": round(FULL / talking.per_call, 1),
        "cpu_per_call": round(talking.per_call, 4),
    }


async def growth(
    *, film: Film, rounds: int, seconds: float, console: Console, many: int = MANY
) -> dict[str, Any]:
    """Compare the cost of a call among many with the cost of one alone."""
    async with AsyncExitStack() as stack:
        few = await Calls.begin(stack, FEW, film)
        all_of_them = await Calls.begin(stack, many, film)
        both = (few, all_of_them)
        for calls in both:
            await calls.warm_up()
        for calls in both * rounds:
            await calls.round(seconds, console)
    return {
        f"growth_1_to_{many}_calls": round(all_of_them.per_call / few.per_call, 2),
        "growth_packets_per_second": round(film.packets_a_second),
    }
