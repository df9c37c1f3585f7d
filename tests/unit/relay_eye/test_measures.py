"""What one picture says of light, sharpness and motion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.eye import measures


def a_picture(luma=120, size=(480, 640)):
    return np.full(size, luma, np.uint8)


def with_square(picture, x, luma=220):
    marked = picture.copy()
    marked[200:300, x : x + 100] = luma
    return marked


def changed(before, now):
    small = (measures.shrink(one) for one in (before, now))
    return measures.change(*small, block_change=6)


@given(st.integers(0, 255))
def test_an_even_picture_has_its_luma_and_nothing_else(luma):
    light = measures.light(measures.shrink(a_picture(luma)))

    assert light == measures.Light(luma, luma, 0, 0)


def test_a_picture_with_edges_is_sharp_and_its_blur_is_not():
    stripes = np.tile(np.repeat(np.array([60, 180], np.uint8), 8), (480, 40))
    ramp = np.tile(np.linspace(60, 180, 640).astype(np.uint8), (480, 1))

    sharp, smooth = (measures.light(measures.shrink(one)) for one in (stripes, ramp))

    assert sharp.sharpness > 100
    assert smooth.sharpness < 2


@given(st.sampled_from([(480, 640), (640, 480), (144, 176), (1080, 1920), (16, 1900)]))
def test_any_shape_is_measured_at_one_width(size):
    small = measures.shrink(a_picture(size=size))

    assert small.shape[1] == measures.WIDTH
    assert small.shape[0] >= measures.BLOCK


def test_the_same_picture_does_not_move():
    picture = with_square(a_picture(), 100)

    assert changed(picture, picture) == measures.Change(0, 0)


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


@pytest.mark.parametrize("luma", [0, 255])
def test_change_is_signed_and_does_not_wrap(luma):
    change = changed(a_picture(luma), a_picture(255 - luma))

    assert change == measures.Change(1, 255)
