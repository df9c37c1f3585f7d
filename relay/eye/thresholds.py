"""Reads `thresholds.json`, the one file of numbers that relay and browser share.

Shares are of the samples of a span; luma is 0 to 255; times are seconds. A reason
starts at its `raise_…` and stays until it is beyond its `keep_…`.
"""

from pathlib import Path

import msgspec

PATH = Path(__file__).with_name("thresholds.json")


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A closed object: a misspelt threshold is an error, not a default."""


class Sampling(Section, frozen=True):
    interval_s: float
    alert_s: float
    face_interval_s: float
    face_looks_per_s: float
    face_looks_saved: float
    hands_interval_s: float
    hands_interval_resting_s: float
    hands_looks_per_s: float
    hands_looks_saved: float


class Motion(Section, frozen=True):
    block_change: float
    moving_share: float
    stirring_share: float
    changed_share: float


class Face(Section, frozen=True):
    seen_score: float
    known_score: float
    sure_score: float
    memory_s: float
    light_s: float
    edge_margin: float
    cut_share: float
    like_ratio: float


class CameraCovered(Section, frozen=True):
    contrast_below: float
    texture_below: float


class Frozen(Section, frozen=True):
    span_s: float
    min_samples: int
    difference_below: float
    shift_below: float
    silence_s: float
    raise_share: float
    keep_share: float


class TooDark(Section, frozen=True):
    raise_mean_below: float
    keep_mean_below: float
    raise_white_below: float
    keep_white_below: float


class Backlit(Section, frozen=True):
    raise_ratio_above: float
    keep_ratio_above: float
    around_above: float


class LowContrast(Section, frozen=True):
    raise_below: float
    keep_below: float


class Blurred(Section, frozen=True):
    raise_edge_above: float
    keep_edge_above: float


class TooClose(Section, frozen=True):
    raise_height_above: float
    keep_height_above: float
    raise_width_above: float
    keep_width_above: float


class TooFar(Section, frozen=True):
    raise_height_below: float
    keep_height_below: float


class HandsCut(Section, frozen=True):
    raise_below_under: float
    keep_below_under: float
    raise_beside_under: float
    keep_beside_under: float
    landmark_share: float
    min_checks: int


class FaceCut(Section, frozen=True):
    span_s: float
    span_unseen_s: float
    raise_share: float
    keep_share: float
    min_checks: int


class HandsNeverSeen(Section, frozen=True):
    span_s: float
    memory_s: float
    chance_below: float
    doubt_below: float
    usual_share: float
    usual_weight: float
    tight_checks: int
    quantizer_at_most: int
    raise_moving_share: float
    keep_moving_share: float


class LowFrameRate(Section, frozen=True):
    span_s: float
    raise_below: float
    keep_below: float


class LowResolution(Section, frozen=True):
    raise_long_below: int
    keep_long_below: int
    raise_short_below: int
    keep_short_below: int


class Thresholds(Section, frozen=True):
    window_s: float
    stride_s: float
    min_samples: int
    raise_share: float
    keep_share: float
    sampling: Sampling
    motion: Motion
    face: Face
    camera_covered: CameraCovered
    frozen: Frozen
    too_dark: TooDark
    backlit: Backlit
    low_contrast: LowContrast
    blurred: Blurred
    too_close: TooClose
    too_far: TooFar
    hands_cut: HandsCut
    face_cut: FaceCut
    hands_never_seen: HandsNeverSeen
    low_frame_rate: LowFrameRate
    low_resolution: LowResolution

    @property
    def memory_s(self) -> float:
        """How far back the longest of the rules looks."""
        return max(self.window_s, self.hands_never_seen.memory_s) + self.stride_s


def read_thresholds(path: Path = PATH) -> Thresholds:
    return msgspec.json.decode(path.read_bytes(), type=Thresholds)
