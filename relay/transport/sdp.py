"""Offers of browsers, read; answers of the relay, written (RFC 8866, 8829, 8843).

Only what a forwarder needs is understood. Candidates of an offer are left out on
purpose, `.local` names and `end-of-candidates` with them: the browser calls first, and
its address is learned from its checks. So nobody can make the relay send anywhere.
"""

from dataclasses import dataclass, field
from typing import Final

from relay.errors import BadSdpError, NoVideoError
from relay.forwarding.line import Kind

MAX_LINES: Final = 32
MAX_DIGITS: Final = 10
DIRECTIONS: Final = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
CODECS: Final = {Kind.VIDEO: ("vp8/90000",), Kind.AUDIO: ("opus/48000/2",)}
DROPPED: Final = ("a=candidate:", "a=end-of-candidates")


@dataclass(slots=True)
class Media:
    """One m-section of an offer."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    attributes: list[tuple[str, str]] = field(default_factory=list, repr=False)

    def values(self, name: str) -> list[str]:
        """List the values of an attribute."""
        return [value for key, value in self.attributes if key == name]

    def value(self, name: str) -> str:
        """Give the first value of an attribute, or an empty string."""
        return next(iter(self.values(name)), "")

    def has(self, name: str) -> bool:
        """Say whether an attribute is there."""
        return any(key == name for key, _ in self.attributes)

    @property
    def mid(self) -> str:
        """The section's name."""
        return self.value("mid")

    @property
    def direction(self) -> str:
        """The browser's direction; `sendrecv` where it says nothing."""
        return next(
            (key for key, _ in self.attributes if key in DIRECTIONS), "sendrecv"
        )

    @property
    def is_rejected(self) -> bool:
        """Whether the browser has stopped this section."""
        return self.port == 0 and not self.has("bundle-only")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a browser offers. The transport's facts are those of the bundled section."""

    media: tuple[Media, ...]
    bundle: tuple[str, ...]
    username: str = field(repr=False)
    password: str = field(repr=False)
    fingerprints: tuple[tuple[str, str], ...]
    setup: str


def without_candidates(sdp: str) -> str:
    """Drop candidates and their end from an SDP, `.local` names included."""
    return "".join(
        line for line in sdp.splitlines(keepends=True) if not line.startswith(DROPPED)
    )


def read_offer(sdp: str) -> Offer:
    """Read an offer.

    Raises:
        BadSdpError: it is no offer that a browser would make.
        NoVideoError: no section carries VP8.

    """
    lines = [line.rstrip("\r") for line in without_candidates(sdp).split("\n")]
    if not lines or lines[0] != "v=0":
        raise BadSdpError("the offer is no SDP")
    session, media = _sections(lines)
    if not 0 < len(media) <= MAX_LINES or len({m.mid for m in media}) < len(media):
        raise BadSdpError("the m-sections have no names of their own")
    bundle = _bundle(session, media)
    offer = _transport(session, media, bundle)
    if not any(m.mid in bundle and m.kind == "video" and codec_of(m) for m in media):
        raise NoVideoError("no m-section carries VP8")
    return offer


def _sections(lines: list[str]) -> tuple[Media, list[Media]]:
    session = Media("session", 0, "", ())
    media: list[Media] = []
    for line in lines:
        if line.startswith("m="):
            media.append(_media(line[2:]))
        elif line.startswith("a="):
            key, _, value = line[2:].partition(":")
            (media[-1] if media else session).attributes.append((key, value))
    return session, media


def _media(line: str) -> Media:
    parts = line.split()
    if len(parts) < 4 or (port := _number(parts[1])) < 0:
        raise BadSdpError("an m-line is malformed")
    return Media(parts[0], port, parts[2], tuple(parts[3:]))


def _number(text: str) -> int:
    """Read a number of the offer; -1 where it is none (Python refuses very long ones)."""
    return int(text) if len(text) <= MAX_DIGITS and text.isdecimal() else -1


