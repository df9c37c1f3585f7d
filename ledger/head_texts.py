"""Heads and keys as JSON: one form for commands, exports, pages and who keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from ledger.chain import canonical
from ledger.heads import GivenHead, PublicKey, SignedEnd, SignedHead
from ledger.model import JSON, CompanyId, Head, KeyId

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class KeptHeads:
    """What a file of heads says: whose they are, and the keys that came with them."""

    company: CompanyId
    heads: tuple[SignedHead, ...]
    keys: tuple[PublicKey, ...]
    end: SignedEnd | None = None
    """Where the chain ended when the file was written."""


class _End(msgspec.Struct):
    position: int
    digest: str
    at_us: int
    key: str
    signature: str


class _Head(msgspec.Struct):
    day: str
    position: int
    digest: str
    previous: str
    key: str
    signature: str


class _Key(msgspec.Struct):
    public: str
    since_us: int
    signature: str


class _File(msgspec.Struct):
    illico_heads: int
    company: str
    heads: list[_Head]
    keys: list[_Key]
    now: _End | None = None


def to_facts(
    company: CompanyId,
    heads: Iterable[SignedHead],
    keys: Iterable[PublicKey],
    end: SignedEnd | None = None,
) -> dict[str, JSON]:
    """Say the heads of one company, and its chain's end, as a company keeps them."""
    facts: dict[str, JSON] = {
        "illico_heads": FORMAT,
        "company": company,
        "heads": head_facts(heads),
        "keys": key_facts(keys),
    }
    if end is not None:
        facts["now"] = {**place_facts(end.end), **signed_facts(end)}
    return facts


def to_text(
    company: CompanyId,
    heads: Iterable[SignedHead],
    keys: Iterable[PublicKey],
    end: SignedEnd | None = None,
) -> str:
    """Write the file of heads that a company keeps: one line."""
    return canonical(to_facts(company, heads, keys, end))


def place_facts(end: Head) -> dict[str, JSON]:
    return {"position": end.position, "digest": end.digest.hex()}


def signed_facts(end: SignedEnd) -> dict[str, JSON]:
    return {"at_us": end.at_us, "key": end.key, "signature": end.signature.hex()}


def head_facts(heads: Iterable[SignedHead]) -> list[JSON]:
    return [
        {
            "day": each.head.day,
            "position": each.head.position,
            "digest": each.head.digest.hex(),
            "previous": each.head.previous.hex(),
            "key": each.head.key,
            "signature": each.signature.hex(),
        }
        for each in heads
    ]


def key_facts(keys: Iterable[PublicKey]) -> list[JSON]:
    return [
        {
            "id": each.id,
            "public": each.public.hex(),
            "since_us": each.since_us,
            "signature": each.signature.hex(),
        }
        for each in keys
    ]


def read(text: str | bytes) -> KeptHeads:
    """Read a file of heads.

    Raises:
        ValueError: it is none, or of another format.
    """
    found = msgspec.json.decode(text, type=_File)
    if found.illico_heads != FORMAT:
        raise ValueError(f"format {found.illico_heads} of heads is not known")
    company = CompanyId(found.company)
    return KeptHeads(
        company,
        tuple(_signed(company, each) for each in found.heads),
        _keys(found.keys),
        None if found.now is None else _end(company, found.now),
    )


def _end(company: CompanyId, found: _End) -> SignedEnd:
    end = Head(company, found.position, bytes.fromhex(found.digest))
    signature = bytes.fromhex(found.signature)
    return SignedEnd(end, found.at_us, KeyId(found.key), signature)


def _signed(company: CompanyId, found: _Head) -> SignedHead:
    head = GivenHead(
        company,
        found.day,
        found.position,
        bytes.fromhex(found.digest),
        bytes.fromhex(found.previous),
        KeyId(found.key),
    )
    return SignedHead(head, bytes.fromhex(found.signature))


def _keys(found: Iterable[_Key]) -> tuple[PublicKey, ...]:
    return tuple(
        PublicKey(
            bytes.fromhex(each.public), each.since_us, bytes.fromhex(each.signature)
        )
        for each in found
    )
