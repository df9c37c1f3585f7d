"""The relay's door for other rooms: commands, events, and a channel that comes back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import msgspec
import structlog

from relay import messages
from relay.background import background
from relay.errors import (
    BadMessageError,
    BadSdpError,
    FailedError,
    PeerError,
    UnreachableError,
    error_of,
)
from relay.messages import Command, Event, Load, Role

log = structlog.get_logger()

COMMAND_TIMEOUT: Final = 5.0
CONNECT_TIMEOUT: Final = 3.0
HEARTBEAT: Final = 5.0
MAX_EVENTS: Final = 4096
"""Events kept for a reader who is late; beyond that the oldest goes."""

_DELAYS: Final = (0.05, 0.1, 0.2, 0.5, 1.0)


class RelayClient:
    """One relay, seen from one signaling process; the channel reconnects by itself."""

    load: Load | None

    def __init__(self, relay: str, address: str, secret: str, server: str) -> None:
        self.relay: Final = relay
        self.load = None
        self._address = address
        self._secret = secret
        self._server = server
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._up = asyncio.Event()
        self._refusal: PeerError | None = None
        self._incarnation = ""
        self._incarnation_before = ""
        self._n = 0
        self._waiting: dict[int, asyncio.Future[messages.Reply]] = {}
        self._events: asyncio.Queue[Event] = asyncio.Queue(MAX_EVENTS)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, relay: str, address: str, secret: str, *, server: str
    ) -> AsyncIterator["RelayClient"]:
        """Keep a channel to one relay for as long as the block lasts.

        ``address`` is ``unix:/path`` or ``tcp://host:port``; ``server`` names this
        process. The relay need not be there yet: `load` stays None until it is.
        """
        client = cls(relay, address, secret, server)
        async with background(client._keep()):
            yield client

    # --------------------------------------------------------------- commands

    async def open_leg(
        self,
        *,
        call: str,
        participant: str,
        role: Role,
        leg: str,
        token: int,
        sdp: str,
        eye: bool,
    ) -> str:
        """Give a browser's offer to the relay and get the answer.

        The same ``leg`` renegotiates; a new one replaces the participant's leg.

        Raises:
            RefusedError: `bad_sdp`, `no_video`, `stale_token`, `full`, `draining`, ….
            FailedError: the relay is out of reach, or broke.

        """
        if len(sdp) > messages.MAX_SDP_CHARACTERS:
            raise BadSdpError("the offer is too long")
        reply = await self._ask(
            messages.OpenLeg(
                call=call,
                participant=participant,
                role=role,
                leg=leg,
                token=token,
                sdp=sdp,
                eye=eye,
            )
        )
        if not isinstance(reply, messages.Answered):
            raise FailedError("an offer was not answered")
        return reply.sdp

    async def route(
        self, *, call: str, token: int, routes: Sequence[tuple[str, str]]
    ) -> None:
        """Say who sees whom: the whole set of (source, sink) for the call.

        Raises:
            StaleTokenError: a newer token rules the call.
            FailedError: the relay is out of reach.

        """
        await self._ask(messages.Route(call=call, token=token, routes=tuple(routes)))

    async def pace(self, *, call: str, participant: str, max_kbps: int) -> None:
        """Cap what a participant's browser sends, in kbit/s.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self._ask(
            messages.Pace(call=call, participant=participant, max_kbps=max_kbps)
        )

    async def watch(self, *, call: str, participant: str, yes: bool) -> None:
        """Let the eye look at a participant, or not.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self._ask(messages.Watch(call=call, participant=participant, yes=yes))

    async def content(
        self, *, call: str, participant: str, kind: str, body: str
    ) -> None:
        """Hand words, a gesture or a presence to the call's other participants.

        Raises:
            UnknownParticipantError: the relay knows no such participant.
            FailedError: the relay is out of reach.

        """
        await self._ask(
            messages.Say(call=call, participant=participant, kind=kind, body=body)
        )

    async def claim(
        self, *, call: str, participant: str, role: Role | None = None
    ) -> None:
        """Speak for a participant from now on, with or without a leg.

        The relay then tells how their leg is. ``role`` may be left out where the id
        begins with it.

        Raises:
            UnknownParticipantError: somebody new without a role.
            FailedError: the relay is out of reach.

        """
        await self._ask(messages.Claim(call=call, participant=participant, role=role))

    async def close_leg(self, *, call: str, participant: str) -> None:
        """Let a participant leave the call.

        Raises:
            FailedError: the relay is out of reach.

        """
        await self._ask(messages.CloseLeg(call=call, participant=participant))

    async def close_call(self, *, call: str, token: int) -> None:
        """End a call for everybody.

        Raises:
            StaleTokenError: a newer token rules the call.
            FailedError: the relay is out of reach.

        """
        await self._ask(messages.CloseCall(call=call, token=token))

    async def events(self) -> AsyncIterator[Event]:
        """Give what happens, in order; for one reader."""
        while True:
            yield await self._events.get()

    # ---------------------------------------------------------------- channel

    async def _ask(self, command: Command) -> messages.Reply:
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
                reply = await answer
        except (TimeoutError, ConnectionError, aiohttp.ClientError) as error:
            raise UnreachableError(f"relay {self.relay} does not answer") from error
        finally:
            self._waiting.pop(n, None)
        if isinstance(reply, messages.Refused):
            raise error_of(reply.code, reply.text)
        return reply

    async def _channel(self) -> aiohttp.ClientWebSocketResponse:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._up.wait()
        if self._socket is not None:
            return self._socket
        if self._refusal is not None:
            raise self._refusal
        raise UnreachableError(f"relay {self.relay} is out of reach")

    async def _keep(self) -> None:
        """Connect, serve, and connect again, for ever."""
        tries = 0
        while True:
            was_up = await self._serve_once()
            tries = 0 if was_up else tries + 1
            await asyncio.sleep(_DELAYS[min(tries, len(_DELAYS) - 1)])

    async def _serve_once(self) -> bool:
        try:
            async with (
                self._session() as session,
                session.ws_connect(
                    self._url(),
                    heartbeat=HEARTBEAT,
                    compress=0,
                    max_msg_size=messages.MAX_MESSAGE_BYTES,
                ) as socket,
            ):
                await socket.send_str(messages.encode(self._hello()))
                async for frame in socket:
                    if frame.type is not aiohttp.WSMsgType.TEXT:
                        break
                    self._take(socket, messages.decode_from_relay(frame.data))
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            log.debug("relay out of reach", relay=self.relay, error=str(error))
        except msgspec.DecodeError:
            log.exception("a relay speaks another language", relay=self.relay)
        return self._lost()

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
            case messages.Done() | messages.Answered() | messages.Refused():
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
        self._socket = socket
        self._up.set()

    def _lost(self) -> bool:
        """Forget the channel; says whether it had been up."""
        was_up = self._socket is not None
        self._socket = None
        self.load = None
        if self._refusal is None:
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
        return aiohttp.ClientSession()

    def _url(self) -> str:
        if self._address.startswith("unix:"):
            return "ws://relay/control"
        return f"ws://{self._address.removeprefix('tcp://')}/control"


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
