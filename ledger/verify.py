"""Whether a chain still is what was written, and where it breaks when it is not."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger import chain
from ledger.model import CompanyId, Head, Link


@dataclass(frozen=True, slots=True)
class Break:
    """The first link that does not hold, and what is wrong with it in one sentence."""

    company: CompanyId
    position: int
    what: str
    since: int
    """The first link that can be at fault, when known heads tell: they vouch for all
    before it. Whoever rewrites a chain rewrites the hashes too, so that its links hold
    by themselves until one meets a head, or a link, that was left as it was.
    """

    @property
    def place(self) -> str:
        """Where the fault lies, in words."""
        if self.since == self.position:
            return f"link {self.position}"
        return f"link {self.position} (changed between {self.since} and it)"


@dataclass(slots=True)
class Walk:
    """A walk along one company's chain; feed it links in the order of positions.

    `known` holds digests that somebody outside kept (a company's daily heads): with
    them, a chain that was recomputed whole, or cut at its end, is found as well.
    """

    company: CompanyId
    known: Mapping[int, bytes] = field(default_factory=dict)
    start: Head | None = None
    """Where the links begin: after this one. Unset, at the beginning of the chain."""
    head: Head = field(init=False)
    _confirmed: int = field(init=False, default=0)
    _seen: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.head = self.start or chain.genesis(self.company)
        if self.known.get(self.head.position) == self.head.digest:
            self._confirmed = self.head.position

    def step(self, link: Link) -> Break | None:
        """Check one link against the one before it and move on when it holds."""
        for what in self._faults(link):
            return self._break(what)
        self._seen.add(link.event_id)
        self.head = Head(self.company, link.position, link.digest)
        if link.position in self.known:
            self._confirmed = link.position
        return None

    def end(self, head: Head | None) -> Break | None:
        """Check that the walk ended where the stored head and the known heads say."""
        here = self.head
        if head is not None and (head.position, head.digest) != (
            here.position,
            here.digest,
        ):
            what = f"the chain ends at {here.position}, its head says {head.position}"
            return self._break(what)
        if any(position > here.position for position in self.known):
            return self._break("the chain was cut: a known head lies behind its end")
        return None

    def _break(self, what: str) -> Break:
        place = self.head.position + 1
        since = self._confirmed + 1 if self.known else place
        return Break(self.company, place, what, since)

    def _faults(self, link: Link) -> Iterator[str]:
        expected = self.head.position + 1
        if self.known.get(expected - 1, self.head.digest) != self.head.digest:
            yield "the start differs from the head that was given out"
        if link.position != expected:
            yield f"link {expected} is missing (found {link.position})"
        if link.company != self.company:
            yield f"the link belongs to the chain {link.company!r}"
        if link.previous != self.head.digest:
            yield "the link does not follow the one before it"
        if not _is_hashed(link):
            yield "the body does not match its hash"
        if link.event_id in self._seen:
            yield f"the event {link.event_id} is here twice"
        if self.known.get(link.position, link.digest) != link.digest:
            yield "the hash differs from the head that was given out"
        yield from _body_faults(link)


def verify(
    company: CompanyId,
    links: Iterable[Link],
    head: Head | None = None,
    known: Mapping[int, bytes] | None = None,
) -> Break | None:
    """Walk a whole chain; the first bad link, or nothing."""
    walk = Walk(company, known or {})
    for link in links:
        if found := walk.step(link):
            return found
    return walk.end(head)


def _is_hashed(link: Link) -> bool:
    if not link.body.isascii():
        return False
    return chain.digest_of(link.previous, link.body) == link.digest


def _body_faults(link: Link) -> Iterator[str]:
    body = _read(link.body)
    if body is None:
        yield "the body is not in the one form that is hashed"
        return
    columns = {
        "format": chain.FORMAT,
        "company": link.company,
        "position": link.position,
        "event_id": link.event_id,
        "pool": link.pool,
        "kind": link.kind,
        "at_us": link.at_us,
        "call": link.call,
    }
    for name, value in columns.items():
        if body.get(name) != value:
            yield f"the column {name} differs from the body"
    committed = body.get("committed")
    promised = committed if isinstance(committed, dict) else {}
    for name, kept in link.erasable.items():
        if promised.get(name) != chain.commitment(name, kept):
            yield f"the erasable {name} differs from its commitment"


def _read(body: str) -> dict[str, Any] | None:
    """Read a body; one that two readers could take for different things is none."""
    try:
        read = json.loads(body)
        if isinstance(read, dict) and chain.canonical(read) == body:
            return read
    except (ValueError, RecursionError):
        pass
    return None
