"""How events become a chain: canonical bytes, hashes, salted commitments.

Everything here can be done again with a JSON reader and SHA-256 alone, so that a
company can check its own chain. The format has a number; a change gets a new one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from ledger.model import JSON, CompanyId, Erasable, Event, Head, Link

FORMAT: Final = 1

ERASABLE: Final = frozenset(
    {
        *("agent", "agent_name", "to_agent", "address", "name"),
        *("comment", "free_text", "note", "text"),
    },
)
"""Facts about a person, or in a person's words: only their commitments are chained."""

ERASABLE_THERE: Final = frozenset({("agent_forced", "by")})
"""Kinds and facts that name a person in these events alone."""

_GENESIS: Final = b"illico ledger 1 genesis\n"
_LINK: Final = b"illico ledger 1 link\n"
_COMMITMENT: Final = b"illico ledger 1 commitment\n"


def canonical(value: JSON) -> str:
    """Write JSON in the one form that is hashed: sorted keys, no spaces, ASCII only.

    Raises:
        ValueError: a number is infinite or none (JSON has no word for it).
    """
    return json.dumps(
        value,
        allow_nan=False,
        ensure_ascii=True,
        separators=(",", ":"),
        sort_keys=True,
    )


def genesis(company: CompanyId) -> Head:
    """Begin a company's chain; the name is hashed, so no chain passes for another."""
    return Head(company, 0, hashlib.sha256(_GENESIS + company.encode()).digest())


def digest_of(previous: bytes, body: str) -> bytes:
    """Hash a link onto the one before it."""
    return hashlib.sha256(_LINK + previous + body.encode("ascii")).digest()


def commitment(field: str, kept: Erasable) -> str:
    """Bind a value without telling it: without the salt nobody can guess it back."""
    text = canonical([kept.salt, field, kept.value])
    return hashlib.sha256(_COMMITMENT + text.encode("ascii")).hexdigest()


def extend(
    head: Head,
    events: Iterable[Event],
    salt: Callable[[], str],
) -> tuple[list[Link], Head]:
    """Chain events of one company after `head`; the result ends at the new head."""
    links = []
    for event in events:
        link = _link(head, event, salt)
        links.append(link)
        head = Head(link.company, link.position, link.digest)
    return links, head


def _link(head: Head, event: Event, salt: Callable[[], str]) -> Link:
    erasable = {
        name: Erasable(salt(), value)
        for name, value in event.facts.items()
        if value is not None and _is_erasable(event.kind, name)
    }
    position = head.position + 1
    body = _body(event, position, erasable)
    return Link(
        company=event.company,
        position=position,
        event_id=event.event_id,
        pool=event.pool,
        kind=event.kind,
        at_us=event.at_us,
        call=event.call,
        body=body,
        previous=head.digest,
        digest=digest_of(head.digest, body),
        erasable=erasable,
    )


def _is_erasable(kind: str, name: str) -> bool:
    return name in ERASABLE or (kind, name) in ERASABLE_THERE


def _body(event: Event, position: int, erasable: Mapping[str, Erasable]) -> str:
    facts = {name: v for name, v in event.facts.items() if name not in erasable}
    committed = {name: commitment(name, kept) for name, kept in erasable.items()}
    return canonical(
        {
            "format": FORMAT,
            "company": event.company,
            "position": position,
            "event_id": event.event_id,
            "pool": event.pool,
            "kind": event.kind,
            "at_us": event.at_us,
            "service": event.service,
            "call": event.call,
            "facts": dict(facts),
            "committed": dict(committed),
        },
    )
