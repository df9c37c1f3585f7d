"""Finds the face with MediaPipe, and says no more of it than where it is.

It is a detector of faces, not of persons: nothing that could tell one from another is
computed, and no landmark of it is read.
"""

from collections.abc import Iterable

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    FaceDetector,
    FaceDetectorOptions,
    RunningMode,
)
from numpy.typing import NDArray

from relay.eye.geometry import best_of
from relay.eye.model import Box, FaceSeen
from relay.eye.thresholds import Face


class Faces:
    """One detector, for all streams of a worker."""

    def __init__(self, model: bytes, rule: Face) -> None:
        self._rule = rule
        options = FaceDetectorOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=RunningMode.IMAGE,
            min_detection_confidence=rule.seen_score,
        )
        self._detector = FaceDetector.create_from_options(options)

    def find(self, picture: NDArray[np.uint8]) -> FaceSeen | None:
        """Look for a face in an RGB picture; one much below a tenth of it is missed."""
        image = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB,
            data=np.ascontiguousarray(picture),
        )
        height, width = picture.shape[:2]
        faces = [
            FaceSeen(
                score=float(found.categories[0].score),
                box=Box(
                    left=found.bounding_box.origin_x / width,
                    top=found.bounding_box.origin_y / height,
                    width=found.bounding_box.width / width,
                    height=found.bounding_box.height / height,
                ),
            )
            for found in self._detector.detect(image).detections
        ]
        return best_of(faces, self._rule)

    def find_at(
        self, picture: NDArray[np.uint8], spots: Iterable[Box]
    ) -> FaceSeen | None:
        """Look at parts of a picture, until one of them has a sure face."""
        for spot in spots:
            found = self.find(part_of(picture, spot))
            if found is not None and found.score >= self._rule.sure_score:
                return _placed(found, spot)
        return None


def part_of(picture: NDArray[np.uint8], spot: Box) -> NDArray[np.uint8]:
    rows, columns = picture.shape[:2]
    top, left = int(spot.top * rows), int(spot.left * columns)
    height, width = round(spot.height * rows), round(spot.width * columns)
    return picture[top : top + height, left : left + width]


def _placed(face: FaceSeen, spot: Box) -> FaceSeen:
    box = face.box
    return FaceSeen(
        score=face.score,
        box=Box(
            left=spot.left + box.left * spot.width,
            top=spot.top + box.top * spot.height,
            width=box.width * spot.width,
            height=box.height * spot.height,
        ),
    )
