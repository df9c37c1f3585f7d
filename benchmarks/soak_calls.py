"""Calls of a soak: people without browsers who come, stay, change, and leave as they like."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from pylibsrtp import Error as SrtpError

from benchmarks.fuzz_guests import SEALED_AT_MOST, Stranger, is_media
from benchmarks.media_peer import MediaPeer
from benchmarks.mutations import Film as Lies
from benchmarks.mutations import Stream, Talk
from benchmarks.mutations_below import datagram, dtls
from benchmarks.packets import Film
from benchmarks.shown import Shown
from relay.client import RelayClient
from relay.messages import Role

SETTLES: Final = 2.0
"""Seconds after a change in which a picture may still have to begin."""

HOSTILE_AT_ONCE: Final = 120
WAITING_KBPS, TALKING_KBPS = 150, 2500


@dataclass(slots=True)
class House:
    """What all calls of a soak share, and what they have come to."""

    client: RelayClient
    film: Film
    wall: Callable[[], float]
    counts: Counter[str] = field(default_factory=Counter)
    fps: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    present: set[tuple[str, str]] = field(default_factory=set)


class Person:
    """Somebody in a call, and the leg that they have now."""

    def __init__(self, house: House, call: str, name: str, role: Role) -> None:
        self.name: Final = name
        self.peer: MediaPeer | None = None
        self._house = house
        self._call = call
        self._role = role
        self._tries = 0
        self._leg = ""
        self._playing: asyncio.Task[None] | None = None
        self._shown: dict[int, Shown] = {}

    async def come(
        self,
        tasks: asyncio.TaskGroup,
        token: int,
        *,
        grant: str | None = None,
        lose_every: int = 0,
    ) -> None:
        """Make a leg, the first or another one; what it sends and is shown begins anew."""
        await self.go(goodbye=self._tries % 2 == 0)
        self._tries += 1
        self._leg = f"{self._call}-{self.name}-{self._tries}"
        watches = self._role is Role.SUPERVISOR
        peer = self.peer = MediaPeer(
            sends=not watches, pictures=2, lose_every=lose_every
        )
        peer.on_packet = self._hear
        self._shown.clear()
        await self.negotiate(token, grant=grant)
        self._house.counts["legs"] += 1
        self._house.present.add((self._call, self.name))
        if not watches:
            self._playing = tasks.create_task(peer.play(self._house.film))

    async def negotiate(self, token: int, *, grant: str | None = None) -> None:
        """Offer what the leg has, for the first time or again."""
        assert self.peer is not None
        answer = await self._house.client.open_leg(
            call=self._call,
            participant=self.name,
            role=self._role,
            leg=self._leg,
            token=token,
            sdp=self.peer.offer(),
            eye=False,
            grant=grant,
        )
        await self.peer.answer(answer)

    async def go(self, *, goodbye: bool) -> None:
        """Let the leg go; without a goodbye the relay finds out by itself."""
        if self._playing is not None:
            self._playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._playing
        if self.peer is not None:
            self.peer.close(goodbye=goodbye)
        self.peer = self._playing = None
        self._house.present.discard((self._call, self.name))

    def frames(self) -> int:
        """Count the pictures that came whole on the line that shows the most."""
        return max((shown.frames for shown in self._shown.values()), default=0)

    def harm(self, chance: Random) -> None:
        """Send hostile bytes of every kind over one's own leg, and nothing right any more.

        After a lie about its number, SRTP seals no right packet of the film.
        """
        if self.peer is None or self._playing is None:
            return
        self._playing.cancel()
        line = self.peer.line("video")
        stream = Stream(ssrc=line.ssrc, heard_ssrc=next(iter(self.peer.receiving)))
        lies, talk = Lies(chance, stream), Talk(chance, stream)
        for _ in range(HOSTILE_AT_ONCE):
            data = lies.hostile()[:SEALED_AT_MOST]
            with contextlib.suppress(SrtpError, ValueError):
                if is_media(data):
                    self.peer.send(data)
                self.peer.send_rtcp(talk.hostile()[:SEALED_AT_MOST])
            self.peer.send_sealed(datagram(chance))
            self.peer.send_sealed(dtls(chance))

    def _hear(self, packet: bytes, now: float) -> None:
        ssrc = int.from_bytes(packet[8:12])
        if self.peer is not None and self.peer.receiving[ssrc].video:
            self._shown.setdefault(ssrc, Shown()).hear(packet, now)


class SoakedCall:
    """One call from its beginning to its end, with what happens in between."""

    def __init__(self, house: House, chance: Random, name: str) -> None:
        self._house = house
        self._chance = chance
        self.name: Final = name
        self._token = 1
        self._agents = 1
        self._people: list[Person] = []
        """Everybody who ever came, so that all are gone in the end, whatever fails."""
        self._caller = self._person("caller", Role.CALLER)
        self._agent = self._person("agent:1", Role.AGENT)
        self._others: list[Person] = []

    async def live(self, changes: int) -> None:
        """Go through so many changes, then end in one of the ways that there are."""
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._begin(tasks)
                for _ in range(changes):
                    await self._calm()
                    await self._change(tasks)
                await self._calm()
                for person in (self._caller, self._agent, *self._others):
                    await person.go(goodbye=self._chance.random() < 0.5)
        finally:
            for person in self._people:
                await person.go(goodbye=False)
            await self._end()

    def _person(self, name: str, role: Role) -> Person:
        person = Person(self._house, self.name, name, role)
        self._people.append(person)
        return person

    async def _begin(self, tasks: asyncio.TaskGroup) -> None:
        """Wait with a small picture, then meet somebody."""
        await self._caller.come(tasks, self._token)
        await self._pace(WAITING_KBPS)
        await asyncio.sleep(self._chance.uniform(0, 2))
        await self._agent.come(tasks, self._token)
        await self._route()
        await self._pace(TALKING_KBPS)
        self._house.counts["calls"] += 1

    async def _end(self) -> None:
        client = self._house.client
        if self._chance.random() < 0.5:
            for person in (self._caller, self._agent, *self._others):
                await client.close_leg(call=self.name, participant=person.name)
        await client.close_call(call=self.name, token=self._token)

    async def _calm(self) -> None:
        """Look for some seconds how many pictures come."""
        await asyncio.sleep(SETTLES)
        for _ in range(self._chance.randrange(1, 5)):
            people = (self._caller, self._agent)
            before, at = [p.frames() for p in people], time.monotonic()
            await asyncio.sleep(1.0)
            gone = time.monotonic() - at
            for person, count in zip(people, before, strict=True):
                self._house.fps.append((person.frames() - count) / gone)

    # --------------------------------------------------------------- changes

    async def _change(self, tasks: asyncio.TaskGroup) -> None:
        changes: dict[str, Callable[[asyncio.TaskGroup], Awaitable[None]]] = {
            "rebuilds": self._rebuild,
            "renegotiations": self._renegotiate,
            "losses": self._lose,
            "transfers": self._transfer,
            "experts": self._bring_expert,
            "observers": self._watch_unseen,
            "pauses": self._pause,
            "words": self._say,
            "attacks": self._harm,
        }
        name = self._chance.choice(sorted(changes))
        self._house.counts[name] += 1
        await changes[name](tasks)

    async def _rebuild(self, tasks: asyncio.TaskGroup) -> None:
        await self._one().come(tasks, self._token)

    async def _renegotiate(self, _tasks: asyncio.TaskGroup) -> None:
        await self._one().negotiate(self._token)

    async def _lose(self, tasks: asyncio.TaskGroup) -> None:
        """Come again over a line that loses one packet in forty."""
        await self._one().come(tasks, self._token, lose_every=40)

    async def _transfer(self, tasks: asyncio.TaskGroup) -> None:
        """Go on with another agent: a new token takes every route away."""
        self._token += 1
        self._agents += 1
        before = self._agent
        self._agent = self._person(f"agent:{self._agents}", Role.AGENT)
        await self._agent.come(tasks, self._token)
        await self._route()
        await before.go(goodbye=True)
        await self._leave(before)

    async def _bring_expert(self, tasks: asyncio.TaskGroup) -> None:
        expert = self._person("expert:1", Role.EXPERT)
        await self._visit(tasks, expert, None)

    async def _watch_unseen(self, tasks: asyncio.TaskGroup) -> None:
        observer = self._person("supervisor:1", Role.SUPERVISOR)
        grant = self._house.client.grant(
            call=self.name,
            observer=observer.name,
            told=(self._caller.name, self._agent.name),
            until=self._house.wall() + 60,
        )
        await self._visit(tasks, observer, grant)

    async def _visit(
        self, tasks: asyncio.TaskGroup, person: Person, grant: str | None
    ) -> None:
        self._others.append(person)
        await person.come(tasks, self._token, grant=grant)
        await self._route()
        await self._calm()
        self._others.remove(person)
        await self._route()
        await person.go(goodbye=self._chance.random() < 0.5)
        await self._leave(person)

    async def _pause(self, _tasks: asyncio.TaskGroup) -> None:
        client, name = self._house.client, self._one().name
        await client.pause(call=self.name, participant=name, yes=True)
        await asyncio.sleep(self._chance.uniform(0, 2))
        await client.pause(call=self.name, participant=name, yes=False)

    async def _say(self, _tasks: asyncio.TaskGroup) -> None:
        client, name = self._house.client, self._one().name
        for n in range(10):
            await client.content(
                call=self.name, participant=name, kind="text", body=f"word {n}"
            )
        await client.watch(call=self.name, participant=name, yes=n % 2 == 0)
        await client.key_frame(call=self.name, participant=name)
        await client.claim(call=self.name, participant=name)

    async def _harm(self, tasks: asyncio.TaskGroup) -> None:
        """Attack over a leg, and as a stranger; then come again, as after a reload."""
        person = self._one()
        person.harm(self._chance)
        await asyncio.sleep(0.2)
        await person.come(tasks, self._token)

    async def _route(self) -> None:
        caller, agent = self._caller.name, self._agent.name
        routes = [(caller, agent), (agent, caller)]
        for other in self._others:
            routes += [(caller, other.name), (agent, other.name)]
            if other.name.startswith("expert"):
                routes.append((other.name, caller))
        await self._house.client.route(call=self.name, token=self._token, routes=routes)

    async def _pace(self, kbps: int) -> None:
        await self._house.client.pace(
            call=self.name, participant=self._caller.name, max_kbps=kbps
        )

    async def _leave(self, person: Person) -> None:
        await self._house.client.close_leg(call=self.name, participant=person.name)

    def _one(self) -> Person:
        return self._chance.choice((self._caller, self._agent))


def annoy(stranger: Stranger, port: int, chance: Random) -> None:
    """Send what nobody has asked for to a port of the relay."""
    for _ in range(20):
        stranger.send(datagram(chance), ("127.0.0.1", port))
        stranger.send(dtls(chance), ("127.0.0.1", port))
