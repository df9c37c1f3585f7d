"""How soon an agent's console hears of a caller, beside what no queue could do faster.

A real platform, with a whole country in the same pool: ten thousand callers who wait,
five thousand agents who are signed in. One real console, one caller after the other, each
on a real socket.
"""

import asyncio
import json
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import aiohttp
import redis
from redis.asyncio import Redis

from accounts.client import AccountsClient
from benchmarks.figures import percentile
from benchmarks.nation import a_nation
from benchmarks.platform import Platform
from benchmarks.queue_load import SERVER, Load
from benchmarks.queue_speed import WAITING
from benchmarks.servers import Kind
from queueing.catalogue import Directory
from queueing.client import QueueClient
from signaling.catalogue import directory
from signaling.connection import RATE
from signaling.protocol import PROTOCOL_VERSION

LOGIN: Final = "agent1"
SERVICE: Final = "telecom-demo"
PATIENCE: Final = 15.0
BEAT: Final = 1.0
NEWER: Final = 1_000_000_000_000
"""How much newer that directory is than any that the platform reaches by itself."""

WARMING: Final = 10
"""Callers before the first who is measured."""

ROUND: Final = 1.25 / RATE
"""Seconds from one round to the next. Each says one word on the console's socket, and one
that says more than its rate is closed."""

MILLISECONDS: Final = 1000.0

Tell = Callable[[str], Any]


class Page:
    """One socket of a page: it says and hears messages."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def say(self, type_: str, **fields: object) -> None:
        await self._socket.send_str(json.dumps({"type": type_, **fields}))

    async def hear(self, type_: str, **fields: object) -> dict[str, Any]:
        """Wait for a message of a type with these values; others are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message: dict[str, Any] = json.loads(await self._socket.receive_str())
                if {"type": type_, **fields}.items() <= message.items():
                    return message


async def offers(kind: Kind, times: int, tell: Tell) -> dict[str, dict[str, float]]:
    """Measure so many offers, and as many floors between them."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        platform = await stack.enter_async_context(
            Platform.start(
                Path(folder) / "platform",
                server="redis" if kind is Kind.REDIS else "valkey",
                settings={"ILLICO_EYE_WORKERS": "0"},
            )
        )
        await stack.enter_async_context(_a_country(platform, tell))
        plain = Redis.from_url(platform.redis_url)
        stack.push_async_callback(plain.aclose)
        console = await stack.enter_async_context(_a_console(platform))
        await console.say("agent_ready", request=_request())
        await console.hear("agent_state", status="ready")
        waits: list[float] = []
        floors: list[float] = []
        for number in range(WARMING + times):
            next_round = time.perf_counter() + ROUND
            async with _a_socket(platform.url(), "/ws/caller") as caller:
                wait = await _offer(caller, console)
            floor = await _floor(plain, console, number)
            if number >= WARMING:
                waits.append(wait)
                floors.append(floor)
            await asyncio.sleep(next_round - time.perf_counter())
    tell(f"{times} offers on a console's socket")
    return {"event_to_offer_ms": _percentiles(waits), "floor_ms": _percentiles(floors)}


async def _offer(caller: Page, console: Page) -> float:
    """Press *Appeler*, until the console hears of it; then change one's mind."""
    pressed = time.perf_counter()
    await caller.say(
        "call_request", request=_request(), service=SERVICE, mode="text", eye=False
    )
    offer = await console.hear("offer")
    heard = time.perf_counter()
    await caller.hear("ticket")
    await caller.say("hang_up", call=offer["call"])
    await console.hear("agent_state", status="ready")
    return heard - pressed


async def _floor(plain: Redis, console: Page, number: int) -> float:
    """Call a function that does nothing, then hear an echo on the console's socket."""
    asked = time.perf_counter()
    await plain.fcall("illico_version", 0)
    await console.say("ping", n=number)
    await console.hear("pong", n=number)
    return time.perf_counter() - asked


@asynccontextmanager
async def _a_country(platform: Platform, tell: Tell) -> AsyncIterator[None]:
    """Fill the platform's own pool, and keep who is in it alive."""
    nation = a_nation()
    async with (
        AccountsClient.open(platform.database_url) as accounts,
        QueueClient.open(platform.redis_url, server=SERVER) as queue,
        asyncio.TaskGroup() as tasks,
    ):
        demo = directory(await accounts.roster())
        await queue.publish(_together(demo, nation))
        beating = tasks.create_task(_beat(queue))
        await asyncio.to_thread(_fill, platform.redis_url, nation)
        tell(
            f"{WAITING} wait in the platform's pool, {len(nation.agents)} agents there"
        )
        try:
            yield
        finally:
            beating.cancel()


def _fill(url: str, nation: Directory) -> None:
    with redis.Redis.from_url(url, decode_responses=True, protocol=2) as client:
        load = Load(client, nation, "fr")
        load.sign_in(nation.agents)
        load.fill(WAITING)


def _together(demo: Directory, nation: Directory) -> Directory:
    return replace(
        demo,
        version=demo.version + NEWER,
        services=demo.services + nation.services,
        agents=demo.agents + nation.agents,
        skills={**nation.skills, **demo.skills},
    )


async def _beat(queue: QueueClient) -> None:
    while True:
        await queue.heartbeat()
        await asyncio.sleep(BEAT)


@asynccontextmanager
async def _a_console(platform: Platform) -> AsyncIterator[Page]:
    """Sign the agent in at a console of their own."""
    login, url = platform.accounts[LOGIN], platform.url()
    async with aiohttp.ClientSession() as http:
        answer = await http.post(
            f"{url}/agent/sign-in",
            json={"login": login.login, "password": login.password},
            headers={"Origin": url},
        )
        answer.raise_for_status()
        cookies = {"illico_agent": answer.cookies["illico_agent"].value}
    async with _a_socket(url, "/ws/agent", cookies) as page:
        await page.hear("agent_state")
        yield page


@asynccontextmanager
async def _a_socket(
    url: str, path: str, cookies: dict[str, str] | None = None
) -> AsyncIterator[Page]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        aiohttp.ClientSession(cookie_jar=jar, cookies=cookies) as http,
        http.ws_connect(url + path, headers={"Origin": url}) as socket,
    ):
        page = Page(socket)
        await page.say("hello", versions=[PROTOCOL_VERSION])
        await page.hear("welcome")
        yield page


def _percentiles(seconds: list[float]) -> dict[str, float]:
    """Give p50 and p99 in milliseconds, to a hundredth."""
    return {
        f"p{n}": round(MILLISECONDS * percentile(seconds, n / 100), 2) for n in (50, 99)
    }


def _request() -> str:
    return uuid.uuid4().hex
