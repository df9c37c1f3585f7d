"""Whole calls between a caller and an agent at real browsers, watched from outside."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

from benchmarks.people import Agent, Caller, Person, couple
from benchmarks.signer import Identity, Signer, drawn, write_mjpeg
from benchmarks.timeline import FIRST_FRAME, Marks

PROBE: Final = Path(__file__).with_name("probe.js")
SERVICE: Final = "telecom-demo"
MIRROR_SECONDS: Final = 1.0
"""How long the caller looks into the mirror before pressing *Appeler*."""

PATIENCE: Final = 10.0
"""Seconds that both may take to see each other; a call that takes more has failed."""

_PLAYS: Final = """
video => video.readyState >= 2
  || new Promise(plays => video.addEventListener("loadeddata", plays, {once: true}))
"""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the two behave.

    Attributes:
        seconds: how long a call is watched once both see each other.
        accept_after: seconds that the agent looks at the ringing console; 0 is an agent
            who accepts at once.
    """

    seconds: int
    accept_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Observed:
    """One call: what both pages noted, and the pictures they decoded each second."""

    call: str
    caller: Marks
    agent: Marks
    fps: Sequence[float]


class CallBench:
    """A caller's and an agent's browser, both watched."""

    def __init__(self, caller: Caller, agent: Agent, habits: Habits) -> None:
        self._caller = caller
        self._agent = agent
        self._habits = habits

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, account: Mapping[str, str], habits: Habits
    ) -> AsyncIterator[Self]:
        """Open both browsers with drawn signers; the agent is ready."""
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            films = await asyncio.to_thread(_films, folder)
            caller, agent = await stack.enter_async_context(
                couple(
                    url,
                    account,
                    service=SERVICE,
                    caller_video=films[0],
                    agent_video=films[1],
                )
            )
            for person in (caller, agent):
                await person.page.add_init_script(path=PROBE)
            await agent.page.reload()
            await agent.reaches("away", "ready")
            await agent.page.evaluate(
                "yes => { probe.accepts = yes }", not habits.accept_after
            )
            yield cls(caller, agent, habits)

    async def one_call(self) -> Observed:
        """Make a call on a freshly loaded page, watch it, and end it."""
        await self._arrive()
        await self._agent.page.evaluate("probe.marks.length = 0")
        await self._caller.press("call-now")
        if self._habits.accept_after:
            await self._agent.reaches("ringing")
            await asyncio.sleep(self._habits.accept_after)
            await self._agent.press("accept")
        await self._caller.reaches("call")
        await self._agent.reaches("in-call")
        async with asyncio.timeout(PATIENCE):
            for person in (self._caller, self._agent):
                await person.page.evaluate("name => probe.until(name)", FIRST_FRAME)
        rates = await asyncio.gather(
            self._pictures(self._caller), self._pictures(self._agent)
        )
        call = await self._caller.page.locator("illico-caller").evaluate(
            "page => page.state.call"
        )
        marks = await asyncio.gather(_marks(self._caller), _marks(self._agent))
        await self._part()
        _check(marks[0], Identity.BLUE)
        _check(marks[1], Identity.RED)
        return Observed(call, marks[0], marks[1], [*rates[0], *rates[1]])

    async def _arrive(self) -> None:
        """Bring both to the moment before the click."""
        await self._agent.reaches("away", "ready")
        if await self._agent.state() == "away":
            await self._agent.is_ready()
        caller = self._caller
        await caller.page.reload()
        await caller.reaches("entry")
        await caller.press("call-video")
        await caller.reaches("mirror")
        await caller.press("eye-no")
        await caller.page.get_by_test_id("mirror-video").evaluate(_PLAYS)
        await asyncio.sleep(MIRROR_SECONDS)

    async def _pictures(self, person: Person) -> list[float]:
        """Count pictures decoded, a difference a second, by the page's own clock.

        A late count moves all that follow: no difference spans less than a second.
        """
        counted = [await person.page.evaluate("probe.pictures()")]
        for _ in range(self._habits.seconds):
            await asyncio.sleep(1)
            counted.append(await person.page.evaluate("probe.pictures()"))
        return [
            1000 * (after[0] - before[0]) / (after[1] - before[1])
            for before, after in pairwise(counted)
        ]

    async def _part(self) -> None:
        await self._caller.press("hang-up")
        await self._caller.reaches("ended")
        await self._agent.reaches("wrap-up")
        await self._agent.press("wrap-ready")


def _films(folder: Path) -> tuple[Path, Path]:
    caller, agent = folder / "caller.mjpeg", folder / "agent.mjpeg"
    write_mjpeg(caller, drawn(Signer(Identity.RED)))
    write_mjpeg(agent, drawn(Signer(Identity.BLUE, tone=4, seed=3)))
    return caller, agent


async def _marks(person: Person) -> Marks:
    return Marks.read(await person.page.evaluate("probe.marks"))


def _check(marks: Marks, who: Identity) -> None:
    """Nothing is measured on a picture that is not the other side's."""
    red, green, blue = marks.facts[FIRST_FRAME]["pixel"]
    assert Identity.of((red, green, blue)) is who, (red, green, blue)
