"""What the device and its line do to a picture."""

from relay.eye.past import EDGE, Past, share


def is_silent(past: Past) -> bool:
    """Nothing came at all: whoever watches sees the last picture standing."""
    return past.at - past.arrived >= past.thresholds.frozen.silence_s


def is_frozen(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Nobody sits so still that not one block of the picture changes."""
    rule = past.thresholds.frozen
    shifts = [
        sample.shift for sample in past.since(rule.span_s) if sample.shift is not None
    ]
    still = [shift < rule.shift_below for shift in shifts]
    if len(still) < rule.min_samples:
        return held and all(still)
    return share(still) >= (rule.keep_share if held else rule.raise_share)


def is_slow(past: Past, held: bool) -> bool:  # noqa: FBT001
    rule = past.thresholds.low_frame_rate
    start = past.at - past.thresholds.window_s - EDGE
    first_at, first = next(entry for entry in past.frames if entry[0] >= start)
    if past.at - first_at < past.thresholds.window_s - EDGE:
        return False
    rate = (past.frames[-1][1] - first) / (past.at - first_at)
    return rate < (rule.keep_below if held else rule.raise_below)
