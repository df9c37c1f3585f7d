"""The attacks on a running relay: each kind of hostile bytes, by who would send them."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import aiohttp
import msgspec

from benchmarks.fuzz_guests import Guest, Stranger, eventually
from benchmarks.mutations import scrambled
from benchmarks.mutations_below import Ice, datagram, dtls, stun
from benchmarks.mutations_words import Commands, offer
from benchmarks.relay_process import RelayProcess
from relay import messages
from relay.client import RelayClient
from relay.errors import FailedError, RelayError
from relay.messages import Role

SHARES: Final = {
    "rtp": 0.20,
    "rtcp": 0.15,
    "datagram": 0.17,
    "stun": 0.12,
    "dtls": 0.10,
    "srtp": 0.14,
    "srtcp": 0.08,
    "sdp": 0.015,
    "control": 0.025,
}
"""What every batch consists of; the first two go right into the rules."""

CHUNK: Final = 64
"""Datagrams after which the relay must have read all: its buffer loses none."""

NEWCOMER_EVERY: Final = 400
"""Records of DTLS for each leg that is attacked before and in its handshake."""

WRONG: Final = "not the password of this leg"
STRANGERS: Final = 24
NEWEST: Final = 10**40
OTHER_CALLS: Final = ("other-1", "other-2", "other-3")


@dataclass(slots=True)
class _Door:
    """One signaling process that says what it likes."""

    session: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse
    incarnation: str


class Attacks:
    """Everything hostile that can reach a relay with two calls, kind by kind."""

    def __init__(
        self,
        chance: Random,
        relay: RelayProcess,
        client: RelayClient,
        guests: list[Guest],
    ) -> None:
        self.relay: Final = relay
        self.exceptions: Final[list[str]] = []
        self._chance = chance
        self._client = client
        self._guests = guests
        self._victim = guests[0]
        self._strangers = [Stranger() for _ in range(STRANGERS)]
        self._door: _Door | None = None
        self._newcomers = 0
        self._offer = guests[0].offer()

    def pairs(self) -> Iterator[tuple[Guest, Guest]]:
        """Give who should see whom: both ways, in both calls."""
        for here, there in zip(self._guests[::2], self._guests[1::2], strict=True):
            yield here, there
            yield there, here

    async def of(self, kind: str, count: int) -> None:
        """Send so many packets of a kind."""
        attacks: dict[str, Callable[[int], Awaitable[None]]] = {
            "datagram": lambda n: self._pour(n, self._any_datagram),
            "stun": lambda n: self._pour(n, self._any_check),
            "dtls": self._dtls,
            "srtp": lambda n: self._pour(n, self._any_media),
            "srtcp": lambda n: self._pour(n, self._any_talk),
            "sdp": self._offers,
            "control": self._messages,
        }
        await attacks[kind](count)

    async def tidy(self) -> None:
        """End the calls that hostile messages have begun."""
        for call in OTHER_CALLS:
            await self._client.close_call(call=call, token=NEWEST)

    async def close(self) -> None:
        """Leave."""
        for stranger in self._strangers:
            stranger.close()
        await self._hang_up()

    # ------------------------------------------------------------- datagrams

    async def _pour(self, count: int, send: Callable[[], None]) -> None:
        for n in range(count):
            send()
            if n % CHUNK == CHUNK - 1:
                await self._is_read()
        await self._is_read()

    async def _is_read(self) -> None:
        await self._strangers[0].is_heard(self._victim.address)

    def _any_datagram(self) -> None:
        """Anything, from the victim's own socket or from a stranger's."""
        data = datagram(self._chance)
        if self._chance.random() < 0.2:
            data = scrambled(self._chance, data)
        self._from_anybody(data)

    def _any_check(self) -> None:
        """STUN signed rightly by the victim or from new ports, or signed wrongly."""
        ice = self._victim.ice
        match self._chance.randrange(4):
            case 0:
                wrong = Ice(ice.username, WRONG)
                self._from_stranger(stun(self._chance, wrong, may_nominate=True))
            case 1:
                self._from_stranger(stun(self._chance, ice, may_nominate=False))
            case _:
                data = stun(self._chance, ice, may_nominate=True)
                self._victim.socket.send(data)

    def _any_media(self) -> None:
        """Sealed rightly round a lie; every fourth packet is as it should be."""
        self._victim.send_media(hostile=self._chance.random() < 0.75)

    def _any_talk(self) -> None:
        self._victim.send_talk(hostile=self._chance.random() < 0.75)

    def _from_anybody(self, data: bytes) -> None:
        if self._chance.random() < 0.5:
            self._victim.socket.send(data)
        else:
            self._from_stranger(data)

    def _from_stranger(self, data: bytes) -> None:
        self._chance.choice(self._strangers).send(data, self._victim.address)

    # ------------------------------------------------------------------ DTLS

    async def _dtls(self, count: int) -> None:
        """After the handshake, from everywhere; and at legs that are only coming."""
        for at in range(0, count, NEWCOMER_EVERY):
            part = min(NEWCOMER_EVERY, count - at)
            await self._pour(part // 2, lambda: self._from_anybody(dtls(self._chance)))
            await self._newcomer(part - part // 2)

    async def _newcomer(self, count: int) -> None:
        """Attack a leg before and in its handshake; it must connect all the same.

        Every second one is hostile itself: it sends such records after its check. Its
        own leg may fail of them, and nothing else.
        """
        self._newcomers += 1
        number = len(self._guests) + self._newcomers
        guest = Guest(self._chance, OTHER_CALLS[0], Role.EXPERT, number)
        try:
            await guest.ask_in(self._client)
            self._pour_at(guest, count // 3)
            if self._newcomers % 2:
                await self._comes_under_fire(guest, count - count // 3)
            else:
                await self._comes_to_harm(guest, count - count // 3)
        finally:
            guest.close()
            await self._client.close_call(call=guest.call, token=NEWEST)

    def _pour_at(self, guest: Guest, count: int) -> None:
        for _ in range(count):
            stranger = self._chance.choice(self._strangers)
            stranger.send(dtls(self._chance), guest.address)

    async def _comes_under_fire(self, guest: Guest, count: int) -> None:
        async with asyncio.TaskGroup() as tasks:
            coming = tasks.create_task(guest.connect())
            while not coming.done() and count > 0:
                self._pour_at(guest, min(8, count))
                count -= 8
                await asyncio.sleep(0)
        if not guest.socket.is_connected:
            self.exceptions.append(f"{guest.leg} could not connect")

    async def _comes_to_harm(self, guest: Guest, count: int) -> None:
        ice = guest.socket.ice

        def is_in() -> bool:
            guest.socket.tick()
            return ice.selected is not None

        assert await eventually(is_in), "a check is not answered"
        for _ in range(count):
            guest.socket.send(dtls(self._chance))
        await self._is_read()  # by the other legs: this one may have failed of it

    # ----------------------------------------------------------------- words

    async def _offers(self, count: int) -> None:
        """Offers that lie are answered, or refused by a code that is meant for it."""
        for n in range(count):
            sdp = offer(self._chance, self._offer)
            try:
                await self._client.open_leg(
                    call=OTHER_CALLS[1],
                    participant=f"caller-{n % 8}",
                    role=Role.CALLER,
                    leg=f"leg-{self._chance.randrange(40)}",
                    token=0,
                    sdp=sdp,
                    eye=False,
                )
            except FailedError as error:
                self.exceptions.append(f"{error.code} for {sdp!r}")
            except RelayError:
                continue

    async def _messages(self, count: int) -> None:
        """Messages that lie are refused; those of no protocol end their channel."""
        facts = {
            "call": OTHER_CALLS,
            "participant": ("caller-1", "agent-1", "expert-1"),
            "incarnation": ("",),
            "leg": ("leg-1", "leg-2"),
            "sdp": (self._offer, "v=0", offer(self._chance, self._offer)),
        }
        commands = Commands(self._chance, facts)
        for _ in range(count):
            door = self._door or await self._enter()
            facts["incarnation"] = (door.incarnation,)
            await self._say(door, commands.hostile())

    async def _say(self, door: _Door, text: str) -> None:
        """Send one message and wait for its reply, or for the channel's end."""
        text = text.encode("utf-8", "replace").decode()
        with contextlib.suppress(ConnectionError):  # it may be cut while we send
            await door.socket.send_str(text)
        async with asyncio.timeout(10):
            async for frame in door.socket:
                reply = msgspec.json.decode(frame.data)
                if reply.get("code") == "internal":
                    self.exceptions.append(f"internal for {text!r}")
                if reply["type"] in {"done", "answered"} or reply.get("n"):
                    return
        await self._hang_up()

    async def _enter(self) -> _Door:
        path = self.relay.address.removeprefix("unix:")
        session = aiohttp.ClientSession(connector=aiohttp.UnixConnector(path))
        socket = await session.ws_connect("ws://relay/control", compress=0)
        hello = messages.Hello(
            versions=(messages.PROTOCOL_VERSION,),
            server="hostile",
            secret=self.relay.secret,
        )
        await socket.send_str(messages.encode(hello))
        welcome = msgspec.json.decode((await socket.receive()).data)
        self._door = _Door(session, socket, welcome["incarnation"])
        return self._door

    async def _hang_up(self) -> None:
        if self._door is not None:
            await self._door.socket.close()
            await self._door.session.close()
            self._door = None
