"""Finds hands with MediaPipe, and keeps nothing of them but how many and how cut.

Each picture is looked at by itself: at two or three checks a second the tracking of
MediaPipe's video mode finds no more hands (a hand has left its place by then), and one
tracker for each person would cost memory and remember somebody.
"""

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    HandLandmarker,
    HandLandmarkerOptions,
    RunningMode,
)
from numpy.typing import NDArray

from relay.eye.faces import part_of
from relay.eye.model import Box, HandsSeen

WHOLE = Box(0.0, 0.0, 1.0, 1.0)


class Hands:
    """One landmarker, for all streams of a worker."""

    def __init__(self, model: bytes) -> None:
        options = HandLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=RunningMode.IMAGE,
            num_hands=2,
        )
        self._landmarker = HandLandmarker.create_from_options(options)

    def find(self, picture: NDArray[np.uint8], space: Box = WHOLE) -> HandsSeen:
        """Look for hands in an RGB picture, or in the part where somebody signs."""
        image = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB,
            data=np.ascontiguousarray(part_of(picture, space)),
        )
        hands = self._landmarker.detect(image).hand_landmarks
        cut_shares = [
            sum(_is_outside(mark.x, mark.y, space) for mark in hand) / len(hand)
            for hand in hands
        ]
        return HandsSeen(count=len(hands), cut_share=max(cut_shares, default=0.0))


def _is_outside(x: float, y: float, space: Box) -> bool:
    """Of the picture: beyond the part that was shown it goes on."""
    across, down = space.left + x * space.width, space.top + y * space.height
    return not (0 <= across <= 1 and 0 <= down <= 1)
