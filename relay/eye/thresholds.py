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
    hands_interval_s: float
    hands_interval_resting_s: float
    hands_missed_s: float
    hands_budget_share: float
    hands_budget_burst_s: float


class Motion(Section, frozen=True):
    block_change: float
    moving_share: float


class CameraCovered(Section, frozen=True):
    contrast_below: float
    smooth_contrast_below: float
    smooth_sharpness_below: float
    raise_share: float
    keep_share: float


class Frozen(Section, frozen=True):
    span_s: float
    min_samples: int
    shift_below: float
    silence_s: float
    raise_share: float
    keep_share: float


class TooDark(Section, frozen=True):
    mean_below: float
    p95_below: float
    raise_share: float
    keep_share: float


class HandsNeverSeen(Section, frozen=True):
    span_s: float
    memory_s: float
    rest_s: float
    quantizer_at_most: int
    min_checks: int
    raise_moving_share: float
    keep_moving_share: float


class HandsCut(Section, frozen=True):
    cut_share: float
    min_checks: int
    raise_share: float
    keep_share: float


class LowFrameRate(Section, frozen=True):
    raise_below: float
    keep_below: float


class Thresholds(Section, frozen=True):
    window_s: float
    stride_s: float
    min_samples: int
    sampling: Sampling
    motion: Motion
    camera_covered: CameraCovered
    frozen: Frozen
    too_dark: TooDark
    hands_never_seen: HandsNeverSeen
    hands_cut: HandsCut
    low_frame_rate: LowFrameRate

    @property
    def memory_s(self) -> float:
        """How far back the longest of the rules looks."""
        spans = (self.window_s, self.frozen.span_s, self.hands_never_seen.memory_s)
        return max(spans) + self.stride_s


def read_thresholds(path: Path = PATH) -> Thresholds:
    return msgspec.json.decode(path.read_bytes(), type=Thresholds)
