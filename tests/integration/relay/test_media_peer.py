"""A browser without a browser is to the relay what a browser is."""

from contextlib import asynccontextmanager

import pytest

from benchmarks.media_peer import MediaPeer
from benchmarks.packets import Projector, film
from benchmarks.peer_dtls import PROFILES
from benchmarks.shown import Shown
from relay.messages import KeyFrameDelivered, LegCondition, LegState, Role
from tests.integration.relay.peers import going_on
from tests.integration.relay.relays import eventually, listening, relay_process

CALL = "call-1"


@pytest.fixture(scope="module")
def shown_film():
    return film(seconds=2, size=(320, 180), kbps=600)


@pytest.fixture
async def relay(relay_folder):
    async with (
        relay_process(relay_folder) as (address, _),
        listening(address) as listener,
    ):
        yield listener


class Somebody:
    """A peer in a call, and what it is shown."""

    def __init__(self, peer, listener, name):
        self.peer = peer
        self.listener = listener
        self.name = name
        self.shown = Shown()
        peer.on_packet = self.hear

    def hear(self, packet, now):
        ssrc = int.from_bytes(packet[8:12])
        if self.peer.receiving[ssrc].video:
            self.shown.hear(packet, now)

    async def join(self):
        sdp = await self.listener.client.open_leg(
            call=CALL,
            participant=self.name,
            role=Role(self.name.partition(":")[0]),
            leg=f"leg-{self.name}",
            token=1,
            sdp=self.peer.offer(),
            eye=False,
        )
        await self.peer.answer(sdp)


@asynccontextmanager
async def a_couple(relay, film, **wishes):
    """A caller and an agent who see each other."""
    async with (
        MediaPeer.open() as first,
        MediaPeer.open(**wishes) as second,
    ):
        caller = Somebody(first, relay, "caller")
        agent = Somebody(second, relay, "agent:1")
        await caller.join()
        await agent.join()
        routes = [("caller", "agent:1"), ("agent:1", "caller")]
        await relay.client.route(call=CALL, token=1, routes=routes)
        async with going_on(first.play(film)), going_on(second.play(film)):
            yield caller, agent


async def test_two_peers_see_each_other_whole(relay, shown_film):
    async with a_couple(relay, shown_film) as (caller, agent):
        await eventually(lambda: caller.shown.frames > 70 and agent.shown.frames > 70)

        for one in (caller, agent):
            assert one.shown.keys >= 1
            assert not one.shown.jumps
            assert not one.shown.given_up
            assert not one.peer.unknown
        sounds = [s for s in agent.peer.receiving.values() if not s.video]
        assert [s.received > 50 for s in sounds] == [True]


async def test_what_a_peer_throws_away_comes_again(relay, shown_film):
    async with a_couple(relay, shown_film, lose_every=50) as (caller, agent):
        await eventually(lambda: agent.shown.frames > 100)
        stream = next(s for s in agent.peer.receiving.values() if s.video)

        assert stream.thrown_away > 3
        assert stream.recovered >= stream.thrown_away - 2
        assert not agent.shown.jumps
        assert caller.peer.heard.nacks == 0


async def test_the_relay_hears_what_it_hears_of_a_browser(relay, shown_film):
    async with a_couple(relay, shown_film) as (caller, _):
        await relay.wait_for(KeyFrameDelivered, source="caller", sink="agent:1")
        heard = caller.peer.heard
        await eventually(lambda: heard.reports > 1 and heard.sender_reports > 1)

        assert heard.remb_bps > 0
        assert heard.report is not None
        assert heard.report.lost == 0


async def test_a_key_frame_comes_when_a_peer_asks(relay, shown_film):
    async with a_couple(relay, shown_film) as (caller, agent):
        await eventually(lambda: agent.shown.frames > 20)
        asked = caller.peer.heard.key_frames

        agent.peer.ask_key_frame()

        await eventually(lambda: caller.peer.heard.key_frames > asked)
        await eventually(lambda: agent.shown.keys > 1)
        assert not agent.shown.jumps


async def test_a_peer_that_leaves_is_gone_at_once(relay):
    async with MediaPeer.open() as peer:
        await Somebody(peer, relay, "caller").join()

    await relay.wait_for(LegState, state=LegCondition.CLOSED, within=1)


async def test_a_peer_hears_that_the_relay_leaves(relay):
    async with MediaPeer.open() as peer:
        await Somebody(peer, relay, "caller").join()

        await relay.client.close_call(call=CALL, token=2)

        await eventually(lambda: peer.is_over)


@pytest.mark.parametrize("profile", PROFILES)
async def test_srtp_is_what_the_peer_wishes(relay, shown_film, profile):
    async with a_couple(relay, shown_film, profiles=(profile,)) as (_, agent):
        await eventually(lambda: agent.shown.frames > 10)

        assert agent.peer.profile == profile


async def test_a_film_sealed_beforehand_is_shown_and_counted(relay, shown_film):
    async with MediaPeer.open(receives=False) as first, MediaPeer.open() as second:
        caller, agent = (
            Somebody(first, relay, "caller"),
            Somebody(second, relay, "agent:1"),
        )
        await caller.join()
        await agent.join()
        await relay.client.route(call=CALL, token=1, routes=[("caller", "agent:1")])
        agent.peer.only_count()
        projector = Projector(shown_film)

        packets = [first.write(projector)[1] for _ in range(300)]
        for sealed in first.seal(packets):
            first.send_sealed(sealed)

        streams = list(second.receiving.values())
        await eventually(lambda: sum(s.received for s in streams) == 300)
        assert not any(s.lost for s in streams)
