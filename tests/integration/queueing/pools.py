"""A pool of the queue for one test: clients, a clock that stands still, a directory."""

import asyncio
import contextlib
import itertools
from pathlib import Path
from typing import Any

import msgspec
import redis

from queueing.catalogue import (
    BUILT_IN_SKILLS,
    AgentEntry,
    Directory,
    Need,
    ServiceEntry,
    SkillKind,
)
from queueing.client import QueueClient
from queueing.library import assemble, microseconds
from queueing.messages import Offered
from queueing.model import (
    CallState,
    CompanyId,
    Evidence,
    Mode,
    ServerId,
    Side,
)

START = 1_700_000_000
SECONDS = 5
_numbers = itertools.count(1)


def frozen_library():
    """Give the library with a clock that tests move; newer than any that we ship."""
    clock = (Path(__file__).parent / "frozen_clock.lua").read_text()
    return assemble(version=1_000_000, clock=clock)


def an_agent(name, *companies, reserve=False, independent=False, **skills):
    return AgentEntry(
        id=name,
        companies=frozenset(companies or (CompanyId("telecom"),)),
        skills=skills or {"lsf": 3},
        reserve=reserve,
        name=name.title(),
        independent=independent,
    )


def a_service(name="telecom-demo", company="telecom", words=None, **needs):
    """Give a service; ``words`` are whatever else its entry says."""
    return ServiceEntry(
        id=name,
        company=company,
        needs=some_needs(**(needs or {"lsf": 2})),
        **(words or {}),
    )


def some_needs(**levels):
    return tuple(Need(*each) for each in levels.items())


def a_directory(version, services, agents, reserves=()):
    """Give a directory that takes every skill it does not know for a topic's."""
    named = {need.skill for each in services for need in each.needs}
    named |= {need.skill for each in services for need in each.topics.values()}
    for each in services:
        named |= {n.skill for needs in each.variants.values() for n in needs}
    named |= {skill for each in agents for skill in each.skills}
    named |= {each.skill for each in reserves}
    return Directory(
        version=version,
        services=tuple(services),
        agents=tuple(agents),
        skills=dict.fromkeys(named - set(BUILT_IN_SKILLS), SkillKind.TOPIC),
        reserves=tuple(reserves),
    )


