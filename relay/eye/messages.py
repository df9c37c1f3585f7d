"""What the pool and a worker say to each other: length, then MessagePack, in a pipe.

A worker learns no call, no name and no address: a stream is a number.
"""

from collections.abc import Callable
from operator import add
from typing import Any

import msgspec
from msgspec.structs import astuple

from relay.eye.model import Legibility
from relay.eye.reasons import Reason

LENGTH_BYTES = 4
NUMBER_BYTES = 4

LONGEST = 4 * 1024 * 1024
"""Bytes of one message; a VP8 frame of a call has some thousand."""


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    pass


class Watch(_Message, frozen=True):
    stream: int


class Unwatch(_Message, frozen=True):
    stream: int


class Picture(_Message, frozen=True):
    """A VP8 frame of layer 0; `at` is its arrival."""

    stream: int
    data: bytes
    key: bool
    at: float


class Tick(_Message, frozen=True):
    """Judge now. `frames` arrived so far, the last at `arrived`.

    Everybody is looked at less often by `pressure`; 1 is as often as usual.
    """

    stream: int
    at: float
    arrived: float
    frames: int
    pressure: float


class Ping(_Message, frozen=True):
    number: int


class Ready(_Message, frozen=True):
    """The worker will look at pictures; `unsealed` is why its doors are not closed."""

    unsealed: str | None


class Judged(_Message, frozen=True):
    stream: int
    at: float
    legibility: Legibility
    reasons: tuple[Reason, ...]


class Blind(_Message, frozen=True):
    """Nothing of this stream can be decoded before its next key frame."""

    stream: int


class Work(msgspec.Struct, frozen=True):
    """What a worker has done since its start; times are of its processor, seconds.

    But `waited_s` is of the clock: for as long it had nothing to do.
    """

    frames: int = 0
    samples: int = 0
    searches: int = 0
    checks: int = 0
    decode_s: float = 0.0
    measure_s: float = 0.0
    faces_s: float = 0.0
    hands_s: float = 0.0
    waited_s: float = 0.0

    @property
    def processor_s(self) -> float:
        return self.decode_s + self.measure_s + self.faces_s + self.hands_s

    def plus(self, more: "Work") -> "Work":
        """Add what another worker has done."""
        return Work(*map(add, astuple(self), astuple(more)))


class Pong(_Message, frozen=True):
    number: int
    work: Work


class Broken(_Message, frozen=True):
    """The worker ends because of an error of its own."""

    text: str


ToWorker = Watch | Unwatch | Picture | Tick | Ping
FromWorker = Ready | Judged | Blind | Pong | Broken

_ENCODER = msgspec.msgpack.Encoder()


def pack(message: ToWorker | FromWorker) -> bytes:
    body = _ENCODER.encode(message)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def length_of(head: bytes) -> int:
    """Raises: ValueError, for what no message of ours is."""
    length = int.from_bytes(head, "big")
    if not 0 < length <= LONGEST:
        raise ValueError(f"a message of {length} bytes")
    return length


def unpacker(kind: Any) -> Callable[[bytes], Any]:
    """Make the function that reads one union; it raises msgspec.MsgspecError."""
    return msgspec.msgpack.Decoder(kind).decode


def pack_number(stream: int) -> bytes:
    """Write a stream's number for the narrow pipes; 0 is none."""
    return stream.to_bytes(NUMBER_BYTES, "big")


def unpack_number(data: bytes) -> int:
    return int.from_bytes(data, "big")
