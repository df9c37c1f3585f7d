"""Callers and agents who live through faults: real sockets, kept open and opened again.

Each person's page does what ours do: it reconnects to the next address, presents its
ticket or its cookie, asks again with the same request. What it believes is compared with
what the queue says.
"""

import asyncio
import base64
import itertools
import json
import random
import time
from collections import Counter, defaultdict
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from accounts.client import AccountsClient
from accounts.model import Audience, CompanyId, PersonRole
from queueing.invariants import violations
from queueing.inventory import Inventory
from queueing.model import AgentState, CallState
from tests.integration.signaling.pages import Page, a_socket, request

PASSWORD = "a password of the crowd"
LIVE = {CallState.QUEUED, CallState.OFFERED, CallState.CONNECTING, CallState.ANSWERED}
BUSY = {AgentState.CONNECTING, AgentState.IN_CALL}
AGAIN = 0.2
_numbers = itertools.count(1)


def t0_of(ticket):
    """What a ticket says of T0; it is a JWT, and only its signature is secret."""
    payload = ticket.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))[
        "t0"
    ]


class Person:
    """One page that comes back, at one address after another, while it can."""

    path = ""

    def __init__(self, crowd, name):
        self.crowd, self.name = crowd, name
        self.at = next(_numbers)
        self.url = ""
        self.comes_back = True
        self.problems: Counter[str] = Counter()
        self._page: Page | None = None

    async def live(self):
        while self.comes_back:
            self.url = self.crowd.urls[self.at % len(self.crowd.urls)]
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with asyncio.timeout(None) as patience:
                    await self._visit(patience)
            self._page = None
            self.at += 1
            await asyncio.sleep(AGAIN)

    async def _visit(self, patience):
        loop = asyncio.get_running_loop()
        patience.reschedule(loop.time() + 5)
        async with a_socket(self.url, self.path, self.cookies()) as page:
            await page.say("hello", versions=[1])
            await page.hear("welcome")
            patience.reschedule(None)
            self._page = page
            async with asyncio.TaskGroup() as tasks:
                pinging = tasks.create_task(self._ping(page))
                try:
                    await self.begin(page)
                    while True:
                        message = await page.hear_any(within=12)
                        page.heard.clear()
                        await self.hear(page, message)
                except (aiohttp.ClientError, OSError, TimeoutError):
                    return
                finally:
                    pinging.cancel()

    async def _ping(self, page):
        with suppress(aiohttp.ClientError, OSError):
            for number in itertools.count():
                await asyncio.sleep(2)
                await page.say("ping", n=number)

    async def say(self, *words, **fields):
        page = self._page
        if page is not None:
            with suppress(aiohttp.ClientError, OSError):
                await page.say(*words, **fields)

    def cookies(self) -> dict[str, str] | None:
        return None

    @property
    def stands(self) -> str:
        return ""

    async def begin(self, page):
        """Say what a page says first."""

    async def hear(self, page, message):
        """Act on what the server says."""

    @property
    def is_connected(self):
        return self._page is not None


