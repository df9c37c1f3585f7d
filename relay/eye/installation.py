"""Whether this machine has what the eye needs, found out without loading any of it."""

import hashlib
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from relay.eye.errors import MediapipeReportsError, ModelMissingError, ModelWrongError

MODEL_SHA256 = "fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1"

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


def read_model(path: Path) -> bytes:
    """Raises: ModelMissingError, ModelWrongError."""
    try:
        model = path.read_bytes()
    except OSError as error:
        raise ModelMissingError(
            f"the hand model {path} cannot be read ({error.strerror}):"
            " `make setup` fetches it.",
        ) from error
    digest = hashlib.sha256(model).hexdigest()
    if digest != MODEL_SHA256:
        raise ModelWrongError(
            f"the hand model {path} is not the one that was checked"
            f" (SHA-256 {digest}, expected {MODEL_SHA256}).",
        )
    return model
