"""People of one call who swap roles, leave and come again, and when they see what."""

import time
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise

from benchmarks.media_peer import MediaPeer
from relay.client import RelayClient
from relay.messages import LineOf, Role
from tests.integration.relay.peers import going_on
from tests.integration.relay.relays import SECRET

AT_ONCE = 0.1
PATIENCE = 60
"""Seconds for which a grant lets somebody watch unseen."""


class Witness:
    """Keeps which line carried whom from when to when, in seconds since the epoch."""

    def __init__(self, client):
        self.client = client
        self._lines = {}

    @classmethod
    @asynccontextmanager
    async def of(cls, address):
        async with RelayClient.open("r1", address, SECRET, server="witness") as client:
            witness = cls(client)
            async with going_on(witness.listen()):
                yield witness

    async def listen(self):
        async for event in self.client.events():
            if isinstance(event, LineOf):
                line = event.participant, event.leg, event.mid
                self._lines.setdefault(line, []).append((time.time(), event.source))

    def stays(self, end):
        """Of each line: which it is, whom it carried, from when, to when."""
        for line, told in self._lines.items():
            for (since, source), (until, _) in pairwise([*told, (end, None)]):
                if source is not None:
                    yield line, source, since, until

    def moves(self):
        """Who was moved from one line of a leg to another while they were shown."""
        ends: dict[tuple[str, str], tuple[str, float]] = {}
        for (who, leg, mid), source, since, until in sorted(
            self.stays(time.time()), key=lambda stay: stay[2]
        ):
            before, ended = ends.get((leg, source), (mid, 0.0))
            if before != mid and since - ended < AT_ONCE:
                yield who, source, before, mid
            ends[leg, source] = mid, until


class PageHere:
    """Somebody with a real browser, who stays from the beginning to the end."""

    def __init__(self, person):
        self.person = person
        self.name = person.name
        self.left = {}

    async def pictures(self):
        shown = await self.person.page.evaluate("shownAt('leg')")
        return {(self.name, self.person.leg, mid): at for mid, at in shown.items()}


class PeerHere:
    """Somebody without a browser, who may leave and come again with a new leg."""

    def __init__(self, relay, call, name, film, stack):
        self.relay, self.call, self.name, self.film = relay, call, name, film
        self._stack = stack
        self._stay = AsyncExitStack()
        self._legs = 0
        self._pictures = {}
        self.left = {}

    async def come(self, role, grant):
        self._stay = await self._stack.enter_async_context(AsyncExitStack())
        peer = await self._stay.enter_async_context(MediaPeer.open(pictures=3))
        self._legs += 1
        leg = self._leg()
        peer.on_packet = lambda packet, now: self._hear(peer, leg, packet, now)
        sdp = await self.relay.open_leg(
            call=self.call,
            participant=self.name,
            role=role,
            leg=leg,
            token=1,
            sdp=peer.offer(),
            eye=False,
            grant=grant,
        )
        await peer.answer(sdp)
        await self._stay.enter_async_context(going_on(peer.play(self.film)))

    def _leg(self):
        return f"leg {self._legs} of {self.name}"

    async def leave(self):
        self.left[self._leg()] = time.time()
        await self.relay.close_leg(call=self.call, participant=self.name)
        await self._stay.aclose()

    async def pictures(self):
        return self._pictures

    def _hear(self, peer, leg, packet, now):
        stream = peer.receiving[int.from_bytes(packet[8:12])]
        if stream.video and packet[1] & 0x80:
            at = now - time.monotonic() + time.time()
            self._pictures.setdefault((self.name, leg, stream.mid), []).append(at)


class Round:
    """A caller and three who swap their roles; the supervisor among them is hidden."""

    ROLES = Role.AGENT, Role.EXPERT, Role.SUPERVISOR

    def __init__(self, relay, call, caller, others):
        self.relay, self.call = relay, call
        self.caller, self.others = caller, list(others)

    @property
    def hidden(self):
        return self.others[2]

    @property
    def visible(self):
        return [self.caller, *self.others[:2]]

    @property
    def everybody(self):
        return [self.caller, *self.others]

    def grant(self):
        """Let the hidden one watch those who can be seen."""
        return self.relay.grant(
            call=self.call,
            observer=self.hidden.name,
            told=[one.name for one in self.visible],
            until=time.time() + PATIENCE,
        )

    async def swap(self):
        """Let everybody but the caller take the next role, over their own leg."""
        self.others = self.others[1:] + self.others[:1]
        for one, role in zip(self.others, self.ROLES, strict=True):
            hides = one is self.hidden
            await self.relay.claim(
                call=self.call,
                participant=one.name,
                role=role,
                grant=self.grant() if hides else None,
            )
        await self.route()

    async def come_again(self, one):
        """Let somebody leave and join again, with a leg of their own."""
        await one.leave()
        role = self.ROLES[self.others.index(one)]
        await one.come(role, self.grant() if one is self.hidden else None)

    async def route(self):
        """Let everybody see those who can be seen."""
        routes = [
            (source.name, sink.name)
            for source in self.visible
            for sink in self.everybody
            if source is not sink
        ]
        await self.relay.route(call=self.call, token=1, routes=routes)


async def stops_of(witness, people):
    """For how long each picture stood at most, beginning with the longest.

    From when a line was said to carry somebody to when it was said to carry them no
    longer, or its owner left.
    """
    end = time.time()
    left = {leg: at for one in people.everybody for leg, at in one.left.items()}
    shown: dict[tuple[str, str, str], list[float]] = {}
    for one in people.everybody:
        shown |= await one.pictures()
    found = []
    for line, source, since, until in witness.stays(end):
        last = min(until, left.get(line[1], until))
        within = [at for at in shown.get(line, ()) if since <= at <= last]
        stop = max(b - a for a, b in pairwise([since, *within, last]))
        found.append((round(stop, 3), line, source, round(last - since, 3)))
    return sorted(found, reverse=True)
