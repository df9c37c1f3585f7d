"""What the place of a face says of the frame, and where a small one is looked for."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.eye.geometry import best_of, frame_of, signing_space, spots
from relay.eye.model import Box, FaceSeen
from relay.eye.thresholds import read_thresholds

RULE = read_thresholds().face
USUAL = Box(left=0.42, top=0.2, width=0.15, height=0.2)
SURE, UNSURE, WEAK = 0.9, 0.55, 0.45


def framed(box, score=SURE, before=None):
    return frame_of(FaceSeen(score, box), before and FaceSeen(SURE, before), RULE)


def test_the_room_round_a_face_is_counted_in_faces():
    frame = framed(Box(left=0.3, top=0.2, width=0.1, height=0.2))

    assert frame.sure
    assert frame.below == pytest.approx(3.0)
    assert frame.beside == pytest.approx(3.0)
    assert not frame.cut


@pytest.mark.parametrize(
    "box",
    [
        Box(0.42, 0.005, 0.15, 0.2),
        Box(-0.03, 0.2, 0.15, 0.2),
        Box(0.88, 0.2, 0.15, 0.2),
        Box(0.42, 0.85, 0.15, 0.2),
    ],
    ids=["brows at the edge", "left", "right", "chin"],
)
def test_a_face_that_is_partly_outside_is_cut(box):
    assert framed(box).cut


def test_a_face_beside_the_edge_is_not_cut():
    frame = framed(Box(0.86, 0.2, 0.15, 0.2))

    assert not frame.cut
    assert frame.beside < 0


def test_a_known_face_is_believed_sooner():
    assert framed(USUAL, UNSURE, before=USUAL).sure
    assert not framed(USUAL, UNSURE).sure
    assert not framed(USUAL, WEAK, before=USUAL).sure


def test_a_phantom_that_fills_the_picture_is_not_the_face_that_was_there():
    phantom = Box(0.0, 0.0, 1.0, 0.9)

    frame = framed(phantom, UNSURE, before=USUAL)

    assert frame.seen
    assert not frame.sure
    assert not frame.cut


def test_half_a_known_face_at_an_edge_is_cut():
    half = Box(0.42, 0.0, 0.15, 0.22)

    assert framed(half, WEAK, before=USUAL).cut
    assert framed(half, UNSURE, before=USUAL).cut
    assert not framed(half, UNSURE, before=USUAL).sure
    assert not framed(half, WEAK).cut


def test_a_face_is_gone_only_where_there_was_one():
    assert frame_of(None, FaceSeen(SURE, USUAL), RULE).gone
    assert not frame_of(None, None, RULE).gone


def test_of_two_people_the_larger_one_counts():
    near, far = FaceSeen(0.7, USUAL), FaceSeen(0.95, Box(0.1, 0.1, 0.07, 0.1))
    phantom = FaceSeen(0.5, Box(0, 0, 1, 1))

    assert best_of([far, phantom, near], RULE) is near
    assert best_of([phantom], RULE) is phantom
    assert best_of([], RULE) is None


def test_the_hands_of_somebody_far_are_looked_for_round_them_and_else_everywhere():
    near, far = Box(0.4, 0.2, 0.2, 0.3), Box(0.46, 0.2, 0.08, 0.1)

    space = signing_space(far, 4 / 3)

    assert signing_space(near, 4 / 3) is None
    assert space is not None
    assert space.width * 4 / 3 == pytest.approx(space.height)
    assert far.width * 3 < space.width < far.width * 6
    assert space.top < far.top - 0.5 * far.height
    assert space.top + space.height > far.top + 3.5 * far.height


@given(
    st.floats(-0.1, 1), st.floats(-0.1, 1), st.floats(0.01, 0.9), st.floats(0.3, 3.0)
)
def test_hands_are_looked_for_inside_the_picture(left, top, height, aspect):
    space = signing_space(Box(left, top, height / aspect, height), aspect)

    if space is not None:
        assert min(space.left, space.top) >= 0
        assert max(space.left + space.width, space.top + space.height) <= 1 + 1e-9


@cache
def all_spots(aspect):
    return [spot for turn in range(60) for spot in spots(None, None, turn, aspect)]


@pytest.mark.parametrize("aspect", [4 / 3, 3 / 4, 16 / 9, 9 / 16, 1.0])
@given(x=st.floats(0, 1), y=st.floats(0, 1))
def test_wherever_a_small_face_is_some_turn_looks_at_all_of_it(aspect, x, y):
    width, height = min(0.05, 0.05 / aspect), 0.05
    face = Box(x * (1 - width), y * (1 - height), width, height)

    assert any(holds(spot, face) for spot in all_spots(aspect))


@given(st.floats(-0.1, 1), st.floats(-0.1, 1), st.sampled_from([4 / 3, 3 / 4, 16 / 9]))
def test_every_spot_is_a_square_inside_the_picture(left, top, aspect):
    near = Box(left, top, 0.04, 0.06)

    for spot in spots(near, None, 3, aspect):
        assert min(spot.left, spot.top) >= -1e-9
        assert max(spot.left + spot.width, spot.top + spot.height) <= 1 + 1e-9
        assert spot.width * aspect == pytest.approx(spot.height)


def test_where_it_moves_is_looked_at_first():
    blocks = np.zeros((15, 20), np.float32)
    blocks[10:14, 2:5] = 9
    moving = Box(0.1, 0.67, 0.15, 0.26)

    first, *_ = spots(None, blocks, 0, 4 / 3)

    assert first.left <= moving.left
    assert first.top + first.height >= moving.top + moving.height


def holds(spot, face):
    return (
        spot.left <= face.left + 1e-9
        and spot.top <= face.top + 1e-9
        and spot.left + spot.width >= face.left + face.width - 1e-9
        and spot.top + spot.height >= face.top + face.height - 1e-9
    )
