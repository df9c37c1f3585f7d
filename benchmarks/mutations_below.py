"""Hostile datagrams below media: any first byte, STUN that lies, DTLS that lies.

Pure, as `mutations.py`. A STUN message may be signed rightly whatever it says: only who
knows a leg's password can do that, and it is there that a parser trusts most.
"""

import hashlib
import hmac
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.mutations import LONGEST, resized, scrambled

COOKIE: Final = 0x2112A442
FINGERPRINT: Final = 0x5354554E
CLASSES: Final = ((0, 3), (4, 19), (20, 63), (64, 127), (128, 191), (192, 255))
"""First bytes that RFC 7983 tells apart: STUN, ZRTP, DTLS, TURN, media, nobody's."""

SIZES: Final = (0, 1, 2, 3, 4, 11, 12, 13, 19, 20, 21, 99, 1200, 1500, 2047, LONGEST)


def datagram(chance: Random) -> bytes:
    """Give a datagram of any first byte, size and content; one in a hundred is empty."""
    low, high = chance.choice(CLASSES)
    size = chance.choice((chance.choice(SIZES), chance.randrange(200)))
    body = chance.randbytes(size)
    return bytes([chance.randint(low, high)]) + body[1:] if size else body


# ------------------------------------------------------------------------ STUN


@dataclass(frozen=True, slots=True)
class Ice:
    """Who signs, for whom: ``username`` and ``password`` are those of the leg's checks."""

    username: str
    password: str


Attribute = tuple[int, bytes]
USERNAME, INTEGRITY, PRIORITY, USE_CANDIDATE = 0x0006, 0x0008, 0x0024, 0x0025
CONTROLLED, CONTROLLING, MARK = 0x8029, 0x802A, 0x8028
STRANGE: Final = (
    *(0x0001, 0x0009, 0x000A, 0x000C, 0x000D, 0x0012, 0x0013, 0x0014, 0x0015),
    *(0x0016, 0x0020, 0x0022, 0x8022, 0x8023, 0x0000, 0x7FFF, 0x8000, 0xFFFF),
    *(PRIORITY, USE_CANDIDATE, CONTROLLED, CONTROLLING, USERNAME),
)
TYPES: Final = (
    *(0x0001, 0x0001, 0x0001, 0x0001, 0x0011, 0x0101, 0x0111),
    *(0x0003, 0x0004, 0x0006, 0x0007, 0x0008, 0x0009, 0x3FFF, 0x0000),
)


def check(chance: Random, ice: Ice) -> bytes:
    """Give a check as a browser's, signed, without nominating."""
    return _written(0x0001, chance.randbytes(12), _facts(chance, ice), ice)


def stun(chance: Random, ice: Ice, *, may_nominate: bool) -> bytes:
    """Give a message that lies, mostly signed rightly.

    Args:
        chance: what draws.
        ice: the leg's user name and password.
        may_nominate: whether it may claim that media shall go where it comes from.
    """
    attributes = _facts(chance, ice)
    if may_nominate and chance.random() < 0.3:
        attributes.append((USE_CANDIDATE, b""))
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        attributes = _other(chance, attributes, may_nominate=may_nominate)
    kind = chance.choice(TYPES)
    data = _written(kind, chance.randbytes(12), attributes, ice)
    match chance.randrange(10):
        case 0:
            return scrambled(chance, data)[:LONGEST]
        case 1:
            return resized(chance, data)[:LONGEST]
        case 2:  # its length lies, or its cookie
            wrong = struct.pack("!HL", chance.getrandbits(16), chance.getrandbits(32))
            return (data[:2] + wrong + data[8:])[:LONGEST]
        case _:
            return data[:LONGEST]


def _facts(chance: Random, ice: Ice) -> list[Attribute]:
    return [
        (USERNAME, ice.username.encode()),
        (PRIORITY, chance.getrandbits(31).to_bytes(4)),
        (CONTROLLING, chance.randbytes(8)),
    ]


def _other(
    chance: Random, attributes: list[Attribute], *, may_nominate: bool
) -> list[Attribute]:
    """Leave out, double, swap or change an attribute, or put a strange one in."""
    attributes = list(attributes)
    at = chance.randrange(len(attributes) + 1)
    match chance.randrange(5):
        case 0 if at < len(attributes):
            del attributes[at]
        case 1 if at < len(attributes):
            attributes += [attributes[at]] * chance.choice((1, 2, 60))
        case 2:
            chance.shuffle(attributes)
        case 3 if at < len(attributes):
            kind, _ = attributes[at]
            attributes[at] = (kind, _value(chance))
        case _:
            strange = chance.choice(STRANGE)
            if strange != USE_CANDIDATE or may_nominate:
                attributes.insert(at, (strange, _value(chance)))
    return attributes


def _value(chance: Random) -> bytes:
    """Give a value of any length; families of addresses and codes of errors lie too."""
    size = chance.choice((0, 1, 2, 3, 4, 5, 7, 8, 9, 20, 21, 64, 513))
    if chance.random() < 0.3:
        return bytes([0, chance.choice((0, 1, 2, 3, 255))]) + chance.randbytes(size)
    return chance.choice((chance.randbytes(size), b"\xff" * size, "é".encode() * 9))


