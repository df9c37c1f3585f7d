"""A call leaves its relay when it must, and never for a lost channel alone."""

from dataclasses import replace

import pytest

from signaling.moving import WORDS_PATIENCE, Doubt, Turns, must_move
from signaling.protocol import LegWhy

LOST_LONG = Doubt(lost_for=60.0, is_mute=True)


@pytest.mark.parametrize("has_media", [True, False])
def test_a_relay_at_whose_address_nobody_listens_is_left_at_once(has_media):
    doubt = Doubt(is_gone=True, lost_for=0.0, has_media=has_media)

    assert must_move(doubt) is LegWhy.RELAY_GONE


@pytest.mark.parametrize("has_media", [True, False])
def test_a_relay_that_says_that_it_ends_is_left(has_media):
    assert must_move(Doubt(is_leaving=True, has_media=has_media)) is LegWhy.RELAY_LEAVES


def test_a_relay_that_ended_before_its_calls_were_moved_is_gone():
    assert must_move(Doubt(is_gone=True, is_leaving=True)) is LegWhy.RELAY_GONE


def test_losing_the_channel_never_moves_a_call_whose_media_flow():
    assert must_move(LOST_LONG) is None


def test_a_silent_page_alone_moves_no_call():
    assert must_move(Doubt(is_silent=True)) is None
    assert must_move(Doubt(is_silent=True, lost_for=60.0)) is None


def test_a_relay_that_is_mute_for_us_and_silent_for_the_page_is_gone():
    doubt = Doubt(is_mute=True, is_silent=True, lost_for=None)

    assert must_move(doubt) is LegWhy.RELAY_GONE


def test_words_have_no_other_way_than_the_channel():
    just_lost = Doubt(is_mute=True, lost_for=WORDS_PATIENCE / 2, has_media=False)
    answers = Doubt(is_mute=False, lost_for=60.0, has_media=False)

    assert must_move(just_lost) is None
    assert must_move(answers) is None
    assert must_move(replace(LOST_LONG, has_media=False)) is LegWhy.RELAY_GONE


def test_those_who_ask_at_once_have_their_turns_one_after_another():
    turns = Turns(per_second=10)

    waits = [turns.wait(100.0) for _ in range(4)]

    assert waits == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_whoever_asks_much_later_waits_for_nobody():
    turns = Turns(per_second=10)
    for _ in range(4):
        turns.wait(100.0)

    assert turns.wait(200.0) == 0.0
