"""Who comes to a relay that is fuzzed: legs that also say what no browser says, strangers."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Final

from aioice import stun
from pylibsrtp import Error as SrtpError

from benchmarks.mutations import Film, Stream, Talk, scrambled
from benchmarks.mutations_below import Ice
from benchmarks.peer_dtls import Identity
from benchmarks.peer_ice import Address
from benchmarks.peer_sdp import Side, offered, read, write
from benchmarks.peer_socket import SecureSocket
from relay.client import RelayClient
from relay.forwarding import rtcp
from relay.forwarding.rtp import HEADER_LENGTH, is_rtcp, payload_offset
from relay.forwarding.vp8 import starts_key_frame
from relay.messages import Role

PATIENCE: Final = 10.0
TICK: Final = 0.02
SEALED_AT_MOST: Final = 1356
LEAPS: Final = 4
"""Each of 20,000 numbers: one of them is ahead of wherever a lie has been."""

PADDING: Final = "x" * 32
NOTHING_NEW: Final = rtcp.receiver_report(1, ())
"""Keeps a leg from being lost; it draws nothing, so that a seed draws the same again."""


class Guest:
    """One leg of a call. Its film, its talk and its socket may all be used for harm."""

    def __init__(self, chance: Random, call: str, role: Role, number: int) -> None:
        self.call: Final = call
        self.name: Final = str(role)
        self.leg: Final = f"{call}-{role}-{number}"
        self._identity = Identity()
        self.socket: Final = SecureSocket(self._identity, controlling=True)
        self.shown = 0
        self._chance = chance
        self._role = role
        base = 16 * (1 + number)
        self.stream = Stream(ssrc=base, rtx_ssrc=base + 1, audio_ssrc=base + 2)
        self.film = Film(chance, self.stream)
        self.talk = Talk(chance, self.stream)
        self._theirs: Side | None = None

    def offer(self) -> str:
        """Offer a picture and sound, both ways, as Chromium would."""
        stream, ice = self.stream, self.socket.ice
        numbers = (stream.ssrc, stream.rtx_ssrc), (stream.audio_ssrc, 0)
        sections = (
            offered("audio", "0", "sendrecv", numbers[1], frozenset()),
            offered("video", "1", "sendrecv", numbers[0], frozenset()),
        )
        side = Side(
            sections=sections,
            username=ice.username,
            password=ice.password,
            fingerprint=self._identity.fingerprint,
            setup="actpass",
            candidates=(),
        )
        return write(side, self.leg, 1)

    async def ask_in(self, client: RelayClient) -> None:
        """Give the offer to the relay; nothing has flowed yet."""
        self.socket.open()
        answer = await client.open_leg(
            call=self.call,
            participant=self.name,
            role=self._role,
            leg=self.leg,
            token=0,
            sdp=self.offer(),
            eye=False,
        )
        self._theirs = theirs = read(answer)
        heard = next(s.ssrc for s in theirs.sections if s.kind == "video")
        stream = self.stream
        self.stream = Stream(
            stream.ssrc, stream.rtx_ssrc, audio_ssrc=stream.audio_ssrc, heard_ssrc=heard
        )
        self.talk = Talk(self._chance, self.stream)
        self.socket.on_rtp = self._hear
        self.socket.ice.meet(theirs.username, theirs.password, theirs.candidates)

    async def connect(self) -> None:
        """Get through ICE and DTLS."""
        await self.socket.connect(self.theirs, as_client=self.theirs.setup == "passive")

    @property
    def theirs(self) -> Side:
        """What the relay has answered."""
        assert self._theirs is not None, "the offer comes first"
        return self._theirs

    @property
    def address(self) -> Address:
        """Where the relay hears this leg."""
        return self.theirs.candidates[0]

    @property
    def ice(self) -> Ice:
        """What signs checks of this leg."""
        own = self.socket.ice.username
        return Ice(f"{self.theirs.username}:{own}", self.theirs.password)

    def send_media(self, *, hostile: bool) -> None:
        """Seal and send the film's next packet; what libsrtp will not seal goes torn.

        What does not look like RTP is sent as it is: only this side's SRTP would count it,
        and its rollover counter (RFC 3711) would part from the relay's for good. Where a
        lie has moved SRTP's index far ahead, the film leaps after it.
        """
        data = self.film.hostile() if hostile else self.film.sound()
        try:
            sealed = self.socket.seal(data[:SEALED_AT_MOST]) if is_media(data) else data
        except (SrtpError, ValueError):
            sealed = scrambled(self._chance, data)
            if not hostile:
                self.film.leap()
        self.socket.send(sealed)

    def send_talk(self, *, hostile: bool) -> None:
        """Seal and send a report or a wish; short ones are sent as they are."""
        data = self.talk.hostile() if hostile else self.talk.sound()
        try:
            self.socket.send_rtcp(data[:SEALED_AT_MOST])
        except (SrtpError, ValueError):
            self.socket.send(data)

    def show(self) -> None:
        """Send a whole key frame, as a browser whose encoder begins anew."""
        for _ in range(LEAPS):
            self.film.leap()
            with contextlib.suppress(SrtpError):
                for data in self.film.key_frame():
                    self.socket.send(self.socket.seal(data))
                return

    def _hear(self, data: bytes, _now: float) -> None:
        offset = payload_offset(data)
        if int.from_bytes(data[8:12]) == self.stream.heard_ssrc and offset > 0:
            self.shown += starts_key_frame(data, offset)

    def close(self) -> None:
        """Be gone without a word."""
        self.socket.close(goodbye=False)


class Stranger:
    """A socket that nobody has invited."""

    def __init__(self) -> None:
        self._socket: Final = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))

    def send(self, data: bytes, to: Address) -> None:
        """Send a datagram; a full buffer drops it."""
        with contextlib.suppress(BlockingIOError):
            self._socket.sendto(data, to)

    async def is_heard(self, by: Address) -> None:
        """Come back when the leg has read everything that was sent to it before.

        Raises:
            TimeoutError: it reads nothing any more.

        """
        padding = {"SOFTWARE": PADDING}  # without it there would be no answer
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, None, padding)
        loop = asyncio.get_running_loop()
        self._socket.sendto(bytes(request), by)
        async with asyncio.timeout(PATIENCE):
            while True:
                heard = await loop.sock_recv(self._socket, 2048)
                if heard[8:20] == request.transaction_id:
                    return

    def close(self) -> None:
        self._socket.close()


def is_media(data: bytes) -> bool:
    """Say whether the first bytes are those of RTP (RFC 7983, RFC 5761)."""
    return len(data) >= HEADER_LENGTH and 127 < data[0] < 192 and not is_rtcp(data)


@asynccontextmanager
async def attended(guests: list[Guest]) -> AsyncIterator[None]:
    """Let guests do what browsers do by themselves, for as long as the block lasts."""
    async with asyncio.TaskGroup() as tasks:
        care = tasks.create_task(_attend(guests))
        try:
            yield
        finally:
            care.cancel()


async def _attend(guests: list[Guest]) -> None:
    while True:
        for guest in guests:
            guest.socket.tick()
            if guest.socket.is_connected:
                guest.socket.send_rtcp(NOTHING_NEW)
        await asyncio.sleep(TICK)


async def eventually(claim: Callable[[], bool], within: float = PATIENCE) -> bool:
    """Wait until a claim holds; say whether it came to that."""
    end = time.monotonic() + within
    while not claim():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(TICK / 4)
    return True