class Pool:
    """One pool on a server, seen through two signaling servers' clients."""

    def __init__(self, server, name, plain, here, there):
        self.server, self.name, self.plain = server, name, plain
        self.here: Any = here
        self.there: Any = there
        self.now = float(START)
        self._raw = self.plain_bytes()
        self._directory = 0
        self._ledger = "0"

    def key(self, name):
        return f"{{q:{self.name}}}:{name}"

    def plain_bytes(self):
        """Reach the server without decoding what it says."""
        return redis.Redis.from_url(self.server.url)

    def record(self, kind, name):
        """Read a call or an agent as the store holds it; of nobody, nothing."""
        packed = self._raw.get(self.key(f"{kind}:{name}"))
        return msgspec.msgpack.decode(packed) if packed else {}

    def rewrite(self, kind, name, **fields):
        """Change what the store holds of a call or an agent, as nothing of ours does."""
        changed = self.record(kind, name) | fields
        self._raw.set(self.key(f"{kind}:{name}"), msgspec.msgpack.encode(changed))

    def move_to_another_process(self):
        """As after a restart or a failover: who holds the data has not written them."""
        another = {"process": a_request(), "standing": a_request()}
        self.plain.hset(self.key("meta"), mapping=another)

    def another(self, server):
        """Open a second client as a server that may have one already."""
        return QueueClient.open(self.server.url, pool=self.name, server=server)

    async def advance(self, seconds, *, sweep=True):
        """Move the clock; then both servers say that they live, and leases end."""
        self.now = round(self.now + seconds, 6)
        self.plain.set(self.key("clock"), microseconds(self.now))
        if sweep:
            await self.here.heartbeat()
            await self.there.heartbeat()
            await self.sweep()

    async def sweep(self):
        while await self.here.sweep(100):
            pass

    async def publish(self, *agents, services=None, reserves=()):
        self._directory += 1
        entries = services or [a_service()]
        written = a_directory(self._directory, entries, agents, reserves)
        assert await self.here.publish(written)

    async def staff(self, *agents, services=None, reserves=()):
        """Publish these agents and let each of them be ready, in this order."""
        await self.publish(*agents, services=services, reserves=reserves)
        for agent in agents:
            await self.ready(agent.id)

    async def ready(self, agent, client=None, connection=None):
        await (client or self.here).agent_connected(
            agent=agent, connection=connection or f"{agent}-tab", request=a_request()
        )
        await self.here.agent_ready(agent=agent, request=a_request())

    async def call(self, name, *, service="telecom-demo", topic=None, client=None,
                   mode=Mode.VIDEO, variant=None, prefer=None, request=None):  # fmt: skip
        return await (client or self.here).enqueue(
            call=name,
            service=service,
            topic=topic,
            mode=mode,
            relay="r1",
            connection=f"{name}-tab",
            variant=variant,
            prefer=prefer,
            request=request or a_request(),
        )

    async def accept(self, call):
        view = await self.here.view(call)
        return await self.here.accept(
            agent=view.agent, call=call, token=view.token, request=a_request()
        )

    async def refuse(self, call):
        view = await self.here.view(call)
        await self.here.refuse(
            agent=view.agent, call=call, token=view.token, request=a_request()
        )

    async def answer(self, call, evidence=Evidence.PRESENTED):
        """Accept and see the agent."""
        view = await self.here.view(call)
        if view.state == CallState.OFFERED:
            await self.accept(call)
        return await self.here.answered(
            call=call,
            token=view.token,
            evidence=evidence,
            browser_ms=900,
            forwarded_at=self.now,
            request=a_request(),
        )

    async def hang_up(self, call, by=Side.CALLER, *, difficult=False):
        view = await self.here.view(call)
        return await self.here.hang_up(
            call=call,
            by=by,
            agent=view.agent,
            token=view.token,
            difficult=difficult,
            request=a_request(),
        )

    async def state(self, call):
        return (await self.here.view(call)).state

    async def places(self, *calls):
        """The position of each that is queued, and whether nobody fits."""
        found = await self.here.waits(calls)
        return {call: (wait.position, wait.nobody) for call, wait in found.items()}

    async def rings_at(self, call):
        view = await self.here.view(call)
        return view.agent if view.state == CallState.OFFERED else None

    async def agent(self, agent):
        return (await self.here.agent_view(agent)).state

    async def new_ledger(self):
        """Read what happened to people since the last time."""
        entries = await self.here.ledger(after=self._ledger, count=1000, block_ms=0)
        self._ledger = entries[-1].position if entries else self._ledger
        return [entry for entry in entries if entry.kind != "life_began"]

    async def kinds(self):
        return [entry.kind for entry in await self.new_ledger()]


def a_request():
    return f"request-{next(_numbers)}"


async def events_of(client, until):
    """Read a server's events up to and including the first of a type."""
    found = []
    async with asyncio.timeout(SECONDS), contextlib.aclosing(client.events()) as events:
        async for event in events:
            found.append(event)
            if isinstance(event, until):
                break
    return found


async def offer_of(client, call):
    """Read what was told of the newest ringing of a call."""
    while True:
        offered = (await events_of(client, Offered))[-1]
        if offered.call == call:
            return offered


@contextlib.asynccontextmanager
async def a_client(url, pool):
    """Open the door as the server `here`."""
    async with QueueClient.open(url, pool=pool, server=ServerId("here")) as client:
        yield client


@contextlib.asynccontextmanager
async def a_pool(server):
    name = f"p{next(_numbers)}"
    with server.plain() as plain:
        plain.set(f"{{q:{name}}}:clock", microseconds(START))
        async with (
            QueueClient.open(server.url, pool=name, server=ServerId("here")) as here,
            QueueClient.open(server.url, pool=name, server=ServerId("there")) as there,
        ):
            yield Pool(server, name, plain, here, there)
