"""The two WebSocket doors: one for callers, one for signed-in agents."""

import secrets
from collections.abc import Callable
from typing import Final

from aiohttp import web

from signaling import protocol
from signaling.agent import AgentSession
from signaling.caller import CallerSession
from signaling.connection import HEARTBEAT, PAGE_HEARTBEAT_MS, Connection, Session
from signaling.errors import NotSignedInError
from signaling.metrics import Metrics
from signaling.pages import refusal
from signaling.rooms import Rooms
from signaling.sign_in import check_origin, session_of, signed_in

MAX_SOCKETS: Final = 15_000
"""Sockets of one process; the next one is told to try elsewhere."""


def routes(rooms: Callable[[], Rooms], metrics: Metrics) -> list[web.AbstractRouteDef]:
    """List the sockets' addresses."""

    async def caller(request: web.Request) -> web.StreamResponse:
        return await _serve(
            request,
            rooms(),
            metrics,
            role="caller",
            session=lambda connection: CallerSession(connection, rooms()),
        )

    async def agent(request: web.Request) -> web.StreamResponse:
        try:
            person = await signed_in(request, rooms())
        except NotSignedInError as error:
            return refusal(401, error.code, error.text)
        return await _serve(
            request,
            rooms(),
            metrics,
            role="agent",
            session=lambda connection: AgentSession(
                connection, rooms(), person, session_of(request)
            ),
        )

    return [web.get("/ws/caller", caller), web.get("/ws/agent", agent)]


async def _serve(
    request: web.Request,
    rooms: Rooms,
    metrics: Metrics,
    *,
    role: str,
    session: Callable[[Connection], Session],
) -> web.StreamResponse:
    check_origin(request, rooms.settings.public_url)
    if len(rooms.switchboard.everybody()) >= MAX_SOCKETS:
        return refusal(503, "full", "Trop de monde à la fois. Réessayez.")
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT,
        max_msg_size=protocol.MAX_MESSAGE_BYTES,
        compress=False,
    )
    await socket.prepare(request)
    connection = Connection(socket, request, name=secrets.token_hex(8), metrics=metrics)
    rooms.switchboard.plug(connection)
    with metrics.sockets.labels(role=role).track_inprogress():
        try:
            await connection.run(
                session(connection), lambda name: _welcome(rooms, name)
            )
        finally:
            rooms.switchboard.unplug(connection)
            rooms.roll_call.here(connection)
    return socket


def _welcome(rooms: Rooms, name: str) -> protocol.Welcome:
    return protocol.Welcome(
        version=protocol.PROTOCOL_VERSION,
        connection=name,
        turn=bool(rooms.settings.turn_urls),
        heartbeat_ms=PAGE_HEARTBEAT_MS,
    )
