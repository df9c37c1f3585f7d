"""A few films of the benchmark; `python -m benchmarks.eye` shows them all."""

import pytest

from benchmarks.eye_conditions import CONDITIONS, make_film
from benchmarks.eye_films import FACE_MODEL, Someone, face_of, people_of
from benchmarks.eye_play import Screening
from benchmarks.eye_rows import row_of

DRAWN = Someone("drawn")


@pytest.fixture(autouse=True)
def _installed(opened, film):
    """The eye and the drawn signer are there."""


async def shown(someone, named):
    made = make_film(someone, named)
    assert made is not None
    async with Screening.open() as screening:
        played = await screening.play(made)
    return row_of(someone.name, CONDITIONS[named], played, made.onset)


async def test_legible_signing_gets_a_verdict_each_second_and_no_advice():
    row = await shown(DRAWN, "untouched")

    assert (row.windows, row.right) == (10, 10)


async def test_a_trouble_is_told_in_every_window_that_lies_in_it():
    row = await shown(DRAWN, "covered, black")

    assert row.windows >= 4
    assert row.right == row.windows
    assert row.delay_s is not None
    assert 0 < row.delay_s <= 3


async def test_the_same_film_is_made_again():
    first = make_film(DRAWN, "white at 45")

    assert first == make_film(DRAWN, "white at 45")


@pytest.mark.skipif(not FACE_MODEL.is_file(), reason="`make setup` fetches the model")
def test_the_drawn_face_is_where_it_was_drawn():
    face = face_of(DRAWN)

    assert face is not None
    assert face.middle[0] == pytest.approx(0.5, abs=0.05)
    assert 0.25 < face.middle[1] < 0.5


def test_films_of_a_folder_are_people_and_nothing_else_is(tmp_path):
    for name in ("b.mp4", "a.gif", "c.mp4", "notes.md", "still.png"):
        (tmp_path / name).touch()

    assert [one.name for one in people_of(tmp_path)] == ["b", "c", "a"]
    assert people_of(None) == []
