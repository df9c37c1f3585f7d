"""What one picture says of light, sharpness and motion."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.eye import measures
from relay.eye.model import Box


def a_picture(luma=120, size=(480, 640)):
    return np.full(size, luma, np.uint8)


def with_square(picture, x, luma=220):
    marked = picture.copy()
    marked[200:300, x : x + 100] = luma
    return marked


def small(picture):
    return measures.scale(picture).small


def changed(before, now):
    return measures.change(small(before), small(now), block_change=7)


def blurred(picture, sigma):
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def full(luma):
    """What VP8's luma of 16 to 235 is in full range."""
    return min(max(round((luma - 16) * 255 / 219), 0), 255)


@given(st.integers(0, 255))
def test_an_even_picture_has_its_luma_in_full_range_and_nothing_else(luma):
    light = measures.light(small(a_picture(luma)))

    expected = full(luma)
    assert light == measures.Light(expected, expected, expected, 0, 0)


def test_black_is_0_and_white_is_255():
    assert [full(16), full(235)] == [0, 255]
    assert small(a_picture(16)).max() == 0
    assert small(a_picture(235)).min() == 255


@given(st.lists(st.integers(0, 255), min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_share_of_the_pixels_is_not_above_its_quantile(lumas, share):
    values = np.array(lumas, np.uint8)

    limit = measures.quantile(values, share)

    assert (values <= limit).mean() >= share - 1e-9
    assert (values < limit).mean() < share + 1e-9


def test_texture_is_what_blocks_have_within_themselves():
    stripes = np.tile(np.repeat(np.array([60, 180], np.uint8), 8), (480, 40))
    ramp = np.tile(np.linspace(60, 180, 640).astype(np.uint8), (480, 1))

    textures = [measures.light(small(one)).texture for one in (stripes, ramp)]

    assert textures[0] > 40
    assert textures[1] < 4


@pytest.mark.parametrize("strength", [40, 200])
@pytest.mark.parametrize(("sigma", "least", "most"), [(0.01, 1, 1.5), (4, 3.5, 6)])
def test_an_edge_is_as_wide_as_its_blur_however_strong_it_is(
    strength, sigma, least, most
):
    picture = a_picture(20)
    for x in range(60, 600, 90):
        picture[:, x : x + 45] = 20 + strength

    width = measures.edge_width(measures.scale(blurred(picture, sigma)).wide)

    assert least <= width <= most


def test_without_strong_edges_there_is_no_width():
    rng = np.random.default_rng(1)
    noise = rng.integers(110, 126, (480, 640)).astype(np.uint8)

    assert measures.edge_width(measures.scale(noise).wide) is None


def test_a_sharp_person_before_a_blurred_wall_is_sharp():
    wall = blurred(np.tile(np.repeat(np.array([90, 200], np.uint8), 40), (480, 8)), 12)
    wall[240:, 220:420] = np.tile(
        np.repeat(np.array([40, 160], np.uint8), 10), (240, 10)
    )
    face = Box(left=0.45, top=0.3, width=0.1, height=0.2)
    wide = measures.scale(wall).wide

    assert (measures.edge_width(wide, measures.person_of(face)) or 9) < 2


def test_a_face_is_compared_with_what_is_beside_the_person():
    picture = a_picture(235)
    picture[100:, 200:440] = 30
    picture[120:220, 280:360] = 60
    face = Box(left=280 / 640, top=120 / 480, width=80 / 640, height=100 / 480)

    light = measures.person_light(small(picture), face)

    assert light.face == full(60)
    assert light.around == 255
    assert light.dark == full(30)


@given(
    st.sampled_from([(480, 640), (640, 480), (144, 176), (1080, 1920), (16, 1900)]),
    st.builds(
        Box,
        left=st.floats(-0.5, 1.2),
        top=st.floats(-0.5, 1.2),
        width=st.floats(0.01, 1.5),
        height=st.floats(0.01, 1.5),
    ),
)
def test_any_shape_and_any_face_are_measured(size, face):
    scaled = measures.scale(a_picture(size=size))

    measures.edge_width(scaled.wide, measures.person_of(face))
    light = measures.person_light(scaled.small, face)

    assert scaled.wide.shape[1] == measures.WIDTH
    assert scaled.small.shape[1] == measures.WIDTH // 2
    assert light.face == full(120)


def test_the_same_picture_does_not_move():
    picture = with_square(a_picture(), 100)

    change = changed(picture, picture)

    assert (change.moving_share, change.shift, change.difference) == (0, 0, 0)


def test_a_moved_square_moves_its_blocks_only():
    change = changed(with_square(a_picture(), 100), with_square(a_picture(), 300))

    assert 0.03 < change.moving_share < 0.15
    assert change.shift > 50


def test_finer_texture_shifts_less_than_a_breath():
    rng = np.random.default_rng(1)
    noise = rng.integers(-6, 7, (480, 640))
    refined = (a_picture().astype(int) + noise).astype(np.uint8)

    assert changed(a_picture(), refined).shift < 1


def test_a_stream_that_changes_its_shape_has_no_change():
    assert changed(a_picture(), a_picture(size=(640, 480))) is None


@pytest.mark.parametrize("luma", [16, 235])
def test_change_is_signed_and_does_not_wrap(luma):
    change = changed(a_picture(luma), a_picture(251 - luma))

    assert (change.moving_share, change.shift, change.difference) == (1, 255, 255)
