"""What the eye says where it is hard to say anything; `relay/eye/README.md` lists it."""

import random
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.eye_degrade import View, noisy, window
from benchmarks.eye_films import Someone, filmed, frames_in, loop_of
from relay.eye.model import Legibility
from relay.eye.reasons import Reason

CALL, CALLER = "call-1", "caller"
SECONDS = 7.0
GRAIN = noisy(2.0, seed=4)
"""What any camera adds, so that no two of its pictures are the same."""


@pytest.fixture(autouse=True)
def _font(film):
    """The drawn signer is there."""


def signing(name="drawn", **looks):
    loop = loop_of(Someone(name, **looks))
    return [loop[n % len(loop)] for n in range(frames_in(SECONDS))]


def shown(pictures, kbps=600):
    return filmed(pictures, kbps=kbps, layers=False)


def live(picture):
    """The same scene before a camera that runs."""
    return [GRAIN(picture, index) for index in range(frames_in(SECONDS))]


def pages(step):
    """A text that moves by so many pixels from one picture to the next."""
    count = frames_in(SECONDS)
    paper = Image.new("RGB", (640, 480 + step * count), (250, 250, 245))
    canvas = ImageDraw.Draw(paper)
    for y in range(12, paper.height, 20):
        canvas.text((40, y), "lorem ipsum dolor sit amet " * 3, fill=(20, 20, 30))
    whole = np.asarray(paper, np.uint8)
    return [whole[step * n : step * n + 480] for n in range(count)]


def upright(picture):
    """The same person before a phone that is held upright, at the same distance."""
    narrow = picture[:, 60:580]
    wall = cv2.copyMakeBorder(narrow, 140, 73, 0, 0, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(wall, (480, 640)), np.uint8)


def side_by_side(left, right):
    """Two people on one sofa."""
    halves = (window(one, View(0.1, -0.1, 1.25))[:, 120:520] for one in (left, right))
    return np.hstack([half[:, 40:360] for half in halves])


async def said_of(eye, frames, **more):
    await eye.play(frames, **more)
    return eye.pool.stop(CALL, CALLER), eye.reasons()


async def test_a_corrupt_bitstream_gives_no_advice_and_a_key_frame_ends_it(eye):
    frames = list(shown(signing()))
    chance = random.Random(3)
    for number in range(90, 150):
        frames[number] = replace(frames[number], data=chance.randbytes(400), key=False)
    await eye.play(frames)

    counts, reasons = await said_of(eye, shown(signing()), starts_s=SECONDS)

    assert reasons <= {Reason.FROZEN}
    assert eye.last_word().legibility is Legibility.LEGIBLE
    assert counts.windows >= 4
    assert eye.pool.load.restarts == 0


async def test_a_change_of_resolution_is_no_trouble_until_it_is_too_small(eye):
    pictures = signing()
    for number in range(60, len(pictures)):
        pictures[number] = cv2.resize(pictures[number], (320, 240))
    counts, reasons = await said_of(eye, shown(pictures))

    assert counts.legible == counts.windows >= 4
    assert reasons == set()


async def test_a_phone_that_is_turned_upright_is_no_trouble(eye):
    pictures = signing()
    for number in range(60, len(pictures)):
        pictures[number] = upright(pictures[number])
    counts, reasons = await said_of(eye, shown(pictures))

    assert counts.legible == counts.windows >= 4
    assert reasons == set()


async def test_a_picture_that_lies_on_its_side_is_judged_as_it_comes(eye):
    pictures = [np.rot90(one) for one in signing()]

    counts, reasons = await said_of(eye, shown(pictures))

    assert counts.legible == counts.windows >= 4
    assert reasons == set()


@pytest.mark.parametrize("level", [0, 16])
async def test_a_black_picture_is_a_covered_camera(eye, level):
    black = np.full((480, 640, 3), level, np.uint8)

    _, reasons = await said_of(eye, shown([black] * frames_in(SECONDS)))

    assert reasons == {Reason.CAMERA_COVERED}


async def test_the_same_picture_again_and_again_is_frozen(eye):
    still = signing()[0]

    _, reasons = await said_of(eye, shown([still] * frames_in(SECONDS)))

    assert reasons == {Reason.FROZEN}


async def test_a_photograph_before_a_live_camera_is_somebody_who_sits_still(eye):
    counts, reasons = await said_of(eye, shown(live(signing()[0])))

    assert counts.legible == counts.windows
    assert reasons == set()


async def test_a_page_of_text_before_a_live_camera_is_pale(eye):
    _, reasons = await said_of(eye, shown(live(pages(0)[0])))

    assert reasons == {Reason.LOW_CONTRAST}


async def test_text_that_scrolls_is_also_somebody_whose_face_is_not_there(eye):
    _, reasons = await said_of(eye, shown(pages(3)))

    assert reasons == {Reason.FACE_CUT, Reason.LOW_CONTRAST}


async def test_two_people_in_the_picture_are_no_trouble(eye):
    pairs = zip(signing(), signing(tone=4, seed=9), strict=True)

    counts, reasons = await said_of(eye, shown([side_by_side(*one) for one in pairs]))

    assert counts.legible == counts.windows >= 4
    assert reasons == set()


async def test_an_empty_room_is_at_most_a_picture_that_stands(eye):
    room = np.full((480, 640, 3), (176, 190, 205), np.uint8)
    room[300:, 380:560] = (90, 60, 40)
    room[60:260, 80:240] = (230, 235, 240)

    _, reasons = await said_of(eye, shown(live(room)))

    assert reasons <= {Reason.FROZEN}
