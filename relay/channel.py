"""One signaling process at the relay's door."""

import asyncio
import hmac
from typing import Final, assert_never

import msgspec
import structlog
from aiohttp import WSMsgType, web

from relay import messages
from relay.background import background
from relay.errors import (
    BadMessageError,
    FailedError,
    HelloFirstError,
    OtherIncarnationError,
    PeerError,
    RefusedError,
    RelayError,
    UnknownVersionError,
    WrongSecretError,
)
from relay.exchange import Exchange
from relay.messages import FromRelay, Reply
from relay.model import ServerId

log = structlog.get_logger()

OUTBOX: Final = 1024
"""Messages; a signaling process that does not read them is disconnected."""

HELLO_TIMEOUT: Final = 5.0
SEND_TIMEOUT: Final = 5.0


class Channel:
    """Reads the commands of one signaling process and writes it replies and events."""

    def __init__(self, socket: web.WebSocketResponse, server: ServerId) -> None:
        self.server: Final = server
        self._socket = socket
        self._outbox: asyncio.Queue[FromRelay] = asyncio.Queue(OUTBOX)
        self._over = asyncio.Event()

    def post(self, message: FromRelay) -> None:
        """Send a message soon; a reader too slow loses the channel."""
        try:
            self._outbox.put_nowait(message)
        except asyncio.QueueFull:
            log.warning("a slow reader is disconnected", server=self.server)
            self.hang_up()

    async def serve(self, exchange: Exchange, incarnation: str) -> None:
        """Answer requests until the other side or `hang_up` ends it."""
        async with background(self._write(), self._watch()):
            async for frame in self._socket:
                if frame.type is not WSMsgType.TEXT:
                    raise BadMessageError("only text frames")
                message = decode(frame.data)
                if not isinstance(message, messages.Request):
                    raise HelloFirstError("a second hello")
                self.post(await self._reply(exchange, incarnation, message))

    def hang_up(self) -> None:
        """Close the channel soon."""
        self._over.set()

    async def _reply(
        self, exchange: Exchange, incarnation: str, request: messages.Request
    ) -> Reply:
        try:
            check_life(request, incarnation)
            answer = await self._obey(exchange, request.n, request.command)
        except (RefusedError, FailedError) as error:
            return refusal(request.n, error)
        except Exception:
            log.exception("a command failed", server=self.server)
            return refusal(request.n, FailedError("internal error"))
        return answer or messages.Done(n=request.n)

    async def _obey(  # noqa: C901, PLR0912 - one case for each command
        self, exchange: Exchange, n: int, command: messages.Command
    ) -> Reply | None:
        match command:
            case messages.OpenLeg():
                sdp = await exchange.open_leg(self.server, command)
                return messages.Answered(n=n, sdp=sdp)
            case messages.Stats():
                return messages.Figures(n=n, legs=exchange.stats(command))
            case messages.Route():
                exchange.route(command)
            case messages.Pace():
                exchange.pace(command)
            case messages.Watch():
                exchange.watch(command)
            case messages.Pause():
                exchange.pause(command)
            case messages.KeyFrame():
                exchange.key_frame(command)
            case messages.Say():
                exchange.say(command)
            case messages.Claim():
                exchange.claim(self.server, command)
            case messages.Revoke():
                exchange.revoke(command)
            case messages.CloseLeg():
                exchange.close_leg(command)
            case messages.CloseCall():
                exchange.close_call(command)
            case _:
                assert_never(command)
        return None

    async def _write(self) -> None:
        while True:
            message = await self._outbox.get()
            try:
                async with asyncio.timeout(SEND_TIMEOUT):
                    await self._socket.send_str(messages.encode(message))
            except (TimeoutError, ConnectionError):
                await self._socket.close()
                return

    async def _watch(self) -> None:
        await self._over.wait()
        await self._socket.close()


def check_life(request: messages.Request, incarnation: str) -> None:
    """Compare the life of the relay that a request is for with this one.

    Raises:
        OtherIncarnationError: it was for an earlier life.

    """
    if request.incarnation != incarnation:
        raise OtherIncarnationError("this relay has restarted")


def decode(data: str) -> messages.ToRelay:
    """Read a message.

    Raises:
        BadMessageError: it is none.

    """
    try:
        return messages.decode_for_relay(data)
    except msgspec.DecodeError as error:
        raise BadMessageError("no message of the protocol") from error


def refusal(n: int, error: RelayError) -> messages.Refused:
    """Write an error for the other side."""
    return messages.Refused(n=n, code=error.code, text=str(error))


async def greet(socket: web.WebSocketResponse, secret: str) -> messages.Hello:
    """Wait for a hello and check its proof.

    Raises:
        PeerError: no hello, no common version, or the wrong secret.

    """
    async with asyncio.timeout(HELLO_TIMEOUT):
        frame = await socket.receive()
    if frame.type is not WSMsgType.TEXT:
        raise HelloFirstError("a hello comes first")
    hello = decode(frame.data)
    if not isinstance(hello, messages.Hello):
        raise HelloFirstError("a hello comes first")
    if not hmac.compare_digest(hello.secret.encode(), secret.encode()):
        raise WrongSecretError("the secret is wrong")
    if messages.PROTOCOL_VERSION not in hello.versions:
        raise UnknownVersionError(f"this relay speaks {messages.PROTOCOL_VERSION}")
    return hello


async def turn_away(socket: web.WebSocketResponse, error: PeerError) -> None:
    """Tell why, and close."""
    log.warning("a channel is turned away", code=error.code)
    if not socket.closed:
        await socket.send_str(messages.encode(refusal(0, error)))
        await socket.close()
