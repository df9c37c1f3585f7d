"""What one picture says of light, sharpness and motion: arrays in, numbers out."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

WIDTH = 160
"""Pixels; light and motion need no more, and the arrays stay small."""

BLOCK = 8
"""Pixels on each side."""


@dataclass(frozen=True, slots=True)
class Light:
    """Luma is 0 to 255; see `Sample` for the words."""

    luma_mean: float
    luma_p95: float
    contrast: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class Change:
    """Between two pictures of one stream; see `Sample` for the words."""

    moving_share: float
    shift: float


def shrink(luma: Gray) -> Gray:
    """Scale to the width at which everything here is measured."""
    height, width = luma.shape
    size = (WIDTH, max(BLOCK, round(height * WIDTH / width)))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)


def light(small: Gray) -> Light:
    return Light(
        luma_mean=float(small.mean()),
        luma_p95=float(np.percentile(small, 95)),
        contrast=float(small.std()),
        sharpness=float(cv2.Laplacian(small, cv2.CV_32F).var()),
    )


def change(before: Gray, now: Gray, *, block_change: float) -> Change | None:
    """Compare two shrunk pictures; None when the stream changed its shape.

    A block *moves* when its pixels differ by more than `block_change` on average. The
    *shift* compares the blocks' means, because an encoder goes on refining the texture
    of a frozen picture, but hardly its means.
    """
    if before.shape != now.shape:
        return None
    height, width = now.shape
    size = (width // BLOCK, height // BLOCK)
    difference = np.subtract(now, before, dtype=np.float32)
    means = cv2.resize(difference, size, interpolation=cv2.INTER_AREA)
    amounts = cv2.resize(np.abs(difference), size, interpolation=cv2.INTER_AREA)
    return Change(
        moving_share=float((amounts > block_change).mean()),
        shift=float(np.abs(means).max()),
    )
