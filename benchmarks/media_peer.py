"""A browser's media without the browser: what libwebrtc says and answers, and no more.

It offers, is the controlling side of ICE and the server of DTLS; or it answers. It sends
packets as Chromium forms them, with sender reports, and brings again what a NACK asks
for. What it is sent it counts, asks for again, acknowledges once a second (RR, REMB) and
hands on. Encoding and decoding are left out: who needs pictures brings a `Film`.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Self, Unpack

from benchmarks import peer_sdp
from benchmarks.packets import Film, Projector
from benchmarks.peer_dtls import Identity
from benchmarks.peer_ice import Address
from benchmarks.peer_sdp import Section, Side
from benchmarks.peer_socket import SecureSocket
from benchmarks.peer_wishes import Wishes, own_address, profiles_of, sections_of
from benchmarks.receiving import Receiving
from benchmarks.sending import Sending
from relay.forwarding import rtcp, rtp

REPORT_EVERY: Final = 1.0
TICK: Final = 0.04
REMB_BPS: Final = 5_000_000
TRANSPORT_FEEDBACK: Final = 15


@dataclass(slots=True)
class Heard:
    """What the other side has said about what this peer sends, and how often."""

    nacks: int = 0
    key_frames: int = 0
    reports: int = 0
    sender_reports: int = 0
    transport_feedback: int = 0
    byes: int = 0
    remb_bps: int = 0
    report: rtcp.Report | None = None


class MediaPeer:
    """One leg's other end.

    ``on_packet`` hears each new packet, decrypted, RTX undone, with its time of
    `time.monotonic`. ``on_rtcp`` hears all RTCP, decrypted. ``begun`` is when, on that
    clock, the film began that it sends.
    """

    def __init__(self, **wishes: Unpack[Wishes]) -> None:
        self.on_packet: Callable[[bytes, float], None] = lambda _packet, _now: None
        self.on_rtcp: Callable[[bytes, float], None] = lambda _packet, _now: None
        self.heard: Final = Heard()
        self.sending: dict[str, Sending] = {}
        self.receiving: dict[int, Receiving] = {}
        self.remb_bps: int | None = REMB_BPS
        self.unknown = 0
        self.begun = 0.0
        self._wishes: Final = wishes
        self._left_out = frozenset(wishes.get("left_out", ()))
        self._cname = secrets.token_hex(8)
        self._ssrc = secrets.randbits(31) | 1
        self._identity = Identity()
        self._socket: SecureSocket | None = None
        self._own: tuple[Section, ...] = ()
        self._theirs: Side | None = None
        self._rtx: dict[int, Receiving] = {}
        self._version = 0
        self._number = 0
        self._reported = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._key_frame_wanted = False

    @classmethod
    @asynccontextmanager
    async def open(cls, **wishes: Unpack[Wishes]) -> AsyncIterator[Self]:
        """Be there for as long as the block lasts; then say goodbye."""
        peer = cls(**wishes)
        try:
            yield peer
        finally:
            peer.close()

    # ------------------------------------------------------------ negotiation

    def offer(self) -> str:
        """Offer what this peer has; each time on the same socket."""
        if self._socket is None:
            self._open_socket(controlling=True)
            self._own = sections_of(self._wishes)
        return self._write("actpass")

    async def answer(self, sdp: str, *, via: Address | None = None) -> None:
        """Take the answer to `offer`, and connect the first time.

        Args:
            sdp: the other side's.
            via: who stands in the way, instead of the address that it names.

        Raises:
            TimeoutError: no connection came about.
            ConnectionError: the other side is somebody else.

        """
        theirs = self._agree(sdp, via)
        if not self.wired.is_connected:
            await self._connect(theirs, as_client=theirs.setup == "passive")

    def answer_to(self, sdp: str, *, via: Address | None = None) -> str:
        """Answer an offer; once it has been given, `connect` follows.

        Who offers is the controlling side, this one the client of DTLS.
        """
        self._open_socket(controlling=False)
        offered = peer_sdp.read(sdp).sections
        self._own = tuple(peer_sdp.answered(s, self._left_out) for s in offered)
        self._agree(sdp, via)
        return self._write("active")

    async def connect(self) -> None:
        """Connect to who offered.

        Raises:
            TimeoutError: no connection came about.
            ConnectionError: the other side is somebody else.

        """
        if self._theirs is None:
            raise ConnectionError("nobody has offered anything")
        await self._connect(self._theirs, as_client=True)

    def close(self, *, goodbye: bool = True) -> None:
        """Leave; without a goodbye nobody is told."""
        if self._timer is not None:
            self._timer.cancel()
        if self._socket is not None:
            self._socket.close(goodbye=goodbye)
            self._socket = None

    @property
    def profile(self) -> str:
        """How SRTP encrypts here, by OpenSSL's name; empty before it is agreed."""
        return self.wired.profile

    @property
    def is_over(self) -> bool:
        """Whether the other side has left."""
        return self._socket is None or self._socket.is_over

    @property
    def wired(self) -> SecureSocket:
        """Its socket.

        Raises:
            ConnectionError: it has none, before its offer or answer and after its end.

        """
        if self._socket is None:
            raise ConnectionError("this peer is not there")
        return self._socket

    # ----------------------------------------------------------------- sending

    def write(self, projector: Projector) -> tuple[float, bytes]:
        """Make the next packet of a film, and say when it is due.

        Seconds begin with the film; `abs-send-time` is that time.
        """
        at, piece, payload = projector.piece()
        line = self.line("video" if piece.video else "audio")
        number = -1
        if line.numbers_packets:
            number = self._number
            self._number = (number + 1) & 0xFFFF
        timestamp = projector.timestamp(at, piece)
        return at, line.write(
            payload, timestamp=timestamp, marker=piece.marker, at=at, number=number
        )

    def line(self, kind: str) -> Sending:
        """Give the line that sends this kind."""
        return next(
            line for line in self.sending.values() if line.video == (kind == "video")
        )

    def seal(self, packets: Iterable[bytes]) -> list[bytes]:
        """Encrypt RTP packets in the order in which they will be sent."""
        return [self.wired.seal(packet) for packet in packets]

    def send(self, packet: bytes) -> None:
        """Encrypt and send an RTP packet."""
        self.wired.send(self.wired.seal(packet))

    def send_sealed(self, sealed: bytes) -> None:
        """Send any datagram as it is."""
        self.wired.send(sealed)

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send RTCP."""
        self.wired.send_rtcp(packet)

    async def play(self, film: Film) -> None:
        """Send a film live, again and again; a key frame comes when it is asked for."""
        projector = Projector(film)
        self.begun = time.monotonic()
        while True:
            if self._key_frame_wanted and projector.is_between_pictures:
                projector.rewind(time.monotonic() - self.begun)
                self._key_frame_wanted = False
            at, packet = self.write(projector)
            early = self.begun + at - time.monotonic()
            if early > 0:
                await asyncio.sleep(early)
            self.send(packet)

    def ask_key_frame(self) -> None:
        """Ask each sender of pictures for a key frame."""
        for stream in self.receiving.values():
            if stream.video:
                self.send_rtcp(rtcp.picture_loss(self._ssrc, stream.ssrc))

    # --------------------------------------------------------------- receiving

    def only_count(self) -> None:
        """Decrypt pictures and sound no more; ``on_packet`` hears them sealed.

        An RTP head is in the clear, so everything is counted all the same.
        """
        self.wired.on_sealed = self._hear_sealed

    def _hear_sealed(self, data: bytes, now: float) -> None:
        """Count a packet that nobody will look into."""
        _, _, sequence, _, ssrc = rtp.HEADER.unpack_from(data)
        stream = self.receiving.get(ssrc)
        if stream is None:
            if ssrc in self._rtx and (packet := self.wired.unseal(data)) is not None:
                self._recover(packet, now)
            elif ssrc not in self._rtx:
                self.unknown += 1
        elif stream.hear(sequence):
            self.on_packet(data, now)

    def _hear_rtp(self, packet: bytes, now: float) -> None:
        _, _, sequence, _, ssrc = rtp.HEADER.unpack_from(packet)
        stream = self.receiving.get(ssrc)
        if stream is not None:
            if stream.hear(sequence):
                self.on_packet(packet, now)
        elif ssrc in self._rtx:
            self._recover(packet, now)
        else:
            self.unknown += 1

    def _recover(self, packet: bytes, now: float) -> None:
        stream = self._rtx[rtp.HEADER.unpack_from(packet)[4]]
        offset = rtp.payload_offset(packet)
        original = rtp.unwrap_rtx(packet, offset, stream.ssrc, stream.payload_type)
        if original is None or not stream.recover(int.from_bytes(original[2:4])):
            return
        self.on_packet(original, now)

    def _hear_rtcp(self, packet: bytes, now: float) -> None:
        said = rtcp.parse(packet)
        self._count(packet, said)
        for info in said.senders:
            if info.ssrc in self.receiving:
                self.receiving[info.ssrc].hear_clock(info.ntp, now)
        lines = {line.ssrc: line for line in self.sending.values()}
        for report in said.reports:
            if report.ssrc in lines:
                self.heard.report = report
                lines[report.ssrc].is_known = True
        for ssrc, lost in said.nacks:
            if ssrc in lines:
                self._send_again(lines[ssrc], lost, now)
        if any(ssrc in lines for ssrc in said.key_frames):
            self.heard.key_frames += 1
            self._key_frame_wanted = True
        self.on_rtcp(packet, now)

    def _count(self, packet: bytes, said: rtcp.Feedback) -> None:
        heard = self.heard
        heard.transport_feedback += _count(packet, rtcp.RTPFB, TRANSPORT_FEEDBACK)
        heard.sender_reports += len(said.senders)
        heard.reports += len(said.reports)
        heard.byes += len(said.byes)
        if said.remb is not None:
            heard.remb_bps = said.remb

    def _send_again(self, line: Sending, lost: list[int], now: float) -> None:
        self.heard.nacks += len(lost)
        for sequence in lost:
            packet = line.again(sequence, now - self.begun)
            if packet is not None:
                self.send(packet)

    # -------------------------------------------------------------------- time

    def _tick(self) -> None:
        """Do what is due, some twenty-five times a second."""
        if self._socket is None:
            return
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)
        now = time.monotonic()
        self._socket.tick()
        for stream in self.receiving.values():
            if lost := stream.due(now):
                self.send_rtcp(rtcp.nack(self._ssrc, stream.ssrc, lost))
        if now - self._reported >= REPORT_EVERY:
            self._reported = now
            self._report(now)

    def _report(self, now: float) -> None:
        wall = datetime.now(UTC).timestamp()
        for line in self.sending.values():
            if line.packets:
                self.send_rtcp(line.report(now - self.begun, wall))
        for stream in self.receiving.values():
            self._acknowledge(stream, now)

    def _acknowledge(self, stream: Receiving, now: float) -> None:
        """Report on one stream; sound and pictures are told of apart, as by libwebrtc."""
        block = stream.report(now)
        if block is None:
            return
        text = rtcp.receiver_report(self._ssrc, (block,))
        if stream.video and self.remb_bps is not None:
            text += rtcp.remb(self._ssrc, self.remb_bps, (stream.ssrc,))
        self.send_rtcp(text)

    # ------------------------------------------------------------------ inside

    def _open_socket(self, *, controlling: bool) -> None:
        profiles = profiles_of(self._wishes)
        self._socket = SecureSocket(
            self._identity, controlling=controlling, profiles=profiles
        )
        self._socket.open()

    def _write(self, setup: str) -> str:
        self._version += 1
        ice = self.wired.ice
        side = Side(
            sections=self._own,
            username=ice.username,
            password=ice.password,
            fingerprint=self._identity.fingerprint,
            setup=setup,
            candidates=((own_address(), self.wired.port),),
        )
        return peer_sdp.write(side, self._cname, self._version)

    def _agree(self, sdp: str, via: Address | None) -> Side:
        theirs = peer_sdp.read(sdp)
        if via is not None:
            theirs = replace(theirs, candidates=(via,))
        self._theirs = theirs
        for own, their in zip(self._own, theirs.sections, strict=True):
            self._agree_line(own, their)
        return theirs

    def _agree_line(self, own: Section, theirs: Section) -> None:
        if not theirs.port or not theirs.payload_type:
            return
        if own.ssrc and theirs.direction in {"sendrecv", "recvonly"}:
            self.sending.setdefault(own.mid, Sending(own, theirs, self._cname))
        if theirs.ssrc and theirs.direction in {"sendrecv", "sendonly"}:
            lose, far = self._wishes.get("lose_every", 0), self._wishes.get("far", 0.0)
            stream = Receiving(theirs, lose_every=lose, far=far)
            stream = self.receiving.setdefault(theirs.ssrc, stream)
            if theirs.rtx_ssrc:
                self._rtx[theirs.rtx_ssrc] = stream

    async def _connect(self, theirs: Side, *, as_client: bool) -> None:
        wired = self.wired
        wired.on_rtp, wired.on_rtcp = self._hear_rtp, self._hear_rtcp
        await wired.connect(theirs, as_client=as_client)
        self.begun = self._reported = time.monotonic()
        self._tick()


def _count(packet: bytes, kind: int, form: int) -> int:
    """Count the RTCP packets of one kind and form in a datagram."""
    found = at = 0
    while at + 4 <= len(packet):
        found += packet[at + 1] == kind and packet[at] & 0x1F == form
        at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4])
    return found
