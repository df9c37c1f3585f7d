"""What the network may send, whoever wrote it: counted, dropped, and nothing ends."""

import asyncio
from contextlib import ExitStack

from aioice import stun

from relay.transport.private import MAX_ADDRESSES
from relay.transport.srtp import MAX_RTCP, MAX_RTP
from tests.integration.relay.peers import (
    Stranger,
    a_check,
    a_leg,
    a_peer,
    answer_the_check,
    going_on,
    meet,
)
from tests.unit.relay.packets import rtp

ALERT = bytes.fromhex("15fefd000000000000000000020228")
"""Fatal, in the clear: handshake failure."""


async def test_a_packet_that_srtp_cannot_seal_is_counted_and_the_next_one_goes():
    async with a_leg() as leg, a_peer() as peer:
        assert await meet(leg, peer)
        head = rtp(1, 1, b"")

        leg.transport.media.send_rtp(head, b"x" * (MAX_RTP - 11))
        leg.transport.media.send_rtcp(b"\x80\xc8\0\0".ljust(MAX_RTCP + 1, b"x"))
        assert (leg.wire.unsent, leg.wire.packets_out) == (2, 0)
        leg.transport.media.send_rtp(head, b"x" * (MAX_RTP - 12))
        leg.transport.media.send_rtcp(b"\x80\xc8\0\0".ljust(MAX_RTCP, b"x"))

        assert (leg.wire.unsent, leg.wire.packets_out) == (2, 2)


async def test_no_length_of_packet_raises():
    async with a_leg() as leg, a_peer() as peer:
        assert await meet(leg, peer)

        for size in range(4, 1600):
            leg.transport.media.send_rtp(rtp(size, 1, b"")[:size], b"x" * (size - 12))
            leg.transport.media.send_rtcp(b"\x80\xc8\0\0".ljust(size, b"x"))

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


async def test_a_flood_of_checks_from_new_ports_keeps_sixteen_of_them():
    async with a_leg() as leg, a_peer() as peer, going_on(leg.lets_in(peer)):
        before = len(asyncio.all_tasks())
        with ExitStack() as stack:
            for _ in range(300):
                stranger = stack.enter_context(Stranger(leg))
                stranger.sends(a_check(leg, peer))
                await stranger.is_heard()
                assert len(asyncio.all_tasks()) <= before + MAX_ADDRESSES + 4

            assert leg.wire.strangers == 300 - MAX_ADDRESSES


async def test_a_peer_that_moves_from_port_to_port_is_followed_without_end():
    """Each check is answered, so the ports that it left give way."""
    async with a_leg() as leg, a_peer() as peer, going_on(leg.lets_in(peer)):
        for _ in range(3 * MAX_ADDRESSES):
            with Stranger(leg) as stranger:
                stranger.sends(a_check(leg, peer))
                await answer_the_check(stranger, leg, peer)
                await stranger.is_heard()

        assert leg.wire.strangers == 0


async def test_a_peer_that_claims_the_controlled_role_is_told_to_switch():
    async with a_leg() as leg, a_peer() as peer, going_on(leg.lets_in(peer)):
        facts = {"ICE-CONTROLLING": None, "ICE-CONTROLLED": 1}
        with Stranger(leg) as stranger:
            await stranger.is_heard()
            stranger.sends(a_check(leg, peer, **facts))
            assert (await stranger.hears()).attributes["ERROR-CODE"][0] == 487
            for tie_breaker in (0, 1):
                facts["ICE-CONTROLLED"] = tie_breaker
                stranger.sends(a_check(leg, peer, **facts))
            stranger.sends(a_check(leg, peer))

            check = await answer_the_check(stranger, leg, peer)
            assert "ICE-CONTROLLED" in check.attributes
            assert "ICE-CONTROLLING" not in check.attributes


async def test_a_peer_that_answers_role_conflict_for_ever_is_not_asked_for_ever():
    async with a_leg() as leg, a_peer() as peer, going_on(leg.lets_in(peer)):
        with Stranger(leg) as stranger:
            stranger.sends(a_check(leg, peer))
            await answer_the_check(stranger, leg, peer, code=487)

            heard = [
                message
                for _ in range(5)
                for message in await all_until_heard(stranger)
                if message.message_class is stun.Class.REQUEST
            ]
            assert heard == []


async def all_until_heard(stranger):
    """Everything that the leg says before it answers one more request."""
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    stranger.sends(request)
    said: list[stun.Message] = []
    while not said or said[-1].transaction_id != request.transaction_id:
        said.append(await stranger.hears())
    return said


async def test_an_alert_of_a_stranger_ends_no_handshake():
    async with a_leg() as leg, a_peer() as peer:
        with Stranger(leg) as stranger:
            stranger.sends(ALERT)
            stranger.sends(ALERT[:4])
            await stranger.is_heard()

        assert await meet(leg, peer)
        assert leg.wire.strangers == 2


async def test_an_alert_in_the_clear_ends_no_handshake_even_at_the_peers_address():
    async with a_leg() as leg, a_peer() as peer:

        async def comes():
            await peer.reach(leg)
            hello = await peer.connection.recv()
            await peer.connection.send(ALERT)
            peer.connection.data_received(hello, 1)
            await peer.shake_hands(leg)

        async with going_on(comes()) as coming:
            assert await leg.lets_in(peer)
            await coming
        assert (leg.wire.strangers, leg.wire.undecipherable) == (0, 1)


async def test_what_only_begins_like_stun_is_counted_and_not_kept():
    async with a_leg() as leg, a_peer() as peer:
        with Stranger(leg) as stranger:
            for first in range(4):
                stranger.sends(bytes([first]) * 40)
            await stranger.is_heard()

        assert leg.wire.malformed >= 4
        assert await meet(leg, peer)
