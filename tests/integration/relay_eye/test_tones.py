"""The drawn signer is judged alike in all tones of skin, in good and in low light.

A regression check: emoji are no people, and it is no evidence of fairness.
"""

import pytest

from benchmarks.eye_conditions import CONDITIONS, LIGHTS
from benchmarks.eye_films import Film, Someone, filmed, frames_in, scene_of
from benchmarks.eye_play import Screening
from benchmarks.eye_rows import row_of, tone_gap

SECONDS = 5.5


@pytest.fixture(autouse=True)
def _installed(opened, film):
    """The eye and the drawn signer are there."""


def short(someone, condition):
    scene = scene_of(someone, condition.name)
    change, loop = condition.make(scene), scene.loop
    pictures = (change(loop[n % len(loop)], n) for n in range(frames_in(SECONDS)))
    return Film(filmed(pictures, kbps=600, layers=True), None)


async def test_all_tones_are_told_the_same_within_three_points():
    rows = []
    async with Screening.open() as screening:
        for tone in range(5):
            someone = Someone(f"drawn, tone {tone}", tone=tone)
            for condition in (CONDITIONS[LIGHTS[0]], CONDITIONS[LIGHTS[-1]]):
                played = await screening.play(short(someone, condition))
                rows.append(row_of(someone.name, condition, played, None))

    assert [row.windows for row in rows] == [3] * 10
    assert tone_gap(rows) <= 3
