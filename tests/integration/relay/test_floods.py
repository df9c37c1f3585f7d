"""What one browser can make its leg do: no more than it is worth."""

import time

from benchmarks.media_peer import MediaPeer
from relay.forwarding import rtcp
from relay.forwarding.browser import ASKED_A_SECOND
from relay.forwarding.nack import MAX_MISSED, MAX_MISSING
from relay.messages import LegCondition
from tests.integration.relay.legs import connected
from tests.integration.relay.relays import eventually

JUMPS = 200
WISHES = 100


async def jump(peer, leg, by, times):
    """Send as many packets, each so many numbers after the one before."""
    line = peer.line("video")
    before = leg.counters()["packets_in"]
    for n in range(times):
        packet = line.write(b"x" * 20, timestamp=n, marker=True, at=0.0, number=-1)
        sequence = (1000 + by * n) & 0xFFFF
        peer.send(packet[:2] + sequence.to_bytes(2) + packet[4:])
        if n % 20 == 19:
            sent = before + n + 1
            await eventually(lambda sent=sent: leg.counters()["packets_in"] >= sent)


async def test_a_source_that_jumps_with_each_packet_is_soon_asked_no_more():
    async with MediaPeer.open() as peer, connected(peer) as leg:
        begun = time.monotonic()
        await jump(peer, leg, by=MAX_MISSING, times=JUMPS)
        gone = time.monotonic() - begun

        asked = peer.heard.nacks
        assert 0 < asked <= MAX_MISSED * (2 + gone)
        assert asked < JUMPS * MAX_MISSING / 4


async def test_a_source_that_loses_every_other_packet_is_asked_for_all_of_them():
    async with MediaPeer.open() as peer, connected(peer) as leg:
        await jump(peer, leg, by=2, times=JUMPS)

        await eventually(lambda: peer.heard.nacks >= JUMPS - 1)


async def test_of_what_a_browser_asks_for_again_a_part_is_looked_up():
    async with MediaPeer.open() as peer, connected(peer) as leg:
        [stream] = [one for one in peer.receiving.values() if one.video]
        begun, before = time.monotonic(), leg.counters()["packets_in"]
        for n in range(WISHES):
            wish = rtcp.nack(1, stream.ssrc, range(n, n + MAX_MISSING))
            peer.send_rtcp(wish)
            if n % 20 == 19:
                sent = before + n + 1
                await eventually(lambda sent=sent: leg.counters()["packets_in"] >= sent)
        gone = time.monotonic() - begun

        looked_up = (WISHES - leg.counters()["excess"]) * MAX_MISSING
        assert 0 < looked_up <= ASKED_A_SECOND * (1 + gone)
        assert leg.condition is LegCondition.CONNECTED
