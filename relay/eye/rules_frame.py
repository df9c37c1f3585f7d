"""Whether the camera's frame leaves room for a face and for signing."""

from collections.abc import Callable

from relay.eye.model import FrameSeen, Sample
from relay.eye.past import Past
from relay.eye.thresholds import Thresholds


def is_too_close(past: Past, held: bool) -> bool:  # noqa: FBT001  a rule's signature
    """The face is so large that no place of it leaves room for hands."""
    rule = past.thresholds.too_close
    height = rule.keep_height_above if held else rule.raise_height_above
    width = rule.keep_width_above if held else rule.raise_width_above
    return past.holds(
        _sure(lambda frame: frame.height > height or frame.width > width), held=held
    )


def is_too_far(past: Past, held: bool) -> bool:  # noqa: FBT001
    rule = past.thresholds.too_far
    height = rule.keep_height_below if held else rule.raise_height_below
    return past.holds(_sure(lambda frame: frame.height < height), held=held)


def has_no_room(past: Past, held: bool) -> bool:  # noqa: FBT001
    """The picture ends where hands must be, whether or not they are there now."""
    rule = past.thresholds.hands_cut
    below = rule.keep_below_under if held else rule.raise_below_under
    beside = rule.keep_beside_under if held else rule.raise_beside_under
    return past.holds(
        _sure(lambda frame: frame.below < below or frame.beside < beside), held=held
    )


def cuts_face(past: Past, held: bool) -> bool:  # noqa: FBT001
    """The face is partly outside, or somebody moves and no face is there at all."""
    return past.holds(_is_cut, held=held) or _misses_face(past, held)


def is_odd(past: Past) -> bool:
    """The last look for a face, or the light, is not as it should be."""
    looks = (one.frame for one in reversed(past.samples) if one.frame is not None)
    frame = next(looks, None)
    flat = past.samples[-1].texture < past.thresholds.camera_covered.texture_below
    return frame is None or flat or frame.cut or not _has_room(frame, past.thresholds)


def _has_room(frame: FrameSeen, thresholds: Thresholds) -> bool:
    close, far, hands = thresholds.too_close, thresholds.too_far, thresholds.hands_cut
    return (
        frame.sure
        and far.keep_height_below <= frame.height <= close.keep_height_above
        and frame.width <= close.keep_width_above
        and frame.below >= hands.keep_below_under
        and frame.beside >= hands.keep_beside_under
    )


def _misses_face(past: Past, held: bool) -> bool:  # noqa: FBT001
    """Sooner where there was one: then it has left."""
    rule = past.thresholds.face_cut
    looks = [one.frame for one in past.samples if one.frame is not None]
    if not looks or _is_in(looks[-1]):
        return False
    knew = any(one.gone or one.cut for one in looks)
    span_s = rule.span_s if knew else rule.span_unseen_s
    checks = [one for one in past.since(span_s) if one.frame is not None]
    out = past.share(
        span_s, lambda one: None if one.frame is None else not _is_in(one.frame)
    )
    stirring = past.share(span_s, lambda one: _is_stirring(one, past))
    return (
        len(checks) >= (1 if held else rule.min_checks)
        and out >= (rule.keep_share if held else rule.raise_share)
        and stirring >= past.thresholds.keep_share
    )


def _is_cut(sample: Sample) -> bool | None:
    """A face that left over an edge is outside until a whole one is surely there.

    Of the rest of one the detector makes now a face, now something like it, now none.
    """
    frame = sample.frame
    return frame.cut if frame is not None and (frame.cut or frame.sure) else None


def _is_in(frame: FrameSeen) -> bool:
    return frame.seen and not frame.cut


def _is_stirring(sample: Sample, past: Past) -> bool | None:
    """Somebody is there: an empty room stands still."""
    if sample.moving_share is None:
        return None
    return sample.moving_share >= past.thresholds.motion.stirring_share


def _sure(claim: Callable[[FrameSeen], bool]) -> Callable[[Sample], bool | None]:
    """What a face says until the next look; one that nobody is sure of says nothing."""

    def asked(sample: Sample) -> bool | None:
        frame = sample.frame
        return None if frame is None else frame.sure and claim(frame)

    return asked
