"""What every answer of the portal has in common: headers, refusals, origins, files."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import msgspec
import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from accounts.errors import FailedError as AccountsFailedError
from ledger.errors import (
    BadRequestError,
    ForeignOriginError,
    LedgerError,
    MethodNotAllowedError,
    NotFoundError,
    UnavailableError,
)

ROOT: Final = Path(__file__).parents[1]
"""The folder that holds our packages, in a checkout and in site-packages alike."""

ASSETS: Final = ("signaling/browser", "sla_portal")
SERVED: Final = frozenset({".css", ".js", ".svg", ".png", ".woff2"})

API: Final = "/api/v1"
"""What programs read; its refusals have a shape of their own."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self';"
        " img-src 'self' blob: data:; style-src 'self'; media-src 'self' blob:;"
        " worker-src 'self' blob:; font-src 'self'; base-uri 'none';"
        " frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PRIVATE: Final = {"Cache-Control": "no-store"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every answer the security headers, and every refusal its one shape."""
    shape = problem if request.path.startswith(API) else refusal
    try:
        response = await handler(request)
    except LedgerError as error:
        response = shape(error)
    except (SQLAlchemyError, OSError, AccountsFailedError) as error:
        log.warning("database away", path=request.path, reason=repr(error))
        response = shape(UnavailableError())
    except web.HTTPException as error:
        if shape is refusal:
            error.headers.update(HEADERS)
            raise
        response = problem(_meant(error))
        response.headers.update(
            {k: v for k, v in error.headers.items() if k == "Allow"}
        )
    except Exception:
        log.exception("request failed", path=request.path)
        response = shape(LedgerError())
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def refusal(error: LedgerError) -> web.Response:
    """Shape a refusal: `{code, text}`."""
    return web.json_response(
        {"code": error.code, "text": error.text},
        status=error.status,
        headers=PRIVATE,
    )


def problem(error: LedgerError) -> web.Response:
    """Shape a refusal for programs, by RFC 9457; `code` is the stable part."""
    facts = {
        "type": f"{API}/#{error.code}",
        "title": error.text,
        "status": error.status,
        "code": error.code,
    }
    headers = PRIVATE | ({"WWW-Authenticate": "Bearer"} if error.status == 401 else {})
    return web.Response(
        body=msgspec.json.encode(facts),
        status=error.status,
        content_type="application/problem+json",
        headers=headers,
    )


def _meant(error: web.HTTPException) -> LedgerError:
    """Name what aiohttp refuses by itself in our words."""
    if error.status == MethodNotAllowedError.status:
        return MethodNotAllowedError()
    return (
        NotFoundError() if error.status == NotFoundError.status else BadRequestError()
    )


def check_origin(request: web.Request, portal_url: str) -> None:
    """Refuse a form that another site sent.

    Raises:
        ForeignOriginError: the Origin is missing, or neither ours nor the host's.
    """
    ours = {portal_url, f"{request.scheme}://{request.host}"}
    if request.headers.get("Origin") not in ours:
        raise ForeignOriginError


def asset_routes() -> list[web.AbstractRouteDef]:
    """Serve the page's files under the addresses that mirror the checkout."""
    return [
        web.get(f"/assets/{folder}/{{path:.+}}", _from(ROOT / folder))
        for folder in ASSETS
    ]


def page(folder: str, name: str) -> Handler:
    """Serve one HTML file, always asked for anew."""
    path = ROOT / folder / name

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    return handler


def _from(folder: Path) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        path = _find(folder, request.match_info["path"])
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    return handler


def _find(folder: Path, wanted: str) -> Path:
    path = (folder / wanted).resolve()
    is_ours = path.is_relative_to(folder.resolve()) and path.suffix in SERVED
    if not is_ours or not path.is_file():
        raise NotFoundError
    return path
