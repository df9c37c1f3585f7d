"""Where calls happen: people with pages, on one relay."""

import asyncio
import time
from contextlib import asynccontextmanager

from relay import messages
from tests.integration.relay.peers import going_on
from tests.integration.relay.relays import eventually

NAP = 0.01


class Person:
    """Somebody in a call: a page of a browser with one leg."""

    def __init__(self, page, relay, call, participant):
        self.page = page
        self.relay = relay
        self.call = call
        self.name = participant
        self.role = messages.Role(participant.partition(":")[0])
        self.leg = ""
        self.token = 1
        self.grant = None

    def may_watch(self, *told, seconds=60):
        """Give somebody who watches unseen what they need for it."""
        self.grant = self.relay.grant(
            call=self.call, observer=self.name, told=told, until=time.time() + seconds
        )

    async def join(self, leg="leg-1", *, eye=False, **wishes):
        """Make a leg and let the relay answer it."""
        self.leg = leg
        offer = await self.page.evaluate("w => offerLeg('leg', w)", wishes)
        await self._negotiate(offer, eye=eye)
        await eventually(self.is_connected)

    async def renegotiate(self):
        await self._negotiate(await self.page.evaluate("reoffer('leg')"))

    async def is_connected(self):
        return await self.page.evaluate("state('leg')") == "connected"

    async def received(self):
        return await self.page.evaluate("received('leg')")

    async def frames(self, n=0):
        found = await self.received()
        return found[n]["frames"] if n < len(found) else 0

    async def sees(self, n=0, frames=10):
        """Wait until the n-th picture moves on."""
        before = await self.frames(n)
        await eventually(lambda: self._moved(n, before + frames))

    async def sent(self):
        return await self.page.evaluate("sent('leg')")

    async def colour(self, n=0):
        return await self.page.evaluate("n => colour('leg', n)", n)

    async def longest_stop(self, n=0):
        """For how many seconds the n-th picture stood at most, since last asked."""
        return await self.page.evaluate("n => longestStop('leg', n)", n) / 1000

    async def _moved(self, n, goal):
        return await self.frames(n) >= goal

    async def _negotiate(self, offer, *, eye=False):
        answer = await self.relay.open_leg(
            call=self.call,
            participant=self.name,
            role=self.role,
            leg=self.leg,
            token=self.token,
            sdp=offer,
            eye=eye,
            grant=self.grant,
        )
        await self.page.evaluate("s => acceptAnswer('leg', s)", answer)


class Stalls:
    """For how long this machine let nobody run: no picture can move meanwhile."""

    def __init__(self):
        self.longest = 0.0

    async def watch(self):
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + NAP
            await asyncio.sleep(NAP)
            self.longest = max(self.longest, loop.time() - due)


@asynccontextmanager
async def stalls():
    watched = Stalls()
    async with going_on(watched.watch()):
        yield watched


class Stage:
    """Where the calls of a test module happen."""

    def __init__(self, chromium, url, listener, process):
        self.chromium = chromium
        self.url = url
        self.listener = listener
        self.relay = listener.client
        self.process = process
        self._calls = 0
        self._contexts = []

    def new_call(self):
        self._calls += 1
        return f"call-{self._calls}"

    async def person(self, call, participant, browser=None):
        context = await (browser or self.chromium).new_context()
        self._contexts.append(context)
        page = await context.new_page()
        await page.goto(self.url)
        return Person(page, self.relay, call, participant)

    async def couple(self, call, **wishes):
        """A caller and an agent, connected, not yet routed."""
        people = [await self.person(call, name) for name in ("caller", "agent:1")]
        for one in people:
            await one.join(f"leg-{one.name}", **wishes)
        return people

    async def route(self, call, *routes, token=1):
        await self.relay.route(call=call, token=token, routes=routes)

    async def clear(self):
        """Close every page of a test."""
        for context in self._contexts:
            await context.close()
        self._contexts.clear()
        for n in range(1, self._calls + 1):
            await self.relay.close_call(call=f"call-{n}", token=1_000 + n)
