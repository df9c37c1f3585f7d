"""What the network may send, whoever wrote it: counted, dropped, and nothing ends."""

import asyncio
import time
from collections import Counter
from contextlib import ExitStack

import pytest
from aioice import stun

from relay.forwarding import rtcp
from relay.transport.media_path import MEDIA_A_SECOND, TALK_A_SECOND
from relay.transport.private import MAX_ADDRESSES, MAX_HANDSHAKES
from relay.transport.srtp import MAX_RTCP, MAX_RTP
from tests.integration.relay.peers import (
    Stranger,
    a_check,
    a_leg,
    a_peer,
    a_question,
    answer_the_check,
    going_on,
    meet,
)
from tests.unit.relay.packets import rtp

CHUNK = 64
"""Packets after which a leg must have read all: its buffer loses none."""

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
        assert leg.wire.refused == 1
        assert await meet(leg, peer)


async def test_who_proves_nothing_is_answered_with_no_more_than_they_sent():
    """Their address may be somebody else's, whom we would flood."""
    async with a_leg() as leg, a_peer() as peer:
        wrong = a_check(leg, peer, USERNAME="not:known")
        forged = a_check(leg, peer)
        forged.add_message_integrity(b"not the password")
        questions = [*map(a_question, range(64)), wrong, forged]
        sent = {question.transaction_id: len(bytes(question)) for question in questions}
        with Stranger(leg) as stranger:
            answers = {}
            for question in questions:
                stranger.sends(question)
            while forged.transaction_id not in answers:
                data = await stranger.hears_bytes()
                answers[data[8:20]] = len(data)

        assert all(answers[one] <= sent[one] for one in answers)
        assert {wrong.transaction_id, forged.transaction_id} <= set(answers)
        assert leg.wire.refused == len(questions)
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
    """Each check is answered, so the ports that it left give way.

    They stay open, for the system would give one of them a second time now and then.
    """
    async with a_leg() as leg, a_peer() as peer, going_on(leg.lets_in(peer)):
        with ExitStack() as stack:
            for _ in range(3 * MAX_ADDRESSES):
                stranger = stack.enter_context(Stranger(leg))
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
    request = a_question()
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


async def test_a_flood_of_records_at_the_peers_address_only_delays_its_handshake():
    async with a_leg() as leg, a_peer() as peer:

        async def comes():
            await peer.reach(leg)
            hello = await peer.connection.recv()
            with Stranger(leg) as stranger:
                for _ in range(MAX_HANDSHAKES):
                    for first in (20, 22, 23, 32, 63):
                        record = bytes([first, 254, 253]) + bytes(10)
                        await peer.connection.send(record)
                    await stranger.is_heard()
            peer.connection.data_received(hello, 1)
            await peer.shake_hands(leg)

        begun = time.monotonic()
        async with going_on(comes()) as coming:
            assert await leg.lets_in(peer)
            await coming
        gone = time.monotonic() - begun

        assert leg.wire.excess >= (4 - gone) * MAX_HANDSHAKES
        assert leg.wire.malformed == leg.wire.undecipherable == 0


@pytest.mark.parametrize(
    ("limit", "packet"),
    [
        (MEDIA_A_SECOND, lambda n: rtp(n, 1, b"flood")),
        (TALK_A_SECOND, lambda _n: rtcp.receiver_report(1, ())),
    ],
    ids=["rtp", "rtcp"],
)
async def test_a_browser_that_floods_is_heard_in_part_and_its_neighbour_as_ever(
    limit, packet
):
    async with a_leg() as leg, a_peer() as peer, a_leg() as beside, a_peer() as other:
        assert await meet(leg, peer)
        assert await meet(beside, other)
        heard: Counter[object] = Counter()
        for each in (leg, beside):
            media = each.transport.media
            media.on_rtp = media.on_rtcp = lambda _data, _now, leg=each: heard.update(
                [leg]
            )

        begun = time.monotonic()
        for n in range(3 * limit):
            await peer.says(packet(n))
            if n % CHUNK == 0:
                await other.says(packet(n))
                await leg.has_read(n + 1)
        gone = time.monotonic() - begun
        await leg.has_read(3 * limit)
        await beside.has_read(-(-3 * limit // CHUNK))

        assert heard[leg] <= limit * (1 + gone) + CHUNK
        assert heard[leg] + leg.wire.excess == 3 * limit
        assert heard[beside] == beside.wire.packets_in
        assert beside.wire.excess == 0


async def test_what_only_begins_like_stun_is_counted_and_not_kept():
    async with a_leg() as leg, a_peer() as peer:
        with Stranger(leg) as stranger:
            for first in range(4):
                stranger.sends(bytes([first]) * 40)
            await stranger.is_heard()

        assert leg.wire.malformed >= 4
        assert await meet(leg, peer)
