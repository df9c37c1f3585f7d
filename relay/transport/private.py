"""The one file with private names of aiortc and aioice; a contract test pins them.

aiortc supplies ICE, DTLS and SRTP's keys. What it has no public door for is done here:

* sockets are bound inside the relay's range of UDP ports (aioice binds port 0), at the
  address that the operator advertises;
* a datagram's first byte is looked at before anything else, so that media never enters
  the STUN parser, and hostile bytes end no connection; checks that aioice trips over, or
  that would make it keep more and more, are answered or dropped here;
* media is handed on and sent without a queue, a task or an await between ("hook D": 35
  to 60 µs a packet instead of 190).

No `RTCPeerConnection` is made, so no sender, no receiver, no decoder thread, no encoder.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Final, cast

from aioice import Candidate, Connection, stun
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import CandidatePair, StunProtocol
from aiortc import RTCDtlsTransport, RTCIceGatherer
from pylibsrtp import Session

from relay.errors import FullError, NoAddressError
from relay.forwarding.allowance import Allowance
from relay.transport.moves import Moves
from relay.transport.ports import PortRange, anywhere
from relay.transport.records import sound_records
from relay.transport.wire import Wire

SOCKET_BUFFER: Final = 1024 * 1024
UNPROVEN: Final = (400, 401)
"""Errors that aioice tells without a proof of its own, to who has given none."""

MAX_HANDSHAKES: Final = 64
"""Datagrams of DTLS that may come in a second, and that may wait: a whole handshake has
some ten from each side."""

REFUSAL: Final = 52
"""Bytes of the longest answer to who proves nothing; a browser's check has some 90."""

MAX_ADDRESSES: Final = 16
"""Addresses of its browser that a leg knows; a phone that roams needs a few."""

MAX_WAITING: Final = 4 * 1024 * 1024
"""Bytes that the system may hold back for one socket before packets are dropped."""


class _Socket(asyncio.DatagramTransport, asyncio.WriteTransport):
    """What both asyncio's and uvloop's datagram transports are (for the types)."""


