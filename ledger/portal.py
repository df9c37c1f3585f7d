"""The portal's addresses: the page, a company's day, and the push of its changes."""

import asyncio
import re
from contextlib import suppress
from datetime import date
from typing import Final

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from accounts.errors import FailedError as AccountsFailedError
from ledger.desk import Copy
from ledger.errors import BadRequestError, RefusedError
from ledger.model import CompanyId
from ledger.rooms import ROOMS, Rooms
from ledger.sign_in import viewer
from ledger.web import HEADERS, PRIVATE, asset_routes, page

GATHER_S: Final = 0.25
"""Changes within this time travel together."""

LIVE_EVERY_S: Final = 5.0
QUIET_EVERY_S: Final = 15.0
SESSION_EVERY_S: Final = 10.0
"""How soon a session that ended elsewhere ends here."""

SLOW_READER_S: Final = 10.0
SIGNED_OUT: Final = b"event: signed_out\ndata: {}\n\n"
STILL_HERE: Final = b": still here\n\n"
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", page("sla_portal", "index.html")),
        web.get("/api/day", _day),
        web.get("/api/day/events", _day_events),
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
    """Push today's sheet whenever it changes, for as long as the session lasts."""
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
    with suppress(ConnectionError, TimeoutError):
        await _push(request, response, who.company)
    return response


async def _push(
    request: web.Request, response: web.StreamResponse, company: CompanyId
) -> None:
    rooms = request.app[ROOMS]
    last, asked_at = b"", rooms.clock()
    with rooms.desk.bell(company) as bell:
        while not rooms.desk.closed:
            bell.clear()
            if rooms.clock() - asked_at >= SESSION_EVERY_S:
                asked_at = rooms.clock()
                if not await _is_still_in(request, company):
                    await _send(response, SIGNED_OUT)
                    return
            copy = await _todays(rooms, company)
            message = STILL_HERE if copy is None else _message(copy)
            await _send(response, STILL_HERE if message == last else message)
            last = message
            await asyncio.sleep(GATHER_S)
            await _next_change(bell, live=copy is not None and copy.live)


async def _next_change(bell: asyncio.Event, *, live: bool) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(LIVE_EVERY_S if live else QUIET_EVERY_S):
            await bell.wait()


async def _todays(rooms: Rooms, company: CompanyId) -> Copy | None:
    """Today's sheet; none while the database is away, and the page keeps its own."""
    with suppress(SQLAlchemyError, OSError):
        return await rooms.desk.copy(company, rooms.desk.today())
    return None


async def _is_still_in(request: web.Request, company: CompanyId) -> bool:
    try:
        return (await viewer(request)).company == company
    except RefusedError:
        return False
    except AccountsFailedError:
        return True


async def _send(response: web.StreamResponse, message: bytes) -> None:
    """A reader that takes nothing for a while is let go; it will come back."""
    async with asyncio.timeout(SLOW_READER_S):
        await response.write(message)


def _message(copy: Copy) -> bytes:
    return b"event: day\ndata: " + copy.encoded + b"\n\n"


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


async def _health(request: web.Request) -> web.Response:
    away = request.app[ROOMS].writer.away
    return web.json_response({"chaining": away or "ok"}, headers=PRIVATE)
