"""The eye gets frames in order, and is told where one is missing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.frames import MAX_PENDING, MAX_WAITING, PATIENCE, FrameAssembler
from tests.unit.relay.packets import vp8

STEP = 3000


def feed(assembler, *packets, now=0.0):
    """Feed (sequence, timestamp, payload, marker) and list the frames that come."""
    return [
        frame
        for sequence, timestamp, payload, marker in packets
        for frame in assembler.add(
            sequence & 0xFFFF, timestamp & 0xFFFFFFFF, payload, now, marker=marker
        )
    ]


def film(count, *, parts=2, sequence=65530, timestamp=0xFFFFFFFF - 5 * STEP):
    """Packets of a film that begins with a key frame, over all wraps of numbers."""
    return [
        (
            sequence + n * parts + part,
            timestamp + n * STEP,
            vp8(
                key=n == 0,
                start=part == 0,
                picture=0x7FFA + n,
                body=bytes([n & 0xFF, part]),
            ),
            part == parts - 1,
        )
        for n in range(count)
        for part in range(parts)
    ]


def layered(count):
    """One packet a frame: layer 0, 2, 1, 2 and again, as browsers send L1T3."""
    packets, tl0 = [], 250
    for n in range(count):
        layer = (0, 2, 1, 2)[n % 4]
        tl0 += layer == 0
        payload = vp8(key=n == 0, picture=n, tl0=tl0, temporal_id=layer, body=bytes(9))
        packets.append((n, n * STEP, payload, True))
    return packets


def test_a_frame_is_put_together_whatever_the_order():
    first, second = vp8(key=True, body=b"ab"), vp8(start=False, body=b"cd")

    [made] = feed(FrameAssembler(), (6, 90, second, True), (5, 90, first, False))

    assert made.data == b"\x00ab\x01cd"
    assert (made.key, made.timestamp, made.temporal_id) == (True, 90, 0)


@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_packets_that_overtake_change_nothing(order, parts):
    packets = film(12, parts=parts)
    shuffled = packets[:1] + order.sample(packets[1:], len(packets) - 1)

    in_order = feed(FrameAssembler(), *packets)
    found = feed(FrameAssembler(), *shuffled)

    assert len(in_order) == 12
    assert found == in_order
    assert all(frame.follows for frame in found)


def test_a_frame_waits_for_the_one_before_it():
    assembler = FrameAssembler()
    one, two, three = film(3, parts=1)

    assert len(feed(assembler, one)) == 1
    assert not feed(assembler, three, now=0.1)
    made = feed(assembler, two, now=0.2)

    assert [frame.follows for frame in made] == [True, True]
    assert [frame.timestamp for frame in made] == [
        two[1] & 0xFFFFFFFF,
        three[1] & 0xFFFFFFFF,
    ]


def test_after_its_patience_a_missing_frame_is_told():
    assembler = FrameAssembler()
    one, _, three, four, five = film(5, parts=1)

    feed(assembler, one)
    feed(assembler, three, now=0.1)
    made = feed(assembler, four, five, now=0.11 + PATIENCE)

    assert [(frame.follows, frame.data != b"") for frame in made] == [
        (False, True),
        (True, True),
        (True, True),
    ]


def test_a_frame_with_a_hole_is_counted_and_not_shown():
    assembler = FrameAssembler()
    packets = film(3, parts=3)
    del packets[4]

    feed(assembler, *packets)
    late = feed(assembler, (0, 0, b"", True), *film(4, parts=3)[9:], now=2 * PATIENCE)

    assert [(frame.data == b"", frame.follows) for frame in late] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_a_key_frame_ends_the_waiting():
    assembler = FrameAssembler()
    one, _, three = film(3, parts=1)
    key = (three[0] + 1, three[1] + STEP, vp8(key=True), True)

    feed(assembler, one)
    made = feed(assembler, three, key)

    assert [(frame.key, frame.follows) for frame in made] == [
        (False, False),
        (True, True),
    ]


def test_what_comes_after_its_turn_is_not_shown_again():
    assembler = FrameAssembler()
    packets = film(3)

    assert len(feed(assembler, *packets)) == 3
    assert not feed(assembler, *packets)


def test_layers_above_the_first_are_counted_without_their_bytes():
    made = feed(FrameAssembler(), *layered(8))

    assert [frame.temporal_id for frame in made] == [0, 2, 1, 2] * 2
    assert [frame.data != b"" for frame in made] == [True, False, False, False] * 2
    assert all(frame.follows for frame in made)


def test_the_first_layer_does_not_need_those_above_it():
    assembler = FrameAssembler()
    packets = [one for n, one in enumerate(layered(9)) if n not in (1, 3, 6, 7)]

    made = feed(assembler, *packets)

    assert all(frame.follows for frame in made)
    assert sum(frame.data != b"" for frame in made) == 3


def test_a_missing_frame_of_the_first_layer_is_told_behind_whole_upper_ones():
    assembler = FrameAssembler()
    packets = layered(9)
    del packets[4]

    feed(assembler, *packets[:-1])
    made = feed(assembler, packets[-1], now=0.0)
    made += feed(assembler, *layered(10)[9:], now=2 * PATIENCE)

    assert [frame.follows for frame in made if frame.temporal_id == 0] == [False]


def test_a_gap_of_numbers_without_a_frame_in_it_is_no_hole():
    """Padding takes sequence numbers and no picture id."""
    assembler = FrameAssembler()
    one, two = film(2, parts=1)

    made = feed(assembler, one, (two[0] + 40, *two[1:]))

    assert [frame.follows for frame in made] == [True, True]


@pytest.mark.parametrize("seed", range(5))
def test_five_lost_of_a_hundred_that_come_again_leave_no_hole(seed):
    """A retransmission 80 ms later; the facts: frames were given out of order."""
    random_ = random.Random(seed)
    sent = [(n / 60, packet) for n, packet in enumerate(film(300))]
    arriving = sorted(
        (at + (0.08 if n and random_.random() < 0.05 else 0.0), packet)
        for n, (at, packet) in enumerate(sent)
    )
    assembler = FrameAssembler()

    made = [
        frame for at, packet in arriving for frame in feed(assembler, packet, now=at)
    ]

    assert len(made) == 300
    assert all(frame.follows and frame.data for frame in made)


def test_unfinished_frames_do_not_pile_up():
    assembler = FrameAssembler()
    for n in range(1000):
        feed(assembler, (n * 3, n * STEP, vp8(), False))

    assert len(assembler._pending) <= MAX_PENDING


def test_packets_of_unfinished_frames_do_not_pile_up():
    assembler = FrameAssembler()
    for n in range(20_000):
        feed(assembler, (n, n // 2000 * STEP, vp8(start=False), False))

    held = sum(len(pending.parts) for pending in assembler._pending.values())
    assert held <= MAX_WAITING


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20), st.integers(0, 3), st.binary(max_size=8), st.booleans()
        ),
        max_size=60,
    )
)
def test_no_order_of_packets_raises(parts):
    feed(FrameAssembler(), *parts)
