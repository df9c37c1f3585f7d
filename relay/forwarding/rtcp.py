"""RTCP as bytes (RFC 3550 §6, RFC 4585, RFC 5104, REMB): read and written here.

Reading never raises: a packet whose lengths lie ends the reading of its datagram, and
the caller learns that by ``malformed``.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

SR: Final = 200
RR: Final = 201
SDES: Final = 202
BYE: Final = 203
RTPFB: Final = 205
PSFB: Final = 206

NACK: Final = 1
PLI: Final = 1
FIR: Final = 4
APP: Final = 15

MOST_ASKED: Final = 512
"""Packets that one datagram may ask for again; a line of megabits has no more in the air."""

_HEAD: Final = struct.Struct("!BBH")
_REPORT: Final = struct.Struct("!LLLLLL")
_SENDER: Final = struct.Struct("!LLLLLL")
_FEEDBACK: Final = struct.Struct("!BBHLL")
_NACK: Final = struct.Struct("!HH")


@dataclass(frozen=True, slots=True)
class Report:
    """One report block: how ``ssrc`` arrives at the reporter.

    ``fraction`` is in 1/256; ``highest`` has wrap-arounds in its upper half; ``lsr``
    and ``dlsr`` are in 1/65536 s.
    """

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    lsr: int
    dlsr: int


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """Which media time a sender's clock showed when (NTP, 32.32 fixed point)."""

    ssrc: int
    ntp: int
    timestamp: int


@dataclass(slots=True)
class Feedback:
    """Everything of one RTCP datagram that a forwarder acts on."""

    reports: list[Report] = field(default_factory=list)
    senders: list[SenderInfo] = field(default_factory=list)
    nacks: list[tuple[int, list[int]]] = field(default_factory=list)
    key_frames: list[int] = field(default_factory=list)
    remb: int | None = None
    byes: list[int] = field(default_factory=list)
    malformed: bool = False


def parse(data: bytes) -> Feedback:
    """Read a compound or reduced-size RTCP datagram.

    Of the packets that it asks for again, the first `MOST_ASKED` count.
    """
    found = Feedback()
    at = 0
    while at < len(data):
        if len(data) - at < 4:
            found.malformed = True
            break
        first, kind, words = _HEAD.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first & 0xC0 != 0x80 or end > len(data):
            found.malformed = True
            break
        body = data[at + 4 : end]
        if first & 0x20:
            body = _without_padding(body)
        if not _read(found, kind, first & 0x1F, body):
            found.malformed = True
        at = end
    return found


def _without_padding(body: bytes) -> bytes:
    if not body or not 0 < body[-1] <= len(body):
        return b""
    return body[: -body[-1]]


def _read(found: Feedback, kind: int, count: int, body: bytes) -> bool:
    match kind:
        case 200:
            return _read_sender_report(found, count, body)
        case 201:
            return _read_reports(found, count, body[4:]) and len(body) >= 4
        case 203:
            return _read_bye(found, count, body)
        case 205:
            return count != NACK or _read_nack(found, body)
        case 206:
            return _read_payload_feedback(found, count, body)
        case _:
            return True


def _read_sender_report(found: Feedback, count: int, body: bytes) -> bool:
    if len(body) < 24:
        return False
    ssrc, high, low, timestamp, _, _ = _SENDER.unpack_from(body)
    found.senders.append(SenderInfo(ssrc, high << 32 | low, timestamp))
    return _read_reports(found, count, body[24:])


def _read_reports(found: Feedback, count: int, body: bytes) -> bool:
    if len(body) < 24 * count:
        return False
    for i in range(count):
        ssrc, loss, highest, jitter, lsr, dlsr = _REPORT.unpack_from(body, 24 * i)
        lost = (loss & 0xFFFFFF) - ((loss & 0x800000) << 1)
        found.reports.append(Report(ssrc, loss >> 24, lost, highest, jitter, lsr, dlsr))
    return True


def _read_bye(found: Feedback, count: int, body: bytes) -> bool:
    if len(body) < 4 * count:
        return False
    found.byes.extend(int.from_bytes(body[4 * i : 4 * i + 4]) for i in range(count))
    return True


def _read_nack(found: Feedback, body: bytes) -> bool:
    if len(body) < 12:
        return False
    lost: list[int] = []
    room = MOST_ASKED - sum(len(asked) for _, asked in found.nacks)
    for at in range(8, len(body) - 3, 4):
        if len(lost) >= room:
            break
        first, mask = _NACK.unpack_from(body, at)
        lost.append(first)
        lost.extend((first + 1 + i) & 0xFFFF for i in range(16) if mask >> i & 1)
    found.nacks.append((int.from_bytes(body[4:8]), lost[: max(0, room)]))
    return True


