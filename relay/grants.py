"""Proof that both sides of a call were told before somebody watches it unseen.

Who shows the notices writes the grant; the relay lets nobody watch without one. It is
signed with the relay's secret and names the call, the observer, everybody who was told,
and its end.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from relay.errors import BadGrantError
from relay.model import CallId, ParticipantId

LONGEST: Final = 3600.0
"""Seconds: watching is never permanent."""

BOTH_SIDES: Final = 2
_PURPOSE: Final = b"illico relay: a grant to watch, form 1\n"


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may watch which call unseen; ``until`` is in seconds since the epoch."""

    call: CallId
    observer: ParticipantId
    told: frozenset[ParticipantId]
    until: float


class _Written(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True
):
    call: str
    observer: str
    told: tuple[str, ...]
    until: float


_decoder: Final[msgspec.json.Decoder[_Written]] = msgspec.json.Decoder(_Written)


def write_grant(grant: Grant, secret: str) -> str:
    """Write a grant for the relay that knows the secret."""
    facts = _Written(grant.call, grant.observer, tuple(sorted(grant.told)), grant.until)
    body = base64.urlsafe_b64encode(msgspec.json.encode(facts)).decode()
    return f"{body}.{_proof(body, secret)}"


def read_grant(text: str, secret: str, now: float) -> Grant:
    """Read a grant and check its proof.

    Raises:
        BadGrantError: it was not written with this secret, does not name both sides,
            has ended, or would never end.

    """
    body, _, proof = text.rpartition(".")
    if not hmac.compare_digest(_proof(body, secret).encode(), _bytes_of(proof)):
        raise BadGrantError("the grant's proof is wrong")
    try:
        facts = _decoder.decode(base64.urlsafe_b64decode(body))
    except (msgspec.DecodeError, binascii.Error) as error:
        raise BadGrantError("the grant cannot be read") from error
    told = frozenset(ParticipantId(name) for name in facts.told)
    if len(told) < BOTH_SIDES:
        raise BadGrantError("the grant does not say that both sides were told")
    if not now < facts.until <= now + LONGEST:
        raise BadGrantError("the grant has ended, or would not end within an hour")
    return Grant(CallId(facts.call), ParticipantId(facts.observer), told, facts.until)


def grant_for(
    text: str, secret: str, call: CallId, observer: ParticipantId, now: float
) -> Grant:
    """Read the grant that an observer of a call brings.

    Raises:
        BadGrantError: as above, or it is for another call or observer.

    """
    grant = read_grant(text, secret, now)
    if (grant.call, grant.observer) != (call, observer):
        raise BadGrantError("the grant is for another call or observer")
    return grant


def allows(grant: Grant | None, present: Iterable[ParticipantId], now: float) -> bool:
    """Say whether its observer may see those present: all of them were told."""
    return grant is not None and now < grant.until and grant.told.issuperset(present)


def _proof(body: str, secret: str) -> str:
    return hmac.new(
        secret.encode(), _PURPOSE + _bytes_of(body), hashlib.sha256
    ).hexdigest()


def _bytes_of(text: str) -> bytes:
    """Give the bytes of any text, also of one that is no whole Unicode."""
    return text.encode(errors="surrogatepass")