def _written(
    kind: int, transaction: bytes, attributes: Sequence[Attribute], ice: Ice
) -> bytes:
    """Write a message with its integrity and fingerprint right (RFC 8489)."""
    body = b"".join(
        struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4)
        for name, value in attributes
    )
    signed = _head(kind, len(body) + 24, transaction) + body
    digest = hmac.digest(ice.password.encode(), signed, hashlib.sha1)
    body += struct.pack("!HH", INTEGRITY, 20) + digest
    marked = _head(kind, len(body) + 8, transaction) + body
    mark = zlib.crc32(marked) ^ FINGERPRINT
    return marked + struct.pack("!HHL", MARK, 4, mark)


def _head(kind: int, length: int, transaction: bytes) -> bytes:
    return struct.pack("!HHL", kind, length & 0xFFFF, COOKIE) + transaction


# ------------------------------------------------------------------------ DTLS


_CIPHERS: Final = bytes.fromhex("c02bc02fcca9cca8c00ac014")
_USE_SRTP: Final = bytes.fromhex("000e0009000600010008000700")


def dtls(chance: Random, *, epochs: Sequence[int] = (0, 0, 0, 1, 2, 0xFFFF)) -> bytes:
    """Give a datagram of one to three records that lie: any type, length, fragment.

    Args:
        chance: what draws.
        epochs: of which epoch the records may claim to be.
    """
    data = b"".join(
        _record(chance, chance.choice(epochs)) for _ in range(chance.choice((1, 1, 2)))
    )
    match chance.randrange(8):
        case 0:
            data = scrambled(chance, data)
        case 1:
            data = resized(chance, data)
        case _:
            pass
    # whatever was done to it, it goes to the parser of DTLS
    return bytes([20 + (data[0] - 20) % 44]) + data[1:LONGEST] if data else b"\x16"


def _record(chance: Random, epoch: int) -> bytes:
    makers: tuple[tuple[int, Callable[[Random], bytes]], ...] = (
        (22, _handshake),
        (22, _handshake),
        (22, lambda chance: _handshake(chance) + _handshake(chance)),
        (21, lambda chance: bytes([chance.choice((1, 2, 3)), chance.randrange(256)])),
        (20, lambda chance: bytes([chance.choice((1, 0, 255))])),
        (23, lambda chance: chance.randbytes(chance.randrange(300))),
        (24, lambda chance: b"\1\xff\xff" + chance.randbytes(chance.randrange(40))),
        (26, lambda chance: chance.randbytes(chance.randrange(40))),
        (chance.randrange(32, 64), lambda chance: chance.randbytes(40)),
        (chance.randrange(20, 64), lambda chance: chance.randbytes(40)),
    )
    kind, make = chance.choice(makers)
    body = make(chance)
    version = chance.choice((0xFEFD, 0xFEFD, 0xFEFF, 0xFEFC, chance.getrandbits(16)))
    length = len(body)
    if chance.random() < 0.2:
        length = chance.choice((0, 1, length + 1, 0x4001, 0xFFFF))
    number = chance.choice((0, 1, 2, chance.getrandbits(48)))
    head = struct.pack("!BHH", kind, version, epoch) + number.to_bytes(6)
    return head + length.to_bytes(2) + body


def _handshake(chance: Random) -> bytes:
    """Give a handshake message; one in three has lengths or fragments that lie."""
    kinds = (0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 24, 25, 254)
    kind = chance.choice(kinds)
    body = _hello(chance) if kind in {1, 2} else chance.randbytes(chance.randrange(80))
    length = size = len(body)
    offset = 0
    if chance.random() < 0.33:
        length = chance.choice((0, size, size + 9, 0x3FFF, 0xFFFFFF))
        offset = chance.choice((0, 1, size, 0x3FFF, 0xFFFFFF))
        size = chance.choice((0, size, size + 1, 0xFFFFFF))
    number = chance.choice((0, 0, 1, 2, 3, 9, 0xFFFF))
    numbers = length.to_bytes(3) + number.to_bytes(2)
    return bytes([kind]) + numbers + offset.to_bytes(3) + size.to_bytes(3) + body


def _hello(chance: Random) -> bytes:
    """Give a hello of either side, with extensions that may lie."""
    extensions = _USE_SRTP + struct.pack("!HHHH", 10, 4, 2, 23)
    extensions += struct.pack("!HH", chance.getrandbits(16), chance.choice((0, 0, 9)))
    length = chance.choice((len(extensions), len(extensions), 0, 0xFFFF))
    ciphers = struct.pack("!H", len(_CIPHERS)) + _CIPHERS
    session = chance.choice((b"\0", b"\x20" + bytes(32), b"\xff"))
    cookie = chance.choice((b"\0", b"\x14" + bytes(20), b"\xff"))
    return (
        struct.pack("!H", 0xFEFD)
        + chance.randbytes(32)
        + session
        + cookie
        + ciphers
        + b"\1\0"
        + length.to_bytes(2)
        + extensions
    )
