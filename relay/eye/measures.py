"""What one picture says of light, sharpness and motion: arrays in, numbers out.

Luma is 0 for black and 255 for white here, as a page reads it from a canvas. A VP8
picture has 16 to 235, so it is stretched first: the numbers of both mean the same.
"""

from dataclasses import dataclass, field
from math import floor

import cv2
import numpy as np
from numpy.typing import NDArray

from relay.eye.model import Box, PersonLight

Gray = NDArray[np.uint8]
Numbers = NDArray[np.float32]

WIDTH = 320
"""Pixels; edges need as many. Light and motion are measured at half of it."""

BLOCK = 8
"""Pixels on each side, in either size."""

STRONG = 24
"""Luma between the sides of an edge that is worth measuring; less may be noise."""

FEW_EDGES = 8
"""Blocks; fewer with a strong edge say nothing of sharpness."""

FULL_RANGE = np.clip(np.round((np.arange(256) - 16) * 255 / 219), 0, 255).astype(
    np.uint8
)


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """One picture in two sizes; each pixel of `small` is the mean of four of `wide`."""

    wide: Gray
    small: Gray


@dataclass(frozen=True, slots=True)
class Light:
    """See `Sample` for the words."""

    luma_mean: float
    luma_p5: float
    luma_p95: float
    contrast: float
    texture: float


@dataclass(frozen=True, slots=True)
class Change:
    """Between two pictures of one stream; see `Sample` for the words.

    Attributes:
        blocks: by how much each block changed, for the search of faces.
    """

    moving_share: float
    shift: float
    difference: float
    blocks: Numbers = field(compare=False, repr=False)


def scale(luma: Gray) -> Scaled:
    """Scale the luma of a VP8 picture to the sizes at which everything is measured."""
    height, width = luma.shape
    rows = max(BLOCK, round(height * WIDTH / width / 2))
    wide = cv2.resize(luma, (WIDTH, 2 * rows), interpolation=cv2.INTER_AREA)
    return halved(np.asarray(cv2.LUT(wide, FULL_RANGE), np.uint8))


def halved(wide: Gray) -> Scaled:
    """Take a picture of full range and even sides."""
    height, width = wide.shape
    size = (width // 2, height // 2)
    small = cv2.resize(wide, size, interpolation=cv2.INTER_AREA)
    return Scaled(wide, np.asarray(small, np.uint8))


def light(small: Gray) -> Light:
    numbers = small.astype(np.float32)
    variance = _block_means(numbers * numbers) - _block_means(numbers) ** 2
    return Light(
        luma_mean=float(numbers.mean()),
        luma_p5=quantile(small, 0.05),
        luma_p95=quantile(small, 0.95),
        contrast=float(numbers.std()),
        texture=float(np.sqrt(max(variance.mean(), 0.0))),
    )


def quantile(luma: Gray, share: float) -> float:
    """The least luma that this share of the pixels does not exceed."""
    counts = np.bincount(luma.ravel(), minlength=256).cumsum()
    return float(np.searchsorted(counts, share * counts[-1]))


def edge_width(wide: Gray, part: Box | None = None) -> float | None:
    """How many pixels the sharper quarter of the strong edges needs from dark to light.

    That does not depend on how strong they are, and a blurred wall behind a sharp
    person does not count.
    """
    spans = _block_most(wide) - _block_least(wide)
    slopes = _block_slopes(wide)
    if part is not None:
        rows, columns = _cells(part, spans.shape)
        spans, slopes = spans[rows, columns], slopes[rows, columns]
    limit = max(STRONG, quantile(spans.astype(np.uint8), 0.9)) if spans.size else STRONG
    strong = spans >= limit
    widths = np.sort(spans[strong] / np.maximum(slopes[strong], 1))
    return float(widths[len(widths) // 4]) if len(widths) >= FEW_EDGES else None


def person_of(face: Box) -> Box:
    """Where the head and the body of a face are, hands aside."""
    top = face.top - 0.4 * face.height
    return Box(face.left - face.width, top, 3 * face.width, 1 - top)


def person_light(small: Gray, face: Box) -> PersonLight:
    inner = Box(
        face.left + 0.25 * face.width,
        face.top + 0.25 * face.height,
        0.5 * face.width,
        0.65 * face.height,
    )
    rows, columns = _cells(person_of(face), small.shape)
    around = np.ones(small.shape, np.bool_)
    around[rows, columns] = False
    return PersonLight(
        face=quantile(small[_cells(inner, small.shape)], 0.9),
        around=quantile(small[around], 0.75) if around.any() else 0.0,
        dark=quantile(small[rows, columns], 0.05),
        bright=quantile(small[rows, columns], 0.95),
    )


def change(before: Gray, now: Gray, *, block_change: float) -> Change | None:
    """Compare two small pictures; None when the stream changed its shape.

    A block *moves* when its pixels differ by more than `block_change` on average. The
    *shift* compares the blocks' means, because an encoder goes on refining the texture
    of a frozen picture, but hardly its means.
    """
    if before.shape != now.shape:
        return None
    difference = np.subtract(now, before, dtype=np.float32)
    amounts = np.abs(difference)
    blocks = _block_means(amounts)
    return Change(
        moving_share=float((blocks > block_change).mean()),
        shift=float(np.abs(_block_means(difference)).max()),
        difference=float(amounts.mean()),
        blocks=blocks,
    )


def _block_means(numbers: Numbers) -> Numbers:
    """Whole blocks only; what is left at the right and at the bottom is left out."""
    rows, columns = numbers.shape[0] // BLOCK, numbers.shape[1] // BLOCK
    whole = numbers[: rows * BLOCK, : columns * BLOCK]
    means = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, np.float32)


def _block_most(luma: Gray) -> NDArray[np.int16]:
    rows, columns = luma.shape[0] // BLOCK, luma.shape[1] // BLOCK
    whole = luma[: rows * BLOCK, : columns * BLOCK]
    most = whole.reshape(rows, BLOCK, -1).max(1).reshape(rows, columns, BLOCK).max(2)
    return np.asarray(most, np.int16)


def _block_least(luma: Gray) -> NDArray[np.int16]:
    return 255 - _block_most(255 - luma)


def _block_slopes(luma: Gray) -> NDArray[np.int16]:
    """The steepest step between neighbours, where both are of the block."""
    across = np.zeros_like(luma)
    down = np.zeros_like(luma)
    across[:, :-1] = cv2.absdiff(luma[:, 1:], luma[:, :-1])
    down[:-1] = cv2.absdiff(luma[1:], luma[:-1])
    across[:, BLOCK - 1 :: BLOCK] = 0
    down[BLOCK - 1 :: BLOCK] = 0
    return _block_most(np.maximum(across, down))


def _cells(part: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The rows and columns of a box, at least one of each."""
    return (
        _cell_range(part.top, part.height, shape[0]),
        _cell_range(part.left, part.width, shape[1]),
    )


def _cell_range(start: float, length: float, cells: int) -> slice:
    first = min(max(floor(start * cells + 0.5), 0), cells - 1)
    last = min(max(floor((start + length) * cells + 0.5), first + 1), cells)
    return slice(first, last)
