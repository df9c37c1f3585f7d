"""The words of the eye: what it measures, and what may come out."""

from dataclasses import dataclass, field
from enum import StrEnum

from relay.eye.reasons import Reason


class Legibility(StrEnum):
    LEGIBLE = "legible"
    AT_RISK = "at_risk"
    LOST = "lost"


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
class Sample:
    """What one looked-at picture measured; luma is 0 to 255.

    Attributes:
        at: seconds, the arrival of the frame.
        luma_mean: of the whole picture.
        luma_p95: 95 % of the picture is darker than this.
        contrast: standard deviation of luma.
        sharpness: variance of the Laplacian.
        quantizer: of VP8, 0 (fine) to 127 (nothing but blots).
        moving_share: blocks that changed since the sample before; None for the first.
        shift: the largest change of a block's mean luma; None for the first.
        hands: None when this picture was not checked for hands.
    """

    at: float
    luma_mean: float
    luma_p95: float
    contrast: float
    sharpness: float
    quantizer: int
    moving_share: float | None = None
    shift: float | None = None
    hands: HandsSeen | None = None
