"""What the network may send, whoever wrote it: counted, dropped, and nothing ends."""

from relay.transport.private import MAX_RTCP, MAX_RTP
from tests.integration.relay.peers import (
    Stranger,
    a_check,
    a_leg,
    a_peer,
    meet,
)
from tests.unit.relay.packets import rtp


async def test_a_packet_that_srtp_cannot_seal_is_counted_and_the_next_one_goes():
    async with a_leg() as leg, a_peer() as peer:
        assert await meet(leg, peer)
        head = rtp(1, 1, b"")

        leg.transport.send_rtp(head.ljust(MAX_RTP + 1, b"x"))
        leg.transport.send_rtcp(b"\x80\xc8\0\0".ljust(MAX_RTCP + 1, b"x"))
        assert (leg.wire.unsent, leg.wire.packets_out) == (2, 0)
        leg.transport.send_rtp(head.ljust(MAX_RTP, b"x"))
        leg.transport.send_rtcp(b"\x80\xc8\0\0".ljust(MAX_RTCP, b"x"))

        assert (leg.wire.unsent, leg.wire.packets_out) == (2, 2)


async def test_no_length_of_packet_raises():
    async with a_leg() as leg, a_peer() as peer:
        assert await meet(leg, peer)

        for size in range(4, 1600):
            leg.transport.send_rtp(rtp(size, 1, b"").ljust(size, b"x")[:size])
            leg.transport.send_rtcp(b"\x80\xc8\0\0".ljust(size, b"x"))

        assert leg.wire.unsent + leg.wire.packets_out == 2 * len(range(4, 1600))
        assert leg.wire.unsent >= (1599 - MAX_RTP) + (1599 - MAX_RTCP)


async def test_a_check_without_a_priority_is_refused_and_the_leg_lets_its_peer_in():
    async with a_leg() as leg, a_peer() as peer:
        with Stranger(leg) as stranger:
            stranger.sends(a_check(leg, peer, PRIORITY=None))
            answer = await stranger.hears()

        assert answer.attributes["ERROR-CODE"][0] == 400
        assert leg.wire.malformed == 1
        assert await meet(leg, peer)
