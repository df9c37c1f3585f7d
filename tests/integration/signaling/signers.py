"""People who sign without a browser: a page's socket, and legs that follow their call."""

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import pairwise

from benchmarks.media_peer import MediaPeer
from benchmarks.packets import film
from benchmarks.shown import Shown
from tests.integration.signaling.crowd import hire
from tests.integration.signaling.pages import a_caller, a_console, request

LOOK = 0.25
SILENT = 1.0
AGAIN = 0.3
LINGER = 1.5
LEG_PROBLEMS = {"draining", "full", "relay_unreachable", "stale_token", "unavailable"}


def a_film():
    """Small pictures, thirty a second: what counts is that they come."""
    return film(seconds=2, size=(160, 90), kbps=120)


class Leg:
    """One leg of a signer, and what it shows."""

    def __init__(self):
        self.id = request()
        self.made_at = time.monotonic()
        self.peer = MediaPeer()
        self.peer.on_packet = self._hear
        self.shown = Shown()
        self.moments: list[float] = []
        self.heard_at: float | None = None
        self.playing: asyncio.Task[None] | None = None

    def _hear(self, packet, now):
        self.heard_at = now
        if self.peer.receiving[int.from_bytes(packet[8:12])].video:
            before = self.shown.frames
            self.shown.hear(packet, now)
            self.moments += [now] * (self.shown.frames - before)

    def vanish(self):
        """Be cut off: nothing goes out any more, and nobody is told."""
        if self.playing is not None:
            self.playing.cancel()
        self.peer.close(goodbye=False)

    def close(self):
        if self.playing is not None:
            self.playing.cancel()
        self.peer.close()


class Signer:
    """One page: makes a leg when it should, says when nothing arrives, counts pictures.

    ``whys`` are the reasons for which it was told to make a new leg, ``others`` what it
    was told of how the other person is.
    """

    def __init__(self, page, tasks):
        self.page = page
        self.call: str | None = None
        self.legs: list[Leg] = []
        self.whys: list[str] = []
        self.states: list[str] = []
        self.others: list[str] = []
        self._soon = tasks.create_task
        self._running = [self._soon(self._live()), self._soon(self._look())]

    @property
    def leg(self):
        return self.legs[-1] if self.legs else None

    @property
    def frames(self):
        return sum(leg.shown.frames for leg in self.legs)

    def worst_gap(self, since):
        """The longest time between two pictures, of whichever leg, in seconds."""
        moments = sorted(at for leg in self.legs for at in leg.moments if at >= since)
        return max(b - a for a, b in pairwise(moments))

    def leave(self):
        for task in self._running:
            task.cancel()
        for leg in self.legs:
            leg.close()

    async def _live(self):
        while True:
            message = await self.page.hear_any(within=600)
            await self.hear(message)

    async def hear(self, message):
        match message["type"]:
            case "leg_answer":
                self._running.append(self._soon(self._answered(message)))
            case "leg_lost" if self.leg is not None and message["leg"] == self.leg.id:
                self.whys.append(message["why"])
                await self._replace(message["why"])
            case "peer":
                self.others.append(message["presence"])
            case "problem" if message["code"] in LEG_PROBLEMS:
                self._running.append(self._soon(self._try_again()))
            case _:
                pass

    async def build(self):
        leg = Leg()
        self.legs.append(leg)
        await self.page.say(
            "leg_offer", call=self.call, leg=leg.id, sdp=leg.peer.offer()
        )

    async def _answered(self, message):
        leg = self.leg
        if leg is None or leg.id != message["leg"]:
            return
        with suppress(TimeoutError):
            await leg.peer.answer(message["sdp"])
            leg.playing = self._soon(leg.peer.play(a_film()))

    async def _replace(self, why):
        former = self.leg
        await self.build()
        if why == "relay_leaves":
            self._running.append(self._soon(self._take_over(former, self.leg)))
        else:
            former.close()

    async def _take_over(self, former, leg):
        while leg.shown.frames == 0:  # noqa: ASYNC110 - pictures set no event of ours
            await asyncio.sleep(0.05)
        await asyncio.sleep(LINGER)
        former.close()

    async def _try_again(self):
        await asyncio.sleep(AGAIN)
        if self.leg is not None and self.leg.playing is None:
            self.leg.close()
            await self.build()

    async def _look(self):
        said = 0.0
        while True:
            await asyncio.sleep(LOOK)
            now = time.monotonic()
            heard = self.leg.heard_at if self.leg is not None else None
            if heard is not None and now - max(heard, said) >= SILENT:
                said = now
                await self.page.say("media_lost", call=self.call, leg=self.leg.id)


