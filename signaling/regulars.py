"""A caller's word for the agent of their last call: signed, and soon forgotten."""

from typing import Final

import jwt

from queueing.model import AgentId
from signaling.errors import BadTicketError

LIFETIME: Final = 15 * 60.0
"""Seconds after the end of a call for which the same agent may be asked for."""

_AUDIENCE: Final = "illico:again"


def word_for(agent: AgentId, *, service: str, secret: str, now: float) -> str:
    """Sign who served whom at which service (JWT, RFC 7519, HS256)."""
    return jwt.encode(
        {
            "aud": _AUDIENCE,
            "sub": agent,
            "svc": service,
            "exp": int(now + LIFETIME),
        },
        secret,
        algorithm="HS256",
    )


def agent_of(word: str, *, service: str, secret: str, now: float) -> AgentId | None:
    """Say whom a word names; nobody once it has expired, or at another service.

    Raises:
        BadTicketError: forged, or no word of this platform.

    """
    try:
        claims = jwt.decode(
            word,
            secret,
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": ["exp", "sub", "svc"], "verify_exp": False},
        )
        expires = float(claims["exp"])
    except (jwt.InvalidTokenError, TypeError, ValueError) as error:
        raise BadTicketError from error
    if now >= expires or claims["svc"] != service:
        return None
    return AgentId(str(claims["sub"]))