def _read_payload_feedback(found: Feedback, form: int, body: bytes) -> bool:
    if len(body) < 8:
        return False
    if form == PLI:
        found.key_frames.append(int.from_bytes(body[4:8]))
    elif form == FIR:
        found.key_frames.extend(
            int.from_bytes(body[at : at + 4]) for at in range(8, len(body) - 7, 8)
        )
    elif form == APP and body[8:12] == b"REMB":
        return _read_remb(found, body)
    return True


def _read_remb(found: Feedback, body: bytes) -> bool:
    if len(body) < 16 or len(body) < 16 + 4 * body[12]:
        return False
    mantissa = (body[13] & 0x03) << 16 | body[14] << 8 | body[15]
    found.remb = min(mantissa << (body[13] >> 2), 1 << 40)
    return True


def sender_report(
    ssrc: int, ntp: int, timestamp: int, packets: int, octets: int
) -> bytes:
    """Write a sender report without blocks."""
    return _HEAD.pack(0x80, SR, 6) + _SENDER.pack(
        ssrc,
        ntp >> 32 & 0xFFFFFFFF,
        ntp & 0xFFFFFFFF,
        timestamp & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )


def receiver_report(ssrc: int, reports: Sequence[Report]) -> bytes:
    """Write a receiver report of up to 31 blocks."""
    head = _HEAD.pack(0x80 | len(reports), RR, 1 + 6 * len(reports))
    blocks = [
        _REPORT.pack(
            r.ssrc,
            (r.fraction & 0xFF) << 24
            | max(-0x800000, min(0x7FFFFF, r.lost)) & 0xFFFFFF,
            r.highest & 0xFFFFFFFF,
            r.jitter & 0xFFFFFFFF,
            r.lsr,
            r.dlsr & 0xFFFFFFFF,
        )
        for r in reports
    ]
    return head + ssrc.to_bytes(4) + b"".join(blocks)


def description(ssrc: int, cname: str) -> bytes:
    """Write an SDES chunk with the CNAME."""
    name = cname.encode()[:255]
    chunk = ssrc.to_bytes(4) + bytes([1, len(name)]) + name + b"\0"
    chunk += b"\0" * (-len(chunk) % 4)
    return _HEAD.pack(0x81, SDES, len(chunk) // 4) + chunk


def bye(ssrcs: Sequence[int]) -> bytes:
    """Say that these sources end."""
    body = b"".join(ssrc.to_bytes(4) for ssrc in ssrcs[:31])
    return _HEAD.pack(0x80 | len(body) // 4, BYE, len(body) // 4) + body


def nack(sender: int, media: int, lost: Iterable[int]) -> bytes:
    """Ask for packets again (RFC 4585 §6.2.1)."""
    pairs: list[list[int]] = []
    for sequence in sorted(set(lost)):
        if pairs and 0 < sequence - pairs[-1][0] <= 16:
            pairs[-1][1] |= 1 << (sequence - pairs[-1][0] - 1)
        else:
            pairs.append([sequence, 0])
    body = b"".join(_NACK.pack(first, mask) for first, mask in pairs[:64])
    head = _FEEDBACK.pack(0x80 | NACK, RTPFB, 2 + len(body) // 4, sender, media)
    return head + body


def picture_loss(sender: int, media: int) -> bytes:
    """Ask for a key frame (RFC 4585 §6.3.1)."""
    return _FEEDBACK.pack(0x80 | PLI, PSFB, 2, sender, media)


def remb(sender: int, bits_per_second: int, media: Sequence[int]) -> bytes:
    """Tell a browser the most that it may send (draft-alvestrand-rmcat-remb)."""
    exponent = max(0, bits_per_second.bit_length() - 18)
    mantissa = bits_per_second >> exponent
    fields = bytes(
        [
            len(media),
            exponent << 2 | mantissa >> 16,
            mantissa >> 8 & 0xFF,
            mantissa & 0xFF,
        ]
    )
    body = b"REMB" + fields + b"".join(ssrc.to_bytes(4) for ssrc in media)
    head = _FEEDBACK.pack(0x80 | APP, PSFB, 2 + len(body) // 4, sender, 0)
    return head + body
