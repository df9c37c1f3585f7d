"""An agent's way in and out: a password for a cookie, never a token in a page."""

from collections.abc import Callable
from typing import Final

import msgspec
from aiohttp import web

from accounts.errors import (
    BadCredentialsError,
    SignInRefusedError,
    TooManyTriesError,
)
from accounts.model import Audience, Person, PersonRole
from queueing.model import AgentId
from signaling.errors import (
    BadRequestError,
    ForeignOriginError,
    NoConsoleError,
    NotSignedInError,
)
from signaling.pages import refusal
from signaling.requests import request_id
from signaling.rooms import Rooms

COOKIE: Final = "illico_agent"

_REFUSALS: Final = {
    BadCredentialsError.code: "L’identifiant et le mot de passe ne vont pas ensemble.",
    TooManyTriesError.code: "Trop d’essais. Attendez un moment.",
}


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the sign-in form sends."""

    login: str
    password: str

    def __repr__(self) -> str:
        """Say who, never the password."""
        return f"Credentials({self.login!r})"


def check_origin(request: web.Request, public_url: str) -> None:
    """Refuse a socket or a form that another site started.

    Raises:
        ForeignOriginError: there is an Origin and it is neither ours nor the host's.

    """
    origin = request.headers.get("Origin")
    ours = {public_url, f"{request.scheme}://{request.host}"}
    if origin not in ours:
        raise ForeignOriginError


def session_of(request: web.Request) -> str:
    """Give the session token that a console's cookie carries, or nothing."""
    return request.cookies.get(COOKIE, "")


async def signed_in(request: web.Request, rooms: Rooms) -> Person:
    """Say who sits at this console.

    Raises:
        NotSignedInError: no session, or it is over, or it is no agent's.

    """
    token = session_of(request)
    person = await rooms.accounts.person(
        token=token, audience=Audience.CONSOLE, now=rooms.clock()
    )
    if person is None or person.role is not PersonRole.AGENT:
        raise NotSignedInError
    return person


def routes(rooms: Callable[[], Rooms]) -> list[web.AbstractRouteDef]:
    """List the console's doors."""

    async def enter(request: web.Request) -> web.Response:
        return await _enter(request, rooms())

    async def out(request: web.Request) -> web.Response:
        return await _leave(request, rooms())

    async def who(request: web.Request) -> web.Response:
        try:
            person = await signed_in(request, rooms())
        except NotSignedInError as error:
            return refusal(401, error.code, error.text)
        return web.json_response(_of(person, rooms()))

    return [
        web.post("/agent/sign-in", enter),
        web.post("/agent/sign-out", out),
        web.get("/agent/me", who),
    ]


def _of(person: Person, rooms: Rooms) -> dict[str, str | bool]:
    """What a console knows of who sits at it; of a reserve, *ready* is the consent."""
    reserve = rooms.catalogue.is_in_reserve(person.id)
    return {"login": person.login, "name": person.name, "reserve": reserve}


async def _enter(request: web.Request, rooms: Rooms) -> web.Response:
    check_origin(request, rooms.settings.public_url)
    try:
        asked = msgspec.json.decode(await request.read(), type=Credentials)
    except msgspec.MsgspecError as error:
        raise BadRequestError from error
    try:
        session = await rooms.accounts.sign_in(
            login=asked.login,
            password=asked.password,
            audience=Audience.CONSOLE,
            now=rooms.clock(),
            address=rooms.settings.proxies.sender(
                request.remote or "",
                x_forwarded_for=request.headers.getall("X-Forwarded-For", ()),
                forwarded=request.headers.getall("Forwarded", ()),
            ),
        )
    except SignInRefusedError as error:
        return refusal(401, error.code, _REFUSALS[error.code])
    if session.person.role is not PersonRole.AGENT:
        await rooms.accounts.sign_out(token=session.token)
        return refusal(403, NoConsoleError.code, NoConsoleError.text)
    response = web.json_response(_of(session.person, rooms))
    response.set_cookie(
        COOKIE,
        session.token,
        httponly=True,
        secure=rooms.settings.public_url.startswith("https:"),
        samesite="Strict",
        max_age=int(session.expires_at - rooms.clock()),
    )
    return response


async def _leave(request: web.Request, rooms: Rooms) -> web.Response:
    check_origin(request, rooms.settings.public_url)
    token = request.cookies.get(COOKIE)
    if token:
        person = await rooms.accounts.person(
            token=token, audience=Audience.CONSOLE, now=rooms.clock()
        )
        await rooms.accounts.sign_out(token=token)
        if person is not None:
            await rooms.queue.agent_offline(
                agent=AgentId(person.id),
                request=request_id(person.id, "offline", rooms.clock()),
            )
    response = web.json_response({})
    response.del_cookie(COOKIE, samesite="Strict")
    return response
