"""A call between two real browsers, each behind a line of its own, watched."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.links import GOOD, Quality
from benchmarks.nat import Line, Nat
from benchmarks.people import Agent, Caller, Person, chromium, firefox
from benchmarks.platform import Platform
from benchmarks.smoothness import Poll

NETWORK: Final = Path(__file__).with_name("network.js")
FILM_CAMERA: Final = Path(__file__).with_name("film_camera.js")
SERVICE: Final = "telecom-demo"
LOGIN: Final = "agent1"
PATIENCE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Films:
    """One signer's film as each browser wants it; Firefox alone needs the WebM."""

    mjpeg: Path
    webm: Path | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """How the two lines are; each has the same quality in both directions."""

    caller: Quality = GOOD
    agent: Quality = GOOD


@dataclass(frozen=True, slots=True)
class Stage:
    """A time of a call during which the lines stay as they are."""

    seconds: float
    lines: Lines


@dataclass(frozen=True, slots=True)
class Seen:
    """What one stage of a call was for one of the two, and what went over the line."""

    polls: Sequence[Poll]
    up_kbps: int
    down_kbps: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A stage of a call, watched at both sides, and how busy the machine was."""

    caller: Seen
    agent: Seen
    busy: float


@asynccontextmanager
async def impaired(
    platform: Platform, films: tuple[Films, Films], *, with_firefox: bool
) -> AsyncIterator["Couple"]:
    """Open both browsers behind good lines; the agent's may be a Firefox."""
    account = platform.accounts[LOGIN]
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        nat = await enter(Nat.start())
        theirs = await enter(chromium(films[0].mjpeg))
        ours = await enter(firefox() if with_firefox else chromium(films[1].mjpeg))
        caller = await Caller.open(theirs, platform.url(), SERVICE)
        agent = await Agent.open(
            ours,
            platform.url(),
            {"login": account.login, "password": account.password},
        )
        couple = Couple(caller, agent, await nat.line(), await nat.line())
        await couple.prepare(films[1].webm if with_firefox else None)
        yield couple


class Couple:
    """A caller and an agent, and the lines between them and the relay."""

    def __init__(
        self, caller: Caller, agent: Agent, to_caller: Line, to_agent: Line
    ) -> None:
        self.caller = caller
        self.agent = agent
        self._lines = {id(caller): to_caller, id(agent): to_agent}

    async def prepare(self, film: Path | None) -> None:
        """Put both pages behind their lines; the agent's camera may be a film."""
        for person in (self.caller, self.agent):
            line = self._lines[id(person)]
            await person.page.expose_function("throughLine", line.door)
            await person.page.add_init_script(path=NETWORK)
        if film is not None:
            text = await asyncio.to_thread(_base64, film)
            await self.agent.page.expose_function("theFilm", lambda: text)
            await self.agent.page.add_init_script(path=FILM_CAMERA)
        await self.agent.page.reload()
        await self.caller.page.reload()
        await self.agent.reaches("away", "ready")
        if await self.agent.state() == "away":
            await self.agent.is_ready()

    async def call(self) -> None:
        """Call, and wait until both see each other."""
        await self.caller.reaches("entry")
        await self.caller.call()
        await self.agent.accepts()
        await self.caller.reaches("call")
        await self.agent.reaches("in-call")
        async with asyncio.timeout(PATIENCE):
            for person in (self.caller, self.agent):
                while not await person.frames_decoded():  # noqa: ASYNC110 - a page's count
                    await asyncio.sleep(0.1)

    async def set(self, lines: Lines) -> None:
        """Make the lines good or bad."""
        for person, quality in ((self.caller, lines.caller), (self.agent, lines.agent)):
            await self._lines[id(person)].change(quality, quality)

    async def live(self, stage: Stage) -> Watched:
        """Go on with the call for a time, watched."""
        await self.set(stage.lines)
        people = (self.caller, self.agent)
        before = [await self._octets(person) for person in people]
        for person in people:
            await person.page.evaluate("network.counts.length = 0")
        machine, began = _busy(), time.monotonic()
        await asyncio.sleep(stage.seconds)
        busy, gone = machine(), time.monotonic() - began
        caller, agent = [
            await self._seen(person, octets, gone)
            for person, octets in zip(people, before, strict=True)
        ]
        return Watched(caller, agent, busy)

    async def part(self) -> None:
        """End the call; the agent is ready again."""
        await self.set(Lines())
        await self.caller.press("hang-up")
        await self.caller.reaches("ended")
        await self.agent.reaches("wrap-up")
        await self.agent.press("wrap-ready")
        await self.agent.reaches("ready")
        await self.caller.page.reload()

    async def _octets(self, person: Person) -> tuple[int, int]:
        up, down = await self._lines[id(person)].counted()
        return up.octets, down.octets

    async def _seen(self, person: Person, before: tuple[int, int], gone: float) -> Seen:
        counts = await person.page.evaluate("network.counts")
        after = await self._octets(person)
        up, down = [
            round(8 * (b - a) / gone / 1000) for a, b in zip(before, after, strict=True)
        ]
        return Seen([Poll(**count) for count in counts], up, down)


def _base64(film: Path) -> str:
    return base64.b64encode(film.read_bytes()).decode()


def _busy() -> Callable[[], float]:
    """Begin to measure which share of all processors works; the call ends it."""
    before = _ticks()

    def ended() -> float:
        work, idle = (b - a for a, b in zip(before, _ticks(), strict=True))
        return round(work / (work + idle), 2)

    return ended


def _ticks() -> tuple[int, int]:
    first = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    numbers = [int(n) for n in first.split()[1:9]]
    idle = numbers[3] + numbers[4]
    return sum(numbers) - idle, idle
