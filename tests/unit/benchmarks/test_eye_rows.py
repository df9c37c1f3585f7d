"""What the eye said becomes figures that no missing word makes better."""

from benchmarks.eye_conditions import Condition, Kind
from benchmarks.eye_rows import Played, figures, row_of, tone_gap
from relay.eye.reasons import Reason

DARK = (Reason.TOO_DARK,)


def untouched(_scene):
    return lambda picture, _: picture


CALM = Condition("untouched", untouched, kind=Kind.LEGIBLE)
NIGHT = Condition("night", untouched, Reason.TOO_DARK)
SIDE = Condition("side", untouched, Reason.FACE_CUT, also=(Reason.HANDS_CUT,))


def test_what_was_told_holds_until_something_else_is():
    played = Played(((3.0, ()), (5.0, DARK), (7.0, ())), windows=6)

    assert list(played.each()) == [
        (3.0, ()),
        (4.0, ()),
        (5.0, DARK),
        (6.0, DARK),
        (7.0, ()),
        (8.0, ()),
    ]


def test_nothing_told_is_no_window():
    assert list(Played((), windows=0).each()) == []


def test_every_window_of_legible_signing_counts_against_advice():
    row = row_of("a", CALM, Played(((3.0, ()), (9.0, DARK)), windows=10), None)

    assert (row.windows, row.right) == (10, 6)
    assert figures([row])["false_advice_share"] == 0.4
    assert figures([row])["windows"] == 10


def test_windows_that_overlap_the_onset_count_neither_way():
    row = row_of("a", NIGHT, Played(((3.0, ()), (6.0, DARK)), windows=8), 3.5)

    assert (row.windows, row.right) == (4, 4)  # those that end at 7, 8, 9 and 10
    assert row.delay_s == 2.5


def test_a_word_before_the_onset_is_no_early_find():
    row = row_of("a", NIGHT, Played(((3.0, DARK), (5.0, ())), windows=8), 3.5)

    assert row.right == 0
    assert row.delay_s == 0.5  # still standing at 4, half a second into the trouble


def test_a_trouble_that_is_never_told_is_as_late_as_it_lasted():
    found = [
        row_of("a", NIGHT, Played(((3.0, ()),), windows=8), 3.0),
        row_of("b", NIGHT, Played(((3.0, ()), (5.0, DARK)), windows=8), 3.0),
    ]

    told = figures(found)

    assert told["delay_s"] == {"p95": 7.0}
    assert told["never_told"] == 1
    assert told["detected_share"] == {"too_dark": 0.5}
    assert told["detected_by_signer"] == {"a": 0.0, "b": 1.0}


def test_another_reason_that_says_the_same_here_is_right_too():
    row = row_of("a", SIDE, Played(((3.0, (Reason.HANDS_CUT,)),), windows=8), 3.0)

    assert row.right == row.windows == 5
    assert row.told == {Reason.HANDS_CUT: 5}


def test_another_reason_is_not_the_right_one():
    row = row_of("a", NIGHT, Played(((3.0, (Reason.BLURRED,)),), windows=8), 3.0)

    assert (row.right, row.delay_s) == (0, None)


def test_the_drawn_signer_is_one_signer_in_all_looks():
    played = Played(((3.0, ()),), windows=2)
    rows = [
        row_of(name, CALM, played, None) for name in ("drawn", "drawn, tone 1", "c")
    ]

    found = figures(rows)

    assert found["signers"] == 2
    assert found["false_advice_by_signer"] == {"drawn": 0.0, "c": 0.0}


def test_tones_that_are_told_alike_have_no_gap():
    dark = Played(((3.0, DARK),), windows=5)
    rows = [row_of(f"drawn, tone {n}, wall 1", NIGHT, dark, 0.0) for n in range(5)]

    assert tone_gap(rows) == 0.0


def test_a_reason_that_one_tone_is_told_more_often_is_a_gap():
    rows = [
        row_of("drawn, tone 0, wall 1", CALM, Played(((3.0, ()),), windows=10), None),
        row_of("drawn, tone 4, wall 1", CALM, Played(((3.0, ()),), windows=10), None),
        row_of("drawn, tone 4, wall 2", CALM, Played(((3.0, DARK),), windows=10), None),
        row_of("somebody else", CALM, Played(((3.0, DARK),), windows=10), None),
    ]

    assert tone_gap(rows) == 50.0


def test_lights_are_not_mixed():
    legible = Played(((3.0, ()),), windows=10)
    rows = [
        row_of("drawn, tone 0, wall 1", CALM, legible, None),
        row_of("drawn, tone 4, wall 1", CALM, legible, None),
        row_of("drawn, tone 0, wall 1", SIDE, Played(((3.0, DARK),), windows=6), None),
        row_of("drawn, tone 4, wall 1", SIDE, Played(((3.0, DARK),), windows=6), None),
    ]

    assert tone_gap(rows) == 0.0
