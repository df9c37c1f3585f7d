"""A relay process put together: its control door, its exchange, its eye."""

import asyncio
import contextlib
import hmac
import secrets
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web

from relay import messages
from relay.background import background
from relay.channel import Channel, greet, turn_away
from relay.errors import PeerError
from relay.exchange import Exchange
from relay.messages import Event
from relay.metrics import render
from relay.model import ServerId
from relay.settings import Settings
from relay.transport.leg import Premises
from relay.transport.ports import PortRange

log = structlog.get_logger()

LOAD_EVERY: Final = 1.0
LOAD_SOON: Final = 0.1
"""Seconds between two words about the load, where calls have come or gone, or room has."""

UNHEARD_TIMEOUT: Final = 1.5
"""Seconds for calls that no signaling process is there to move."""

CLOSE_TIMEOUT: Final = 1.0
HEARTBEAT: Final = 5.0


class Door:
    """Where signaling processes come in, each with one channel; the newest counts."""

    def __init__(self, settings: Settings) -> None:
        self.incarnation: Final = secrets.token_hex(8)
        self.address: Final = settings.listen
        self._settings = settings
        self._channels: dict[ServerId, Channel] = {}
        self.exchange: Exchange | None = None
        self.limit: asyncio.Timeout | None = None
        """Until when calls may move, once the process has been told to end."""

    def post(self, server: ServerId, event: Event) -> None:
        """Give an event to a signaling process, if it is there."""
        channel = self._channels.get(server)
        if channel is not None:
            channel.post(event)

    def is_connected(self, server: str) -> bool:
        """Say whether a signaling process has a channel."""
        return ServerId(server) in self._channels

    def hasten(self) -> None:
        """End soon where nobody is left who could move the calls."""
        if self.limit is None or self._channels:
            return
        soon = asyncio.get_running_loop().time() + UNHEARD_TIMEOUT
        self.limit.reschedule(min(soon, self.limit.when() or soon))

    def tell_load(self) -> None:
        """Tell everybody how busy this relay is."""
        if self.exchange is not None:
            load = self.exchange.load(self.incarnation)
            for channel in self._channels.values():
                channel.post(load)

    async def control(self, request: web.Request) -> web.StreamResponse:
        """Serve one signaling process."""
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT,
            timeout=CLOSE_TIMEOUT,
            compress=False,
            max_msg_size=messages.MAX_MESSAGE_BYTES,
        )
        await socket.prepare(request)
        try:
            hello = await greet(socket, self._settings.secret)
            await self._serve(socket, ServerId(hello.server))
        except PeerError as error:
            await turn_away(socket, error)
        except TimeoutError:
            await socket.close()
        return socket

    async def _serve(self, socket: web.WebSocketResponse, server: ServerId) -> None:
        if self.exchange is None:
            return
        channel = Channel(socket, server)
        before = self._channels.get(server)
        self._channels[server] = channel
        if before is not None:
            before.hang_up()
        welcome = messages.Welcome(
            version=messages.PROTOCOL_VERSION,
            relay=self._settings.relay,
            incarnation=self.incarnation,
        )
        channel.post(welcome)
        channel.post(self.exchange.load(self.incarnation))
        log.info("channel open", server=server)
        try:
            await channel.serve(self.exchange, self.incarnation)
        finally:
            log.info("channel closed", server=server)
            if self._channels.get(server) is channel:
                del self._channels[server]
                self.exchange.server_lost(server)
                self.hasten()

    def close(self) -> None:
        """Close every channel."""
        for channel in self._channels.values():
            channel.hang_up()

    async def metrics(self, request: web.Request) -> web.Response:
        """Serve the figures to who knows the secret."""
        given = request.headers.get("Authorization", "")
        wanted = f"Bearer {self._settings.secret}"
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise web.HTTPUnauthorized
        if self.exchange is None:
            raise web.HTTPServiceUnavailable
        return web.Response(body=render(self.exchange), content_type="text/plain")

    async def health(self, _request: web.Request) -> web.Response:
        """Say that the process answers."""
        return web.json_response({"relay": self._settings.relay})


def create_app(door: Door) -> web.Application:
    """Make the control door's routes."""
    app = web.Application(client_max_size=1024)
    app.router.add_get("/control", door.control)
    app.router.add_get("/metrics", door.metrics)
    app.router.add_get("/healthz", door.health)
    return app


@asynccontextmanager
async def open_relay(
    settings: Settings, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[Door]:
    """Serve until the block ends; then legs and channels say goodbye.

    ``clock`` gives seconds that never run backwards.
    """
    door = Door(settings)
    premises = Premises(PortRange(*settings.port_range), settings.advertised, clock)
    async with AsyncExitStack() as stack:
        exchange = await stack.enter_async_context(
            Exchange.open(premises, door.post, wall_clock, settings.secret)
        )
        door.exchange = exchange
        await _open_eye(settings, exchange, stack)
        runner = web.AppRunner(create_app(door), access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        stack.callback(door.close)
        await _site(runner, settings).start()
        _keep_to_ourselves(settings.listen)
        await stack.enter_async_context(background(_tell_loads(door)))
        yield door


async def drain(door: Door, seconds: float) -> None:
    """Take no new call, tell so, and wait until those in course are elsewhere."""
    if door.exchange is None:
        return
    door.exchange.draining = True
    door.tell_load()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds) as limit:
            door.limit = limit
            door.hasten()
            await door.exchange.legs.emptied()
    door.limit = None
    door.exchange.close()


def wall_clock() -> float:
    """Give the time in seconds since the epoch."""
    return datetime.now(UTC).timestamp()


def _keep_to_ourselves(listen: str) -> None:
    if listen.startswith("unix:"):
        Path(listen.removeprefix("unix:")).chmod(0o600)


def _site(runner: web.AppRunner, settings: Settings) -> web.BaseSite:
    scheme, _, place = settings.listen.partition(":")
    if scheme == "unix":
        return web.UnixSite(runner, place)
    host, _, port = place.removeprefix("//").rpartition(":")
    context = _tls(settings) if scheme == "tls" else None
    return web.TCPSite(runner, host, int(port), ssl_context=context)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context


async def _open_eye(
    settings: Settings, exchange: Exchange, stack: AsyncExitStack
) -> None:
    """Open the eye where there is one; a relay without it forwards all the same."""
    if settings.eye_workers == 0:
        return
    try:
        from relay.eye.pool import EyePool  # noqa: PLC0415 - absent on some machines
    except ImportError:
        log.warning("no eye on this machine; calls go on without")
        exchange.looking.absent = "not_installed"
        return
    exchange.looking.eye = await stack.enter_async_context(
        EyePool.open(
            workers=settings.eye_workers,
            model=settings.eye_model,
            on_verdict=exchange.looking.verdict,
            on_key_frame_wanted=exchange.looking.key_frame_wanted,
        )
    )


async def _tell_loads(door: Door) -> None:
    told, at = (-1, False), 0.0
    while True:
        await asyncio.sleep(LOAD_SOON)
        if door.exchange is None:
            continue
        exchange, now = door.exchange, asyncio.get_running_loop().time()
        news = len(exchange.calls), exchange.legs.room() > 0
        if news != told or now - at >= LOAD_EVERY:
            told, at = news, now
            door.tell_load()
