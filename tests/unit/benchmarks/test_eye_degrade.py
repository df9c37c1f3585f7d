"""A trouble is made by what comes out of it, whoever is in the picture."""

import numpy as np
import pytest

from benchmarks import eye_degrade as degrade
from benchmarks.eye_degrade import Face, View

HEIGHT, WIDTH = 480, 640
FACE = Face(left=0.4, top=0.2, width=0.15, height=0.2)
RED = np.array([250, 0, 0])


def with_face(face=FACE):
    """A grey picture with a face that is red from brow to chin."""
    picture = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    rows = slice(round(face.top * HEIGHT), round(face.chin * HEIGHT))
    columns = slice(round(face.left * WIDTH), round((face.left + face.width) * WIDTH))
    picture[rows, columns] = RED
    return picture


def red_in(picture):
    """(left, top, right, bottom) of what is red, in shares of the picture."""
    rows, columns = np.nonzero(picture[..., 0].astype(int) - picture[..., 1] > 60)
    height, width = picture.shape[:2]
    return (
        columns.min() / width,
        rows.min() / height,
        (columns.max() + 1) / width,
        (rows.max() + 1) / height,
    )


@pytest.mark.parametrize("wanted", [0.05, 0.07, 0.55, 0.75])
def test_a_face_has_the_height_that_was_asked_for(wanted):
    picture = degrade.window(with_face(), degrade.sized(FACE, wanted))

    _, top, _, bottom = red_in(picture)

    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert bottom - top == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("heights", [0.3, 0.6, 0.9])
def test_a_picture_ends_so_many_faces_below_the_chin(heights):
    picture = degrade.window(with_face(), degrade.ends_below(FACE, heights))

    _, top, _, bottom = red_in(picture)

    assert (1 - bottom) / FACE.height == pytest.approx(heights, abs=0.03)
    assert bottom - top == pytest.approx(FACE.height, abs=0.01)


@pytest.mark.parametrize("left", [0.2, 0.6])
def test_a_picture_ends_beside_the_face_at_the_nearer_side(left):
    face = Face(left, 0.2, 0.15, 0.2)

    found = red_in(degrade.window(with_face(face), degrade.ends_beside(face, 0.1)))

    beside = found[0] if left < 0.5 else 1 - found[2]
    assert beside / face.width == pytest.approx(0.1, abs=0.03)


def test_a_picture_begins_down_the_face():
    picture = degrade.window(with_face(), degrade.begins_at(FACE, 0.35))

    _, top, _, bottom = red_in(picture)

    scale = 1 / (1 - FACE.top - 0.35 * FACE.height)
    assert top == 0
    assert bottom == pytest.approx(0.65 * FACE.height * scale, abs=0.01)


@pytest.mark.parametrize("left", [0.2, 0.6])
def test_a_picture_ends_in_the_middle_of_the_face(left):
    face = Face(left, 0.2, 0.15, 0.2)

    found = red_in(degrade.window(with_face(face), degrade.halved(face)))

    assert found[2] - found[0] == pytest.approx(face.width / 2, abs=0.01)


def test_a_wide_picture_has_the_same_face_in_the_middle():
    picture = degrade.widened(with_face(), 0)

    left, top, right, bottom = red_in(picture)

    assert picture.shape == (360, 640, 3)
    assert (top, bottom) == pytest.approx((FACE.top, FACE.chin), abs=0.01)
    assert right - left == pytest.approx(FACE.width * 0.75, abs=0.01)


def test_from_far_away_the_edges_are_stretched_and_nothing_is_black():
    picture = degrade.window(with_face(), View(-1.0, -2.0, 3.0))

    assert picture.min() == 0
    assert np.all(picture[0, 0] == 120)
    assert np.all(picture[..., 0] >= 110)


def test_in_the_dark_what_was_white_has_the_luma_that_was_asked_for():
    bright = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)

    dark = degrade.dimmed([bright], 45)(bright, 3)

    assert dark is not None
    assert degrade.luma(dark).mean() == pytest.approx(45, abs=1)
    assert 0.5 < degrade.luma(dark).std() < 3


def test_against_a_window_the_wall_is_white_and_the_person_dark():
    picture = with_face()

    made = degrade.backlit([picture], FACE, 0.2)(picture, 0)

    assert made is not None
    assert made[5, 5].min() > 235
    middle = made[round(0.3 * HEIGHT), round(0.475 * WIDTH)]
    assert abs(int(middle[0]) - 50) < 5
    assert made[HEIGHT - 5, round(0.475 * WIDTH)].max() < 30  # the body


def test_a_hand_before_the_window_is_as_dark_as_the_person():
    still = with_face()
    waving = still.copy()
    waving[100:160, 40:100] = (230, 180, 150)

    made = degrade.backlit([still], FACE, 0.2)(waving, 0)

    assert made is not None
    assert made[130, 70].max() < 60
    assert made[300, 40].min() > 235


def test_a_blur_melts_fingers_together():
    picture = np.full((HEIGHT, WIDTH, 3), 50, np.uint8)
    gap = round(0.15 * FACE.height * HEIGHT)
    for left in range(0, WIDTH, gap):
        picture[:, left : left + gap // 2] = 200
    sharp = picture[:, 100:500].std()

    soft = degrade.blurred(picture, FACE, 0.05)(picture, 0)

    assert soft is not None
    assert soft[:, 100:500].std() < sharp / 6


def test_fewer_pictures_come():
    picture = with_face()

    came = [degrade.every(3)(picture, index) is not None for index in range(9)]

    assert came == [True, False, False] * 3


def test_a_held_picture_is_the_first_one():
    first, second = with_face(), with_face(Face(0.1, 0.1, 0.1, 0.1))
    change = degrade.held()

    assert change(first, 0) is first
    assert change(second, 1) is first


def test_a_portrait_is_made_small_as_a_portrait():
    upright = np.zeros((640, 480, 3), np.uint8)

    small = degrade.shrunk((160, 120))(upright, 0)

    assert small is not None
    assert small.shape == (160, 120, 3)


def test_noise_is_the_same_each_time_and_another_in_each_picture():
    picture = with_face()
    one, again = degrade.noisy(5, seed=1), degrade.noisy(5, seed=1)

    first, second = one(picture, 0), one(picture, 1)

    assert first is not None
    assert np.array_equal(first, again(picture, 0))  # type: ignore[arg-type]
    assert not np.array_equal(first, second)  # type: ignore[arg-type]
    assert (first.astype(int) - picture)[10:50, 10:50].std() == pytest.approx(5, abs=1)
