"""Whether the last seconds can be read, and what is said when not."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.eye.judge import RULES, Judge, verdict_of
from relay.eye.model import (
    FrameSeen,
    HandsSeen,
    Legibility,
    PersonLight,
    Sample,
    Verdict,
)
from relay.eye.reasons import HIDES, RANKED, Reason
from relay.eye.thresholds import read_thresholds

THRESHOLDS = read_thresholds()
HANDS, NO_HANDS = HandsSeen(2), HandsSeen(0)
CUT = HandsSeen(1, cut_share=0.3)


def a_frame(**facts):
    usual = {"height": 0.2, "width": 0.15, "below": 2.6, "beside": 2.5}
    return FrameSeen(seen=True, sure=True, **(usual | facts))


def a_sample(at, **facts):
    """Somebody who signs in good light, and whom the camera shows well."""
    usual = {
        "size": (640, 480),
        "luma_mean": 125,
        "luma_p5": 30,
        "luma_p95": 200,
        "contrast": 55,
        "texture": 20,
        "edge": 1.8,
        "quantizer": 30,
        "moving_share": 0.3,
        "shift": 40,
        "difference": 8,
        "person": PersonLight(face=170, around=180, dark=30, bright=190),
        "frame": a_frame(),
    }
    return Sample(at=at, **(usual | facts))


DARK = {"luma_mean": 30, "luma_p5": 6, "luma_p95": 45, "contrast": 12}
NOBODY = FrameSeen(seen=False)
GONE = FrameSeen(seen=False, gone=True)
BLACK = {
    "luma_mean": 0,
    "luma_p5": 0,
    "luma_p95": 0,
    "contrast": 0,
    "texture": 0,
    "edge": None,
    "frame": NOBODY,
    "person": None,
}
STILL = {"moving_share": 0.0, "shift": 0.3, "difference": 0.01}
RESTING = {"moving_share": 0.02, "shift": 2, "difference": 0.4}
BREATHING = {"moving_share": 0.0, "shift": 0.8, "difference": 0.1}
"""Somebody who sits still before a camera that hides its noise."""


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


TROUBLES = [
    (Reason.TOO_DARK, DARK),
    (Reason.CAMERA_COVERED, BLACK),
    (Reason.CAMERA_COVERED, BLACK | {"luma_mean": 70, "contrast": 9, "texture": 0.7}),
    (Reason.FROZEN, STILL),
    (Reason.LOW_FRAME_RATE, {"fps": 12}),
    (Reason.BACKLIT, {"person": PersonLight(face=60, around=250, dark=5, bright=230)}),
    (Reason.LOW_CONTRAST, {"luma_p5": 120, "luma_p95": 160, "person": None}),
    (Reason.LOW_CONTRAST, {"person": PersonLight(130, 150, dark=110, bright=160)}),
    (Reason.BLURRED, {"edge": 4.2}),
    (Reason.TOO_CLOSE, {"frame": a_frame(height=0.5)}),
    (Reason.TOO_CLOSE, {"frame": a_frame(width=0.65)}),
    (Reason.TOO_FAR, {"frame": a_frame(height=0.06, below=8)}),
    (Reason.HANDS_CUT, {"frame": a_frame(below=0.8)}),
    (Reason.HANDS_CUT, {"frame": a_frame(beside=0.1)}),
    (Reason.HANDS_CUT, {"hands": CUT}),
    (Reason.HANDS_NEVER_SEEN, {"hands": NO_HANDS}),
    (Reason.FACE_CUT, {"frame": a_frame(cut=True)}),
    (Reason.FACE_CUT, {"frame": GONE, "person": None}),
    (Reason.LOW_RESOLUTION, {"size": (160, 120)}),
]


@pytest.mark.parametrize(("reason", "facts"), TROUBLES)
def test_trouble_is_told_within_three_seconds_and_gone_three_after(reason, facts):
    film = Film().play(6).play(8, **facts).play(8)
    lost = {Reason.CAMERA_COVERED, Reason.FROZEN, Reason.HANDS_NEVER_SEEN}
    expected = Legibility.LOST if reason in lost else Legibility.AT_RISK

    assert film.verdicts[12].legibility is expected
    assert 6 < film.first(reason) <= 9
    assert film.last(reason) < 17
    assert set().union(*film.reasons().values()) == {reason}


@pytest.mark.parametrize(("reason", "facts"), TROUBLES)
def test_a_moment_of_any_trouble_is_no_advice(reason, facts):
    seconds = 2 / 3 if reason is Reason.FROZEN else 1

    film = Film().play(6).play(seconds, **facts).play(1 - seconds).play(6)

    assert not any(film.reasons().values())


def test_every_reason_has_a_rule():
    assert set(RULES) == set(Reason)


@pytest.mark.parametrize("facts", [RESTING, BREATHING])
def test_somebody_who_listens_is_told_nothing(facts):
    film = Film().play(30, hands=NO_HANDS, **facts)

    assert not any(film.reasons().values())


def test_an_empty_room_gets_no_advice():
    facts = RESTING | {"frame": GONE, "person": None}
    film = Film().play(6).play(20, hands=NO_HANDS, **facts)

    assert not any(film.reasons().values())


def test_a_face_that_was_never_there_is_missed_a_little_later():
    film = Film().play(8, frame=NOBODY, person=None)

    assert 3 <= film.first(Reason.FACE_CUT) <= 4


def test_the_rest_of_a_cut_face_is_cut_whatever_the_detector_makes_of_it():
    film = Film().play(4)
    film.play(1, frame=FrameSeen(seen=True, cut=True), person=None)
    for rest in (FrameSeen(seen=True), GONE, FrameSeen(seen=True)):
        film.play(1, frame=rest, person=None)

    assert film.first(Reason.FACE_CUT) <= 4 + 3
    assert Reason.FACE_CUT in film.reasons()[8]


def test_a_whole_face_ends_at_once_that_half_of_it_was_outside():
    film = Film().play(4)
    film.play(1, frame=FrameSeen(seen=True, cut=True), person=None)
    film.play(4)

    assert not any(film.reasons().values())


def test_one_mistaken_look_does_not_hide_that_the_face_is_gone():
    film = Film().play(4).play(1, frame=GONE, person=None)
    film.play(1 / 3).play(2, frame=GONE, person=None)

    assert film.first(Reason.FACE_CUT) <= 4 + 3


def test_what_nobody_is_sure_to_be_a_face_says_nothing_of_the_frame():
    film = Film().play(10, frame=FrameSeen(seen=True), person=None)

    assert not any(film.reasons().values())


def test_an_even_picture_with_a_face_in_it_is_not_covered():
    film = Film().play(10, texture=1.0, contrast=12)

    assert not any(film.reasons().values())


def test_looking_more_often_makes_nothing_weigh_more():
    seldom, often = Judge(THRESHOLDS), Judge(THRESHOLDS)
    for judge, step in ((seldom, 10), (often, 1)):
        for tenth in range(30):
            near = a_frame(height=0.5) if tenth < 12 else a_frame()
            frame = near if tenth % step == 0 or tenth == 12 else None
            judge.look(a_sample(tenth / 10, frame=frame))

    verdicts = [judge.judge(3, frames=90, arrived=3) for judge in (seldom, often)]

    assert verdicts == [Verdict(Legibility.LEGIBLE)] * 2


def test_dark_skin_before_a_white_wall_is_not_backlit():
    dark_skin = PersonLight(face=95, around=240, dark=20, bright=230)

    film = Film().play(10, person=dark_skin)

    assert not any(film.reasons().values())


def test_less_light_changes_nothing_between_a_face_and_its_wall():
    for gain in (1.0, 0.6, 0.55):
        luma = {"face": 95, "around": 240, "dark": 20, "bright": 230}
        person = PersonLight(**{name: one * gain for name, one in luma.items()})

        assert not any(Film().play(10, person=person).reasons().values())


def test_a_moment_without_frames_is_no_low_frame_rate():
    film = Film().play(6).silence(1).play(6)

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

    assert 13 <= film.first(Reason.HANDS_NEVER_SEEN) <= 15
    assert film.verdicts[16].legibility is Legibility.LOST


def every(thirds, film, seconds):
    """Play signing of which every so many checks find a hand."""
    for index in range(round(seconds * 3)):
        hands = HANDS if index % thirds == 0 else NO_HANDS
        film.judge.look(a_sample(film.now + index / 3, hands=hands))
        film._count(10, film.now + index / 3)
    film.now += seconds
    return film


def test_somebody_whose_hands_are_seldom_found_is_given_more_time():
    films = [every(thirds, Film(), 12).play(10, hands=NO_HANDS) for thirds in (1, 2, 4)]

    first, *_, last = took = [one.first(Reason.HANDS_NEVER_SEEN) - 12 for one in films]

    assert took == sorted(took)
    assert first <= 3
    assert last >= 5


def test_of_somebody_new_the_first_miss_is_looked_after_closely():
    new, known = Judge(THRESHOLDS), Judge(THRESHOLDS)
    known.look(a_sample(0, hands=HANDS))
    for judge in (new, known):
        judge.look(a_sample(1, hands=NO_HANDS))

    assert new.doubts(1).hands
    assert not known.doubts(1).hands


def test_signing_is_noticed_with_the_picture_that_shows_it():
    judge = Judge(THRESHOLDS)
    judge.look(a_sample(0, moving_share=0.0))

    assert judge.is_signing(0.3)
    assert not judge.is_signing(0.05)


def test_where_there_is_no_room_missing_hands_are_told_sooner():
    film = every(4, Film(), 12).play(4, hands=NO_HANDS, frame=a_frame(below=0.5))

    assert film.first(Reason.HANDS_NEVER_SEEN) <= 15
    assert film.verdicts[15].reasons == (Reason.HANDS_NEVER_SEEN, Reason.HANDS_CUT)


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
    film = Film().play(6, fps=19.3).play(6, fps=15).play(6, fps=19.3).play(6, fps=22)
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
    luma_p5=st.floats(0, 255),
    luma_p95=st.floats(0, 255),
    contrast=st.floats(0, 120),
    texture=st.floats(0, 100),
    edge=st.none() | st.floats(0, 8),
    quantizer=st.integers(0, 127),
    moving_share=st.none() | st.floats(0, 1),
    shift=st.none() | st.floats(0, 255),
    person=st.none()
    | st.builds(
        PersonLight,
        face=st.floats(0, 255),
        around=st.floats(0, 255),
        dark=st.floats(0, 255),
        bright=st.floats(0, 255),
    ),
    frame=st.none()
    | st.builds(
        FrameSeen,
        seen=st.booleans(),
        sure=st.booleans(),
        height=st.floats(0, 1),
        below=st.floats(-1, 9),
        cut=st.booleans(),
        gone=st.booleans(),
    ),
    hands=st.none()
    | st.builds(HandsSeen, count=st.integers(0, 2), cut_share=st.floats(0, 1)),
)


@given(st.lists(st.tuples(st.floats(0.01, 3), SAMPLES), max_size=40))
def test_any_samples_get_a_verdict_of_the_closed_list(steps):
    judge, at = Judge(THRESHOLDS), 0.0
    for frames, (gap, sample) in enumerate(steps):
        at += gap
        judge.look(replace(sample, at=at))
        judge.doubts(at)

        verdict = judge.judge(at, frames=frames, arrived=at)

        assert verdict is None or set(verdict.reasons) <= set(Reason)
