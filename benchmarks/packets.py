"""A film cut into packets as a browser sends them: VP8 in three layers, and Opus."""

import itertools
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from PIL import Image, ImageDraw

from benchmarks.vp8 import FRAMES_PER_SECOND, Vp8Frame, encode

MAX_PAYLOAD: Final = 1100
SPREAD: Final = 0.012
"""Seconds over which a browser's pacer sends one picture."""

KEY_FRAME_EVERY: Final = 0.3
"""Seconds within which a camera's encoder makes no second key frame."""

AUDIO_EVERY: Final = 0.02
AUDIO_RATE: Final = 48_000
VIDEO_RATE: Final = 90_000

_DESCRIPTOR: Final = struct.Struct("!BBHBB")
_STARTS: Final = 0x10
_SYNC: Final = 0x20


@dataclass(frozen=True, slots=True)
class Piece:
    """One packet's worth of a film.

    ``at`` is in seconds since the film's beginning, ``timestamp`` in the clock of its
    kind. ``picture`` counts frames, ``base`` those of layer 0 so far.
    """

    at: float
    video: bool
    timestamp: int
    marker: bool
    body: bytes = field(repr=False)
    picture: int = 0
    base: int = 0
    layer: int = 0
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Film:
    """What is sent again and again; its first picture is a key frame."""

    pieces: tuple[Piece, ...] = field(repr=False)
    seconds: float
    pictures: int
    bases: int

    @property
    def packets_a_second(self) -> float:
        return len(self.pieces) / self.seconds


@cache
def film(
    *,
    seconds: int = 4,
    size: tuple[int, int] = (1280, 720),
    kbps: int = 2300,
    layers: bool = True,
) -> Film:
    """Encode a film of moving shapes, the same each time.

    At 2 300 kbit/s it makes about 270 packets of video a second.
    """
    frames = list(encode(_scenes(size, seconds), kbps=kbps, layers=layers))
    pieces = [*pictures(frames), *_sounds(seconds)]
    return Film(
        pieces=tuple(sorted(pieces, key=lambda piece: piece.at)),
        seconds=float(seconds),
        pictures=len(frames),
        bases=sum(1 for frame in frames if frame.temporal_id == 0),
    )


class Projector:
    """Gives a film's packets in their order, for ever; numbers and times run on."""

    def __init__(self, shown: Film, *, first_picture: int = 0) -> None:
        self._film = shown
        self._at = 0.0
        self._picture = first_picture
        self._base = 0
        self._next = 0

    @property
    def next_at(self) -> float:
        """When the next packet is due."""
        if self._next == len(self._film.pieces):
            return self._at + self._film.seconds + self._film.pieces[0].at
        return self._at + self._film.pieces[self._next].at

    @property
    def is_between_pictures(self) -> bool:
        """Whether the film may go on with its key frame instead of the next picture."""
        if self._next == len(self._film.pieces):
            return False
        piece = self._film.pieces[self._next]
        return piece.starts and piece.at > KEY_FRAME_EVERY

    def rewind(self, now: float) -> None:
        """Go on with the key frame, at ``now``, in the seconds that `piece` gives."""
        shown = [p for p in self._film.pieces[: self._next] if p.video]
        if shown:
            self._picture += shown[-1].picture + 1
            self._base += shown[-1].base + 1
        self._at, self._next = max(now, self._at), 0

    def piece(self) -> tuple[float, Piece, bytes]:
        """Give when the next packet is due, what it is, and its payload."""
        if self._next == len(self._film.pieces):
            self._picture += self._film.pictures
            self._base += self._film.bases
            self._at += self._film.seconds
            self._next = 0
        piece = self._film.pieces[self._next]
        self._next += 1
        return self._at + piece.at, piece, self._payload(piece)

    def timestamp(self, at: float, piece: Piece) -> int:
        """Give the media time of a piece that `piece` gave for ``at``."""
        rate = VIDEO_RATE if piece.video else AUDIO_RATE
        return round((at - piece.at) * rate) + piece.timestamp

    def _payload(self, piece: Piece) -> bytes:
        if not piece.video:
            return piece.body
        return descriptor(piece, self._picture, self._base) + piece.body


