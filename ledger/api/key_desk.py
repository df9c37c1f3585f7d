"""The keys page: a company makes and revokes the keys of its own programs."""

from typing import Any

import msgspec
from aiohttp import web

from accounts.errors import RefusedError as AccountsRefusedError
from accounts.model import ApiKey, ApiKeyId, Scope
from accounts.model import CompanyId as AccountsCompanyId
from ledger.errors import BadRequestError, NotFoundError
from ledger.rooms import ROOMS
from ledger.sign_in import Viewer, viewer
from ledger.web import PRIVATE, check_origin


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the form sends: a name for people, and what the key opens."""

    name: str
    scopes: tuple[Scope, ...]


def routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/api/keys", _list),
        web.post("/api/keys", _make),
        web.post("/api/keys/{key}/revoke", _revoke),
    ]


async def _list(request: web.Request) -> web.Response:
    return await _keys(request, await viewer(request))


async def _make(request: web.Request) -> web.Response:
    """Make a key; its secret is in this one answer."""
    who, rooms = await _who_writes(request), request.app[ROOMS]
    wish = _wish(await request.read())
    try:
        made = await rooms.accounts.add_api_key(
            company=AccountsCompanyId(who.company),
            name=wish.name,
            scopes=frozenset(wish.scopes),
            by=who.person.id,
        )
    except AccountsRefusedError as error:
        raise BadRequestError from error
    return await _keys(request, who, secret=made.secret)


async def _revoke(request: web.Request) -> web.Response:
    who, rooms = await _who_writes(request), request.app[ROOMS]
    try:
        await rooms.accounts.revoke_api_key(
            company=AccountsCompanyId(who.company),
            key=ApiKeyId(request.match_info["key"]),
            by=who.person.id,
        )
    except AccountsRefusedError as error:
        raise NotFoundError from error
    return await _keys(request, who)


async def _who_writes(request: web.Request) -> Viewer:
    check_origin(request, request.app[ROOMS].settings.portal_url)
    return await viewer(request)


async def _keys(
    request: web.Request, who: Viewer, secret: str | None = None
) -> web.Response:
    found = await request.app[ROOMS].accounts.api_keys(AccountsCompanyId(who.company))
    facts = {"keys": [*map(_facts, found)], "secret": secret}
    return web.json_response(facts, headers=PRIVATE)


def _facts(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "begins": key.begins,
        "scopes": sorted(key.scopes),
        "created_ms": int(key.created_at * 1000),
        "revoked_ms": None if key.revoked_at is None else int(key.revoked_at * 1000),
    }


def _wish(body: bytes) -> Wish:
    try:
        return msgspec.json.decode(body, type=Wish)
    except msgspec.MsgspecError as error:
        raise BadRequestError from error
