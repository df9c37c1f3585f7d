"""The relay's side of a negotiation: which lines there are, and the SDP that says so."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from relay.forwarding.head import ExtensionIds
from relay.forwarding.line import Kind, Line
from relay.transport.sdp import Codec, Media, Offer, codec_of, extension_ids, ssrcs_of

MID: Final = "urn:ietf:params:rtp-hdrext:sdes:mid"
ABS_SEND_TIME: Final = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
AUDIO_LEVEL: Final = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_WIDE_NUMBER: Final = (
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
)
TRANSPORT_WIDE: Final = True
"""Whether browsers are told when each of their packets arrived."""

EXTENSIONS: Final = {
    Kind.VIDEO: (
        (MID, ABS_SEND_TIME, TRANSPORT_WIDE_NUMBER)
        if TRANSPORT_WIDE
        else (MID, ABS_SEND_TIME)
    ),
    Kind.AUDIO: (MID, AUDIO_LEVEL),
}
FEEDBACK: Final = {
    Kind.VIDEO: (
        *(("transport-cc",) if TRANSPORT_WIDE else ()),
        *("goog-remb", "nack", "nack pli", "ccm fir"),
    ),
    Kind.AUDIO: (),
}
START_KBPS: Final = 1000
"""Without it a browser begins at 130 kbit/s and needs fifteen seconds to look well."""

_ANSWERS: Final = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}


@dataclass(slots=True)
class Ssrcs:
    """The SSRCs that the relay uses on one leg's m-lines, for the leg's whole life."""

    _by_mid: dict[str, tuple[int, int]] = field(default_factory=dict)

    def of(self, mid: str) -> tuple[int, int]:
        """Give a line's SSRC and that of its retransmissions."""
        if mid not in self._by_mid:
            pair = (secrets.randbits(31) | 1, secrets.randbits(31) & ~1 | 2)
            self._by_mid[mid] = pair
        return self._by_mid[mid]

    def keep(self, mids: Collection[str]) -> None:
        """Forget lines that an offer does not name: no browser takes one back."""
        for gone in self._by_mid.keys() - mids:
            del self._by_mid[gone]


def lines_of(offer: Offer, ssrcs: Ssrcs, name: str) -> tuple[Line, ...]:
    """Decide what the relay accepts of an offer; ``name`` goes into the CNAMEs."""
    counts: dict[Kind, int] = {}
    lines = []
    for media in offer.media:
        codec = codec_of(media) if media.mid in offer.bundle else None
        if codec is None:
            continue
        kind = Kind(media.kind)
        counts[kind] = counts.get(kind, 0) + 1
        lines.append(_line(media, codec, kind, ssrcs, f"{name}-{counts[kind]}"))
    ssrcs.keep({media.mid for media in offer.media})
    return tuple(lines)


def _line(media: Media, codec: Codec, kind: Kind, ssrcs: Ssrcs, cname: str) -> Line:
    ids = extension_ids(media)
    known = {uri: ids.get(uri, 0) for uri in EXTENSIONS[kind]}
    theirs = ssrcs_of(media)
    ours = ssrcs.of(media.mid)
    return Line(
        mid=media.mid,
        kind=kind,
        receives=media.direction in {"sendrecv", "sendonly"},
        sends=media.direction in {"sendrecv", "recvonly"},
        payload_type=codec.payload_type,
        rtx_payload_type=codec.rtx_payload_type,
        extensions=ExtensionIds(
            mid=known[MID] if len(media.mid) <= 16 else 0,
            abs_send_time=known.get(ABS_SEND_TIME, 0),
            audio_level=known.get(AUDIO_LEVEL, 0),
            transport_wide=known.get(TRANSPORT_WIDE_NUMBER, 0),
        ),
        their_ssrc=theirs[0],
        their_rtx_ssrc=theirs[1] if codec.rtx_payload_type else 0,
        our_ssrc=ours[0],
        our_rtx_ssrc=ours[1],
        cname=cname,
    )


