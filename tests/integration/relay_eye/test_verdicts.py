"""What real workers say of real VP8: of the drawn signer, and of real signing."""

from dataclasses import dataclass

import pytest

from benchmarks.signer import Trouble, clip
from benchmarks.vp8 import encode
from relay.eye.model import Counts, Legibility
from relay.eye.reasons import Reason

LAYERS = pytest.mark.parametrize("layers", [False, True], ids=["one layer", "L1T3"])


@pytest.mark.parametrize(
    ("tone", "layers"), [(0, False), (2, False), (4, False), (2, True)]
)
async def test_the_drawn_signer_is_legible(eye, film, tone, layers):
    await eye.play(film(6.0, tone=tone, layers=layers))

    assert [one.legibility for _, _, one in eye.told] == [Legibility.LEGIBLE]
    counts = eye.pool.stop("call-1", "caller")
    assert counts == Counts(windows=3, legible=3)


@dataclass
class Case:
    trouble: Trouble
    reason: Reason
    legibility: Legibility
    within_s: float

    def __str__(self):
        return self.trouble


CASES = [
    Case(Trouble.DARK, Reason.TOO_DARK, Legibility.AT_RISK, within_s=3),
    Case(Trouble.COVERED, Reason.CAMERA_COVERED, Legibility.LOST, within_s=3),
    Case(Trouble.FROZEN, Reason.FROZEN, Legibility.LOST, within_s=4),
]


@LAYERS
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_trouble_is_told_soon_and_taken_back_soon(eye, film, case, layers):
    await eye.play(film(11.5, case.trouble, starts_s=4, ends_s=8.5, layers=layers))

    assert eye.reasons() == {case.reason}
    assert 4 < eye.first(case.reason) <= 4 + case.within_s
    assert [one.legibility for _, _, one in eye.told] == [
        Legibility.LEGIBLE,
        case.legibility,
        Legibility.LEGIBLE,
    ]
    assert 8.5 < eye.last_word().at <= 11.5


async def test_hands_are_missed_only_after_somebody_has_signed_for_a_while(eye, film):
    await eye.play(film(9, Trouble.HANDS_OUT, starts_s=0, ends_s=7))

    assert eye.reasons() == {Reason.HANDS_NEVER_SEEN}
    assert 4 <= eye.first(Reason.HANDS_NEVER_SEEN) <= 7
    assert eye.last_word().legibility is Legibility.LEGIBLE


async def test_ten_frames_a_second_are_too_few(eye, film):
    frames = film(6.0, every=3)

    await eye.play([slowed(frame, 3) for frame in frames])

    assert eye.reasons() == {Reason.LOW_FRAME_RATE}


async def test_upper_layers_count_as_frames_without_their_bytes(eye, film):
    frames = film(6.0, layers=True)

    await eye.play([emptied(frame) for frame in frames])

    assert [one.legibility for _, _, one in eye.told] == [Legibility.LEGIBLE]


async def test_a_picture_that_stops_coming_is_frozen(eye, film, until):
    await eye.play(film(6.0))

    await until(lambda: Reason.FROZEN in eye.reasons())

    assert eye.last_word().legibility is Legibility.LOST


@pytest.mark.real_clips
@pytest.mark.parametrize(("kbps", "layers"), [(150, False), (800, False), (500, True)])
async def test_real_signing_gets_no_advice(eye, clips, kbps, layers):
    for path in clips:
        eye.pool.start(path.stem, "caller")
        pictures = clip(path, seconds=10, size=None)

        await eye.play(encode(pictures, kbps=kbps, layers=layers), call=path.stem)

        counts = eye.pool.stop(path.stem, "caller")
        assert counts.windows == counts.legible >= 6, (path.name, eye.told)


def slowed(frame, times):
    return type(frame)(
        frame.data, frame.key, frame.temporal_id, frame.timestamp * times
    )


def emptied(frame):
    data = b"" if frame.temporal_id else frame.data
    return type(frame)(data, frame.key, frame.temporal_id, frame.timestamp)
