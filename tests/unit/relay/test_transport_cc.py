"""What arrived is told back so that another reading of the draft finds it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding import rtp
from relay.forwarding.transport_cc import (
    EVERY,
    MAX_JUMP,
    Part,
    TransportFeedback,
    number_of,
    write_feedback,
)

OWN, MEDIA = 0x11111111, 0x22222222
TICK = 0.00025


def read(packet):
    """Read a feedback by the draft's figures alone: (base, {number: seconds}, count)."""
    assert packet[0] == 0x80 | 15
    assert packet[1] == 205
    assert len(packet) == 4 * (int.from_bytes(packet[2:4]) + 1)
    assert (int.from_bytes(packet[4:8]), int.from_bytes(packet[8:12])) == (OWN, MEDIA)
    base, total = int.from_bytes(packet[12:14]), int.from_bytes(packet[14:16])
    at = int.from_bytes(packet[16:19], signed=True) * 0.064
    symbols: list[int] = []
    here = 20
    while len(symbols) < total:
        bits = f"{int.from_bytes(packet[here : here + 2]):016b}"
        here += 2
        if bits[0] == "0":
            symbols += [int(bits[1:3], 2)] * int(bits[3:], 2)
        elif bits[1] == "0":
            symbols += [int(bit) for bit in bits[2:]]
        else:
            symbols += [int(bits[i : i + 2], 2) for i in range(2, 16, 2)]
    found = {}
    for n, symbol in enumerate(symbols[:total]):
        assert symbol in {0, 1, 2}
        if symbol:
            at += (
                int.from_bytes(packet[here : here + symbol], signed=symbol == 2) * TICK
            )
            found[(base + n) & 0xFFFF] = at
            here += symbol
    assert not any(packet[here:])
    assert len(packet) - here < 4
    return base, found, total


def tell(feedback, arrivals, now=1e6):
    for number, at in arrivals:
        feedback.arrived(number & 0xFFFF, at)
    return [read(packet) for packet in feedback.due(now, OWN, MEDIA)]


def test_a_hole_is_told_between_what_came():
    [(base, found, total)] = tell(TransportFeedback(), [(5, 1.0), (6, 1.01), (9, 1.02)])

    assert (base, total) == (5, 5)
    assert found == pytest.approx({5: 1.0, 6: 1.01, 9: 1.02}, abs=TICK)


def test_what_is_missing_between_two_feedbacks_is_told_in_the_second():
    feedback = TransportFeedback()
    tell(feedback, [(65_534, 1.0)], now=1.0)

    [(base, found, total)] = tell(feedback, [(1, 1.06)], now=1.1)

    assert (base, total, list(found)) == (65_535, 3, [1])


def test_a_packet_that_comes_after_its_feedback_is_told_by_itself():
    feedback = TransportFeedback()
    tell(feedback, [(5, 1.0), (7, 1.0)], now=1.0)

    told = tell(feedback, [(6, 1.05), (8, 1.06)], now=1.1)

    assert [(base, list(found)) for base, found, _ in told] == [(6, [6]), (8, [8])]


def test_a_duplicate_counts_by_its_first_arrival():
    [(_, found, _)] = tell(TransportFeedback(), [(5, 1.0), (5, 1.5)])

    assert found == pytest.approx({5: 1.0}, abs=TICK)


def test_nothing_new_says_nothing_and_nothing_is_told_too_often():
    feedback = TransportFeedback()
    assert feedback.due(1.0, OWN, MEDIA) == []
    assert tell(feedback, [(1, 1.0)], now=1.0)

    assert tell(feedback, [(2, 1.01)], now=1.0 + EVERY / 2) == []
    assert tell(feedback, [], now=1.0 + EVERY)


def test_a_long_hole_is_another_beginning():
    far = 5 + MAX_JUMP + 2

    told = tell(TransportFeedback(), [(5, 1.0), (far, 1.0)])

    assert [(base, total) for base, _, total in told] == [(5, 1), (far, 1)]


def test_feedbacks_are_numbered():
    feedback = TransportFeedback()
    counts = []
    for n in range(300):
        feedback.arrived(n, 1 + n / 10)
        counts += [packet[19] for packet in feedback.due(1 + n / 10, OWN, MEDIA)]

    assert counts == [n & 0xFF for n in range(300)]