class Caller(Person):
    """Calls in text mode, talks for a while, hangs up, calls again."""

    path = "/ws/caller"

    def __init__(self, crowd, name):
        super().__init__(crowd, name)
        self.call: str | None = None
        self.ticket: str | None = None
        self.t0 = 0.0
        self.request, self.resumption = request(), None
        self.state = "outside"
        self.ended: Counter[str] = Counter()
        self.t0s_changed = 0

    @property
    def stands(self):
        return self.state

    async def begin(self, page):
        if self.ticket is not None:
            self.resumption = request()
            await page.say("resume", request=self.resumption, ticket=self.ticket)
        else:
            await self._ask(page)

    async def _ask(self, page):
        await page.say(
            "call_request",
            request=self.request,
            service="telecom-demo",
            mode="text",
            eye=False,
            topic=None,
        )

    async def hear(self, page, message):
        match message["type"]:
            case "ticket":
                self._ticket(message)
            case "waiting" | "requeued":
                self.state = "waiting"
            case "connecting":
                self.state = "connecting"
            case "in_call":
                self.state = "in_call"
                asyncio.get_running_loop().call_later(
                    self.crowd.talk * random.uniform(0.7, 1.3), self._bored, self.call
                )
            case "text_from" if self.state == "connecting":
                await page.say("text_shown", call=self.call, elapsed_ms=900)
            case "ended":
                self.ended[message["reason"]] += 1
                await self._over(page)
            case "problem":
                await self._problem(page, message)
            case _:
                pass

    def _ticket(self, message):
        t0 = t0_of(message["ticket"])
        if message["call"] == self.call and t0 != self.t0:
            self.t0s_changed += 1
        self.call, self.ticket, self.t0 = message["call"], message["ticket"], t0
        self.state = "waiting"

    async def _over(self, page):
        self.call = self.ticket = None
        self.request, self.state = request(), "outside"
        if self.crowd.goes_on:
            await self._ask(page)

    async def _problem(self, page, message):
        self.problems[message["code"]] += 1
        if message["request"] is None:
            return
        if message["request"] not in {self.request, self.resumption}:
            return
        if message["code"] in {"ended_call", "bad_ticket", "unknown_call"}:
            self.ended[message["code"]] += 1
            await self._over(page)
        elif message["code"] not in {"superseded", "already_in_call"}:
            await asyncio.sleep(AGAIN)
            await self.begin(page)

    def _bored(self, call):
        if self.call == call and self.state == "in_call" and self.crowd.hangs_up:
            self.crowd.soon(self.say("hang_up", call=call))


class Agent(Person):
    """Takes every call, writes one word, ends the notes at once."""

    path = "/ws/agent"

    def __init__(self, crowd, name, cookie):
        super().__init__(crowd, name)
        self._cookie = cookie
        self.status, self.call, self.token = "offline", None, None

    def cookies(self):
        return {"illico_agent": self._cookie}

    async def hear(self, page, message):
        match message["type"]:
            case "agent_state":
                await self._stands(page, message)
            case "offer":
                self.crowd.rang[message["call"]].append((time.monotonic(), self.name))
                if self.crowd.accepts:
                    self.crowd.soon(self._take(message))
            case "problem":
                self.problems[message["code"]] += 1
            case _:
                pass

    async def _take(self, offer):
        await asyncio.sleep(random.uniform(0, 0.2))
        await self.say(
            "accept", request=request(), call=offer["call"], token=offer["token"]
        )

    async def _stands(self, page, message):
        self.status = message["status"]
        self.call, self.token = message["call"], message["token"]
        if self.status == "away":
            await page.say("agent_ready", request=request())
        elif self.status == "wrap_up":
            await page.say("wrap_up_done", request=request(), ready=True)
        elif self.status == "connecting":
            await page.say("text", call=self.call, chars="Bonjour")

    @property
    def stands(self):
        return self.status

    @property
    def offered(self):
        return self.call if self.status == "ringing" else None

    @property
    def talks(self):
        return self.call if self.status in {"connecting", "in_call"} else None


