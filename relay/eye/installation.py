"""Whether this machine has what the eye needs, found out without loading any of it."""

import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from relay.eye.errors import MediapipeReportsError, ModelMissingError, ModelWrongError

MODELS = {
    "hand": "fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1",
    "face": "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
}
"""The SHA-256 of the models that were checked."""

FACE_MODEL = "face_detection_short_range.tflite"
"""It lies beside the hand model."""

FIRST_REPORTING = (0, 10, 35)
"""From this version on, MediaPipe reports its use to Google."""


def mediapipe_version() -> str | None:
    """None where it is not installed: there is no wheel for Linux on ARM."""
    try:
        return version("mediapipe")
    except PackageNotFoundError:
        return None


def refuse_reporting(installed: str) -> None:
    """Raises: MediapipeReportsError, for a version that talks about its use."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", installed)[:3])
    if numbers >= FIRST_REPORTING:
        raise MediapipeReportsError(
            f"mediapipe {installed} is installed, and from 0.10.35 on it reports its use"
            " to Google; pictures of people in conversation are not shown to it."
            " Install mediapipe 0.10.31.",
        )


@dataclass(frozen=True, slots=True)
class Models:
    hands: bytes
    faces: bytes


def read_models(path: Path) -> Models:
    """Read the hand model, and the face model beside it.

    Raises: ModelMissingError, ModelWrongError.
    """
    return Models(
        hands=_read_model("hand", path),
        faces=_read_model("face", path.with_name(FACE_MODEL)),
    )


def _read_model(kind: str, path: Path) -> bytes:
    try:
        model = path.read_bytes()
    except OSError as error:
        raise ModelMissingError(
            f"the {kind} model {path} cannot be read ({error.strerror}):"
            " `make setup` fetches it.",
        ) from error
    digest = hashlib.sha256(model).hexdigest()
    if digest != MODELS[kind]:
        raise ModelWrongError(
            f"the {kind} model {path} is not the one that was checked"
            f" (SHA-256 {digest}, expected {MODELS[kind]}).",
        )
    return model
