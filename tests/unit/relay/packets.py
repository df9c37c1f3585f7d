"""RTP packets of a VP8 stream as a browser sends them, made small."""

import struct

from relay.forwarding.head import ExtensionIds
from relay.forwarding.line import Kind, Line
from relay.forwarding.vp8 import describe


def a_line(**facts):
    return Line(
        **{
            "mid": "1",
            "kind": Kind.VIDEO,
            "receives": True,
            "sends": True,
            "payload_type": 96,
            "rtx_payload_type": 97,
            "extensions": ExtensionIds(mid=4, abs_send_time=2),
            "their_ssrc": 1001,
            "their_rtx_ssrc": 1002,
            "our_ssrc": 2001,
            "our_rtx_ssrc": 2002,
            "cname": "x-1",
            **facts,
        }
    )


def described(payload):
    """The descriptor of a payload that has one."""
    found = describe(payload, 0, len(payload))
    assert found is not None
    return found


def vp8(*, key=False, start=True, picture=1, tl0=1, temporal_id=None, body=b"body"):
    """A payload: descriptor with 15-bit picture id and TL0PICIDX, then bytes."""
    layered = temporal_id is not None
    head = bytes([0x90 if start else 0x80, 0xE0 if layered else 0xC0])
    head += struct.pack("!H", 0x8000 | picture & 0x7FFF) + bytes([tl0 & 0xFF])
    if layered:
        head += bytes([temporal_id << 6])
    return head + bytes([0x00 if key else 0x01]) + body


def rtp(sequence, timestamp, payload, *, marker=True, ssrc=1001, kind=96):
    second = (0x80 if marker else 0) | kind
    head = struct.pack(
        "!BBHLL", 0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc
    )
    return head + payload


def rtx(sequence, original, payload, *, timestamp=0, marker=True):
    body = struct.pack("!H", original & 0xFFFF) + payload
    return rtp(sequence, timestamp, body, marker=marker, ssrc=1002, kind=97)


def sequence_of(packet):
    return int.from_bytes(packet[2:4])


def timestamp_of(packet):
    return int.from_bytes(packet[4:8])


def ssrc_of(packet):
    return int.from_bytes(packet[8:12])
