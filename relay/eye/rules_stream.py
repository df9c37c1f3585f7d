"""What the device and its line do to a picture."""

from itertools import pairwise

from relay.eye.model import Sample
from relay.eye.past import EDGE, Past, share


def is_silent(past: Past) -> bool:
    """Nothing came at all: whoever watches sees the last picture standing."""
    return past.at - past.arrived >= past.thresholds.frozen.silence_s


def is_frozen(past: Past, held: bool) -> bool:  # noqa: FBT001  a rule's signature
    """The same picture again and again, but for what an encoder refines.

    A camera's noise alone changes more, and so does the sway of somebody who sits
    still; both are asked, because a coarse encoder drops the noise.
    """
    rule = past.thresholds.frozen
    same = [
        sample.difference < rule.difference_below and sample.shift < rule.shift_below
        for sample in past.since(rule.span_s)
        if sample.difference is not None and sample.shift is not None
    ]
    if len(same) < rule.min_samples:
        return held and all(same)
    return share(same) >= (rule.keep_share if held else rule.raise_share)


def is_slow(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Too few frames in each second: one moment without any is no rate."""
    rule = past.thresholds.low_frame_rate
    start = past.at - rule.span_s - EDGE
    counted = [entry for entry in past.frames if entry[0] >= start]
    if past.at - counted[0][0] < rule.span_s - EDGE:
        return False
    if held:
        (since, before), (at, frames) = counted[0], counted[-1]
        return frames - before < rule.keep_below * (at - since)
    return all(
        0 < frames - before < rule.raise_below * (at - since)
        for (since, before), (at, frames) in pairwise(counted)
    )


def is_small(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Below QVGA, lying or standing; a few pixels less are an encoder's rounding."""
    rule = past.thresholds.low_resolution
    long = rule.keep_long_below if held else rule.raise_long_below
    short = rule.keep_short_below if held else rule.raise_short_below

    def claim(sample: Sample) -> bool:
        return max(sample.size) < long or min(sample.size) < short

    return past.holds(claim, held=held)
