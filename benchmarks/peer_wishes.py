"""What a peer without a browser is like, and so what it offers."""

import secrets
import socket
from typing import TypedDict

from benchmarks.peer_dtls import PROFILES
from benchmarks.peer_sdp import Section, offered

SOMEWHERE = ("192.0.2.1", 9)
"""An address of nobody: asking for the way there sends nothing (RFC 5737)."""


class Wishes(TypedDict, total=False):
    """A whole browser where nothing is said.

    Attributes:
        sends: it has a camera and a microphone.
        receives: it is shown something, in at most as many videos as ``pictures``.
        profiles: what SRTP may be agreed on.
        lose_every: it throws away each n-th packet of a picture and asks for it again.
        far: seconds there and back that its reports pretend.
        left_out: URIs of header extensions and words of feedback that it does not know.
    """

    sends: bool
    receives: bool
    pictures: int
    profiles: tuple[str, ...]
    lose_every: int
    far: float
    left_out: tuple[str, ...]


def profiles_of(wishes: Wishes) -> tuple[str, ...]:
    """Say what SRTP may be agreed on."""
    return wishes.get("profiles", tuple(PROFILES))


def sections_of(wishes: Wishes) -> tuple[Section, ...]:
    """Give the sections of an offer: sound, pictures, more pictures to be shown."""
    sends, receives = wishes.get("sends", True), wishes.get("receives", True)
    words = {(True, True): "sendrecv", (True, False): "sendonly"}
    first = words.get((sends, receives), "recvonly")
    more = wishes.get("pictures", 1) - 1 if receives else 0
    wanted = [("audio", first), ("video", first), *[("video", "recvonly")] * more]
    left_out = frozenset(wishes.get("left_out", ()))
    return tuple(
        offered(kind, str(n), direction, _ssrcs(), left_out)
        for n, (kind, direction) in enumerate(wanted)
    )


def _ssrcs() -> tuple[int, int]:
    """Two numbers that differ: one is odd, one even."""
    return secrets.randbits(31) | 1, secrets.randbits(30) * 2 + 2


def own_address() -> str:
    """Give the address of this machine that others reach, or the loopback's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(SOMEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(asking.getsockname()[0])
