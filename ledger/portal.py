"""The portal's addresses: the page, a company's day, and the push of its changes."""

import asyncio
import re
from contextlib import suppress
from datetime import date
from typing import Final

from aiohttp import web

from ledger.errors import BadRequestError
from ledger.live import Board, Stream
from ledger.rooms import ROOMS
from ledger.sign_in import COOKIE, viewer
from ledger.web import HEADERS, PRIVATE, ROOT, asset_routes, page

PAGES: Final = ("", "day", "history", "chain", "keys")
"""Each is the same file, which reads its address."""

SLOW_READER_S: Final = 10.0
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def routes() -> list[web.AbstractRouteDef]:
    return [
        *(web.get(f"/{name}", page("sla_portal", "index.html")) for name in PAGES),
        web.get("/api/day", _day),
        web.get("/api/day/events", _day_events),
        web.get("/illico_verify.py", _verifier),
        web.get("/healthz", _health),
        *asset_routes(),
    ]


async def _day(request: web.Request) -> web.Response:
    who = await viewer(request)
    desk = request.app[ROOMS].desk
    copy = await desk.copy(who.company, _asked_date(request, desk.today()))
    return web.Response(
        body=copy.encoded,
        content_type="application/json",
        headers=PRIVATE,
    )


async def _day_events(request: web.Request) -> web.StreamResponse:
    """Push today's sheet, then what is new in it, for as long as the session lasts."""
    who = await viewer(request)
    response = web.StreamResponse(
        headers={
            **HEADERS,
            **PRIVATE,
            "Content-Type": "text/event-stream",
            "X-Accel-Buffering": "no",
        },
    )
    await response.prepare(request)
    live, session = request.app[ROOMS].live, request.cookies[COOKIE]
    with (
        suppress(ConnectionError, TimeoutError),
        live.look(who.company, session) as (board, stream),
    ):
        await _push(response, board, stream)
    return response


async def _push(response: web.StreamResponse, board: Board, stream: Stream) -> None:
    """Send on what the board says; a reader that takes nothing for a while is let go."""
    is_last = False
    while not is_last:
        message, is_last = await stream.read(board.whole)
        async with asyncio.timeout(SLOW_READER_S):
            await response.write(message)


def _asked_date(request: web.Request, today: date) -> date:
    asked = request.query.get("date", "")
    if not asked:
        return today
    if not _DATE.fullmatch(asked):
        raise BadRequestError
    try:
        day = date.fromisoformat(asked)
    except ValueError as error:
        raise BadRequestError from error
    if not date(2000, 1, 1) <= day <= today:
        raise BadRequestError
    return day


async def _verifier(_: web.Request) -> web.StreamResponse:
    """Hand out the one file that checks an export without us."""
    name = "illico_verify.py"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.FileResponse(ROOT / "ledger" / "alone" / name, headers=headers)


async def _health(request: web.Request) -> web.Response:
    away = request.app[ROOMS].writer.away
    return web.json_response({"chaining": away or "ok"}, headers=PRIVATE)
