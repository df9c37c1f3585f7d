"""The words of the eye: what it measures, and what may come out."""

from dataclasses import dataclass, field
from enum import StrEnum

from relay.eye.reasons import Reason


class Legibility(StrEnum):
    """The last one is of advice that nobody can confirm any more."""

    LEGIBLE = "legible"
    AT_RISK = "at_risk"
    LOST = "lost"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the last seconds could be read, and if not why, the first cause first.

    Attributes:
        at: the end of those seconds, on the clock of the frames; two verdicts that say
            the same are equal.
    """

    legibility: Legibility
    reasons: tuple[Reason, ...] = ()
    at: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many windows of a participant were judged, and how."""

    windows: int = 0
    legible: int = 0
    at_risk: int = 0
    lost: int = 0

    def plus(self, legibility: Legibility) -> "Counts":
        return Counts(
            windows=self.windows + 1,
            legible=self.legible + (legibility is Legibility.LEGIBLE),
            at_risk=self.at_risk + (legibility is Legibility.AT_RISK),
            lost=self.lost + (legibility is Legibility.LOST),
        )


@dataclass(frozen=True, slots=True)
class HandsSeen:
    """What one hand check found; the landmarks themselves go no further.

    Attributes:
        count: hands found, 0 to 2.
        cut_share: of the landmarks of the worst hand, the share outside the
            picture.
    """

    count: int
    cut_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """Shares of the picture's width and height; it may lie partly outside."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class FaceSeen:
    """A face, from the brows to the chin; it goes no further than the watcher.

    Attributes:
        score: how sure the detector is, 0 to 1.
    """

    score: float
    box: Box


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """What the place of the face says of the picture's frame.

    Attributes:
        seen: there is a face, or what may be one.
        sure: it is one; without that, the lengths are 0 and say nothing.
        height: of the face, as a share of the picture's height.
        width: of the face, as a share of the picture's width.
        below: how many face heights the picture goes on below the chin.
        beside: how many face widths it goes on beside the face, on the narrower side.
        cut: the face is partly outside.
        gone: there is no face any more where there was one some seconds ago.
    """

    seen: bool
    sure: bool = False
    height: float = 0.0
    width: float = 0.0
    below: float = 0.0
    beside: float = 0.0
    cut: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class PersonLight:
    """The light on somebody whose face was found lately.

    Attributes:
        face: a tenth of the face is brighter than this.
        around: a quarter of what is beside the person is brighter than this.
        dark: 5 % of the part with head and body is darker than this.
        bright: 5 % of it is brighter than this.
    """

    face: float
    around: float
    dark: float
    bright: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What one looked-at picture measured; luma is 0 (black) to 255 (white).

    Attributes:
        at: seconds, the arrival of the frame.
        size: width and height in pixels.
        luma_mean: of the whole picture.
        luma_p5: 5 % of the picture is darker than this.
        luma_p95: 95 % of the picture is darker than this.
        contrast: standard deviation of luma.
        texture: the same, but within blocks of a twentieth of the width.
        edge: how wide the sharper ones of the strong edges are, in pixels of a picture
            of 320; of the person, where the face is known; None without strong edges.
        quantizer: of VP8, 0 (fine) to 127 (nothing but blots); 0 where it was not coded.
        moving_share: blocks that changed since the sample before; None for the first.
        shift: the largest change of a block's mean luma; None for the first.
        difference: the mean change of a pixel's luma; None for the first.
        person: None when no face was found lately.
        frame: None when this picture was not checked for a face.
        hands: None when this picture was not checked for hands.
    """

    at: float
    size: tuple[int, int]
    luma_mean: float
    luma_p5: float
    luma_p95: float
    contrast: float
    texture: float
    edge: float | None = None
    quantizer: int = 0
    moving_share: float | None = None
    shift: float | None = None
    difference: float | None = None
    person: PersonLight | None = None
    frame: FrameSeen | None = None
    hands: HandsSeen | None = None
