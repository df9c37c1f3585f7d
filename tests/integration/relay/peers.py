"""The other end of a leg without a browser: stock ICE and DTLS, and strangers."""

import asyncio
import socket
import time
from contextlib import asynccontextmanager, suppress

from aioice import Candidate, Connection, stun
from aiortc import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCIceGatherer,
    RTCIceParameters,
    RTCIceTransport,
)

from relay.transport.ports import PortRange
from relay.transport.secure import SecureTransport, new_certificate, sha256_of

HERE = "127.0.0.1"
PATIENCE = 10


class _Connection(Connection):
    def __init__(self, host):
        super().__init__(ice_controlling=True)
        self._host = host

    async def get_component_candidates(self, component, addresses, timeout=5):  # noqa: ASYNC109 - the name is aioice's
        return await super().get_component_candidates(component, [self._host], timeout)


class Peer:
    """What a browser does below its media: the controlling side, the DTLS server."""

    def __init__(self, host=HERE):
        self.certificate = RTCCertificate.generateCertificate()
        gatherer = RTCIceGatherer(iceServers=[])
        gatherer._connection = self.connection = _Connection(host)
        self.gatherer = gatherer
        self.ice = RTCIceTransport(gatherer)
        self.dtls = RTCDtlsTransport(self.ice, [self.certificate])

    @property
    def credentials(self):
        return self.connection.local_username, self.connection.local_password

    @property
    def fingerprints(self):
        return [("sha-256", sha256_of(self.certificate))]

    async def reach(self, leg):
        """Get through ICE; the leg's first DTLS flight may be waiting then."""
        await self.gatherer.gather()
        host, port = leg.transport.candidates[0]
        await self.connection.add_remote_candidate(
            Candidate("1", 1, "udp", 1, host, port, "host")
        )
        await self.connection.add_remote_candidate(None)
        username, password = leg.transport.credentials
        await self.ice.start(RTCIceParameters(username, password))

    async def shake_hands(self, leg):
        self.dtls._set_role("server")
        await self.dtls.start(
            RTCDtlsParameters([RTCDtlsFingerprint("sha-256", leg.fingerprint)])
        )

    async def says(self, packet):
        """Seal and send a packet of RTP or RTCP."""
        await self.dtls._send_rtp(packet)

    async def close(self):
        await self.dtls.stop()
        await self.ice.stop()


class BareLeg:
    """The transport of a leg at a loopback address."""

    def __init__(self, host=HERE):
        certificate = new_certificate()
        self.fingerprint = sha256_of(certificate)
        self.transport = SecureTransport(
            certificate, PortRange(47_000, 47_999), host, time.monotonic
        )

    @property
    def wire(self):
        return self.transport.wire

    @property
    def address(self):
        return self.transport.candidates[0]

    async def has_read(self, count):
        """Come back when so many packets have come."""
        async with asyncio.timeout(PATIENCE):
            while self.wire.packets_in < count:  # noqa: ASYNC110 - the wire tells nobody
                await asyncio.sleep(0)  # the leg's socket is read meanwhile

    async def lets_in(self, peer):
        """Say whether the peer came through ICE and DTLS."""
        async with asyncio.timeout(PATIENCE):
            return await self.transport.connect(
                peer.credentials, peer.fingerprints, as_client=True
            )


@asynccontextmanager
async def a_leg(host=HERE):
    leg = BareLeg(host)
    await leg.transport.gather()
    try:
        yield leg
    finally:
        await leg.transport.close()


@asynccontextmanager
async def a_peer(host=HERE):
    peer = Peer(host)
    try:
        yield peer
    finally:
        await peer.close()


@asynccontextmanager
async def going_on(coroutine):
    """Let something go on meanwhile; what still runs at the end is given up."""
    task = asyncio.get_running_loop().create_task(coroutine)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def meet(leg, peer):
    """Connect both; says whether the leg let the peer in."""

    async def comes():
        await peer.reach(leg)
        await peer.shake_hands(leg)

    async with going_on(comes()) as coming:
        came = await leg.lets_in(peer)
        if came:
            await coming
        return came


class Stranger:
    """A socket that nobody has invited."""

    def __init__(self, leg):
        self.leg = leg
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind((HERE, 0))

    def sends(self, data):
        self.socket.sendto(bytes(data), self.leg.address)

    async def hears_bytes(self):
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().sock_recv(self.socket, 2048)

    async def hears(self):
        return stun.parse_message(await self.hears_bytes())

    async def is_heard(self):
        """Come back when the leg has read everything sent before."""
        request = a_question()
        self.sends(request)
        while (await self.hears()).transaction_id != request.transaction_id:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def a_question(padding=32):
    """A binding request that proves nothing; without its padding it gets no answer."""
    attributes = {"SOFTWARE": "x" * padding} if padding else {}
    return stun.Message(stun.Method.BINDING, stun.Class.REQUEST, None, attributes)


def a_check(leg, peer, *, nominates=False, **attributes):
    """A binding request as the peer signs it; None leaves an attribute out."""
    username, password = leg.transport.credentials
    facts = {
        "USERNAME": f"{username}:{peer.credentials[0]}",
        "PRIORITY": 1,
        "ICE-CONTROLLING": 1,
        **attributes,
    }
    request = stun.Message(
        stun.Method.BINDING,
        stun.Class.REQUEST,
        attributes={k: v for k, v in facts.items() if v is not None},
    )
    if nominates:
        request.attributes["USE-CANDIDATE"] = None
    request.add_message_integrity(password.encode())
    return request


async def answer_the_check(stranger, leg, peer, code=None):
    """Answer the leg's own check as the peer would, or with an error; give it."""
    check = await stranger.hears()
    while check.message_class is not stun.Class.REQUEST:
        check = await stranger.hears()
    kind = stun.Class.ERROR if code else stun.Class.RESPONSE
    answer = stun.Message(stun.Method.BINDING, kind, check.transaction_id)
    if code:
        answer.attributes["ERROR-CODE"] = (code, "")
    else:
        answer.attributes["XOR-MAPPED-ADDRESS"] = leg.address
    answer.add_message_integrity(peer.credentials[1].encode())
    stranger.sends(answer)
    return check