class SigningCaller(Signer):
    """Calls, and reports the agent's first picture."""

    def __init__(self, page, tasks):
        super().__init__(page, tasks)
        self.tickets: list[str] = []

    async def calls(self):
        await self.page.say(
            "call_request",
            request=request(),
            service="telecom-demo",
            mode="video",
            eye=False,
        )

    async def hear(self, message):
        match message["type"]:
            case "ticket":
                self.call = message["call"]
                self.tickets.append(message["ticket"])
                if self.leg is None:
                    await self.build()
            case "connecting" | "in_call" | "requeued" | "ended" as state:
                self.states.append(state)
                if state == "connecting":
                    self._running.append(self._soon(self._report()))
            case _:
                await super().hear(message)

    async def _report(self):
        while self.frames == 0:  # noqa: ASYNC110 - pictures set no event of ours
            await asyncio.sleep(0.05)
        await self.page.say("first_frame", call=self.call, elapsed_ms=500)


class SigningAgent(Signer):
    """Is ready, takes what rings (if it shall), and has a leg while it rings."""

    def __init__(self, page, tasks, *, accepts):
        super().__init__(page, tasks)
        self.accepts = accepts
        self.offer: dict[str, object] | None = None

    async def hear(self, message):
        match message["type"]:
            case "agent_state":
                self.states.append(message["status"])
                if message["status"] == "wrap_up":
                    await self.page.say("wrap_up_done", request=request(), ready=False)
            case "offer":
                self.call, self.offer = message["call"], message
                await self.build()
                if self.accepts:
                    await self.page.accept(message)
            case _:
                await super().hear(message)


class Couples:
    """Callers and agents; whose agent is whose caller's, the queue has decided."""

    def __init__(self, callers, agents):
        self.callers, self.agents = callers, agents

    @property
    def everybody(self):
        return [*self.callers, *self.agents]

    @property
    def calls(self):
        return [caller.call for caller in self.callers]

    async def call(self):
        """Let everybody call at once, and wait until all have a place."""
        for caller in self.callers:
            await caller.calls()
        await until(lambda: all(caller.call for caller in self.callers))

    async def talk(self):
        """Wait until all see each other and all clocks are stopped."""
        await until(
            lambda: (
                all("in_call" in each.states for each in self.everybody)
                and all(each.frames > 15 for each in self.everybody)
            )
        )

    async def have_new_legs(self, calls, since):
        """Wait until all of these calls have legs that were made since, and are up."""
        await until(
            lambda: all(
                each.leg and each.leg.made_at > since and each.leg.playing
                for each in self.everybody
                if each.call in calls
            )
        )

    async def see_again(self, since):
        """Wait until everybody has a picture on a leg made since; gives the seconds."""
        seen = {each: await first_picture(each, since) for each in self.everybody}
        return max(seen.values()) - since


async def first_picture(signer, since):
    """When a leg that was made after a moment showed its first picture."""

    def found():
        return [
            leg.moments[0]
            for leg in signer.legs
            if leg.moments and leg.moments[0] > since and leg.made_at > since
        ]

    await until(found)
    return min(found())


async def until(holds, within=20.0):
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - other processes set no event of ours
            await asyncio.sleep(0.02)


@asynccontextmanager
async def signing_couples(platform, count, *, accepts=True):
    """So many callers, and as many agents who are ready, at two processes."""
    cookies = await hire(platform, count)
    async with AsyncExitStack() as stack:
        pages = [
            (
                await stack.enter_async_context(a_caller(platform.url(1 + n % 2))),
                await a_seat(stack, platform.url(2 - n % 2), cookie),
            )
            for n, cookie in enumerate(cookies)
        ]
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        couples = Couples(
            [SigningCaller(page, tasks) for page, _ in pages],
            [SigningAgent(page, tasks, accepts=accepts) for _, page in pages],
        )
        try:
            yield couples
            await _part(couples)
        finally:
            for each in couples.everybody:
                each.leave()


async def a_seat(stack, url, cookie):
    """A console whose agent is ready; it is turned away until the queue knows them."""
    async with asyncio.timeout(20):
        while True:
            async with AsyncExitStack() as attempt:
                page = await attempt.enter_async_context(a_console(url, cookie))
                with suppress(ConnectionResetError):
                    await page.rest()
                    await page.ready()
                    stack.push_async_exit(attempt.pop_all())
                    return page


async def _part(couples):
    """Hang up: nobody of the next test shall wait for these."""
    for caller in couples.callers:
        if caller.call is not None:
            await caller.page.say("hang_up", call=caller.call)
    await until(lambda: all("ended" in c.states for c in couples.callers if c.call))