@dataclass
class Finding:
    """What one look at everybody found."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def __bool__(self):
        return bool(self.lost or self.doubled or self.broken or self.changed)


class Crowd:
    """Everybody, and what the queue says of them."""

    def __init__(self, urls, queue, tasks):
        self.urls, self.queue, self._tasks = list(urls), queue, tasks
        self.talk = 1.0
        self.goes_on = self.accepts = self.hangs_up = True
        self.rang: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.callers: list[Caller] = []
        self.agents: list[Agent] = []
        self.running: list[asyncio.Task[None]] = []
        self.doubled_ever: set[str] = set()
        self._is_over = False

    def soon(self, work):
        if self._is_over:
            return work.close()
        self.running = [task for task in self.running if not task.done()]
        self.running.append(self._tasks.create_task(work))
        return None

    async def leave(self):
        """Hang up: else agents of the next test wait for the callers of this one."""
        self.goes_on = False
        async with asyncio.timeout(20):
            while calling := [each for each in self.callers if each.call is not None]:
                for caller in calling:
                    await caller.say("hang_up", call=caller.call)
                await asyncio.sleep(0.2)

    def end(self):
        self._is_over = True
        for task in self.running:
            task.cancel()

    def come(self, person):
        kind = self.callers if isinstance(person, Caller) else self.agents
        kind.append(person)
        self.soon(person.live())

    @property
    def served(self):
        return sum(sum(caller.ended.values()) for caller in self.callers)

    def people(self):
        """Say where everybody stands, for whoever looks for a cause."""
        return [
            (
                each.name,
                each.url if each.is_connected else "away",
                each.stands,
                dict(each.problems),
            )
            for each in (*self.callers, *self.agents)
        ]

    def doubled(self):
        """Two agents whose consoles are in one call, at this moment."""
        talks = Counter(agent.talks for agent in self.agents if agent.talks)
        return [call for call, agents in talks.items() if agents > 1]

    async def watch(self):
        """Look all the time for consoles that are in one call together."""
        while True:
            self.doubled_ever |= set(self.doubled())
            await asyncio.sleep(0.02)

    async def look(self) -> Finding:
        """Compare what everybody believes with what the queue says, once."""
        pool: Inventory = await self.queue.inventory()
        found = Finding(doubled=[f"console {call}" for call in self.doubled()])
        talks = Counter(
            record["agent"]
            for _, record in pool.calls.items()
            if stage(record) in {CallState.CONNECTING, CallState.ANSWERED}
        )
        found.doubled += [f"agent {a} in {n} calls" for a, n in talks.items() if n > 1]
        for caller in self.callers:
            if caller.ticket is None or caller.call is None:
                continue
            record = pool.calls.get(caller.call)
            if record is None or record["state"] not in LIVE:
                found.lost.append(f"{caller.name} {caller.call} {record}")
            elif int(record["t0"]) != round(caller.t0 * 1e6):
                found.changed.append(caller.call)
        found.changed += [c.name for c in self.callers if c.t0s_changed]
        found.broken = [f"{v.invariant} {v.what}" for v in violations(pool)]
        return found

    async def settled(self, within) -> Finding:
        """Look until nothing is found or the time is over: a moment is no loss."""
        deadline = time.monotonic() + within
        while found := await self.look():
            if time.monotonic() > deadline:
                return found
            await asyncio.sleep(0.1)
        return found


def stage(record):
    return record["was"] if record["state"] == CallState.LOST else record["state"]


async def hire(platform, count):
    """Give so many agents an account and a session; gives their cookies."""
    async with AccountsClient.open(platform.database_url) as accounts:
        for number in range(count):
            with suppress(Exception):  # from an earlier test of this platform
                await accounts.add_person(
                    login=f"crowd{number}",
                    password=PASSWORD,
                    name=f"Crowd {number}",
                    role=PersonRole.AGENT,
                    skills={"lsf": 3, "text": 3},
                    companies=(CompanyId("telecom"),),
                )
        return [
            (
                await accounts.sign_in(
                    login=f"crowd{number}",
                    password=PASSWORD,
                    audience=Audience.CONSOLE,
                    now=time.time(),
                    address="",
                )
            ).token
            for number in range(count)
        ]


@asynccontextmanager
async def a_crowd(platform, *, callers=8, agents=5, servers=3):
    """People at every signaling process, until the block is left."""
    cookies = await hire(platform, agents)
    urls = [platform.url(number) for number in range(1, servers + 1)]
    async with platform.queue() as queue, asyncio.TaskGroup() as tasks:
        crowd = Crowd(urls, queue, tasks)
        try:
            for number, cookie in enumerate(cookies):
                crowd.come(Agent(crowd, f"agent {number}", cookie))
            for number in range(callers):
                crowd.come(Caller(crowd, f"caller {number}"))
            crowd.soon(crowd.watch())
            yield crowd
            await crowd.leave()
        finally:
            crowd.end()
