"""One socket: hello first, a bounded inbox, a bounded outbox, one writer.

The reader decodes and queues, one consumer acts in order, one writer sends. A page that
does not read, or that floods, is disconnected and costs nobody else anything.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
import structlog
from aiohttp import WSMsgType, web

from signaling import errors, protocol
from signaling.blame import blame
from signaling.events import EdgeEvent
from signaling.metrics import Metrics

OUTBOX: Final = 256
INBOX: Final = 256
HELLO_TIMEOUT: Final = 10.0
SEND_TIMEOUT: Final = 10.0
HEARTBEAT: Final = 10.0
PAGE_HEARTBEAT_MS: Final = 5_000
BURST: Final = 120
RATE: Final = 40.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """The socket is gone: the last item of every inbox."""


class Session(Protocol):
    """Whoever acts on a socket's messages and on the rooms' events, in order."""

    async def opened(self) -> None:
        """Act on the finished handshake."""

    async def message(self, message: protocol.ClientMessage) -> None:
        """Act on a page's message."""

    async def event(self, event: EdgeEvent) -> None:
        """Act on an event of another room."""

    async def left(self) -> None:
        """Act on the socket's end."""


class Allowance:
    """A token bucket: ``burst`` at once, ``rate`` a second after that."""

    def __init__(self, burst: float, rate: float, now: float) -> None:
        self._burst = burst
        self._rate = rate
        self._tokens = burst
        self._at = now

    def take(self, now: float) -> bool:
        """Take one token; false when there is none."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Connection:
    """One page's socket and the two queues around it."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        request: web.BaseRequest,
        *,
        name: str,
        metrics: Metrics,
    ) -> None:
        self.name: Final = name
        self._metrics = metrics
        self._socket = socket
        self._transport = request.transport
        self._outbox: asyncio.Queue[protocol.ServerMessage] = asyncio.Queue(OUTBOX)
        self._inbox: asyncio.Queue[protocol.ClientMessage | EdgeEvent | Left] = (
            asyncio.Queue(INBOX)
        )
        self._log = log.bind(connection=name)

    def send(self, message: protocol.ServerMessage) -> None:
        """Queue one message; a page that does not read is disconnected."""
        try:
            self._outbox.put_nowait(message)
        except asyncio.QueueFull:
            self._log.warning("page reads too slowly, disconnected")
            self.abort()

    def post(self, event: EdgeEvent) -> None:
        """Queue one event of another room for the session."""
        try:
            self._inbox.put_nowait(event)
        except asyncio.QueueFull:
            self._log.warning("session falls behind, disconnected")
            self.abort()

    def post_later(self, delay: float, event: EdgeEvent) -> None:
        """Queue an event after ``delay`` seconds."""
        asyncio.get_running_loop().call_later(delay, self.post, event)

    def abort(self) -> None:
        """Cut the transport without a farewell."""
        if self._transport is not None:
            self._transport.abort()

    async def close(self, code: int, text: str = "") -> None:
        """Say farewell with a close code, after what is queued was sent."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SEND_TIMEOUT):
                await self._outbox.join()
        await self._socket.close(code=code, message=text.encode())

    async def supersede(self) -> None:
        """Tell this page that a newer window took over, and close it."""
        await self._blame(errors.SupersededError())

    async def sign_out(self) -> None:
        """Tell this console that its session is over, and close it."""
        await self._blame(errors.NotSignedInError())
        await self.close(4401, errors.NotSignedInError.code)

    async def run(
        self,
        session: Session,
        welcome: Callable[[str], protocol.Welcome],
    ) -> None:
        """Serve the socket until it ends, then let the session say good-bye."""
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(self._write())
            if await self._shake_hands(welcome):
                consumer = tasks.create_task(self._consume(session))
                await self._read()
                await self._inbox.put(Left())
                await consumer
            writer.cancel()

    async def _shake_hands(self, welcome: Callable[[str], protocol.Welcome]) -> bool:
        try:
            message = await self._receive_hello()
        except errors.PeerError as error:
            await self._blame(error)
            return False
        if message is None:
            return False
        self.send(welcome(self.name))
        return True

    async def _receive_hello(self) -> protocol.Hello | None:
        try:
            frame = await self._socket.receive(timeout=HELLO_TIMEOUT)
        except TimeoutError as error:
            raise errors.HelloTimeoutError from error
        if frame.type is not WSMsgType.TEXT:
            return None
        try:
            message = protocol.decode(frame.data)
        except msgspec.MsgspecError as error:
            raise errors.BadMessageError from error
        if not isinstance(message, protocol.Hello):
            raise errors.HelloFirstError
        if protocol.PROTOCOL_VERSION not in message.versions:
            raise errors.UnsupportedVersionError
        return message

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        allowance = Allowance(BURST, RATE, loop.time())
        async for frame in self._socket:
            try:
                await self._take(frame.type, frame.data, allowance, loop.time())
            except errors.PeerError as error:
                await self._blame(error)
                return

    async def _take(
        self, kind: WSMsgType, data: str, allowance: Allowance, now: float
    ) -> None:
        if kind is not WSMsgType.TEXT:
            raise errors.BadMessageError
        if not allowance.take(now):
            raise errors.TooFastError
        self._metrics.messages.inc()
        try:
            message = protocol.decode(data)
        except msgspec.MsgspecError as error:
            raise errors.BadMessageError from error
        if isinstance(message, protocol.Ping):
            self.send(protocol.Pong(n=message.n))
            return
        await self._inbox.put(message)

    async def _consume(self, session: Session) -> None:
        await self._act(session.opened())
        while True:
            item = await self._inbox.get()
            if isinstance(item, Left):
                await self._act(session.left())
                return
            if isinstance(item, protocol.Message):
                request = getattr(item, "request", None)
                await self._act(session.message(item), request)
            else:
                await self._act(session.event(item))

    async def _act(self, action: Awaitable[None], request: str | None = None) -> None:
        try:
            await action
        except Exception as error:  # noqa: BLE001  the last stop of every session
            known = blame(error)
            if isinstance(known, errors.FailedError):
                self._log.exception("session failed", code=known.code)
            await self._blame(known, request)

    async def _blame(
        self, error: errors.SignalingError, request: str | None = None
    ) -> None:
        self._metrics.problems.labels(code=error.code).inc()
        self.send(protocol.Problem(code=error.code, text=error.text, request=request))
        if isinstance(error, errors.PeerError):
            await self.close(error.close_code, error.code)
        elif isinstance(error, errors.SupersededError):
            await self.close(4409, error.code)

    async def _write(self) -> None:
        while True:
            message = await self._outbox.get()
            try:
                async with asyncio.timeout(SEND_TIMEOUT):
                    await self._socket.send_str(protocol.encode(message))
            except (TimeoutError, ConnectionError):
                self.abort()
            finally:
                self._outbox.task_done()
