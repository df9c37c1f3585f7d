"""How often one stream is looked at."""

import pytest

from relay.eye.pace import Pace
from relay.eye.thresholds import read_thresholds

THRESHOLDS = read_thresholds()
RULE = THRESHOLDS.sampling
FRAME = 1 / 30


class Look:
    """Plays frames at 30 a second, and counts what is looked at."""

    def __init__(self, pace, *, parts=1):
        self.pace = pace
        self.parts = parts  # of a picture, that each search for a face looks at
        self.at = 0.0
        self.counts = {"samples": 0, "faces": 0, "hands": 0}

    def play(self, seconds, *, moving=True, odd_face=False, odd_hands=False):
        self.counts = dict.fromkeys(self.counts, 0)
        for _ in range(round(seconds / FRAME)):
            if self.pace.wants_sample(self.at):
                self._sample(moving)
                self.pace.mind(self.at, face=odd_face, hands=odd_hands)
            self.at += FRAME
        return self.counts

    def _sample(self, moving):
        self.pace.sampled(self.at)
        self.counts["samples"] += 1
        if self.pace.wants_face(self.at):
            self.pace.searched(self.at, self.parts)
            self.counts["faces"] += 1
        if self.pace.wants_hands(self.at, moving=moving):
            self.pace.checked(self.at)
            self.counts["hands"] += 1


def test_pictures_are_measured_thrice_a_second_faces_less_and_hands_once():
    counts = Look(Pace(THRESHOLDS)).play(30)

    assert 85 <= counts["samples"] <= 91
    assert 42 <= counts["faces"] <= 46
    assert 28 <= counts["hands"] <= 31


def test_the_hands_of_somebody_who_rests_are_checked_half_as_often():
    counts = Look(Pace(THRESHOLDS)).play(30, moving=False)

    assert 14 <= counts["hands"] <= 16


@pytest.mark.parametrize(("odd", "of"), [("odd_face", "faces"), ("odd_hands", "hands")])
def test_what_is_odd_is_looked_at_in_each_sample(odd, of):
    counts = Look(Pace(THRESHOLDS)).play(6, **{odd: True})

    assert counts[of] >= counts["samples"] - 1


def test_where_most_of_the_picture_has_changed_a_face_is_looked_for_at_once():
    pace = Pace(THRESHOLDS)
    assert pace.wants_face(0.0)
    pace.searched(0.0, 1)

    assert not pace.wants_face(RULE.interval_s)
    assert pace.wants_face(RULE.interval_s, changed=True)


def test_an_odd_face_is_looked_at_closely_for_some_seconds_more():
    look = Look(Pace(THRESHOLDS))
    look.play(3, odd_face=True)

    after = look.play(RULE.alert_s - 0.5)
    later = look.play(3)

    assert after["faces"] >= after["samples"] - 1
    assert later["faces"] < later["samples"] * 0.7


@pytest.mark.parametrize("parts", [1, 2, 4])
def test_looking_stays_within_its_budget_however_much_is_odd(parts):
    look = Look(Pace(THRESHOLDS), parts=parts)

    counts = look.play(120, odd_face=True, odd_hands=True)

    most = 120 * RULE.face_looks_per_s + RULE.face_looks_saved + parts
    assert counts["faces"] * parts <= most
    assert counts["hands"] <= 120 * RULE.hands_looks_per_s + RULE.hands_looks_saved + 1


@pytest.mark.parametrize("parts", [1, 4])
def test_when_something_is_odd_there_is_always_budget_left_for_a_close_look(parts):
    look = Look(Pace(THRESHOLDS), parts=parts)
    look.play(60)

    counts = look.play(4, odd_face=True, odd_hands=True)

    assert counts["faces"] >= counts["samples"] - 1
    assert counts["hands"] >= counts["samples"] - 1


def test_under_pressure_everything_is_done_less_often():
    pace = Pace(THRESHOLDS)
    pace.press(4.0)

    counts = Look(pace).play(30)

    assert 33 <= counts["samples"] <= 37, "three in each window"
    assert counts["faces"] <= 13
    assert 6 <= counts["hands"] <= 8
