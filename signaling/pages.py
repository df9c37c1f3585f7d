"""The files that a browser gets: pages, modules, signed clips, a service's facts."""

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web

from queueing.catalogue import TEXT
from signaling import eye_files
from signaling.blame import blame
from signaling.errors import FailedError, UnknownServiceError
from signaling.opening import opening
from signaling.rooms import Rooms

ROOT: Final = Path(__file__).parents[1]
"""The folder that holds our packages, in a checkout and in site-packages alike."""

ASSETS: Final = ("signaling/browser", "web_client", "agent_console")

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
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
}

_FILES: Final = ("/assets/", "/lsf/", "/api/")

log = structlog.get_logger(__name__)

_CLIP: Final = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}\Z")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every answer the security headers, and every refusal its one shape."""
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = _missing(request)
    except web.HTTPException as answer:
        answer.headers.update(HEADERS)
        raise
    except Exception as error:  # noqa: BLE001  the last stop of every request
        response = _blamed(error)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def _blamed(error: Exception) -> web.Response:
    known = blame(error)
    if isinstance(known, FailedError):
        log.error("request failed", code=known.code, exc_info=error)
        return refusal(503, known.code, known.text)
    status = 404 if isinstance(known, UnknownServiceError) else 400
    return refusal(status, known.code, known.text)


def _missing(request: web.Request) -> web.StreamResponse:
    """Answer people with a page, and a service's address with a slash without it."""
    path = request.path
    if len(path) > 1 and path.endswith("/") and not path.startswith(_FILES):
        return web.Response(status=308, headers={"Location": "/" + path.strip("/")})
    return _page("web_client", "not_found.html", status=404)


def refusal(status: int, code: str, text: str) -> web.Response:
    """Shape a refusal: `{code, text}`."""
    return web.json_response({"code": code, "text": text}, status=status)


def routes(rooms: Callable[[], Rooms]) -> list[web.AbstractRouteDef]:
    """List the pages' addresses; the caller's page comes last, for it takes any slug."""

    async def service_facts(request: web.Request) -> web.Response:
        return _service_facts(rooms(), request.match_info["slug"])

    async def clips(_: web.Request) -> web.Response:
        return web.json_response(sorted(_clip_keys(rooms().settings.lsf_clips_dir)))

    async def clip(request: web.Request) -> web.StreamResponse:
        return _clip(rooms().settings.lsf_clips_dir, request.match_info["key"])

    async def healthy(_: web.Request) -> web.Response:
        loads = {name: c.load is not None for name, c in rooms().relays.items()}
        return web.json_response({"relays": loads})

    async def caller(request: web.Request) -> web.StreamResponse:
        known = rooms().catalogue.service(request.match_info["slug"]) is not None
        page = "index.html" if known else "not_found.html"
        return _page("web_client", page, status=200 if known else 404)

    return [
        web.get("/", _nothing_here),
        web.get("/agent", _console),
        web.get("/api/service/{slug}", service_facts),
        web.get("/lsf/index.json", clips),
        web.get("/lsf/{key}.webm", clip),
        web.get("/healthz", healthy),
        *eye_files.routes(),
        *(web.static(f"/assets/{path}", ROOT / path) for path in ASSETS),
        web.get("/{slug}", caller),
    ]


async def _nothing_here(_: web.Request) -> web.StreamResponse:
    return _page("web_client", "not_found.html", status=404)


async def _console(_: web.Request) -> web.StreamResponse:
    return _page("agent_console", "index.html")


def _page(folder: str, name: str, *, status: int = 200) -> web.Response:
    return web.Response(
        text=(ROOT / folder / name).read_text(encoding="utf-8"),
        content_type="text/html",
        charset="utf-8",
        status=status,
        headers={"Cache-Control": "no-cache"},
    )


def _service_facts(rooms: Rooms, slug: str) -> web.Response:
    service = rooms.catalogue.service(slug)
    if service is None:
        raise UnknownServiceError
    hours = opening(service, rooms.clock())
    return web.json_response(
        {
            "slug": service.slug,
            "title": service.title,
            "company": service.company_name,
            "open": hours.is_open,
            "opens_at": hours.opens_at,
            "closed_for": hours.reason,
            "topics": [
                {"slug": topic.slug, "label": topic.label} for topic in service.topics
            ],
            "variants": [
                {"slug": variant.id, "label": variant.label}
                for variant in service.variants
                if variant.id != TEXT
            ],
            "video_message": service.video_message_url,
        },
        dumps=lambda facts: json.dumps(facts, ensure_ascii=False),
    )


def _clip_keys(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [f.stem for f in folder.glob("*.webm") if _CLIP.match(f.stem)]


def _clip(folder: Path, key: str) -> web.StreamResponse:
    path = folder / f"{key}.webm"
    if not _CLIP.match(key) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Content-Type": "video/webm"})
