"""The fast path of one leg: datagrams of SRTP in, plain packets out, and back.

No queue, no task and no await from the socket to the rules and to the next socket.
"""

from collections.abc import Callable
from typing import Final, Protocol

import structlog

from relay.forwarding.allowance import Allowance
from relay.transport.wire import Wire

log = structlog.get_logger()

MAX_DATAGRAM: Final = 1500
MAX_SSRCS: Final = 128
"""Under how many SSRCs one browser may speak in a leg's life.

libsrtp keeps each for ever and looks through all of them for each packet: after 20,000 a
packet costs 340 µs instead of 2. A browser needs two for each m-line, and one for RTCP.
"""

MEDIA_A_SECOND: Final = 2_000
"""RTP packets of one browser: 720p30 has 300, as many sent again, and sound 50. A line
that held everything back for a second brings them at once."""

TALK_A_SECOND: Final = 500
"""RTCP datagrams: one for each gap or each 20 ms and stream. One may cost half a
millisecond, where it is made to."""

LOG_EVERY: Final = 60.0
"""Seconds between two lines about packets that our own rules broke on."""


class Cipher(Protocol):
    """SRTP of one direction. Empty bytes: it could not be done."""

    def open(self, data: bytes) -> bytes:
        """Decrypt an RTP packet that is authentic and new."""

    def open_control(self, data: bytes) -> bytes:
        """Decrypt an RTCP datagram that is authentic and new."""

    def seal(self, head: bytes, payload: bytes) -> bytes:
        """Encrypt an RTP packet."""

    def seal_control(self, packet: bytes) -> bytes:
        """Encrypt an RTCP datagram."""


class MediaPath:
    """Opens what comes, seals what goes, once the handshake has given the keys.

    ``on_rtp`` and ``on_rtcp`` receive plain packets with the time of ``clock``.
    """

    __slots__ = (
        "_clock",
        "_incoming",
        "_logged_at",
        "_media",
        "_outgoing",
        "_send",
        "_ssrcs",
        "_talk",
        "_wire",
        "on_rtcp",
        "on_rtp",
    )

    def __init__(
        self, send: Callable[[bytes], None], wire: Wire, clock: Callable[[], float]
    ) -> None:
        self.on_rtp: Callable[[bytes, float], None] = _unheard
        self.on_rtcp: Callable[[bytes, float], None] = _unheard
        self._send = send
        self._wire = wire
        self._clock = clock
        self._incoming: Cipher | None = None
        self._outgoing: Cipher | None = None
        self._logged_at = -LOG_EVERY
        self._ssrcs: set[bytes] = set()
        self._media: Final = Allowance(MEDIA_A_SECOND)
        self._talk: Final = Allowance(TALK_A_SECOND)

    def open(self, incoming: Cipher, outgoing: Cipher) -> None:
        """Begin: the handshake is done."""
        self._incoming, self._outgoing = incoming, outgoing

    def close(self) -> None:
        """Let nothing through any more, and nobody hear."""
        self._incoming = self._outgoing = None
        self.on_rtp = self.on_rtcp = _unheard

    def take(self, data: bytes) -> bool:
        """Take a datagram of SRTP or SRTCP, whatever it holds; says if it is authentic.

        Authentic ones alone are counted against what a browser may send, so nobody else
        can use that up.
        """
        cipher = self._incoming
        if cipher is None:
            return False
        wire = self._wire
        wire.packets_in += 1
        if not 12 <= len(data) <= MAX_DATAGRAM:
            wire.malformed += 1
            return False
        try:
            known, control = self._ssrcs, 192 <= data[1] <= 223
            allowed = self._talk if control else self._media
            if not allowed.left and not allowed.refill(self._clock()):
                wire.excess += 1
                return False
            ssrc = data[4:8] if control else data[8:12]
            if ssrc not in known and len(known) >= MAX_SSRCS:
                wire.unknown += 1
                return False
            if control:
                plain, take = cipher.open_control(data), self.on_rtcp
            else:
                plain, take = cipher.open(data), self.on_rtp
            if plain:
                known.add(ssrc)
                allowed.left -= 1
                take(plain, self._clock())
                return True
            wire.undecipherable += 1
        except Exception as error:  # noqa: BLE001 - one packet must never end a call
            self._broke(error)
        return False

    def send_rtp(self, head: bytes, payload: bytes) -> None:
        """Encrypt and send an RTP packet."""
        cipher = self._outgoing
        sealed = cipher.seal(head, payload) if cipher is not None else b""
        if sealed:
            self._send(sealed)
        else:
            self._wire.unsent += 1

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send an RTCP datagram."""
        cipher = self._outgoing
        sealed = cipher.seal_control(packet) if cipher is not None else b""
        if sealed:
            self._send(sealed)
        else:
            self._wire.unsent += 1

    def _broke(self, error: Exception) -> None:
        """Count a packet that our rules broke on; our fault, so it is told."""
        self._wire.broken += 1
        now = self._clock()
        if now - self._logged_at >= LOG_EVERY:
            self._logged_at = now
            log.error("a packet broke a rule", broken=self._wire.broken, exc_info=error)


def _unheard(_data: bytes, _now: float) -> None:
    """Let a packet go by."""
