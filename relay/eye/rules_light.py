"""What light does to a picture."""

from relay.eye.past import Past, share


def is_covered(past: Past, held: bool) -> bool:  # noqa: FBT001  a rule's signature
    rule = past.thresholds.camera_covered
    window = past.since(past.thresholds.window_s)
    covered = [
        sample.contrast < rule.contrast_below
        or (
            sample.contrast < rule.smooth_contrast_below
            and sample.sharpness < rule.smooth_sharpness_below
        )
        for sample in window
    ]
    return share(covered) >= (rule.keep_share if held else rule.raise_share)


def is_dark(past: Past, held: bool) -> bool:  # noqa: FBT001
    rule = past.thresholds.too_dark
    dark = [
        sample.luma_mean < rule.mean_below and sample.luma_p95 < rule.p95_below
        for sample in past.since(past.thresholds.window_s)
    ]
    return share(dark) >= (rule.keep_share if held else rule.raise_share)
