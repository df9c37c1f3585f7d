"""What a company is given each day and may keep: the signed head of its chain.

A head that somebody outside keeps makes it impossible to write the chain anew before
it. The heads of a company are chained to each other as well, so that none of them can
be left out later, and each key is signed by the one before it.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from ledger.chain import canonical
from ledger.model import JSON, CompanyId, Head, KeyId

_GENESIS: Final = b"illico head 1 genesis\n"
_HEAD: Final = b"illico head 1\n"
_END: Final = b"illico end 1\n"
_KEY: Final = b"illico key 1\n"
_CHANGE: Final = b"illico key change 1\n"
_ID_LENGTH: Final = 16

IsSigned: TypeAlias = Callable[[bytes, bytes, bytes], bool]
"""Whether a public key signed these words: (public, words, signature)."""


@dataclass(frozen=True, slots=True)
class GivenHead:
    """Where a company's chain ended when a day in Paris had begun."""

    company: CompanyId
    day: str
    """YYYY-MM-DD."""
    position: int
    digest: bytes
    previous: bytes
    """`digest_of` the head given before."""
    key: KeyId


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with its signature."""

    head: GivenHead
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedEnd:
    """Where a chain ended at a moment: what may be kept between two daily heads."""

    end: Head
    at_us: int
    key: KeyId
    signature: bytes
    """Of `end_words`."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signs or signed; the keys are listed in their order, for ever."""

    public: bytes
    since_us: int
    signature: bytes
    """Of `change_words`: by the key before it, or by itself where that one was lost; none
    for the first key."""

    @property
    def id(self) -> KeyId:
        return key_id(self.public)


def key_id(public: bytes) -> KeyId:
    """Name a public key shortly."""
    return KeyId(hashlib.sha256(_KEY + public).hexdigest()[:_ID_LENGTH])


def words_of(head: GivenHead) -> bytes:
    """Write down what is signed."""
    facts: dict[str, JSON] = {
        "company": head.company,
        "day": head.day,
        "position": head.position,
        "digest": head.digest.hex(),
        "previous": head.previous.hex(),
        "key": head.key,
    }
    return _HEAD + canonical(facts).encode("ascii")


def end_words(end: Head, at_us: int, key: KeyId) -> bytes:
    """Write down what is signed of a chain's end."""
    facts: dict[str, JSON] = {
        "company": end.company,
        "position": end.position,
        "digest": end.digest.hex(),
        "at_us": at_us,
        "key": key,
    }
    return _END + canonical(facts).encode("ascii")


def digest_of(head: GivenHead) -> bytes:
    """Hash a head for the one after it."""
    return hashlib.sha256(words_of(head)).digest()


def before_the_first(company: CompanyId) -> bytes:
    """What a company's first head follows."""
    return hashlib.sha256(_GENESIS + company.encode()).digest()


def change_words(old: KeyId, public: bytes, since_us: int) -> bytes:
    """Write down what an old key signs when a new one takes its place."""
    facts: dict[str, JSON] = {
        "old": old,
        "public": public.hex(),
        "since_us": since_us,
    }
    return _CHANGE + canonical(facts).encode("ascii")


def faults(
    company: CompanyId,
    heads: Sequence[SignedHead],
    keys: Sequence[PublicKey],
    is_signed: IsSigned,
    named: Collection[str] = (),
) -> Iterator[tuple[SignedHead, str]]:
    """Tell what is wrong with all heads that a company was given, oldest first.

    Keys that are `named` are believed, whoever announced them.
    """
    unproven = {key.id for key in unproven_keys(keys, is_signed)}.difference(named)
    previous = before_the_first(company)
    for each in heads:
        if each.head.company != company:
            yield each, "is of another company"
        if each.head.previous != previous:
            yield each, "does not follow the head before it"
        if not is_ours(each, keys, is_signed):
            yield each, "is not signed by a key of ours"
        if each.head.key in unproven:
            yield each, "is signed by a key that the one before it did not announce"
        previous = digest_of(each.head)
    for one, other in pairwise(heads):
        if one.head.day >= other.head.day or one.head.position > other.head.position:
            yield other, "goes back behind the head before it"


def missed(
    given: Iterable[SignedHead], kept: Iterable[SignedHead]
) -> Iterator[tuple[SignedHead, str]]:
    """Tell which heads that somebody kept are not among those that were given."""
    listed = {each.head.day: each.head for each in given}
    for each in kept:
        if each.head.day not in listed:
            yield each, "was given, and is not listed"
        elif listed[each.head.day] != each.head:
            yield each, "was signed twice, with two contents"


def is_ours(signed: SignedHead, keys: Iterable[PublicKey], is_signed: IsSigned) -> bool:
    """Tell whether a head bears the signature that it names."""
    words = words_of(signed.head)
    return any(
        key.id == signed.head.key and is_signed(key.public, words, signed.signature)
        for key in keys
    )


def is_our_end(end: SignedEnd, keys: Iterable[PublicKey], is_signed: IsSigned) -> bool:
    """Tell whether a chain's end bears the signature that it names."""
    words = end_words(end.end, end.at_us, end.key)
    return any(
        key.id == end.key and is_signed(key.public, words, end.signature)
        for key in keys
    )


def unproven_keys(keys: Sequence[PublicKey], is_signed: IsSigned) -> list[PublicKey]:
    """Name the keys, after the first, that the key before them did not sign."""
    return [
        new
        for old, new in pairwise(keys)
        if not is_signed(
            old.public, change_words(old.id, new.public, new.since_us), new.signature
        )
    ]
