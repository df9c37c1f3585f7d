"""TURN credentials of one leg, short-lived, as coturn's ``use-auth-secret`` reads them.

Source: draft-uberti-behave-turn-rest-00; username ``<expiry>:<leg>``, password
``base64(HMAC-SHA1(secret, username))``.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from signaling.protocol import IceServer

LIFETIME: Final = 600
"""Seconds for which a credential opens allocations; those it has opened may stay."""


def ice_servers(
    urls: Sequence[str], *, secret: str, leg: str, now: float
) -> tuple[IceServer, ...]:
    """Give one leg its TURN servers, or nothing where none is configured."""
    if not urls:
        return ()
    username = f"{int(now) + LIFETIME}:{leg}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return (
        IceServer(
            urls=tuple(urls),
            username=username,
            credential=base64.b64encode(digest).decode(),
        ),
    )
