"""A company's chain as JSON lines: the one form of commands, pages and the API.

The first line says whose chain it is, after which link it begins, and which heads were
given out; then comes one line a link; the last line says where it ends. Values that may
be forgotten are in none of them: a company has their commitments alone.
"""

from collections.abc import Iterable
from typing import Final

from ledger.chain import canonical
from ledger.head_texts import head_facts, key_facts, place_facts, signed_facts
from ledger.heads import PublicKey, SignedEnd, SignedHead
from ledger.model import JSON, Head

FORMAT: Final = 1


def first_line(
    start: Head, heads: Iterable[SignedHead], keys: Iterable[PublicKey]
) -> str:
    """Begin an export after this link; at position 0, with the chain."""
    return _line(
        {
            "illico_export": FORMAT,
            "company": start.company,
            "from": place_facts(start),
            "heads": head_facts(heads),
            "keys": key_facts(keys),
        }
    )


def link_line(body: str, digest: bytes) -> str:
    return _line({"body": body, "digest": digest.hex()})


def last_line(end: Head, signed: SignedEnd | None = None) -> str:
    """End an export; signed where the key that signs is at hand."""
    facts: dict[str, JSON] = {"end": place_facts(end)}
    if signed is not None:
        facts["signed"] = signed_facts(signed)
    return _line(facts)


def _line(facts: JSON) -> str:
    return canonical(facts) + "\n"
