"""Why signing cannot be read: the closed list, and which side can do something."""

from enum import StrEnum
from types import MappingProxyType


class Side(StrEnum):
    """Who can act on a reason; the words for it belong to the pages."""

    SIGNER = "signer"  # the person in the picture: light, place, camera
    CONNECTION = "connection"  # the device or the network of that person


class Reason(StrEnum):
    """Ranked: of two that hold, the earlier one is told first."""

    CAMERA_COVERED = "camera_covered"
    FROZEN = "frozen"
    TOO_DARK = "too_dark"
    BACKLIT = "backlit"
    TOO_CLOSE = "too_close"
    TOO_FAR = "too_far"
    HANDS_NEVER_SEEN = "hands_never_seen"
    HANDS_CUT = "hands_cut"
    FACE_CUT = "face_cut"
    BLURRED = "blurred"
    LOW_CONTRAST = "low_contrast"
    LOW_FRAME_RATE = "low_frame_rate"
    LOW_RESOLUTION = "low_resolution"

    @property
    def side(self) -> Side:
        return Side.CONNECTION if self in _OF_THE_CONNECTION else Side.SIGNER


RANKED = tuple(Reason)

LOST = frozenset(
    {Reason.CAMERA_COVERED, Reason.FROZEN, Reason.HANDS_NEVER_SEEN},
)
"""With one of these nothing can be read; with any other, some of it."""

_HANDS = frozenset({Reason.HANDS_NEVER_SEEN, Reason.HANDS_CUT})

HIDES = MappingProxyType(
    {
        Reason.CAMERA_COVERED: frozenset(Reason) - {Reason.CAMERA_COVERED},
        Reason.FROZEN: frozenset(Reason) - {Reason.CAMERA_COVERED, Reason.FROZEN},
        Reason.TOO_DARK: _HANDS
        | {
            Reason.BACKLIT,
            Reason.FACE_CUT,
            Reason.BLURRED,
            Reason.LOW_CONTRAST,
            Reason.LOW_FRAME_RATE,  # cameras take longer for each picture in the dark
        },
        Reason.BACKLIT: frozenset(
            {
                Reason.HANDS_NEVER_SEEN,
                Reason.FACE_CUT,
                Reason.BLURRED,
                Reason.LOW_CONTRAST,
            }
        ),
        Reason.TOO_CLOSE: frozenset({Reason.LOW_CONTRAST}),
        Reason.TOO_FAR: _HANDS | {Reason.FACE_CUT, Reason.LOW_CONTRAST},
        Reason.HANDS_CUT: frozenset({Reason.LOW_CONTRAST}),
        Reason.FACE_CUT: frozenset({Reason.HANDS_NEVER_SEEN}),
        Reason.BLURRED: _HANDS | {Reason.FACE_CUT, Reason.LOW_CONTRAST},
    },
)
"""A cause, and what it would only repeat: in the dark no hand is found."""

_OF_THE_CONNECTION = frozenset(
    {Reason.FROZEN, Reason.LOW_FRAME_RATE, Reason.LOW_RESOLUTION},
)

OF_THE_CODING = _OF_THE_CONNECTION | {Reason.BLURRED}
"""What a picture of somebody who waits may have by its bit rate alone."""
