"""A browser whose network changes goes on seeing, and being seen."""

import asyncio
from contextlib import asynccontextmanager

from aioice import stun

from benchmarks.links import GOOD
from benchmarks.media_peer import MediaPeer
from benchmarks.nat import Nat
from benchmarks.packets import film
from relay.messages import LegCondition, LegState, Role
from tests.integration.relay.peers import (
    HERE,
    Stranger,
    a_check,
    a_leg,
    a_peer,
    answer_the_check,
    going_on,
    meet,
)
from tests.integration.relay.relays import eventually, listening, relay_process

CALL = "call-1"
REPORT = b"\x80\xc9\0\1\0\0\0\7"
ROUTES = [("caller", "agent:1"), ("agent:1", "caller")]


class Somebody:
    """A peer in a call, behind a line of its own, who counts what it is shown."""

    def __init__(self, peer, line):
        self.peer = peer
        self.line = line
        self.packets = 0
        peer.on_packet = self.hear

    def hear(self, packet, now):
        self.packets += 1

    async def join(self, client, name):
        sdp = await client.open_leg(
            call=CALL,
            participant=name,
            role=Role(name.partition(":")[0]),
            leg=f"leg-{name}",
            token=1,
            sdp=self.peer.offer(),
            eye=False,
        )
        (port,) = {
            int(line.split()[5])
            for line in sdp.splitlines()
            if line.startswith("a=candidate:")
        }
        await self.peer.answer(sdp, via=await self.line.door(HERE, port))

    async def sees(self):
        """Wait until more comes than was on its way."""
        before = self.packets
        await eventually(lambda: self.packets > before + 30, within=3)


@asynccontextmanager
async def a_couple(folder):
    async with (
        relay_process(folder, ILLICO_RELAY_ADDRESS=HERE) as (address, _),
        listening(address) as relay,
        Nat.start() as nat,
        MediaPeer.open() as first,
        MediaPeer.open() as second,
    ):
        caller = Somebody(first, await nat.line(GOOD, GOOD))
        agent = Somebody(second, await nat.line(GOOD, GOOD))
        await caller.join(relay.client, "caller")
        await agent.join(relay.client, "agent:1")
        await relay.client.route(call=CALL, token=1, routes=ROUTES)
        shown = film(seconds=2, size=(320, 180), kbps=600)
        async with going_on(first.play(shown)), going_on(second.play(shown)):
            yield relay, caller, agent


async def test_who_gets_another_address_in_a_call_goes_on_seeing(relay_folder):
    async with a_couple(relay_folder) as (relay, caller, agent):
        await asyncio.gather(caller.sees(), agent.sees())

        for moved in (caller, agent, caller):
            await moved.line.rebind()
            await asyncio.gather(caller.sees(), agent.sees())

        assert not relay.of(LegState, state=LegCondition.LOST)


async def test_a_browser_is_followed_to_an_address_that_it_only_tried_before():
    async with a_leg() as leg, a_peer() as peer:
        with Stranger(leg) as other_way:

            async def comes():
                other_way.sends(a_check(leg, peer))
                while (await other_way.hears()).message_class is not stun.Class.REQUEST:
                    pass  # the leg tries it, and has no answer yet
                await peer.reach(leg)
                await peer.shake_hands(leg)

            async with going_on(comes()) as coming:
                assert await leg.lets_in(peer)
                await coming

            other_way.sends(peer.dtls._tx_srtp.protect_rtcp(REPORT))
            await eventually(lambda: leg.transport._connection.heard_by is not None)
            leg.transport.follow()
            leg.transport.follow()
            await answer_the_check(other_way, leg, peer)

            def is_followed():
                leg.transport.follow()
                way = leg.transport._connection._nominated[1].remote_addr
                return way == other_way.socket.getsockname()

            await eventually(is_followed)


async def test_a_stolen_packet_from_elsewhere_leads_nobody_astray():
    async with a_leg() as leg, a_peer() as peer:
        assert await meet(leg, peer)
        home = peer.dtls.transport._connection.local_candidates[0]
        with Stranger(leg) as thief:
            thief.sends(peer.dtls._tx_srtp.protect_rtcp(REPORT))
            await eventually(lambda: leg.transport._connection.heard_by is not None)
            for _ in range(5):
                leg.transport.follow()

            assert (await thief.hears()).message_class.name == "REQUEST"
            assert leg.transport._connection._nominated[1].remote_addr == (
                home.host,
                home.port,
            )
