"""How often one stream is looked at."""

import pytest

from relay.eye.pace import Pace
from relay.eye.thresholds import read_thresholds

THRESHOLDS = read_thresholds()
RULE = THRESHOLDS.sampling
FRAME = 1 / 30


class Look:
    """Plays frames at 30 a second, and counts what is looked at."""

    def __init__(self, pace, *, face_s=0.0, hands_s=0.0):
        self.pace = pace
        self.costs = {"faces": face_s, "hands": hands_s}
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
            self.pace.searched(self.at, self.costs["faces"])
            self.counts["faces"] += 1
        if self.pace.wants_hands(self.at, moving=moving):
            self.pace.checked(self.at, self.costs["hands"])
            self.counts["hands"] += 1

    def cost_s(self, of):
        return self.counts[of] * self.costs[of]


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
    counts = Look(Pace(THRESHOLDS)).play(30, **{odd: True})

    assert counts[of] >= counts["samples"] - 1


def test_an_odd_face_is_looked_at_closely_for_some_seconds_more():
    look = Look(Pace(THRESHOLDS))
    look.play(3, odd_face=True)

    after = look.play(RULE.alert_s - 0.5)
    later = look.play(3)

    assert after["faces"] >= after["samples"] - 1
    assert later["faces"] < later["samples"] * 0.7


@pytest.mark.parametrize("slowness", [0.5, 1, 2, 8])
def test_looking_stays_within_its_budget_on_any_machine(slowness):
    look = Look(Pace(THRESHOLDS), face_s=0.003 * slowness, hands_s=0.015 * slowness)

    look.play(120, odd_face=True, odd_hands=True)

    for of, share, burst_s in (
        ("faces", RULE.face_budget_share, RULE.face_budget_burst_s),
        ("hands", RULE.hands_budget_share, RULE.hands_budget_burst_s),
    ):
        assert look.cost_s(of) <= 120 * share + burst_s + look.costs[of]


@pytest.mark.parametrize("slowness", [1, 2])
def test_when_something_is_odd_there_is_always_budget_left_for_a_close_look(slowness):
    look = Look(Pace(THRESHOLDS), face_s=0.003 * slowness, hands_s=0.015 * slowness)
    look.play(60)

    counts = look.play(1, odd_face=True, odd_hands=True)

    assert counts["faces"] >= counts["samples"] - 1
    assert counts["hands"] >= counts["samples"] - 1


def test_under_pressure_everything_is_done_less_often():
    pace = Pace(THRESHOLDS)
    pace.press(4.0)

    counts = Look(pace).play(30)

    assert 33 <= counts["samples"] <= 37, "three in each window"
    assert counts["faces"] <= 13
    assert 6 <= counts["hands"] <= 8
