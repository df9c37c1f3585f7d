"""Whether the last seconds can be read, and what is said when not."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.eye.judge import JUDGED, Judge, verdict_of
from relay.eye.model import HandsSeen, Legibility, Sample
from relay.eye.reasons import HIDES, RANKED, Reason
from relay.eye.thresholds import read_thresholds

THRESHOLDS = read_thresholds()
HANDS, NO_HANDS = HandsSeen(2), HandsSeen(0)
CUT = HandsSeen(1, cut_share=0.3)


def a_sample(at, **facts):
    """Somebody who signs in good light."""
    usual = {
        "luma_mean": 120,
        "luma_p95": 190,
        "contrast": 50,
        "sharpness": 400,
        "quantizer": 30,
        "moving_share": 0.3,
        "shift": 40,
    }
    return Sample(at=at, **(usual | facts))


DARK = {"luma_mean": 30, "luma_p95": 45, "contrast": 8, "sharpness": 12}
BLACK = {"luma_mean": 16, "luma_p95": 16, "contrast": 0, "sharpness": 0}
STILL = {"moving_share": 0.0, "shift": 0.3}
RESTING = {"moving_share": 0.03, "shift": 4}


class Film:
    """Plays seconds of samples, three a second, and judges each second."""

    def __init__(self):
        self.judge = Judge(THRESHOLDS)
        self.verdicts = {}
        self.now = 0.0
        self.frames = 0

    def play(self, seconds, *, fps=30, hands=HANDS, **facts):
        for step in range(round(seconds * 3)):
            at = self.now + step / 3
            self.judge.look(a_sample(at, hands=hands, **facts))
            self._count(fps / 3, at)
        self.now += seconds
        return self

    def silence(self, seconds):
        last = self.now - 1 / 30
        for at in itertools.takewhile(
            lambda at: at <= self.now + seconds, itertools.count(round(self.now + 1))
        ):
            self._judge(at, last)
        self.now += seconds
        return self

    def _count(self, frames, at):
        self.frames += frames
        if abs(at + 1 / 3 - round(at + 1 / 3)) < 0.01:
            self._judge(round(at + 1 / 3), at)

    def _judge(self, at, arrived):
        found = self.judge.judge(at, frames=round(self.frames), arrived=arrived)
        if found is not None:
            self.verdicts[at] = found

    def reasons(self):
        return {at: set(verdict.reasons) for at, verdict in self.verdicts.items()}

    def first(self, reason):
        return min(at for at, reasons in self.reasons().items() if reason in reasons)

    def last(self, reason):
        return max(at for at, reasons in self.reasons().items() if reason in reasons)


def test_signing_in_good_light_is_legible():
    film = Film().play(10)

    assert {one.legibility for one in film.verdicts.values()} == {Legibility.LEGIBLE}
    assert len(film.verdicts) == 10


def test_nothing_is_said_from_less_than_three_samples():
    film = Film().play(2 / 3)

    assert film.judge.judge(0.7, frames=20, arrived=0.7) is None


@pytest.mark.parametrize(
    ("reason", "facts", "legibility"),
    [
        (Reason.TOO_DARK, DARK, Legibility.AT_RISK),
        (Reason.CAMERA_COVERED, BLACK, Legibility.LOST),
        (Reason.FROZEN, STILL, Legibility.LOST),
        (Reason.LOW_FRAME_RATE, {"fps": 12}, Legibility.AT_RISK),
    ],
)
def test_trouble_is_told_within_three_seconds_and_gone_three_after(
    reason, facts, legibility
):
    film = Film().play(6).play(8, **facts).play(8)

    assert film.verdicts[12].legibility is legibility
    assert 6 < film.first(reason) <= 9
    assert 14 <= film.last(reason) < 17
    assert set().union(*film.reasons().values()) == {reason}


def test_a_moment_of_darkness_is_no_advice():
    film = Film().play(6).play(1, **DARK).play(6)

    assert not any(film.reasons().values())


def test_a_moment_of_stillness_is_no_advice():
    film = Film().play(6).play(1, **STILL).play(6)

    assert not any(film.reasons().values())


def test_somebody_who_rests_is_not_frozen_and_needs_no_hands():
    film = Film().play(20, hands=NO_HANDS, **RESTING)

    assert not any(film.reasons().values())


def test_a_frozen_picture_stays_frozen_when_it_is_looked_at_less_often():
    film = Film().play(6).play(4, **STILL)
    for at in (11, 12, 13):
        film.judge.look(a_sample(at, **STILL))
        film.judge.look(a_sample(at - 0.5, **STILL))

        assert film.judge.judge(at, frames=30 * at, arrived=at).reasons == (
            Reason.FROZEN,
        )


def test_silence_is_a_frozen_picture():
    film = Film().play(6).silence(4).play(3)

    assert 6 < film.first(Reason.FROZEN) <= 9
    assert film.verdicts[13].legibility is Legibility.LEGIBLE


def test_hands_are_missed_only_from_the_onset_of_signing():
    film = Film().play(10, hands=NO_HANDS, **RESTING).play(6, hands=NO_HANDS)

    assert 14 <= film.first(Reason.HANDS_NEVER_SEEN) <= 15
    assert film.verdicts[16].legibility is Legibility.LOST


def test_hands_seen_since_the_onset_are_not_missed_for_some_seconds():
    film = Film().play(2).play(7, hands=NO_HANDS)

    assert not any(film.reasons().values())


def test_hands_that_come_back_end_the_advice_at_once():
    film = Film().play(8, hands=NO_HANDS).play(3)

    assert film.last(Reason.HANDS_NEVER_SEEN) == 8


def test_blots_without_hands_prove_nothing():
    film = Film().play(20, hands=NO_HANDS, quantizer=120)

    assert not any(film.reasons().values())


def test_frames_without_a_check_prove_nothing():
    film = Film().play(20, hands=None)

    assert not any(film.reasons().values())


def test_hands_at_the_edge_are_cut_when_they_sign_and_not_when_they_rest():
    signing, resting = Film().play(6, hands=CUT), Film().play(6, hands=CUT, **RESTING)

    assert signing.verdicts[6].reasons == (Reason.HANDS_CUT,)
    assert not any(resting.reasons().values())


def test_a_frame_rate_that_wavers_around_twenty_does_not_flap():
    film = Film().play(6, fps=19.6).play(6, fps=15).play(6, fps=19.6).play(6, fps=22)
    told = [at for at, reasons in film.reasons().items() if reasons]

    assert told == list(range(min(told), max(told) + 1))
    assert 6 < min(told) <= 9
    assert 18 <= max(told) <= 21


def test_in_the_dark_nobody_is_told_to_show_hands():
    film = Film().play(12, hands=NO_HANDS, **DARK)

    assert film.verdicts[12].reasons == (Reason.TOO_DARK,)


@given(st.frozensets(st.sampled_from(Reason)))
def test_a_verdict_tells_causes_by_rank_and_never_says_legible_with_a_reason(found):
    verdict = verdict_of(found, at=1.0)

    assert (verdict.legibility is Legibility.LEGIBLE) == (not found)
    assert bool(verdict.reasons) == bool(found)
    assert list(verdict.reasons) == [one for one in RANKED if one in verdict.reasons]
    hidden = {one for cause in verdict.reasons for one in HIDES.get(cause, ())}
    assert not hidden & set(verdict.reasons)


SAMPLES = st.builds(
    a_sample,
    at=st.just(0.0),
    luma_mean=st.floats(0, 255),
    luma_p95=st.floats(0, 255),
    contrast=st.floats(0, 120),
    sharpness=st.floats(0, 1000),
    quantizer=st.integers(0, 127),
    moving_share=st.none() | st.floats(0, 1),
    shift=st.none() | st.floats(0, 255),
    hands=st.none()
    | st.builds(HandsSeen, count=st.integers(0, 2), cut_share=st.floats(0, 1)),
)


@given(st.lists(st.tuples(st.floats(0.01, 3), SAMPLES), max_size=40))
def test_any_samples_get_a_verdict_of_the_closed_list(steps):
    judge, at = Judge(THRESHOLDS), 0.0
    for frames, (gap, sample) in enumerate(steps):
        at += gap
        judge.look(a_sample(at, hands=sample.hands, shift=sample.shift))

        verdict = judge.judge(at, frames=frames, arrived=at)

        assert verdict is None or set(verdict.reasons) <= JUDGED
