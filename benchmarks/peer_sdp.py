"""The SDP of a browser without a browser: its offers and answers, and what they say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.peer_ice import PRIORITY, Address

MID: Final = "urn:ietf:params:rtp-hdrext:sdes:mid"
AUDIO_LEVEL: Final = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
ABS_SEND_TIME: Final = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT_WIDE: Final = (
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
)
EXTENSIONS: Final = {AUDIO_LEVEL: 1, ABS_SEND_TIME: 2, TRANSPORT_WIDE: 3, MID: 4}
FEEDBACK: Final = ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")
AUDIO_TYPE: Final = 111
VIDEO_TYPE: Final = 96
RTX_TYPE: Final = 97
_ANSWERS: Final = {"sendrecv": "sendrecv", "sendonly": "recvonly"}


@dataclass(slots=True)
class Section:
    """One m-section, of either side. Numbers are 0 where there is none."""

    kind: str
    mid: str = ""
    port: int = 9
    direction: str = "sendrecv"
    payload_type: int = 0
    rtx_payload_type: int = 0
    extensions: dict[str, int] = field(default_factory=dict)
    feedback: frozenset[str] = frozenset()
    ssrc: int = 0
    rtx_ssrc: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """What one side's SDP says."""

    sections: tuple[Section, ...]
    username: str
    password: str = field(repr=False)
    fingerprint: str
    setup: str
    candidates: tuple[Address, ...]


def read(sdp: str) -> Side:
    """Read an offer or an answer; what a browser would not need is left out."""
    blocks = [block.splitlines() for block in sdp.replace("\r", "").split("\nm=")]
    common = [line.removeprefix("a=") for line in blocks[0]]
    sections = tuple(_section(lines) for lines in blocks[1:])
    every = [line.removeprefix("a=") for lines in blocks[1:] for line in lines] + common
    algorithm, _, fingerprint = _value(every, "fingerprint").partition(" ")
    if algorithm.lower() != "sha-256":
        raise ValueError("the other side shows no SHA-256 fingerprint")
    return Side(
        sections=sections,
        username=_value(every, "ice-ufrag"),
        password=_value(every, "ice-pwd"),
        fingerprint=fingerprint.strip().upper(),
        setup=_value(every, "setup"),
        candidates=tuple(dict.fromkeys(_candidates(every))),
    )


def _section(lines: Sequence[str]) -> Section:
    kind, port, _, *formats = lines[0].split()
    facts = [line.removeprefix("a=") for line in lines[1:]]
    section = Section(kind, _value(facts, "mid"), int(port))
    section.direction = next(
        (d for d in ("sendrecv", "sendonly", "recvonly", "inactive") if d in facts),
        "sendrecv",
    )
    names = dict(v.lower().split(" ", 1) for v in _values(facts, "rtpmap"))
    codec = "vp8/90000" if kind == "video" else "opus/48000/2"
    chosen = next((f for f in formats if names.get(f) == codec), "0")
    section.payload_type = int(chosen)
    for value in _values(facts, "fmtp"):
        number, _, text = value.partition(" ")
        if names.get(number) == "rtx/90000" and text.strip() == f"apt={chosen}":
            section.rtx_payload_type = int(number)
    for value in _values(facts, "extmap"):
        number, uri = value.split()[:2]
        section.extensions[uri] = int(number.partition("/")[0])
    heard = (value.partition(" ") for value in _values(facts, "rtcp-fb"))
    section.feedback = frozenset(w.strip() for f, _, w in heard if f in {chosen, "*"})
    section.ssrc, section.rtx_ssrc = _ssrcs(facts)
    return section


def _ssrcs(facts: Sequence[str]) -> tuple[int, int]:
    for group in _values(facts, "ssrc-group"):
        name, *members = group.split()
        if name == "FID":
            return int(members[0]), int(members[1])
    first = _value(facts, "ssrc").partition(" ")[0]
    return int(first or 0), 0


def _candidates(facts: Iterable[str]) -> Iterable[Address]:
    for value in _values(facts, "candidate"):
        parts = value.split()
        if parts[1] == "1" and parts[2].lower() == "udp" and ":" not in parts[4]:
            yield parts[4], int(parts[5])