def _bundle(session: Media, media: list[Media]) -> tuple[str, ...]:
    groups = [g.split()[1:] for g in session.values("group") if g.startswith("BUNDLE")]
    alive = {m.mid for m in media if not m.is_rejected and _is_ours(m)}
    named = tuple(mid for mid in (groups[0] if groups else ()) if mid in alive)
    if not named and len(alive) == 1:
        named = tuple(alive)
    if not named:
        raise BadSdpError("the m-sections are not bundled")
    return named


def _is_ours(media: Media) -> bool:
    return media.kind in tuple(Kind) and media.protocol.endswith("/TLS/RTP/SAVPF")


def _transport(session: Media, media: list[Media], bundle: tuple[str, ...]) -> Offer:
    tagged = next(m for m in media if m.mid == bundle[0])

    def fact(name: str) -> str:
        return (tagged.value(name) or session.value(name)).strip()

    prints = tagged.values("fingerprint") or session.values("fingerprint")
    fingerprints = tuple((a, v) for a, _, v in (p.partition(" ") for p in prints) if v)
    username, password, setup = fact("ice-ufrag"), fact("ice-pwd"), fact("setup")
    if not 4 <= len(username) <= 256 or not 22 <= len(password) <= 256:
        raise BadSdpError("the offer has no ICE credentials")
    if not fingerprints or setup not in {"actpass", "active", "passive"}:
        raise BadSdpError("the offer has no DTLS fingerprint")
    return Offer(tuple(media), bundle, username, password, fingerprints, setup)


# ------------------------------------------------------------------- its codecs


@dataclass(frozen=True, slots=True)
class Codec:
    """The one codec that a section may use, with its retransmission format or 0."""

    payload_type: int
    rtx_payload_type: int
    feedback: tuple[str, ...]


def codec_of(media: Media) -> Codec | None:
    """Find VP8 or Opus in a section."""
    if media.kind not in tuple(Kind):
        return None
    wanted = CODECS[Kind(media.kind)]
    maps = [value.partition(" ") for value in media.values("rtpmap")]
    names = {number: name.strip().lower() for number, _, name in maps}
    number = next((f for f in media.formats if names.get(f) in wanted), None)
    if number is None or not _is_dynamic(number):
        return None
    parameters = [value.partition(" ") for value in media.values("fmtp")]
    rtx = next(
        (
            int(f)
            for f, _, text in parameters
            if names.get(f) == "rtx/90000"
            and f"apt={number}" in text.split(";")
            and _is_dynamic(f)
        ),
        0,
    )
    heard = [value.partition(" ") for value in media.values("rtcp-fb")]
    feedback = tuple(kind for f, _, kind in heard if f in {number, "*"})
    return Codec(int(number), rtx, feedback)


def _is_dynamic(number: str) -> bool:
    return 35 <= _number(number) <= 127 and not 64 <= _number(number) <= 95


def ssrcs_of(media: Media) -> tuple[int, int]:
    """Find the SSRCs of a section's stream and of its retransmissions; 0 where none."""
    named: list[int] = []
    for value in media.values("ssrc"):
        number = _ssrc(value.partition(" ")[0])
        if number and number not in named:
            named.append(number)
    for group in media.values("ssrc-group"):
        parts = group.split()
        if len(parts) == 3 and parts[0] == "FID":
            return _ssrc(parts[1]), _ssrc(parts[2])
    return (named[0], 0) if named else (0, 0)


def _ssrc(text: str) -> int:
    number = _number(text)
    return number if 0 < number < 1 << 32 else 0


def extension_ids(media: Media) -> dict[str, int]:
    """Give the header extensions of a section by URI, those of the one-byte form."""
    found: dict[str, int] = {}
    for value in media.values("extmap"):
        number, _, uri = value.partition(" ")
        name = _number(number.partition("/")[0])
        if 1 <= name <= 14:
            found[uri.split(" ")[0]] = name
    return found
