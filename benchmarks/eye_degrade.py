"""What may go wrong with a picture, by known amounts: arrays in, arrays out.

An amount is what comes out, not what is done: a face of so much of the picture's
height, a picture that ends so many face heights below the chin. It is told by the face
in the untouched film, so it means the same for whoever is in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""RGB."""

Change = Callable[[Picture, int], Picture | None]
"""Makes of a picture and its number another one, or none that the camera gives."""

SENSOR: Final = 1.5
"""Levels by which the pixels of a camera in a dark room differ from one to the next."""

MIDDLE_GREY: Final = 140
TORSO: Final = 1.4
"""Half the width of a person below the chin, in widths of the face's box."""

THICK: Final = np.ones((9, 9), np.uint8)
"""Pixels: an edge of the room that shakes with the camera is thinner than a hand."""

STILL: Final = 20
"""Levels by which a pixel differs from its median when something moves before it."""


@dataclass(frozen=True, slots=True)
class Face:
    """The box from brow to chin, in shares of the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2

    @property
    def chin(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class View:
    """The part of a picture that is to fill it: a corner, and the share of each side."""

    left: float
    top: float
    size: float


def shows(view: View) -> Change:
    """Look at a part, or from further away: then the picture's edges are stretched."""
    return lambda picture, _: window(picture, view)


def window(picture: Picture, view: View) -> Picture:
    height, width = picture.shape[:2]
    left, top = max(0.0, view.left), max(0.0, view.top)
    right, bottom = min(1.0, view.left + view.size), min(1.0, view.top + view.size)
    part = picture[
        round(top * height) : round(bottom * height),
        round(left * width) : round(right * width),
    ]
    size = (
        max(1, round((right - left) / view.size * width)),
        max(1, round((bottom - top) / view.size * height)),
    )
    how = cv2.INTER_AREA if view.size > 1 else cv2.INTER_LINEAR
    part = np.asarray(cv2.resize(part, size, interpolation=how), np.uint8)
    x = min(round((left - view.left) / view.size * width), width - size[0])
    y = min(round((top - view.top) / view.size * height), height - size[1])
    padded = cv2.copyMakeBorder(
        part,
        *(y, height - y - size[1], x, width - x - size[0]),
        cv2.BORDER_REPLICATE,
    )
    return np.asarray(padded, np.uint8)


def sized(face: Face, height: float) -> View:
    """The face has this height, in the picture's; from afar the floor stays in place."""
    size = face.height / height
    bottom = 1.0 if size >= 1 else min(1.0, face.middle[1] + 0.55 * size)
    return View(face.middle[0] - size / 2, bottom - size, size)


def ends_below(face: Face, heights: float) -> View:
    """The picture ends so many face heights below the chin; the face keeps its size."""
    return View(0.0, face.chin + heights * face.height - 1.0, 1.0)


def ends_beside(face: Face, widths: float) -> View:
    """The picture ends so many face widths beside the face, where it is nearer."""
    space = widths * face.width
    if face.middle[0] < 0.5:
        return View(face.left - space, 0.0, 1.0)
    return View(face.left + face.width + space - 1.0, 0.0, 1.0)


def widened(picture: Picture, index: int) -> Picture:  # noqa: ARG001
    """The picture of a camera of 16 to 9, of the same height: more wall at the sides."""
    height, width = picture.shape[:2]
    more = max(0, round(height * 16 / 9) - width) // 2
    wide = cv2.copyMakeBorder(picture, 0, 0, more, more, cv2.BORDER_REPLICATE)
    size = (640, 360)
    return np.asarray(cv2.resize(wide, size, interpolation=cv2.INTER_AREA), np.uint8)


def begins_at(face: Face, share: float) -> View:
    """The picture begins so far down the face, and goes on to where it went."""
    top = face.top + share * face.height
    size = 1.0 - top
    left = min(max(face.middle[0] - size / 2, 0.0), 1.0 - size)
    return View(left, top, size)


def halved(face: Face) -> View:
    """The picture ends in the middle of the face, at the nearer side."""
    middle = face.middle[0]
    return View(middle if middle < 0.5 else middle - 1.0, 0.0, 1.0)


def dimmed(loop: Sequence[Picture], brightest: float) -> Change:
    """So dark that what was white in the film has this luma, with a sensor's noise."""
    white = max(float(np.percentile(luma(picture), 95)) for picture in loop[::10])
    return darker(brightest / white)


def darker(share: float) -> Change:
    """So much of the levels is left, and what a sensor adds."""
    noise = noisy(SENSOR, seed=5)
    return lambda picture, index: noise(_scaled(picture, share), index)


def backlit(loop: Sequence[Picture], face: Face, person: float) -> Change:
    """A window behind: the wall is blown out, the person has so much of their light.

    The person is a face, a body below it, and whatever moves.
    """
    median = np.median(np.stack([luma(picture) for picture in loop[::6]]), axis=0)
    body = _body(median.shape[:2], face)

    def change(picture: Picture, _index: int) -> Picture:
        differs = np.asarray(np.abs(luma(picture) - median) > STILL, np.uint8)
        moves = cv2.dilate(cv2.morphologyEx(differs, cv2.MORPH_OPEN, THICK), THICK)
        mask = cv2.GaussianBlur(np.maximum(body, moves).astype(np.float32), (0, 0), 4)
        whole = picture.astype(np.float32)
        wall = 255 - (255 - whole) * 0.12
        made = whole * person * mask[..., None] + wall * (1 - mask[..., None])
        return made.astype(np.uint8)

    return change


