"""Films for the eye: whoever signs, untouched or with trouble that begins in between."""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import cv2
import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    FaceDetector,
    FaceDetectorOptions,
    RunningMode,
)
from PIL import Image

from benchmarks.eye_degrade import Face, Picture
from benchmarks.signer import FRAMES_PER_SECOND, Colour, Signer, Trouble, clip, drawn
from benchmarks.vp8 import Vp8Frame, encode

EYE: Final = Path(__file__).parents[1] / "relay/eye"
FACE_MODEL: Final = EYE / "vendor/face_detection_short_range.tflite"
HAND_MODEL: Final = EYE / "vendor/hand_landmarker.task"

KINDS: Final = (".mp4", ".webm", ".gif")
"""Of clips; films before coarser pictures."""

LONG, SHORT = 640, 480
LOOP_S: Final = 6.0
SURE: Final = 0.8
"""The share of pictures in which a face must be found to say where somebody is."""

Loop = tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Someone:
    """Who signs: in a clip, or drawn."""

    name: str
    path: Path | None = None
    tone: int = 2
    wall: Colour = (176, 190, 205)
    shirt: Colour = (46, 64, 92)
    seed: int = 7

    @property
    def is_drawn(self) -> bool:
        return self.path is None

    def as_signer(self) -> Signer:
        """Say how they are drawn."""
        return Signer(None, self.tone, self.seed, self.wall, self.shirt)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a film is made of; the chance is the same each time."""

    someone: Someone
    loop: Loop = field(repr=False)
    face: Face | None
    chance: random.Random = field(repr=False)


@dataclass(frozen=True, slots=True)
class Film:
    """Encoded; ``onset`` is when its trouble begins, in seconds."""

    frames: tuple[Vp8Frame, ...] = field(repr=False)
    onset: float | None


def people_of(folder: Path | None) -> list[Someone]:
    """Give who signs in the clips of a folder; each file is somebody else."""
    if folder is None:
        return []
    found = [file for file in folder.glob("*") if file.suffix in KINDS]
    ordered = sorted(found, key=lambda file: (KINDS.index(file.suffix), file.name))
    return [Someone(file.stem, file) for file in ordered]


def scene_of(someone: Someone, named: str) -> Scene:
    """Set a scene; the name makes its chance."""
    chance = random.Random(zlib.crc32(f"{someone.name} {named}".encode()))  # noqa: S311
    return Scene(someone, loop_of(someone), face_of(someone), chance)


@lru_cache(maxsize=2)
def loop_of(someone: Someone) -> Loop:
    """Give pictures that come again and again without a jump.

    A clip is played to its end and back: who begins anew would jump.
    """
    if someone.path is None:
        return _arrays(drawn(someone.as_signer(), seconds=LOOP_S))
    once = [_sized(one) for one in _arrays(clip(someone.path, size=None))]
    return (*once, *once[-2:0:-1])


@lru_cache(maxsize=1)
def without_hands(someone: Someone) -> Loop:
    """Draw the same person, whose hands are below the picture."""
    signer, out = someone.as_signer(), Trouble.HANDS_OUT
    return _arrays(drawn(signer, seconds=LOOP_S, trouble=out))


@cache
def face_of(someone: Someone) -> Face | None:
    """Find where the face is on the whole; None where that cannot be said."""
    if not FACE_MODEL.is_file():
        return None
    looked_at = loop_of(someone)[::6]
    faces = [face for one in looked_at if (face := _find(one)) is not None]
    if len(faces) < SURE * len(looked_at):
        return None
    return Face(*(float(one) for one in np.median(np.array(faces), axis=0)))


def filmed(
    pictures: Sequence[Picture | None] | Iterator[Picture | None],
    *,
    kbps: int,
    layers: bool,
) -> tuple[Vp8Frame, ...]:
    """Encode as a browser does."""
    shown = (None if one is None else Image.fromarray(one) for one in pictures)
    return tuple(encode(shown, kbps=kbps, layers=layers))


def frames_in(seconds: float) -> int:
    """Tell how many pictures a camera takes in that time."""
    return round(seconds * FRAMES_PER_SECOND)


def _arrays(pictures: Iterator[Image.Image]) -> Loop:
    return tuple(np.asarray(one.convert("RGB"), np.uint8) for one in pictures)


def _sized(picture: Picture) -> Picture:
    """As a camera of 480 lines would have taken it, upright or not."""
    height, width = picture.shape[:2]
    share = min(LONG / max(height, width), SHORT / min(height, width))
    size = (round(width * share / 2) * 2, round(height * share / 2) * 2)
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


def _find(picture: Picture) -> tuple[float, float, float, float] | None:
    image = mediapipe.Image(
        image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture)
    )
    found = _detector().detect(image).detections
    if not found:
        return None
    box = max(found, key=lambda one: one.categories[0].score or 0.0).bounding_box
    height, width = picture.shape[:2]
    return (
        box.origin_x / width,
        box.origin_y / height,
        box.width / width,
        box.height / height,
    )


@cache
def _detector() -> FaceDetector:
    options = FaceDetectorOptions(
        base_options=BaseOptions(model_asset_buffer=FACE_MODEL.read_bytes()),
        running_mode=RunningMode.IMAGE,
    )
    return FaceDetector.create_from_options(options)