@given(st.integers(0, 0xFFFF), st.lists(st.floats(0, 0.1), min_size=1, max_size=200))
def test_what_comes_in_order_is_told_as_anything_else_would_be(first, steps):
    feedback, count = TransportFeedback(), len(steps)
    tell(feedback, [(first - 1, 100.0)], now=100.0)
    arrivals = [
        ((first + n) & 0xFFFF, 101.0 + sum(steps[: n + 1])) for n in range(count)
    ]

    for number, at in arrivals:
        feedback.arrived(number, at)
    [packet] = feedback.due(200.0, OWN, MEDIA)

    assert packet == write_feedback(
        Part(first, arrivals_from(first, arrivals)), OWN, MEDIA, 1
    )


def arrivals_from(first, arrivals):
    """The same arrivals with numbers that do not wrap around."""
    return [(first + n, at) for n, (_, at) in enumerate(arrivals)]


STEPS = st.lists(
    st.tuples(
        st.integers(-30, 30) | st.integers(-2_000, 2_000),
        st.floats(0, 0.3) | st.floats(0, 20),
        st.booleans(),
    ),
    max_size=300,
)


@given(st.integers(0, 0xFFFF), STEPS)
def test_every_arrival_is_told_once_with_its_time_in_small_packets(first, steps):
    feedback = TransportFeedback()
    number, now = first, 100.0
    came, told = {}, []
    for step, later, is_due in steps:
        number, now = number + step, now + later
        if number not in came:
            came[number] = now
            feedback.arrived(number & 0xFFFF, now)
        if is_due:
            told += feedback.due(now, OWN, MEDIA)
    told += feedback.due(now + 1, OWN, MEDIA)

    found = [(n, at) for packet in told for n, at in read(packet)[1].items()]
    assert all(len(packet) <= 1_200 for packet in told)
    wanted = sorted((n & 0xFFFF, at) for n, at in came.items())
    assert [n for n, _ in sorted(found)] == [n for n, _ in wanted]
    for (_, at), (_, when) in zip(sorted(found), wanted, strict=True):
        assert at == pytest.approx(when, abs=2 * TICK)


@given(st.lists(st.integers(0, 0xFFFF), max_size=600))
def test_hostile_numbers_end_in_readable_packets(numbers):
    feedback = TransportFeedback()
    for number in numbers:
        feedback.arrived(number, 5.0)

    told = feedback.due(6.0, OWN, MEDIA)

    assert all(len(packet) <= 1_200 for packet in told)
    assert {n for p in told for n in read(p)[1]} == set(numbers)


def a_packet(*elements, csrcs=0, profile=0xBEDE):
    block = b"".join(elements)
    block += bytes(-len(block) % 4)
    return (
        bytes([0x90 | csrcs, 96])
        + bytes(10 + 4 * csrcs)
        + profile.to_bytes(2)
        + (len(block) // 4).to_bytes(2)
        + block
    )


def element(number, value):
    return bytes([number << 4 | len(value) - 1]) + value


@pytest.mark.parametrize("csrcs", [0, 3])
def test_the_number_is_found_wherever_it_stands(csrcs):
    mid, time = element(4, b"1"), element(2, b"abc")
    number = element(3, b"\x12\x34")

    assert number_of(a_packet(number, csrcs=csrcs), 3) == 0x1234
    assert number_of(a_packet(mid, b"\0", time, number, csrcs=csrcs), 3) == 0x1234


def test_without_a_number_there_is_none():
    assert number_of(a_packet(element(4, b"1")), 3) == -1
    assert number_of(bytes([0x80]) + bytes(11), 3) == -1
    assert number_of(a_packet(element(3, b"12"), profile=0x1000), 3) == -1


@given(
    st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=8),
    st.integers(1, 14),
)
def test_the_number_is_what_the_slow_reading_says(elements, identifier):
    packet = a_packet(*(element(n, value) for n, value in elements.items()))

    slow = dict(rtp.extensions(packet)).get(identifier, b"")
    assert number_of(packet, identifier) == (
        int.from_bytes(slow) if len(slow) == 2 else -1
    )


@given(st.binary(min_size=1, max_size=60), st.integers(1, 14))
def test_hostile_bytes_hold_a_number_or_none(data, identifier):
    assert -1 <= number_of(data, identifier) <= 0xFFFF
