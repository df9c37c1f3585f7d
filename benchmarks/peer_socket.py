"""The socket of a browser without a browser: ICE, DTLS and SRTP on it, plain within."""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Callable
from typing import Final

from pylibsrtp import Error as SrtpError

from benchmarks.peer_dtls import PROFILES, Handshake, Identity, Keys
from benchmarks.peer_ice import Address, Checks
from benchmarks.peer_sdp import Side
from relay.forwarding.rtp import is_rtcp

TICK: Final = 0.05
BUFFER: Final = 4 * 1024 * 1024
PATIENCE: Final = 15.0
STAMPED: Final = 35
"""SO_TIMESTAMPNS, which Python has no name for."""

_STAMP: Final = struct.Struct("@ll")
ANYWHERE: Final = "0.0.0.0"  # noqa: S104 - so does a browser


class SecureSocket:
    """One UDP socket that becomes a leg once the other side's SDP is known.

    ``on_rtp`` and ``on_rtcp`` hear plain packets with the time of `time.monotonic`.
    ``on_sealed``, where it is set, hears media as it came instead of ``on_rtp``: who only
    counts needs no more, for an RTP head is never encrypted.
    """

    def __init__(
        self,
        identity: Identity,
        *,
        controlling: bool,
        profiles: tuple[str, ...] = tuple(PROFILES),
    ) -> None:
        self.on_rtp: Callable[[bytes, float], None] = lambda _data, _now: None
        self.on_rtcp: Callable[[bytes, float], None] = lambda _data, _now: None
        self.on_sealed: Callable[[bytes, float], None] | None = None
        self.undecipherable = 0
        self.unsent = 0
        self.profile = ""
        self.ice: Final = Checks(self.send_to, controlling=controlling)
        self._identity = identity
        self._profiles = profiles
        self._socket: Final = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._handshake: Handshake | None = None
        self._keys: Keys | None = None
        self._moved = asyncio.Event()
        self._is_stamped = False

    def open(self) -> None:
        """Bind the socket and listen."""
        self._socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, BUFFER)
        self._socket.bind((ANYWHERE, 0))
        self.wake()

    def wake(self) -> None:
        """Be woken by each datagram."""
        asyncio.get_running_loop().add_reader(self._socket, self.read)

    def sleep(self) -> None:
        """Be woken by nothing: who calls `read` until it says no more reads for it."""
        asyncio.get_running_loop().remove_reader(self._socket)

    @property
    def port(self) -> int:
        """The local port."""
        return int(self._socket.getsockname()[1])

    @property
    def is_over(self) -> bool:
        """Whether the other side has left, or never was who it said."""
        return self._handshake is not None and self._handshake.is_over

    def fileno(self) -> int:
        """Give the socket's number, for options of it."""
        return self._socket.fileno()

    async def connect(self, theirs: Side, *, as_client: bool) -> None:
        """Get through ICE and DTLS.

        Raises:
            TimeoutError: it took more than `PATIENCE`.
            ConnectionError: the other side is not who its SDP says.

        """
        handshake = self._handshake = Handshake(
            self._identity, self._send, as_client=as_client, profiles=self._profiles
        )
        handshake.fingerprint = theirs.fingerprint
        self.ice.meet(theirs.username, theirs.password, theirs.candidates)
        async with asyncio.timeout(PATIENCE):
            await self._until(lambda: self.ice.selected is not None)
            handshake.begin()
            await self._until(lambda: handshake.keys is not None or handshake.is_over)
        if handshake.keys is None:
            raise ConnectionError("the DTLS handshake failed")
        self._keys, self.profile = handshake.keys, handshake.keys.profile

    async def _until(self, claim: Callable[[], bool]) -> None:
        while not claim():
            self.tick()
            self._moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), TICK)

    def tick(self) -> None:
        """Do what is due; call it some twenty times a second."""
        self.ice.tick(time.monotonic())
        if self._handshake is not None and self.ice.selected is not None:
            self._handshake.tick()

    def send(self, sealed: bytes) -> None:
        """Send a datagram as it is."""
        self._send(sealed)

    def seal(self, packet: bytes) -> bytes:
        """Encrypt an RTP packet.

        Raises:
            ConnectionError: there are no keys yet.

        """
        return self._agreed.send.protect(packet)

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send RTCP."""
        self._send(self._agreed.send.protect_rtcp(packet))

    def unseal(self, data: bytes) -> bytes | None:
        """Decrypt an RTP packet; None where it is none of theirs."""
        try:
            return self._agreed.receive.unprotect(data)
        except SrtpError:
            self.undecipherable += 1
            return None

    @property
    def is_connected(self) -> bool:
        """Whether media can flow."""
        return self._keys is not None and not self.is_over

    def close(self, *, goodbye: bool = True) -> None:
        """Leave; without a goodbye the other side finds out by itself."""
        if goodbye and self._handshake is not None and self.ice.selected is not None:
            self._handshake.say_goodbye()
        self.sleep()
        self._socket.close()

    @property
    def _agreed(self) -> Keys:
        if self._keys is None:
            raise ConnectionError("there are no keys yet")
        return self._keys

    def _send(self, data: bytes) -> None:
        if self.ice.selected is not None:
            self.send_to(data, self.ice.selected)

    def send_to(self, data: bytes, address: Address) -> None:
        """Send any datagram anywhere."""
        try:
            self._socket.sendto(data, address)
        except OSError:
            self.unsent += 1

    def stamp(self) -> None:
        """Give ``on_sealed`` the system's own time of arrival, in seconds since 1970.

        Nobody's being late in reading is part of it (Linux only).
        """
        self._socket.setsockopt(socket.SOL_SOCKET, STAMPED, 1)
        self._is_stamped = True

    def read(self) -> bool:
        """Take one datagram; says whether there was one."""
        try:
            data, extra, _, source = self._socket.recvmsg(2048, 64)
        except OSError:
            return False
        first = data[0] if data else 255
        if 127 < first < 192:
            self._hear(data, extra)
            return True
        if first < 4:
            self.ice.take(data, source, time.monotonic())
        elif 19 < first < 64 and self._handshake is not None:
            self._handshake.take(data)
        self._moved.set()
        return True

    def _hear(self, data: bytes, extra: list[tuple[int, int, bytes]]) -> None:
        """Take media; what comes before the keys is lost, as in a browser."""
        if self._keys is None:
            return
        now = time.monotonic()
        if is_rtcp(data):
            with contextlib.suppress(SrtpError):
                self.on_rtcp(self._keys.receive.unprotect_rtcp(data), now)
        elif self.on_sealed is not None:
            self.on_sealed(data, arrival(extra) if self._is_stamped else now)
        elif (plain := self.unseal(data)) is not None:
            self.on_rtp(plain, now)


def arrival(extra: list[tuple[int, int, bytes]]) -> float:
    """Read when the system took a datagram, in seconds since 1970."""
    for level, kind, value in extra:
        if (level, kind) == (socket.SOL_SOCKET, STAMPED):
            seconds, nanoseconds = _STAMP.unpack(value)
            return float(seconds + nanoseconds / 1e9)
    raise OSError("the system stamps no datagrams")
