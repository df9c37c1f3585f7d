"""Hostile bytes are drawn, not invented: a seed gives them again, and most get far."""

import random
import struct
from contextlib import suppress

import msgspec
import pytest
from aioice import stun

from benchmarks.mutations import LONGEST, Film, Talk, resized, scrambled
from benchmarks.mutations_below import CLASSES, Ice, check, datagram, dtls
from benchmarks.mutations_below import stun as hostile_stun
from benchmarks.mutations_words import Commands, offer
from relay import messages
from relay.errors import BadSdpError, NoVideoError
from relay.forwarding import rtcp, rtp, vp8
from relay.transport.records import sound_records
from relay.transport.sdp import read_offer
from tests.integration.relay.offers import an_offer

ICE = Ice("ours:theirs", "p" * 22)
FACTS = {
    "call": ["c1", "c2"],
    "participant": ["caller-1", "agent-1"],
    "incarnation": ["life"],
    "leg": ["leg-1"],
    "sdp": [an_offer()],
}


def makers(seed):
    """Every kind of hostile bytes, drawn from one seed."""
    chance = random.Random(seed)
    return {
        "rtp": Film(chance).hostile,
        "rtcp": Talk(chance).hostile,
        "datagram": lambda: datagram(chance),
        "stun": lambda: hostile_stun(chance, ICE, may_nominate=True),
        "dtls": lambda: dtls(chance),
        "sdp": lambda: offer(chance, an_offer()).encode("utf-8", "replace"),
        "control": lambda: (
            Commands(chance, FACTS).hostile().encode("utf-8", "surrogatepass")
        ),
    }


@pytest.mark.parametrize("kind", makers(0))
def test_a_seed_gives_the_same_bytes_again_and_another_seed_others(kind):
    first, again, other = (
        [make() for _ in range(200)]
        for make in (makers(1)[kind], makers(1)[kind], makers(2)[kind])
    )

    assert first == again != other
    assert len(set(first)) > 100


@pytest.mark.parametrize("kind", ["rtp", "rtcp", "datagram", "stun", "dtls"])
def test_no_datagram_is_longer_than_the_longest_and_some_are_as_long(kind):
    sizes = [len(makers(3)[kind]()) for _ in range(1)]
    make = makers(4)[kind]
    sizes += [len(make()) for _ in range(3000)]

    assert max(sizes) <= LONGEST
    assert max(sizes) > 1500


def test_a_film_without_lies_is_understood():
    film = Film(random.Random(5))

    for data in [*film.key_frame(), *(film.sound() for _ in range(300))]:
        offset = rtp.payload_offset(data)
        assert offset > 12
        assert dict(rtp.extensions(data))[4] == b"1"
        if data[1] & 0x7F == film.stream.payload_type:
            assert vp8.describe(data, offset, len(data)) is not None
        if data[0] & 0x20:
            assert rtp.payload_end(data, offset) >= offset


def test_a_key_frame_begins_with_one_and_ends_with_a_marker():
    packets = Film(random.Random(5)).key_frame(4)

    offset = rtp.payload_offset(packets[0])
    assert vp8.starts_key_frame(packets[0], offset)
    assert [p[1] >> 7 for p in packets] == [0, 0, 0, 1]


def test_a_talk_without_lies_is_understood():
    talk = Talk(random.Random(6))

    heard = [rtcp.parse(talk.sound()) for _ in range(300)]
    assert not any(found.malformed for found in heard)
    for what in ("reports", "senders", "nacks", "key_frames", "remb", "byes"):
        assert any(getattr(found, what) for found in heard), what


@pytest.mark.parametrize(
    ("kind", "is_refused"),
    [
        ("rtp", lambda data: rtp.payload_offset(data) < 0),
        ("rtcp", lambda data: rtcp.parse(data).malformed),
    ],
)
def test_most_lies_about_media_are_well_formed_and_some_are_not(kind, is_refused):
    make = makers(7)[kind]
    refused = sum(is_refused(make()) for _ in range(2000))

    assert 50 < refused < 1500


def test_a_check_is_signed_as_a_browser_signs_it():
    message = stun.parse_message(check(random.Random(8), ICE))

    assert message.check_message_integrity(ICE.password.encode())
    assert message.attributes["USERNAME"] == ICE.username
    assert "USE-CANDIDATE" not in message.attributes


def test_many_lies_about_checks_are_signed_rightly_and_nominate_only_if_they_may():
    chance = random.Random(9)
    believed = [
        message
        for _ in range(1000)
        for message in parsed(hostile_stun(chance, ICE, may_nominate=False))
        if message.check_message_integrity(ICE.password.encode())
    ]

    assert len(believed) > 100
    assert all("USE-CANDIDATE" not in message.attributes for message in believed)


def parsed(data):
    """The message that a datagram holds, if it holds one."""
    with suppress(ValueError, struct.error, IndexError, UnicodeDecodeError):
        return [stun.parse_message(data)]
    return []


def test_datagrams_begin_with_every_class_of_first_byte_or_are_empty():
    chance = random.Random(10)
    firsts = {data[0] for _ in range(3000) if (data := datagram(chance))}

    assert all(any(low <= f <= high for f in firsts) for low, high in CLASSES)
    assert any(datagram(chance) == b"" for _ in range(1000))


def test_what_is_meant_for_dtls_begins_like_it_and_much_of_it_has_sound_heads():
    chance = random.Random(11)
    drawn = [dtls(chance) for _ in range(1000)]

    assert all(19 < data[0] < 64 for data in drawn)
    assert sum(bool(sound_records(data)) for data in drawn) > 300


def test_offers_that_lie_are_refused_or_still_understood():
    chance = random.Random(12)
    understood = 0
    for _ in range(500):
        try:
            read_offer(offer(chance, an_offer()))
        except (BadSdpError, NoVideoError):
            continue
        understood += 1

    assert 50 < understood < 450


def test_every_command_is_made_and_understood_when_it_does_not_lie():
    commands = Commands(random.Random(13), FACTS)

    read = [
        messages.decode_for_relay(msgspec.json.encode(commands.sound()))
        for _ in range(400)
    ]
    assert {type(r.command) for r in read if isinstance(r, messages.Request)} == set(
        commands.kinds
    )


@pytest.mark.parametrize("change", [scrambled, resized])
def test_whatever_the_bytes_are_they_can_be_changed(change):
    chance = random.Random(14)

    for size in range(40):
        assert isinstance(change(chance, bytes(size)), bytes)