@dataclass(frozen=True, slots=True)
class Transport:
    """How the relay is reached: candidates as (address, port), ICE and DTLS facts."""

    candidates: Sequence[tuple[str, int]]
    username: str
    password: str
    fingerprint: str
    setup: str


def write_answer(
    offer: Offer, lines: Sequence[Line], transport: Transport, version: int
) -> str:
    """Write the SDP answer: every section of the offer, in its order."""
    by_mid = {line.mid: line for line in lines}
    accepted = [m.mid for m in offer.media if m.mid in by_mid]
    text = [
        "v=0",
        f"o=illico 1 {version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(accepted)}",
        "a=msid-semantic:WMS *",
    ]
    for media in offer.media:
        line = by_mid.get(media.mid)
        codec = codec_of(media)
        if line is None or codec is None:
            text += _rejection(media)
        else:
            text += _section(media, line, codec, transport)
    return "\r\n".join(text) + "\r\n"


def _rejection(media: Media) -> list[str]:
    return [
        f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{media.mid}",
        "a=inactive",
    ]


def _section(media: Media, line: Line, codec: Codec, transport: Transport) -> list[str]:
    formats = [line.payload_type]
    if line.rtx_payload_type:
        formats.append(line.rtx_payload_type)
    return [
        f"m={media.kind} 9 {media.protocol} {' '.join(map(str, formats))}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        *_transport_lines(transport),
        f"a=mid:{media.mid}",
        *_extension_lines(line),
        f"a={_ANSWERS[media.direction]}",
        "a=rtcp-mux",
        *(["a=rtcp-rsize"] if media.has("rtcp-rsize") else []),
        *_codec_lines(line, codec),
        *(_source_lines(line) if line.sends else []),
    ]


def _transport_lines(transport: Transport) -> list[str]:
    written = []
    for n, (address, port) in enumerate(transport.candidates):
        priority = 126 << 24 | (0xFFFF - n) << 8 | 255
        written.append(
            f"a=candidate:{n + 1} 1 udp {priority} {address} {port} typ host"
        )
    return [
        *written,
        "a=end-of-candidates",
        f"a=ice-ufrag:{transport.username}",
        f"a=ice-pwd:{transport.password}",
        f"a=fingerprint:sha-256 {transport.fingerprint}",
        f"a=setup:{transport.setup}",
    ]


def _extension_lines(line: Line) -> list[str]:
    ids = line.extensions
    numbers = {
        MID: ids.mid,
        ABS_SEND_TIME: ids.abs_send_time,
        AUDIO_LEVEL: ids.audio_level,
        TRANSPORT_WIDE_NUMBER: ids.transport_wide,
    }
    return [f"a=extmap:{n} {uri}" for uri, n in numbers.items() if n]


def _codec_lines(line: Line, codec: Codec) -> list[str]:
    n = line.payload_type
    if line.kind is Kind.AUDIO:
        return [f"a=rtpmap:{n} opus/48000/2", f"a=fmtp:{n} minptime=10;useinbandfec=1"]
    written = [f"a=rtpmap:{n} VP8/90000"]
    written += [
        f"a=rtcp-fb:{n} {kind}"
        for kind in FEEDBACK[line.kind]
        if kind in codec.feedback
    ]
    written.append(f"a=fmtp:{n} x-google-start-bitrate={START_KBPS}")
    if line.rtx_payload_type:
        written.append(f"a=rtpmap:{line.rtx_payload_type} rtx/90000")
        written.append(f"a=fmtp:{line.rtx_payload_type} apt={n}")
    return written


def _source_lines(line: Line) -> list[str]:
    stream = line.cname
    written = [f"a=msid:{stream} {stream}-{line.kind}"]
    ssrcs = [line.our_ssrc]
    if line.rtx_payload_type:
        ssrcs.append(line.our_rtx_ssrc)
        written.append(f"a=ssrc-group:FID {line.our_ssrc} {line.our_rtx_ssrc}")
    written += [f"a=ssrc:{ssrc} cname:{line.cname}" for ssrc in ssrcs]
    return written
