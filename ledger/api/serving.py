"""Serves the operations: who asks, what they may, ETags, and one shape of refusal."""

import hashlib
from contextlib import suppress
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.hdrs import METH_HEAD

from accounts.model import Scope
from ledger.api import page
from ledger.api.asking import File, Form, Operation, Principal
from ledger.api.openapi import document
from ledger.api.operations import OPERATIONS, ROOT
from ledger.errors import (
    BadRequestError,
    LedgerError,
    MethodNotAllowedError,
    NoKeyError,
    NoScopeError,
    NoSuchDayError,
    NoSuchLinkError,
    NotFoundError,
    NotSignedInError,
    UnavailableError,
)
from ledger.model import CompanyId
from ledger.rooms import ROOMS
from ledger.sign_in import COOKIE, viewer
from ledger.web import HEADERS

OWN: Final = {
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization, Cookie, Accept-Language",
}
BEARER: Final = "Bearer "
_DOCUMENT: Final = msgspec.json.encode(document(ROOT, OPERATIONS))


def routes() -> list[web.AbstractRouteDef]:
    return [
        web.get(ROOT, _page),
        web.get(f"{ROOT}/openapi.json", _openapi),
        *(web.get(ROOT + one.path, _serving(one)) for one in OPERATIONS),
    ]


async def principal(request: web.Request) -> Principal:
    """Say who asks, by their key or, on the portal's own pages, by their session.

    Raises:
        NoKeyError: neither a key that opens nor a session.
    """
    shown = request.headers.get("Authorization", "")
    language = _language(request)
    if not shown and COOKIE in request.cookies:
        company = (await viewer(request)).company
        return Principal(company, frozenset(Scope), language)
    if not shown.startswith(BEARER):
        raise NoKeyError
    key = await request.app[ROOMS].accounts.api_key(shown.removeprefix(BEARER).strip())
    if key is None:
        raise NoKeyError
    return Principal(CompanyId(key.company), key.scopes, language)


def _serving(one: Operation) -> Any:
    async def handler(request: web.Request) -> web.StreamResponse:
        who = await principal(request)
        if one.scope is not None and one.scope not in who.scopes:
            raise NoScopeError(one.scope)
        asked = _asked(request, one)
        answer = await one.handler(request.app[ROOMS], who, asked)
        if isinstance(answer, File):
            return await _send_file(request, one.form, answer)
        return _tagged(request, msgspec.json.encode(answer))

    return handler


def _asked(request: web.Request, one: Operation) -> msgspec.Struct:
    """Read the parameters: known ones, each once, each as it must be."""
    facts: dict[str, str] = dict(request.match_info)
    for name, value in request.query.items():
        if name in facts:
            raise BadRequestError
        facts[name] = value
    try:
        return msgspec.convert(facts, one.params, strict=False)
    except msgspec.ValidationError as error:
        raise BadRequestError from error


def _tagged(request: web.Request, body: bytes) -> web.Response:
    """Answer, or say that nothing changed."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {**OWN, "ETag": f'"{tag}"'}
    known = request.if_none_match or ()
    if any(each.value in {tag, "*"} for each in known):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=Form.JSON, headers=headers)


async def _send_file(
    request: web.Request, form: Form, file: File
) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            **HEADERS,
            **OWN,
            "Content-Type": f"{form}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{file.name}"',
        }
    )
    await response.prepare(request)
    if request.method == METH_HEAD:
        return response
    with suppress(ConnectionError):
        async for piece in file.pieces:
            await response.write(piece.encode())
    return response


async def _openapi(request: web.Request) -> web.Response:
    return _tagged(request, _DOCUMENT)


async def _page(request: web.Request) -> web.Response:
    text = page.html(document(ROOT, OPERATIONS), _language(request), _codes())
    return web.Response(text=text, content_type="text/html", headers=OWN)


def _codes() -> dict[str, str]:
    """Name the refusals that a program can meet."""
    met = (
        BadRequestError,
        NoKeyError,
        NotSignedInError,
        NoScopeError,
        NoSuchDayError,
        NoSuchLinkError,
        NotFoundError,
        MethodNotAllowedError,
        UnavailableError,
        LedgerError,
    )
    return {each.code: f"{each.status} – {each.text}" for each in met}


def _language(request: web.Request) -> str:
    wanted = request.headers.get("Accept-Language", "fr").lower()
    return "en" if wanted.startswith("en") else "fr"
