"""The caller's ticket: signed proof of a place in the queue, from T0 on."""

from dataclasses import dataclass
from typing import Final

import jwt

from signaling.errors import BadTicketError

LIFETIME: Final = 4 * 3600.0
"""Seconds after T0 for which a ticket resumes a live call."""

_AUDIENCE: Final = "illico:call"


@dataclass(frozen=True, slots=True)
class TicketClaims:
    """What a ticket says: whose call, for what, waiting since when.

    It is enough to put the call into a queue that has forgotten it. Tickets from before
    0.2 say nothing of topic, mode, variant and relay.
    """

    call: str
    service: str
    t0: float
    topic: str | None = None
    mode: str = "video"
    variant: str | None = None
    relay: str | None = None
    left: bool = False
    """The caller was offered a call-back and took it; the place stays meanwhile."""


def sign(claims: TicketClaims, *, secret: str) -> str:
    """Sign a ticket (JWT, RFC 7519, HS256)."""
    return jwt.encode(
        {
            "aud": _AUDIENCE,
            "sub": claims.call,
            "svc": claims.service,
            "t0": claims.t0,
            **_if_given(
                topic=claims.topic,
                mode=claims.mode,
                variant=claims.variant,
                relay=claims.relay,
            ),
            **({"left": True} if claims.left else {}),
            "exp": int(claims.t0 + LIFETIME),
        },
        secret,
        algorithm="HS256",
    )


def verify(ticket: str, *, secret: str, now: float) -> TicketClaims:
    """Read a ticket.

    Raises:
        BadTicketError: forged, expired at ``now``, or no ticket of this platform.

    """
    try:
        claims = jwt.decode(
            ticket,
            secret,
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": ["exp", "sub", "svc", "t0"], "verify_exp": False},
        )
        read = TicketClaims(
            call=str(claims["sub"]),
            service=str(claims["svc"]),
            t0=float(claims["t0"]),
            topic=claims.get("topic"),
            mode=str(claims.get("mode", "video")),
            variant=claims.get("variant"),
            relay=claims.get("relay"),
            left=claims.get("left") is True,
        )
        expires = float(claims["exp"])
    except (jwt.InvalidTokenError, TypeError, ValueError) as error:
        raise BadTicketError from error
    if now >= expires:
        raise BadTicketError
    return read


def _if_given(**facts: str | None) -> dict[str, str]:
    return {name: fact for name, fact in facts.items() if fact is not None}