def _body(shape: Sequence[int], face: Face) -> NDArray[np.uint8]:
    height, width = shape
    rows, columns = np.mgrid[0:height, 0:width]
    across = columns / width - face.middle[0]
    down = rows / height - face.middle[1]
    head = (across / (0.75 * face.width)) ** 2 + (down / (0.95 * face.height)) ** 2 < 1
    torso = (down > 0.75 * face.height) & (np.abs(across) < TORSO * face.width)
    return np.asarray(head | torso, np.uint8)


def blurred(picture: Picture, face: Face, share: float) -> Change:
    """Out of focus: a Gaussian whose sigma is this share of the face's height.

    Finger and gap are about 0.15 of that height apart, and a sigma of 0.05 leaves
    exp(-2 (0.05 pi / 0.15)^2), a ninth, of what tells them apart.
    """
    sigma = share * face.height * picture.shape[0]
    return lambda one, _: np.asarray(cv2.GaussianBlur(one, (0, 0), sigma), np.uint8)


def veiled(share: float) -> Change:
    """Fog on the lens: so much of the contrast is left."""
    return lambda picture, _: _scaled(picture, share, (1 - share) * MIDDLE_GREY)


def noisy(sigma: float, seed: int) -> Change:
    """Grain that differs from picture to picture, alike in all colours."""
    grain = np.random.default_rng(seed).normal(0, sigma, (1600, 1600))

    def change(picture: Picture, index: int) -> Picture:
        height, width = picture.shape[:2]
        x, y = index * 131 % (1600 - width), index * 197 % (1600 - height)
        made = picture + grain[y : y + height, x : x + width, None]
        return np.clip(made, 0, 255).astype(np.uint8)

    return change


def covered(picture: Picture) -> Change:
    """A cap on the lens: black, and what a sensor sees in the dark."""
    black, noise = np.full_like(picture, 14), noisy(2.0, seed=6)
    return lambda _, index: noise(black, index)


def fingered(picture: Picture, index: int) -> Picture:  # noqa: ARG001
    """A finger on the lens: a reddish glow without any detail."""
    glow = cv2.GaussianBlur(picture, (0, 0), 60) * 0.3 + np.array([60, 20, 15])
    return np.asarray(glow, np.uint8)


def held() -> Change:
    """The first picture again and again, as from a camera that has hung itself up."""
    kept: list[Picture] = []

    def change(picture: Picture, _index: int) -> Picture:
        if not kept:
            kept.append(picture)
        return kept[0]

    return change


def missing(picture: Picture, index: int) -> None:
    """No picture comes any more."""


def every(number: int) -> Change:
    """Only each so-manyeth picture comes."""
    return lambda picture, index: None if index % number else picture


def shrunk(size: tuple[int, int]) -> Change:
    """As large at most as this, landscape or portrait."""

    def change(picture: Picture, _index: int) -> Picture:
        height, width = picture.shape[:2]
        longer, shorter = size if width >= height else size[::-1]
        share = min(longer / width, shorter / height)
        even = (round(width * share / 2) * 2, round(height * share / 2) * 2)
        small = cv2.resize(picture, even, interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.uint8)

    return change


def tinted(red: float, blue: float) -> Change:
    """Lamps of another colour."""
    factors = np.array([red, 1.0, blue])
    return lambda picture, _: np.clip(picture * factors, 0, 255).astype(np.uint8)


def lit(factor: float) -> Change:
    """A little more or less light."""
    return lambda picture, _: _scaled(picture, factor)


def softened(sigma: float) -> Change:
    """As a cheap lens does, in pixels."""
    return lambda one, _: np.asarray(cv2.GaussianBlur(one, (0, 0), sigma), np.uint8)


def swaying(picture: Picture, sway: float, seed: int) -> Change:
    """Somebody who listens: sways by so many pixels, before a camera with its grain."""
    noise = noisy(2.0, seed)
    height, width = picture.shape[:2]

    def change(_picture: Picture, index: int) -> Picture | None:
        turn = 2 * np.pi * index / 30
        shift = np.array(
            [
                [1, 0, sway * np.sin(0.25 * turn)],
                [0, 1, 0.7 * sway * np.sin(0.2 * turn + 1)],
            ]
        )
        moved = cv2.warpAffine(
            picture, shift, (width, height), borderMode=cv2.BORDER_REPLICATE
        )
        return noise(np.asarray(moved, np.uint8), index)

    return change


def mirrored(picture: Picture, index: int) -> Picture:  # noqa: ARG001
    return picture[:, ::-1]


def luma(picture: Picture) -> NDArray[np.float32]:
    """Full range, 0 to 255."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def _scaled(picture: Picture, factor: float, plus: float = 0.0) -> Picture:
    made = cv2.convertScaleAbs(picture, alpha=factor, beta=plus)
    return np.asarray(made, np.uint8)