def _values(facts: Iterable[str], name: str) -> list[str]:
    return [fact[len(name) + 1 :] for fact in facts if fact.startswith(f"{name}:")]


def _value(facts: Iterable[str], name: str) -> str:
    return next(iter(_values(facts, name)), "")


# ------------------------------------------------------------------- written


def offered(
    kind: str,
    mid: str,
    direction: str,
    ssrcs: tuple[int, int],
    left_out: frozenset[str],
) -> Section:
    """Make a section as Chromium offers it; ``left_out`` are URIs and feedback."""
    video = kind == "video"
    unused = left_out | ({AUDIO_LEVEL} if video else {ABS_SEND_TIME})
    return Section(
        kind=kind,
        mid=mid,
        direction=direction,
        payload_type=VIDEO_TYPE if video else AUDIO_TYPE,
        rtx_payload_type=RTX_TYPE if video else 0,
        extensions={u: n for u, n in EXTENSIONS.items() if u not in unused},
        feedback=frozenset(FEEDBACK) - left_out if video else frozenset(),
        ssrc=ssrcs[0] if direction.startswith("send") else 0,
        rtx_ssrc=ssrcs[1] if direction.startswith("send") and video else 0,
    )


def answered(offer: Section, left_out: frozenset[str]) -> Section:
    """Make the answer to a section that sends; its numbers are the offer's."""
    ids = EXTENSIONS.keys() - left_out
    return Section(
        kind=offer.kind,
        mid=offer.mid,
        port=9 if offer.payload_type else 0,
        direction="recvonly" if offer.direction in _ANSWERS else "inactive",
        payload_type=offer.payload_type,
        rtx_payload_type=offer.rtx_payload_type,
        extensions={u: n for u, n in offer.extensions.items() if u in ids},
        feedback=offer.feedback & (frozenset(FEEDBACK) - left_out),
    )


def write(side: Side, cname: str, version: int) -> str:
    """Write an offer or an answer."""
    text = [
        "v=0",
        f"o=- 1 {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(s.mid for s in side.sections if s.port)}",
        "a=msid-semantic: WMS",
    ]
    for section in side.sections:
        text += _section_lines(side, section, cname)
    return "\r\n".join(text) + "\r\n"


def _section_lines(side: Side, section: Section, cname: str) -> list[str]:
    numbers = [n for n in (section.payload_type, section.rtx_payload_type) if n]
    formats = " ".join(map(str, numbers or [0]))
    return [
        f"m={section.kind} {section.port} UDP/TLS/RTP/SAVPF {formats}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        *(
            f"a=candidate:{n} 1 udp {PRIORITY - n * 256} {host} {port} typ host"
            for n, (host, port) in enumerate(side.candidates, start=1)
        ),
        f"a=ice-ufrag:{side.username}",
        f"a=ice-pwd:{side.password}",
        f"a=fingerprint:sha-256 {side.fingerprint}",
        f"a=setup:{side.setup}",
        f"a=mid:{section.mid}",
        *(f"a=extmap:{n} {uri}" for uri, n in section.extensions.items()),
        f"a={section.direction}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *_codec_lines(section),
        *_source_lines(section, cname),
    ]


def _codec_lines(section: Section) -> list[str]:
    number = section.payload_type
    if not number:
        return []
    if section.kind == "audio":
        return [
            f"a=rtpmap:{number} opus/48000/2",
            f"a=fmtp:{number} minptime=10;useinbandfec=1",
        ]
    rtx = section.rtx_payload_type
    return [
        f"a=rtpmap:{number} VP8/90000",
        *(f"a=rtcp-fb:{number} {word}" for word in sorted(section.feedback)),
        *([f"a=rtpmap:{rtx} rtx/90000", f"a=fmtp:{rtx} apt={number}"] if rtx else []),
    ]


def _source_lines(section: Section, cname: str) -> list[str]:
    if not section.ssrc:
        return []
    ssrcs = [n for n in (section.ssrc, section.rtx_ssrc) if n]
    return [
        f"a=msid:{cname} {cname}-{section.mid}",
        *([f"a=ssrc-group:FID {ssrcs[0]} {ssrcs[1]}"] if len(ssrcs) > 1 else []),
        *(f"a=ssrc:{ssrc} cname:{cname}" for ssrc in ssrcs),
    ]
