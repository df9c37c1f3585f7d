"""What light, lens and colours do to a picture.

No rule asks how bright a face is by itself: that would tell people with dark skin that
they sit in the dark. Each compares with the rest of the picture.
"""

from relay.eye.model import Sample
from relay.eye.past import Past

GAMMA = 2.2
"""Luma to light, about: twice the luma is more than four times the light."""


def is_covered(past: Past, held: bool) -> bool:  # noqa: FBT001  a rule's signature
    """Nearly the same everywhere, or without any detail, and no face in that."""
    rule = past.thresholds.camera_covered

    def claim(sample: Sample) -> bool:
        flat = sample.contrast < rule.contrast_below
        return flat or sample.texture < rule.texture_below

    return past.holds(claim, held=held) and not any(
        claim(sample) and sample.frame is not None and sample.frame.seen
        for sample in past.since(past.thresholds.window_s)
    )


def is_dark(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Three stops under a usual exposure on the whole, and two where it is white."""
    rule = past.thresholds.too_dark
    mean = rule.keep_mean_below if held else rule.raise_mean_below
    white = rule.keep_white_below if held else rule.raise_white_below
    return past.holds(
        lambda sample: sample.luma_mean < mean and sample.luma_p95 < white, held=held
    )


def is_backlit(past: Past, held: bool) -> bool:  # noqa: FBT001
    """The surroundings send more light than anything lit like the face could."""
    rule = past.thresholds.backlit
    most = rule.keep_ratio_above if held else rule.raise_ratio_above

    def claim(sample: Sample) -> bool:
        person = sample.person
        if person is None or person.around < rule.around_above:
            return False
        times = person.around / max(person.face, 1.0)
        return bool(times > most ** (1 / GAMMA))

    return past.holds(claim, held=held)


def is_pale(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Of somebody, what is darkest is nearly as bright as what is brightest."""
    rule = past.thresholds.low_contrast
    least = rule.keep_below if held else rule.raise_below

    def claim(sample: Sample) -> bool:
        dark, bright = sample.luma_p5, sample.luma_p95
        if sample.person is not None:
            dark, bright = sample.person.dark, sample.person.bright
        return bright - dark < least * bright

    return past.holds(claim, held=held)


def is_blurred(past: Past, held: bool) -> bool:  # noqa: FBT001
    rule = past.thresholds.blurred
    widest = rule.keep_edge_above if held else rule.raise_edge_above
    return past.holds(
        lambda sample: sample.edge is not None and sample.edge > widest, held=held
    )
