"""A viewer's way in and out of the portal, and which company it opens."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import msgspec
from aiohttp import web

from accounts.client import AccountsClient
from accounts.errors import SignInRefusedError
from accounts.model import Audience, Person
from accounts.model import CompanyId as AccountsCompanyId
from ledger.errors import (
    BadRequestError,
    NoCompanyError,
    NotSignedInError,
    PassedOnError,
)
from ledger.model import CompanyId
from ledger.rooms import ROOMS, Rooms
from ledger.web import PRIVATE, check_origin

COOKIE: Final = "illico_portal"


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the sign-in form sends."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and the one company that they see."""

    person: Person
    company: CompanyId


async def viewer(request: web.Request) -> Viewer:
    """Say who looks; the company comes from the session and from nowhere else.

    Raises:
        NotSignedInError: no session, or it is over.
        NoCompanyError: the person belongs to no company.
    """
    rooms = request.app[ROOMS]
    person = await rooms.accounts.person(
        token=request.cookies.get(COOKIE, ""),
        audience=Audience.PORTAL,
        now=rooms.clock(),
    )
    if person is None:
        raise NotSignedInError
    return _viewer(person)


async def signed_in(
    accounts: AccountsClient, clock: Callable[[], float], tokens: Collection[str]
) -> dict[str, CompanyId]:
    """Of these sessions those that last, with the company that each one opens."""
    found = await accounts.signed_in(
        tokens=tokens, audience=Audience.PORTAL, now=clock()
    )
    return {
        token: CompanyId(person.company)
        for token, person in found.items()
        if person.company
    }


def routes() -> list[web.AbstractRouteDef]:
    return [
        web.post("/api/sign-in", _enter),
        web.post("/api/sign-out", _leave),
        web.get("/api/me", _who),
    ]


async def _enter(request: web.Request) -> web.Response:
    rooms = request.app[ROOMS]
    check_origin(request, rooms.settings.portal_url)
    asked = _credentials(await request.read())
    try:
        session = await rooms.accounts.sign_in(
            login=asked.login,
            password=asked.password,
            audience=Audience.PORTAL,
            now=rooms.clock(),
            address=rooms.settings.proxies.sender(
                request.remote or "",
                x_forwarded_for=request.headers.getall("X-Forwarded-For", ()),
                forwarded=request.headers.getall("Forwarded", ()),
            ),
        )
    except SignInRefusedError as error:
        raise PassedOnError(error.code) from error
    response = await _introduce(rooms, _viewer(session.person))
    response.set_cookie(
        COOKIE,
        session.token,
        httponly=True,
        secure=_is_https(request, rooms),
        samesite="Strict",
        max_age=int(session.expires_at - rooms.clock()),
    )
    return response


async def _leave(request: web.Request) -> web.Response:
    rooms = request.app[ROOMS]
    check_origin(request, rooms.settings.portal_url)
    if token := request.cookies.get(COOKIE):
        await rooms.accounts.sign_out(token=token)
    response = web.json_response({}, headers=PRIVATE)
    response.del_cookie(
        COOKIE, httponly=True, secure=_is_https(request, rooms), samesite="Strict"
    )
    return response


async def _who(request: web.Request) -> web.Response:
    return await _introduce(request.app[ROOMS], await viewer(request))


async def _introduce(rooms: Rooms, who: Viewer) -> web.Response:
    services = await rooms.accounts.services(AccountsCompanyId(who.company))
    return web.json_response(
        {
            "name": who.person.name,
            "company": services[0].company_name if services else who.company,
            "services": [
                {
                    "id": service.id,
                    "title": service.title,
                    "topics": {topic.slug: topic.label for topic in service.topics},
                }
                for service in services
            ],
        },
        headers=PRIVATE,
    )


def _viewer(person: Person) -> Viewer:
    if not person.company:
        raise NoCompanyError
    return Viewer(person, CompanyId(person.company))


def _credentials(body: bytes) -> Credentials:
    try:
        return msgspec.json.decode(body, type=Credentials)
    except msgspec.MsgspecError as error:
        raise BadRequestError from error


def _is_https(request: web.Request, rooms: Rooms) -> bool:
    return request.scheme == "https" or rooms.settings.portal_url.startswith("https:")
