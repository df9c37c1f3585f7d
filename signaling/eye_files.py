"""What the eye in a page needs of the relay's: the same thresholds, the same models."""

import hashlib
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aiohttp import web

EYE: Final = Path(__file__).parents[1] / "relay" / "eye"

FILES: Final = MappingProxyType(
    {
        "thresholds.json": EYE / "thresholds.json",
        "face_detection_short_range.tflite": (
            EYE / "vendor" / "face_detection_short_range.tflite"
        ),
        "hand_landmarker.task": EYE / "vendor" / "hand_landmarker.task",
    },
)
"""The whole list: nothing else of that folder is anybody's."""

FOREVER: Final = "public, max-age=31536000, immutable"


def routes() -> list[web.AbstractRouteDef]:
    """List the addresses; what is asked for by its hash need never be asked for again.

    A file that was not built is missing here, and a page without it looks at light only.
    """
    digests = {name: _sha256(path) for name, path in FILES.items() if path.is_file()}

    async def eye_file(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in digests:
            raise web.HTTPNotFound
        is_named = request.query.get("sha256") == digests[name]
        kept = FOREVER if is_named else "no-cache"
        return web.FileResponse(FILES[name], headers={"Cache-Control": kept})

    return [web.get("/assets/eye/{name}", eye_file)]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