class MediaFirstProtocol(StunProtocol):
    """Tells media, DTLS and STUN apart by their first byte (RFC 7983)."""

    def __init__(self, receiver: "RelayConnection") -> None:
        super().__init__(receiver)
        self.is_blocked = False
        self._relay = receiver

    def pause_writing(self) -> None:
        """Note that the system holds back more than it should."""
        self.is_blocked = True

    def resume_writing(self) -> None:
        """Note that it has sent most of that."""
        self.is_blocked = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the socket is gone."""
        self.is_blocked = True
        super().connection_lost(exc)

    async def request(
        self,
        request: stun.Message,
        addr: tuple[str, int],
        integrity_key: bytes | None = None,
        retransmissions: int | None = None,
    ) -> tuple[stun.Message, tuple[str, int]]:
        """Check an address, and learn from it how long the way there and back is.

        aioice asks for consent once, and waits for half a second: a line over a
        satellite would be closed as dead. So whatever is asked is asked twice at least.
        """
        if retransmissions is not None:
            retransmissions = max(1, retransmissions)
        clock = asyncio.get_running_loop().time
        begun = clock()
        answer = await super().request(request, addr, integrity_key, retransmissions)
        taken = clock() - begun
        if taken < stun.RETRY_RTO:  # later, it may answer what was sent again
            self._relay.on_round_trip(taken)
        return answer

    def datagram_received(self, data: Any, addr: tuple[Any, ...]) -> None:
        """Take a datagram; whatever it holds, the connection stays."""
        first = data[0] if data else 255
        if 127 < first < 192:
            if self._relay.on_media(data):
                self._relay.heard_from, self._relay.heard_by = addr, self
        elif 19 < first < 64:
            self._relay.handshake_received(data, (addr[0], addr[1]))
        elif first < 4:
            self._relay.asked = len(data)
            try:
                super().datagram_received(data, addr)
            except Exception:  # noqa: BLE001 - aioice raises whatever hostile bytes make it
                self._relay.wire.malformed += 1
        else:
            self._relay.wire.malformed += 1


class RelayConnection(Connection):
    """An ICE agent whose sockets stand where the operator wants them."""

    def __init__(self, ports: PortRange, advertised: str | None) -> None:
        super().__init__(ice_controlling=False)
        self.wire = Wire()
        self.on_media: Callable[[bytes], bool] = _untaken
        self.heard_from: tuple[Any, ...] = ()
        self.heard_by: MediaFirstProtocol | None = None
        self._moves = Moves()
        self.on_round_trip: Callable[[float], None] = _untold
        self.asked = 0
        self._tie_breaker = 0
        self._handshakes = Allowance(MAX_HANDSHAKES)
        self._ports = ports
        self._advertised = advertised
        self._pair: CandidatePair | None = None
        self._protocol: MediaFirstProtocol | None = None
        self._target: tuple[str, int] = ("", 0)

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 5,  # noqa: ASYNC109 - the name is aioice's
    ) -> list[Candidate]:
        """Bind one socket for each address, or one for the advertised address.

        Where that is the machine's own, packets must leave from it: a machine may have
        several of a family. Behind an address translator it is somebody else's.

        Raises:
            FullError: no port of the range is free.
            NoAddressError: the machine has no address but its own loopback.

        """
        del timeout
        if self._advertised is not None:
            is_own = self._advertised in addresses
            address = self._advertised if is_own else anywhere(self._advertised)
            return [await self._bind(address, self._advertised, component)]
        if not addresses:
            raise NoAddressError("no network interface has an address")
        return [await self._bind(a, a, component) for a in addresses]

    def request_received(
        self, message: stun.Message, addr: tuple[str, int], protocol: StunProtocol
    ) -> None:
        """Answer a check; one that lacks its priority is a bad request.

        aioice takes the priority for granted (RFC 8445 §7.1.1 demands it) and would raise
        out of `connect`.
        """
        if "PRIORITY" not in message.attributes:
            self.respond_error(message, addr, protocol, (400, "Bad Request"))
            return
        super().request_received(message, addr, protocol)

    def respond_error(
        self,
        request: stun.Message,
        addr: tuple[str, int],
        protocol: StunProtocol,
        error_code: tuple[int, str],
    ) -> None:
        """Tell a browser that something is wrong with its check.

        Who proves nothing may have lent its address from somebody else, whom a longer
        answer than the question would flood at our cost. So there is none then.
        """
        if error_code[0] in UNPROVEN:
            self.wire.refused += 1
            if self.asked < REFUSAL:
                return
        super().respond_error(request, addr, protocol, error_code)

    def check_incoming(
        self, message: stun.Message, addr: tuple[str, int], protocol: StunProtocol
    ) -> None:
        """Follow a check that knew the password.

        Each new address costs a pair and a task with retransmissions, so a leg keeps
        `MAX_ADDRESSES`. Beyond it the oldest address that carries nothing and is not
        being checked gives way; where there is none, the newest unknown is dropped.
        """
        if not self._knows(addr) and not self._has_room():
            self.wire.strangers += 1
            return
        self._revive(addr)
        super().check_incoming(message, addr, protocol)

    def _revive(self, addr: tuple[str, int]) -> None:
        """Let an address be checked again whose check was given up unanswered.

        When the first address is in, aioice cancels the checks of all others and leaves
        them in progress for ever: a browser that later moves to one of those, a phone
        that leaves its wireless network, would never be followed there.
        """
        for pair in self._check_list:
            given_up = pair.task is not None and pair.task.done()
            if given_up and pair.remote_addr == addr:
                pair.task = None
                self.check_state(pair, CandidatePair.State.FAILED)

    async def check_start(self, pair: CandidatePair) -> None:
        """Check a pair; a second time for the same check means a role conflict.

        aioice repeats a check that was answered 487 as often as it is answered so. The
        relay has no other role to repeat it in: the check has failed.
        """
        if pair.state is CandidatePair.State.IN_PROGRESS:
            self.check_state(pair, CandidatePair.State.FAILED)
            self.check_complete(pair)
            return
        await super().check_start(pair)

    def switch_role(self, ice_controlling: bool) -> None:  # noqa: FBT001 - aioice's
        """Stay controlled: browsers offer, so they nominate (RFC 8445 §6.1.1).

        The relay's tie-breaker is the lowest, so a browser that believes itself
        controlled is told to switch (487, §7.3.1.1).
        """

    def handshake_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Queue a datagram of DTLS for aiortc; a flood is dropped.

        Only an address whose check knew the leg's password is listened to, and no alert
        in the clear. Each datagram costs a task's turn and OpenSSL's look at it. Media
        needs no such care: SRTP authenticates each packet.
        """
        if not self._knows(addr):
            self.wire.strangers += 1
            return
        records = sound_records(data)
        if len(records) < len(data):
            self.wire.undecipherable += 1
        if not records:
            return
        now = asyncio.get_running_loop().time()
        if self._handshakes.take(1, now) and self._queue.qsize() < MAX_HANDSHAKES:
            self._queue.put_nowait((records, 1))
        else:
            self.wire.excess += 1

    def free(self) -> None:
        """Close the sockets at once, whatever still goes on, and let go of everybody.

        Those who know each other in a circle would stay until a collection.
        """
        for protocol in self._protocols:
            protocol.transport.abort()
        self._check_list.clear()
        self._turn_to(None)
        self.heard_by = None
        self.on_media, self.on_round_trip = _untaken, _untold

    def data_received(self, data: bytes, component: int) -> None:
        """Drop what began like STUN and is none; aioice would queue it without end."""
        del data, component
        self.wire.malformed += 1

    def send_now(self, data: bytes) -> None:
        """Send a datagram to the browser without waiting for anything."""
        pair = self._nominated.get(1)
        if pair is not self._pair:
            self._turn_to(pair)
        protocol = self._protocol
        if protocol is None or protocol.is_blocked:
            self.wire.unsent += 1
            return
        protocol.transport.sendto(data, self._target)
        self.wire.packets_out += 1

    def follow(self) -> None:
        """Send to where media come from, once the browser has answered a check there.

        A router that forgets a browser gives it another address, of which the browser
        knows nothing: Chromium would nominate it within 2.5 s, Firefox never. Whoever
        sends a stolen packet from elsewhere does not know the password.
        """
        pair, protocol = self._nominated.get(1), self.heard_by
        if pair is None or protocol is None:
            return
        source = self._moves.moved(self.heard_from, pair.remote_addr)
        if source is None:
            return
        there = next((p for p in self._check_list if p.remote_addr == source), None)
        if there is not None and there.state is CandidatePair.State.SUCCEEDED:
            there.nominated = True
            self.check_complete(there)
        elif there is None or not self._is_used(there):
            told = {"PRIORITY": candidate_priority(1, "prflx")}
            check = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, None, told)
            self.check_incoming(check, source, protocol)

    def _turn_to(self, pair: CandidatePair | None) -> None:
        """Send by the pair that the browser has nominated."""
        self._pair = pair
        self._protocol = None
        if pair is not None:
            self._protocol = cast("MediaFirstProtocol", pair.protocol)
            self._target = pair.remote_addr

    def _knows(self, addr: tuple[str, int]) -> bool:
        return any((c.host, c.port) == addr for c in self._remote_candidates)

    def _has_room(self) -> bool:
        known = self._remote_candidates
        if len(known) < MAX_ADDRESSES:
            return True
        used = {id(p.remote_candidate) for p in self._check_list if self._is_used(p)}
        idle = next((c for c in known if id(c) not in used), None)
        if idle is None:
            return False
        self._remote_candidates = [c for c in known if c is not idle]
        self._check_list = [
            p for p in self._check_list if p.remote_candidate is not idle
        ]
        return True

    def _is_used(self, pair: CandidatePair) -> bool:
        checking = pair.task is not None and not pair.task.done()
        return checking or pair in self._nominated.values()

    async def _bind(self, address: str, host: str, component: int) -> Candidate:
        protocol = await self._socket(address)
        port = protocol.transport.get_extra_info("sockname")[1]
        protocol.local_candidate = Candidate(
            foundation=candidate_foundation("host", "udp", host),
            component=component,
            transport="udp",
            priority=candidate_priority(component, "host"),
            host=host,
            port=port,
            type="host",
        )
        self._protocols.append(protocol)
        return protocol.local_candidate

    async def _socket(self, address: str) -> MediaFirstProtocol:
        loop = asyncio.get_running_loop()
        for port in self._ports.round():
            try:
                transport, protocol = await loop.create_datagram_endpoint(
                    lambda: MediaFirstProtocol(self), local_addr=(address, port)
                )
            except OSError:
                continue
            cast("_Socket", transport).set_write_buffer_limits(high=MAX_WAITING)
            taken = transport.get_extra_info("socket")
            if taken is not None:
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER)
            return protocol
        raise FullError("no UDP port is free")


class Gatherer(RTCIceGatherer):
    """aiortc's gatherer over our ICE agent, with no STUN and no TURN server."""

    def __init__(self, connection: RelayConnection) -> None:
        super().__init__(iceServers=[])
        self._connection = connection


class RelayDtls(RTCDtlsTransport):
    """aiortc's DTLS, which gives its keys away: it never sees media."""

    def play(self, *, client: bool) -> None:
        """Take the role that the answer names."""
        self._set_role("client" if client else "server")

    def keys(self) -> tuple[Session, Session]:
        """Give what opens the browser's packets, and what seals ours."""
        return self._rx_srtp, self._tx_srtp


def _untaken(_data: bytes) -> bool:
    return False


def _untold(_seconds: float) -> None:
    """Let a figure go by."""
