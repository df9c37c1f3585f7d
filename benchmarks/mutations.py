"""Hostile media: RTP and RTCP that lie in one place, or wherever chance has it.

Pure: what is drawn comes from the `Random` that is given, so a seed gives the same bytes
again. Each packet begins as one that a browser sends; most lies are about its structure
(a length, a count, a flag), because bytes at random seldom get past the first check.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from relay.forwarding import rtcp
from relay.forwarding.rtp import HEADER

LONGEST: Final = 2048
FLAWS: Final = 6
_FEEDBACK: Final = struct.Struct("!BBHLL")


@dataclass(frozen=True, slots=True)
class Stream:
    """What was negotiated for a browser's picture and its sound."""

    ssrc: int = 1001
    rtx_ssrc: int = 1002
    payload_type: int = 96
    rtx_payload_type: int = 97
    audio_ssrc: int = 1003
    audio_payload_type: int = 111
    mid: bytes = b"1"
    heard_ssrc: int = 2001
    """What the relay sends under: reports and NACKs of the browser name it."""


def scrambled(chance: Random, data: bytes) -> bytes:
    """Flip, cut, lengthen and repeat bytes, wherever they stand."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, FLAWS)):
        match chance.randrange(5):
            case 0 if changed:
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            case 1 if changed:
                del changed[chance.randrange(len(changed)) :]
            case 2:
                changed += chance.randbytes(chance.randrange(40))
            case 3 if changed:
                at = chance.randrange(len(changed))
                changed[at:at] = changed[:at][-8:]
            case _:
                if len(changed) > 1:
                    changed[chance.randrange(2)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def resized(chance: Random, data: bytes) -> bytes:
    """Cut a datagram short or make it longer than any browser does, up to 2,048."""
    if chance.random() < 0.5:
        return data[: chance.randrange(len(data) + 1)]
    return data + chance.randbytes(chance.randrange(max(1, LONGEST - len(data))))


# ------------------------------------------------------------------------- RTP


class Film:
    """A browser's packets, one after the other, right and wrong ones.

    `sound` gives the next right one; `hostile` one that lies.
    """

    def __init__(self, chance: Random, stream: Stream | None = None) -> None:
        self.stream: Final = stream or Stream()
        self._chance = chance
        self._sequence = chance.randrange(0x8000)
        self._rtx_sequence = self._audio_sequence = 0
        self._timestamp = chance.getrandbits(32)
        self._picture = self._tl0 = 0

    def key_frame(self, packets: int = 3) -> list[bytes]:
        """Give a whole key frame."""
        self._turn()
        bodies = [bytes([0, 0, 0, 0x9D, 1, 0x2A]) + b"k" * 90, *[b"more" * 20] * 99]
        return [
            self._video(
                self._descriptor(start=n == 0, layer=0) + bodies[n],
                marker=n == packets - 1,
            )
            for n in range(packets)
        ]

    def leap(self) -> None:
        """Go on far from here, as a browser whose encoder begins anew."""
        self._sequence = (self._sequence + 20_000) & 0xFFFF

    def sound(self) -> bytes:
        """Give the next right packet: picture of some layer, repeat, padding or sound."""
        match self._chance.randrange(8):
            case 0:
                return self._opus()
            case 1:
                return self._repeat()
            case 2:
                return self._padding()
            case _:
                self._turn()
                layer = (0, 2, 1, 2)[self._picture & 3]
                return self._video(self._descriptor(start=True, layer=layer) + b"\1x")

    def hostile(self) -> bytes:
        """Give a packet that lies."""
        data = self.sound()
        lies: tuple[Callable[[bytes], bytes], ...] = (
            self._other_flags,
            self._other_words,
            self._other_extension,
            self._other_descriptor,
            self._other_number,
            self._other_padding,
            lambda data: scrambled(self._chance, data),
            lambda data: resized(self._chance, data),
        )
        for lie in self._chance.sample(lies, self._chance.choice((1, 1, 1, 2, 3))):
            data = lie(data)
        return data[:LONGEST]

    def _turn(self) -> None:
        self._timestamp = (self._timestamp + 3000) & 0xFFFFFFFF
        self._picture = (self._picture + 1) & 0x7FFF
        self._tl0 = (self._tl0 + (self._picture & 3 == 0)) & 0xFF

    def _descriptor(self, *, start: bool, layer: int) -> bytes:
        """X, picture id of 15 bits, TL0PICIDX, layer with its sync bit."""
        picture = struct.pack("!H", 0x8000 | self._picture)
        sync = 0x20 if layer else 0
        flags = 0x90 if start else 0x80
        return bytes([flags, 0xE0]) + picture + bytes([self._tl0, layer << 6 | sync])

    def _video(self, payload: bytes, *, marker: bool = True) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        return self._packet(
            (self.stream.payload_type, self.stream.ssrc, self._sequence),
            payload,
            marker=marker,
        )

    def _repeat(self) -> bytes:
        original = (self._sequence - self._chance.randrange(40)) & 0xFFFF
        body = self._descriptor(start=True, layer=0) + b"\1again"
        return self._again(original.to_bytes(2) + body)

    def _padding(self) -> bytes:
        """A browser that probes the line sends repeats of nothing, padded."""
        size = self._chance.randrange(2, 256)
        data = self._again(bytes(size - 1) + bytes([size]))
        return bytes([data[0] | 0x20]) + data[1:]

    def _again(self, payload: bytes) -> bytes:
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
        stream = self.stream
        return self._packet(
            (stream.rtx_payload_type, stream.rtx_ssrc, self._rtx_sequence), payload
        )

    def _opus(self) -> bytes:
        self._audio_sequence = (self._audio_sequence + 1) & 0xFFFF
        stream = self.stream
        return self._packet(
            (stream.audio_payload_type, stream.audio_ssrc, self._audio_sequence),
            b"opus" * 20,
        )

    def _packet(
        self, about: tuple[int, int, int], payload: bytes, *, marker: bool = True
    ) -> bytes:
        kind, ssrc, sequence = about
        second = (0x80 if marker else 0) | kind
        head = HEADER.pack(0x90, second, sequence, self._timestamp, ssrc)
        return head + self._extensions(sequence) + payload

    def _extensions(self, sequence: int) -> bytes:
        """abs-send-time, transport-wide number, mid: one-byte form (RFC 8285)."""
        block = b"\x22" + (sequence << 2 & 0xFFFFFF).to_bytes(3)
        block += b"\x31" + sequence.to_bytes(2)
        block += bytes([0x40 | len(self.stream.mid) - 1]) + self.stream.mid
        block += bytes(-len(block) % 4)
        return struct.pack("!HH", 0xBEDE, len(block) // 4) + block

    # ------------------------------------------------------------------ lies

    def _other_flags(self, data: bytes) -> bytes:
        """Other contributors, extension and padding bits; the version stays mostly."""
        first = 0x80 | self._chance.randrange(64)
        return bytes([self._chance.choice((first, first, first ^ 0x40))]) + data[1:]

    def _other_words(self, data: bytes) -> bytes:
        """A block of extensions that says it is longer, shorter or of another form."""
        if len(data) < 16:
            return data
        profile = self._chance.choice((0xBEDE, 0x1000, 0x100F, 0, 0xFFFF))
        words = self._chance.choice((0, 1, 2, 5, 0xFF, 0xFFFF, len(data) // 4))
        return data[:12] + struct.pack("!HH", profile, words) + data[16:]

    def _other_extension(self, data: bytes) -> bytes:
        """One element with another name or length, or the reserved one."""
        if len(data) < 20:
            return data
        at = self._chance.randrange(16, min(len(data), 32))
        wrong = self._chance.choice((0x0F, 0xF0, 0xFF, 0x2F, 0x3F, 0x4F, 0x20, 0x10))
        return data[:at] + bytes([wrong]) + data[at + 1 :]

    def _other_descriptor(self, data: bytes) -> bytes:
        """A VP8 descriptor cut anywhere, with any flags."""
        at = min(len(data), 28)
        size = self._chance.randrange(9)
        return data[:at] + self._chance.randbytes(size)

    def _other_number(self, data: bytes) -> bytes:
        """Another place in the film, another time, another name."""
        if len(data) < 12:
            return data
        first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
        stream = self.stream
        steps = (0, 1, 2, 40, 513, 3001, 0x7FFF, 0x8000, 0xFFFF)
        match self._chance.randrange(4):
            case 0:
                sequence = (sequence + self._chance.choice(steps)) & 0xFFFF
            case 1:
                timestamp = self._chance.getrandbits(32)
            case 2:
                known = (stream.ssrc, stream.rtx_ssrc, stream.audio_ssrc, 0, 1)
                ssrc = self._chance.choice((*known, self._chance.getrandbits(32)))
            case _:
                second = self._chance.randrange(256)
        return HEADER.pack(first, second, sequence, timestamp, ssrc) + data[12:]

    def _other_padding(self, data: bytes) -> bytes:
        last = self._chance.choice((0, 1, 12, 255, len(data) & 0xFF))
        return bytes([data[0] | 0x20]) + data[1:-1] + bytes([last]) if data else data


# ------------------------------------------------------------------------ RTCP


class Talk:
    """What a browser reports and asks for, right and wrong."""

    def __init__(self, chance: Random, stream: Stream | None = None) -> None:
        self.stream: Final = stream or Stream()
        self._chance = chance
        self._feedback_count = 0

    def sound(self) -> bytes:
        """Give a datagram of one to three right packets."""
        makers = self._makers()
        return b"".join(
            self._chance.choice(makers)() for _ in range(self._chance.randrange(1, 4))
        )

    def hostile(self) -> bytes:
        """Give a datagram that lies."""
        data = self.sound()
        lies: tuple[Callable[[bytes], bytes], ...] = (
            self._other_length,
            self._other_count,
            self._other_kind,
            self._other_word,
            self._too_much,
            lambda data: scrambled(self._chance, data),
            lambda data: resized(self._chance, data),
        )
        for lie in self._chance.sample(lies, self._chance.choice((1, 1, 1, 2, 3))):
            data = lie(data)
        return data[:LONGEST]

    def _makers(self) -> Sequence[Callable[[], bytes]]:
        stream, number = self.stream, self._chance.getrandbits
        heard = stream.heard_ssrc
        return (
            lambda: (
                rtcp.sender_report(stream.ssrc, number(64), number(32), 9, 9)
                + rtcp.description(stream.ssrc, "c")
            ),
            lambda: rtcp.receiver_report(
                1, [self._report() for _ in range(self._chance.randrange(4))]
            ),
            lambda: rtcp.nack(1, heard, [number(16) for _ in range(1 + number(3))]),
            lambda: rtcp.remb(1, number(number(5)), [heard]),
            lambda: rtcp.picture_loss(1, heard),
            lambda: (
                _FEEDBACK.pack(0x84, 206, 4, 1, 0) + struct.pack("!LL", heard, 1 << 24)
            ),
            lambda: rtcp.bye([stream.ssrc]),
            self._transport_feedback,
            lambda: struct.pack("!BBHLLQ", 0x80, 207, 4, 1, 0x04000002, number(64)),
            lambda: struct.pack("!BBHL4s", 0x80, 204, 2, 1, b"name"),
        )

    def _report(self) -> rtcp.Report:
        number = self._chance.getrandbits
        ssrc = self._chance.choice((self.stream.heard_ssrc, 5, 0))
        return rtcp.Report(
            ssrc, number(8), number(23), number(32), number(32), number(32), number(32)
        )

    def _transport_feedback(self) -> bytes:
        """Feedback for transport-wide numbers: runs, vectors, times that may lie."""
        self._feedback_count = (self._feedback_count + 1) & 0xFF
        number = self._chance.getrandbits
        count = self._chance.choice((1, 7, 14, 8191, 65535))
        body = struct.pack("!HH", number(16), count)
        body += number(24).to_bytes(3) + bytes([self._feedback_count])
        body += b"".join(
            struct.pack("!H", self._chance.choice((0x2001, 0x3FFF, 0xFFFF, number(16))))
            for _ in range(self._chance.randrange(1, 5))
        )
        body += self._chance.randbytes(self._chance.randrange(16))
        body += bytes(-len(body) % 4)
        words = 2 + len(body) // 4
        return _FEEDBACK.pack(0x8F, 205, words, 1, self.stream.heard_ssrc) + body

    # ------------------------------------------------------------------ lies

    def _other_length(self, data: bytes) -> bytes:
        words = self._chance.choice((0, 1, 2, 3, 7, 0xFF, 0x7FFF, 0xFFFF))
        return data[:2] + words.to_bytes(2) + data[4:]

    def _other_count(self, data: bytes) -> bytes:
        """Another number of blocks, another form, padding that is none."""
        return bytes([0x80 | self._chance.randrange(64)]) + data[1:]

    def _other_kind(self, data: bytes) -> bytes:
        return data[:1] + bytes([self._chance.randrange(192, 224)]) + data[2:]

    def _other_word(self, data: bytes) -> bytes:
        if len(data) < 8:
            return data
        at = 4 * self._chance.randrange(1, len(data) // 4)
        word = self._chance.choice((0, 1, 0xFFFFFFFF, 0x80000000, 0x52454D42, 2001))
        return data[:at] + word.to_bytes(4) + data[at + 4 :]

    def _too_much(self, data: bytes) -> bytes:
        """As many packets, or as many lost ones, as a datagram holds."""
        if self._chance.random() < 0.5:
            return (data * 40)[: LONGEST & ~3]
        body = struct.pack("!HH", self._chance.getrandbits(16), 0xFFFF) * 300
        return _FEEDBACK.pack(0x81, 205, 302, 1, self.stream.heard_ssrc) + body
