"""One channel to a relay, kept up: asked, lost, and found again."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
import msgspec
import structlog

from relay import messages
from relay.errors import (
    BadMessageError,
    PeerError,
    UnreachableError,
    error_of,
)
from relay.messages import Command, Event, Load

log = structlog.get_logger()

COMMAND_TIMEOUT: Final = 5.0
SLOW: Final = 1.0
"""Seconds after which a relay that has not answered is asked whether it lives at all."""

CONNECT_TIMEOUT: Final = 3.0
ALIVE_TIMEOUT: Final = 0.7
ALIVE_FOR: Final = 0.3
"""Seconds for which an answer to that question is believed."""

HEARTBEAT: Final = 2.0
CLOSE_TIMEOUT: Final = 0.2
MAX_EVENTS: Final = 4096
"""Events kept for a reader who is late; beyond that the oldest goes."""

_DELAYS: Final = (0.05, 0.1, 0.2, 0.5, 1.0)


class Line:
    """The channel between one signaling process and one relay."""

    load: Load | None
    is_gone: bool
    """Nobody listens at its address any more: the process is over, and its calls with it."""

    def __init__(
        self,
        relay: str,
        address: str,
        secret: str,
        server: str,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.relay: Final = relay
        self.load = None
        self.is_gone = False
        self._address = address
        self._secret = secret
        self._server = server
        self._trust = trust
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._up = asyncio.Event()
        self._refusal: PeerError | None = None
        self._incarnation = ""
        self._incarnation_before = ""
        self._n = 0
        self._waiting: dict[int, asyncio.Future[messages.Reply]] = {}
        self._events: asyncio.Queue[Event] = asyncio.Queue(MAX_EVENTS)
        self._lost_at: float | None = None
        self._asks = asyncio.Lock()
        self._asked_at = -ALIVE_FOR
        self._was_alive = False

    async def events(self) -> AsyncIterator[Event]:
        """Give what happens, in order; for one reader."""
        while True:
            yield await self._events.get()

    @property
    def lost_for(self) -> float | None:
        """For how many seconds the channel has been lost; None while it is up."""
        if self._lost_at is None:
            return None
        return asyncio.get_running_loop().time() - self._lost_at

    async def ask(self, command: Command) -> messages.Reply:
        """Have a command carried out.

        Raises:
            RelayError: it was refused, or the relay is out of reach.

        """
        socket = await self._channel()
        self._n += 1
        n = self._n
        written = _written(messages.Request(n, self._incarnation, command))
        answer: asyncio.Future[messages.Reply] = (
            asyncio.get_running_loop().create_future()
        )
        self._waiting[n] = answer
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT):
                await socket.send_str(written)
                reply = await self._patiently(answer)
        except (TimeoutError, ConnectionError, aiohttp.ClientError) as error:
            raise UnreachableError(f"relay {self.relay} does not answer") from error
        finally:
            self._waiting.pop(n, None)
        if isinstance(reply, messages.Refused):
            raise error_of(reply.code, reply.text)
        return reply

    async def is_alive(self) -> bool:
        """Ask beside the channel whether the relay answers; the channel of a mute one is cut.

        A machine that vanishes says no farewell: its channel seems to be up.
        """
        loop = asyncio.get_running_loop()
        async with self._asks:
            if not self.is_gone and loop.time() - self._asked_at >= ALIVE_FOR:
                self._was_alive = await self._answers()
                self._asked_at = loop.time()
            alive = self._was_alive and not self.is_gone
            if not alive and self._socket is not None:
                await self._socket.close()
        return alive

    async def keep(self) -> None:
        """Connect, serve, and connect again, for ever."""
        tries = 0
        while True:
            was_up = await self._serve_once()
            tries = 0 if was_up else tries + 1
            await asyncio.sleep(_DELAYS[min(tries, len(_DELAYS) - 1)])

    async def _patiently(
        self, answer: asyncio.Future[messages.Reply]
    ) -> messages.Reply:
        done, _ = await asyncio.wait({answer}, timeout=SLOW)
        if not done:
            await self.is_alive()  # the end of the channel is the end of this wait
        return await answer

    async def _answers(self) -> bool:
        try:
            async with (
                asyncio.timeout(ALIVE_TIMEOUT),
                self._session() as session,
                session.get(self._url("http", "healthz")) as answer,
            ):
                return answer.status == 200
        except (OSError, aiohttp.ClientError, TimeoutError):
            return False

    async def _channel(self) -> aiohttp.ClientWebSocketResponse:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._up.wait()
        if self._socket is not None:
            return self._socket
        if self._refusal is not None:
            raise self._refusal
        raise UnreachableError(f"relay {self.relay} is out of reach")

    async def _serve_once(self) -> bool:
        try:
            async with self._session() as session:
                socket = await self._connect(session)
                try:
                    await self._listen(socket)
                finally:
                    await socket.close()
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            log.debug("relay out of reach", relay=self.relay, error=str(error))
            if _is_refused(error):
                self._go()
        except msgspec.DecodeError:
            log.exception("a relay speaks another language", relay=self.relay)
        return self._lost()

    async def _connect(
        self, session: aiohttp.ClientSession
    ) -> aiohttp.ClientWebSocketResponse:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await session.ws_connect(
                self._url("ws", "control"),
                heartbeat=HEARTBEAT,
                compress=0,
                max_msg_size=messages.MAX_MESSAGE_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT),
            )

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        await socket.send_str(messages.encode(self._hello()))
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                break
            self._take(socket, messages.decode_from_relay(frame.data))

    def _take(
        self, socket: aiohttp.ClientWebSocketResponse, message: messages.FromRelay
    ) -> None:
        match message:
            case messages.Welcome():
                self._welcome(socket, message)
            case messages.Refused(n=0):
                error = error_of(message.code, message.text)
                log.error("relay turns us away", relay=self.relay, code=message.code)
                self._refusal = error if isinstance(error, PeerError) else None
                self._up.set()
            case (
                messages.Done()
                | messages.Answered()
                | messages.Figures()
                | messages.Refused()
            ):
                waiting = self._waiting.get(message.n)
                if waiting is not None and not waiting.done():
                    waiting.set_result(message)
            case _:
                if isinstance(message, Load):
                    self.load = message
                self._post(message)

    def _welcome(
        self, socket: aiohttp.ClientWebSocketResponse, welcome: messages.Welcome
    ) -> None:
        self._incarnation = welcome.incarnation
        if self._incarnation_before:
            same = self._incarnation_before == welcome.incarnation
            self._post(messages.ChannelBack(same=same))
        self._incarnation_before = welcome.incarnation
        self._refusal = None
        self.is_gone = False
        self._lost_at = None
        self._socket = socket
        self._up.set()

    def _go(self) -> None:
        """Nobody listens there: whoever waits for the channel need not any longer."""
        if not self.is_gone:
            self.is_gone = True
            self._up.set()
            self._post(messages.ChannelRefused())

    def _lost(self) -> bool:
        """Forget the channel; says whether it had been up."""
        was_up = self._socket is not None
        self._socket = None
        self.load = None
        if self._lost_at is None:
            self._lost_at = asyncio.get_running_loop().time()
        if self._refusal is None and not self.is_gone:
            self._up.clear()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(UnreachableError(f"relay {self.relay} is lost"))
        if was_up:
            self._post(messages.ChannelLost())
        return was_up

    def _post(self, event: Event) -> None:
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(event)

    def _hello(self) -> messages.Hello:
        return messages.Hello(
            versions=(messages.PROTOCOL_VERSION,),
            server=self._server,
            secret=self._secret,
        )

    def _session(self) -> aiohttp.ClientSession:
        if self._address.startswith("unix:"):
            path = self._address.removeprefix("unix:")
            return aiohttp.ClientSession(connector=aiohttp.UnixConnector(path))
        trust = self._trust or True
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust))

    def _url(self, scheme: str, page: str) -> str:
        kind, _, place = self._address.partition(":")
        host = "relay" if kind == "unix" else place.removeprefix("//")
        return f"{scheme}{'s' if kind == 'tls' else ''}://{host}/{page}"


def _is_refused(error: Exception) -> bool:
    return isinstance(error, aiohttp.ClientConnectorError) and isinstance(
        error.os_error, ConnectionRefusedError | FileNotFoundError
    )


def _written(request: messages.Request) -> str:
    """Write a request, and see that the relay will understand it.

    Raises:
        BadMessageError: a value is outside the protocol; sent, it would cost the channel.

    """
    text = messages.encode(request)
    try:
        messages.decode_for_relay(text)
    except msgspec.DecodeError as error:
        raise BadMessageError(str(error)) from error
    return text