def descriptor(piece: Piece, picture: int, base: int) -> bytes:
    """Write the payload descriptor of RFC 7741 with its picture ids and layer."""
    sync = _SYNC if piece.layer == 1 else 0
    return _DESCRIPTOR.pack(
        0x80 | (_STARTS if piece.starts else 0),
        0xE0,
        0x8000 | (piece.picture + picture) & 0x7FFF,
        (piece.base + base) & 0xFF,
        piece.layer << 6 | sync,
    )


def pictures(frames: Iterable[Vp8Frame]) -> Iterator[Piece]:
    """Cut frames into the packets that a browser would send."""
    base = -1
    for number, frame in enumerate(frames):
        base += frame.temporal_id == 0
        bodies = cut(frame.data)
        for n, body in enumerate(bodies):
            yield Piece(
                at=frame.timestamp / VIDEO_RATE + SPREAD * n / len(bodies),
                video=True,
                timestamp=frame.timestamp,
                marker=n == len(bodies) - 1,
                body=body,
                picture=number,
                base=max(base, 0),
                layer=frame.temporal_id,
                starts=n == 0,
            )


def cut(data: bytes, most: int = MAX_PAYLOAD) -> list[bytes]:
    """Cut a frame into pieces of about the same size, as libwebrtc does."""
    count = max(1, math.ceil(len(data) / most))
    edges = [round(len(data) * n / count) for n in range(count + 1)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def _sounds(seconds: int) -> Iterator[Piece]:
    for number, body in enumerate(_opus(round(seconds / AUDIO_EVERY))):
        yield Piece(
            at=number * AUDIO_EVERY,
            video=False,
            timestamp=round(number * AUDIO_EVERY * AUDIO_RATE),
            marker=False,
            body=body,
        )


def _opus(count: int) -> Iterator[bytes]:
    """Encode a tone: as many packets of 20 ms as asked for."""
    codec = AudioCodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.bit_rate = AUDIO_RATE, "mono", 32_000
    codec.format = "s16"
    size = round(AUDIO_RATE * AUDIO_EVERY)
    times = np.arange((count + 4) * size) / AUDIO_RATE
    tone = (8000 * np.sin(math.tau * 220 * times)).astype(np.int16)
    given = 0
    for number in range(count + 4):
        samples = tone[None, number * size : (number + 1) * size]
        frame = av.AudioFrame.from_ndarray(samples, "s16", "mono")
        frame.sample_rate, frame.pts = AUDIO_RATE, number * size
        frame.time_base = Fraction(1, AUDIO_RATE)
        for packet in codec.encode(frame):
            if given < count:
                yield bytes(packet)
            given += 1


def _scenes(size: tuple[int, int], seconds: int) -> Iterable[Image.Image]:
    """Draw a wall of texture with shapes that move over it, hard enough to encode."""
    width, height = size
    chance = np.random.default_rng(4)
    coarse = chance.integers(96, 160, (height // 8 + 9, width // 8 + 9), dtype=np.uint8)
    wall = Image.fromarray(coarse).convert("RGB").resize((width + 64, height + 64))
    for number in range(seconds * FRAMES_PER_SECOND):
        turn = math.tau * number / (seconds * FRAMES_PER_SECOND)
        dx, dy = round(32 + 31 * math.sin(turn)), round(32 + 31 * math.cos(2 * turn))
        scene = wall.crop((dx, dy, dx + width, dy + height))
        canvas = ImageDraw.Draw(scene)
        for n in range(3):
            x = width * (0.5 + 0.35 * math.sin(turn * (n + 2) + n))
            y = height * (0.5 + 0.3 * math.cos(turn * (n + 3) + 2 * n))
            box = (x - height / 8, y - height / 8, x + height / 8, y + height / 8)
            canvas.ellipse(box, fill=(210 - 60 * n, 70 + 50 * n, 90))
        yield scene
