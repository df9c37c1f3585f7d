"""Whatever clips somebody has, the tests take them, and always the same ones."""

import pytest

from tests.clips import VARIABLE, signing_clips


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for name in ("a.gif", "b.gif", "a.webm", "b.mp4", "a.mp4", "README.md", "face.png"):
        (tmp_path / name).touch()
    return tmp_path


def test_films_come_before_coarser_pictures_and_nothing_else_is_a_clip(folder):
    names = [clip.name for clip in signing_clips(at_least=2)]

    assert names == ["a.mp4", "b.mp4", "a.webm", "a.gif", "b.gif"]


def test_too_few_clips_skip_a_test_with_a_sentence(folder):
    with pytest.raises(pytest.skip.Exception, match="5 clips; 6 are needed"):
        signing_clips(at_least=6)


@pytest.mark.parametrize("value", [None, ""])
def test_no_folder_skips_a_test_with_a_sentence(monkeypatch, value):
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)

    with pytest.raises(pytest.skip.Exception, match="names no folder"):
        signing_clips()
