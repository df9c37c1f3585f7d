"""Who sits on an m-line stays there, whoever else comes and goes."""

from hypothesis import given
from hypothesis import strategies as st

from relay.model import ParticipantId
from relay.seats import Seats, seat

LINES = ("1", "3", "4")
ANYBODY = [ParticipantId(name) for name in "abcde"]

wishes = st.lists(st.sampled_from(ANYBODY), unique=True)
some_lines = st.permutations(LINES).map(tuple) | st.just(LINES[:1])


def after(*wanted, lines=LINES):
    """The seats after people were wanted, one wish after the other."""
    seats: Seats = {}
    for wish in wanted:
        seats = seat(seats, [ParticipantId(name) for name in wish], lines)
    return seats


def test_the_first_source_takes_the_first_line():
    assert after("ab") == {"1": "a", "3": "b"}


def test_who_sits_stays_when_the_one_before_leaves():
    assert after("ab", "b") == {"3": "b"}


def test_who_comes_takes_the_line_that_is_free():
    assert after("ab", "b", "bc") == {"3": "b", "1": "c"}


def test_who_finds_no_line_waits_for_one():
    assert after("abcd") == {"1": "a", "3": "b", "4": "c"}
    assert after("abcd", "bcd") == {"3": "b", "4": "c", "1": "d"}


def test_whose_line_went_moves_to_another():
    a, b = ANYBODY[:2]

    assert seat({"1": a, "3": b}, [a, b], ["3", "4"]) == {"3": b, "4": a}


@given(st.lists(wishes), wishes, some_lines)
def test_whoever_sits_and_is_wanted_keeps_their_line(history, wanted, lines):
    before = after(*history, lines=lines)

    now = seat(before, wanted, lines)

    for line, who in before.items():
        if who in wanted:
            assert now[line] == who


@given(st.lists(wishes), wishes, some_lines)
def test_nobody_sits_twice_and_nobody_stands_beside_a_free_line(history, wanted, lines):
    now = seat(after(*history, lines=lines), wanted, lines)

    assert set(now) <= set(lines)
    assert set(now.values()) <= set(wanted)
    assert len(set(now.values())) == len(now) == min(len(wanted), len(lines))


@given(st.lists(wishes), wishes, some_lines)
def test_the_same_wish_again_changes_nothing(history, wanted, lines):
    now = seat(after(*history, lines=lines), wanted, lines)

    assert seat(now, wanted, lines) == now
