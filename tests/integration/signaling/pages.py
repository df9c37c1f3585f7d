"""A page without a browser: it speaks the wire protocol and remembers what it heard."""

import asyncio
import json
import uuid
from contextlib import asynccontextmanager

import aiohttp

PATIENCE = 15.0


class Page:
    """One socket. ``hear`` waits for a message of a type, in the order of arrival."""

    def __init__(self, socket):
        self.socket = socket
        self.heard = []

    async def say(self, type_, **fields):
        await self.socket.send_str(json.dumps({"type": type_, **fields}))

    async def hear(self, *types, within=PATIENCE):
        """The next message of one of these types; others are passed over."""
        async with asyncio.timeout(within):
            while True:
                message = await self.hear_any(within=within)
                if message["type"] in types:
                    return message

    async def hear_any(self, within=PATIENCE):
        frame = await self.socket.receive(timeout=within)
        if frame.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionResetError(f"{frame.type} {self.socket.close_code}")
        message = json.loads(frame.data)
        self.heard.append(message)
        return message

    async def closed(self, within=PATIENCE):
        """Wait for the end; gives the close code."""
        async with asyncio.timeout(within):
            while True:
                frame = await self.socket.receive()
                if frame.type in {
                    aiohttp.WSMsgType.CLOSE,
                    aiohttp.WSMsgType.CLOSING,
                    aiohttp.WSMsgType.CLOSED,
                    aiohttp.WSMsgType.ERROR,
                }:
                    return self.socket.close_code
                self.heard.append(json.loads(frame.data))

    async def call(self, service="telecom-demo", mode="text", topic=None, **more):
        """Press *Appeler*; gives the ticket."""
        await self.say(
            "call_request",
            request=request(),
            service=service,
            mode=mode,
            eye=False,
            topic=topic,
            **more,
        )
        return await self.hear("ticket")

    async def vanish(self):
        """Lose the network: no farewell, the transport is cut."""
        connection = self.socket._response.connection
        if connection is not None and connection.transport is not None:
            connection.transport.abort()
        await self.socket.close()

    async def rest(self):
        """Be away, whatever an earlier test left."""
        state = await self.hear("agent_state")
        while state["status"] != "away":
            if state["status"] == "wrap_up":
                await self.say("wrap_up_done", request=request(), ready=False)
            elif state["status"] in {"connecting", "in_call"}:
                await self.say("hang_up", call=state["call"])
            else:
                await self.say("agent_away", request=request())
            state = await self.hear("agent_state")

    async def ready(self):
        await self.say("agent_ready", request=request())
        await self.hear_status("ready")

    async def hear_status(self, status):
        """Wait until the console is in a state; gives the message that says so."""
        while (told := await self.hear("agent_state"))["status"] != status:
            pass
        return told

    async def take(self):
        """Wait for the ring and accept."""
        offer = await self.hear("offer")
        await self.accept(offer)
        return offer

    async def accept(self, offer):
        await self.say(
            "accept", request=request(), call=offer["call"], token=offer["token"]
        )

    async def refuse(self, offer):
        await self.say(
            "refuse", request=request(), call=offer["call"], token=offer["token"]
        )


def request():
    return uuid.uuid4().hex


@asynccontextmanager
async def a_socket(url, path="/ws/caller", cookies=None, headers=None):
    """A socket that has not said hello yet."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        aiohttp.ClientSession(cookie_jar=jar, cookies=cookies) as http,
        http.ws_connect(
            url + path, headers={"Origin": url, **(headers or {})}
        ) as socket,
    ):
        yield Page(socket)


@asynccontextmanager
async def a_caller(url):
    """A caller's page after hello."""
    async with a_socket(url) as page:
        await page.say("hello", versions=[1])
        await page.hear("welcome")
        yield page


@asynccontextmanager
async def an_agent(url, login, password):
    """An agent's console after sign-in and hello; away."""
    async with aiohttp.ClientSession() as http:
        answer = await http.post(
            f"{url}/agent/sign-in",
            json={"login": login, "password": password},
            headers={"Origin": url},
        )
        assert answer.status == 200, await answer.text()
        cookie = answer.cookies["illico_agent"].value
    async with a_console(url, cookie) as page:
        await page.rest()
        yield page


@asynccontextmanager
async def a_console(url, cookie):
    """A signed-in agent's console after hello, in whatever state the agent is."""
    async with a_socket(url, "/ws/agent", {"illico_agent": cookie}) as page:
        page.cookie = cookie
        await page.say("hello", versions=[1])
        await page.hear("welcome")
        yield page
