"""Packets left out on purpose leave no hole in the numbers, and NACKs find the way back."""

from hypothesis import given
from hypothesis import strategies as st

from relay.forwarding.numbers import MAX_HOLES, NumberMap

NUMBERS = st.integers(0, 0xFFFF)

FATES = st.lists(
    st.sampled_from(["sent", "left out", "lost", "late"]), min_size=1, max_size=400
)
"""What becomes of the packets of a source, in their order."""


def fill(numbers, first, fates):
    """Run packets through a map; gives their numbers out (-1: left out), by position."""
    given_out = {}
    late = []
    for n, fate in enumerate(fates):
        sequence = (first + n) & 0xFFFF
        if fate == "late":
            late.append(n)
        elif fate == "left out":
            assert numbers.leave_out(sequence, new_picture=True)
            given_out[n] = -1
        elif fate == "sent":
            given_out[n] = numbers.send(sequence)
    if set(fates) <= {"lost", "late"}:
        return {}
    newest = max(given_out)
    for n in late:
        if n < newest:
            assert not numbers.leave_out((first + n) & 0xFFFF, new_picture=True)
            given_out[n] = numbers.send((first + n) & 0xFFFF)
    return given_out


@given(NUMBERS, NUMBERS)
def test_without_a_hole_a_constant_turns_numbers_into_those_sent(first, out):
    numbers = NumberMap(first, out)

    for n in range(100):
        sequence = (first + n) & 0xFFFF
        assert numbers.send(sequence) == (out + n) & 0xFFFF
        assert numbers.original((out + n) & 0xFFFF) == sequence
    assert numbers.original((out + 100) & 0xFFFF) == -1
    assert numbers.original((out - 1) & 0xFFFF) == -1
    assert numbers.send((first - 1) & 0xFFFF) == -1


@given(NUMBERS, NUMBERS, FATES)
def test_numbers_go_out_without_a_hole_but_for_what_was_lost(first, out, fates):
    numbers = NumberMap(first, out)
    given_out = fill(numbers, first, fates)

    left_out = 0
    for n, fate in enumerate(fates):
        if n in given_out and fate != "left out":
            assert given_out[n] == (out + n - left_out) & 0xFFFF
        left_out += fate == "left out"


@given(NUMBERS, NUMBERS, FATES)
def test_every_number_sent_is_found_again(first, out, fates):
    numbers = NumberMap(first, out)
    given_out = fill(numbers, first, fates)

    for n, sent in given_out.items():
        if sent >= 0:
            assert numbers.original(sent) == (first + n) & 0xFFFF
    assert numbers.original((numbers.last + 1) & 0xFFFF) == -1


@given(NUMBERS, NUMBERS, FATES)
def test_what_was_left_out_stays_out_and_what_was_sent_keeps_its_number(
    first, out, fates
):
    numbers = NumberMap(first, out)
    for n, sent in fill(numbers, first, fates).items():
        assert numbers.send((first + n) & 0xFFFF) == sent


@given(NUMBERS, FATES)
def test_pictures_left_out_before_a_packet_are_counted(first, fates):
    numbers = NumberMap(first, 0)
    given_out = fill(numbers, first, fates)

    for n in (n for n, sent in given_out.items() if sent >= 0):
        before = fates[:n].count("left out")
        assert numbers.pictures((first + n) & 0xFFFF) == before


def test_a_long_stay_with_many_holes_forgets_the_oldest_and_nothing_newer():
    numbers = NumberMap(60_000, 100)
    sent = []
    for n in range(100_000):
        sequence = (60_000 + n) & 0xFFFF
        if n % 20 == 19:
            numbers.leave_out(sequence, new_picture=True)
        else:
            sent.append((numbers.send(sequence), sequence))

    assert [out for out, _ in sent] == [(100 + n) & 0xFFFF for n in range(len(sent))]
    kept = (MAX_HOLES - 1) * 19
    assert all(numbers.original(out) == own for out, own in sent[-kept:])
    assert numbers.original(sent[-kept - 40][0]) == -1
    assert numbers.pictures_left_out == 5_000
