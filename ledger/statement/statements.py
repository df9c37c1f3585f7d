"""What a monthly statement says, and what is signed of it.

A statement is of a link of the chain: what is chained later makes another version of
it, never a silent change. It certifies nothing: that is the business of others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from ledger.chain import canonical
from ledger.figures.money import Invoice, in_force, invoice
from ledger.figures.reports import Report, Scope, report
from ledger.figures.slots import Slot
from ledger.figures.terms import Terms, TermsBook
from ledger.heads import SignedHead
from ledger.model import JSON

_STATEMENT: Final = b"illico statement 1\n"
FORMAT: Final = 1


class GivenThen(msgspec.Struct, frozen=True):
    """A daily head that the company was given of the links that are counted."""

    day: str
    position: int
    digest: str


class Statement(msgspec.Struct, frozen=True):
    """A company's month, as it is signed."""

    illico_statement: int
    company: str
    month: str
    version: int
    """A later one has what was chained behind the one before."""
    made_at_us: int
    position: int
    """The last link that is counted."""
    digest: str
    key: str
    """Whose signature it bears."""
    heads: Sequence[GivenThen]
    """The first and the last one that were given of these links."""
    report: Report
    services: Sequence[Report]
    terms: Mapping[str, Terms]
    """In force at the month's end, by service."""
    invoice: Invoice


class SignedStatement(msgspec.Struct, frozen=True):
    """A statement with the signature of its key."""

    statement: Statement
    signature: str

    @property
    def text(self) -> str:
        """The file that a company keeps: one line of canonical JSON."""
        facts: JSON = msgspec.to_builtins(self)
        return canonical(facts) + "\n"


@dataclass(frozen=True, slots=True)
class Counted:
    """What the ledger knows of a month at one link."""

    scope: Scope
    digest: bytes
    slots: Sequence[Slot]
    terms: TermsBook
    heads: Sequence[SignedHead]


def statement(counted: Counted, version: int, made_at_us: int, key: str) -> Statement:
    """Write a month down."""
    scope, whole = counted.scope, report(counted.scope, counted.slots)
    names = {slot.service for slot in counted.slots} | {*counted.terms.services}
    return Statement(
        illico_statement=FORMAT,
        company=scope.company,
        month=scope.window,
        version=version,
        made_at_us=made_at_us,
        position=scope.position,
        digest=counted.digest.hex(),
        key=key,
        heads=_ends(counted.heads, scope.position),
        report=whole,
        services=[_of_service(counted, name) for name in sorted(names)],
        terms=in_force(counted.terms, scope.window),
        invoice=invoice(whole, counted.terms),
    )


def words_of(written: Statement) -> bytes:
    """Write down what is signed."""
    return _STATEMENT + canonical(msgspec.to_builtins(written)).encode("ascii")


def from_text(text: str) -> SignedStatement:
    return msgspec.json.decode(text, type=SignedStatement)


def says_the_same(one: Statement, two: Statement) -> bool:
    """Tell whether nothing but the moment and the link differs."""
    return words_of(_timeless(one)) == words_of(_timeless(two))


def _timeless(written: Statement) -> Statement:
    bare = [_bare(each) for each in written.services]
    return msgspec.structs.replace(
        written,
        version=0,
        made_at_us=0,
        position=0,
        digest="",
        key="",
        heads=[],
        report=_bare(written.report),
        services=bare,
    )


def _bare(told: Report) -> Report:
    return msgspec.structs.replace(told, position=0, as_of_us=0)


def _of_service(counted: Counted, service: str) -> Report:
    scope = counted.scope
    mine = Scope(scope.company, service, scope.window, scope.position, scope.as_of_us)
    return report(mine, counted.slots)


def _ends(heads: Sequence[SignedHead], position: int) -> list[GivenThen]:
    inside = [each.head for each in heads if each.head.position <= position]
    ends = inside[:1] + inside[1:][-1:]
    return [GivenThen(each.day, each.position, each.digest.hex()) for each in ends]
