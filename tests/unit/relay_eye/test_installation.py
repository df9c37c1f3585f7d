"""What the eye refuses to start with, and the documents of its words."""

import re
from pathlib import Path

import msgspec
import pytest

from relay.errors import FailedError
from relay.eye import errors, installation, thresholds
from relay.eye.reasons import Reason, Side

MODEL = Path(thresholds.__file__).with_name("vendor") / "hand_landmarker.task"
README = Path(thresholds.__file__).with_name("README.md").read_text()


@pytest.mark.parametrize("version", ["0.10.35", "0.10.35.post1", "0.11.0", "1.2.2"])
def test_a_mediapipe_that_reports_its_use_is_refused_with_the_reason(version):
    with pytest.raises(errors.MediapipeReportsError, match="reports its use") as caught:
        installation.refuse_reporting(version)

    assert caught.value.code == "eye_mediapipe_reports"


@pytest.mark.parametrize("version", ["0.10.21", "0.10.31", "0.10.34"])
def test_a_mediapipe_that_keeps_quiet_is_taken(version):
    installation.refuse_reporting(version)


def test_the_installed_mediapipe_keeps_quiet():
    installed = installation.mediapipe_version()

    if installed is None:
        pytest.skip("there is no mediapipe for this machine")
    installation.refuse_reporting(installed)


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(errors.ModelMissingError, match=r"nothing\.task"):
        installation.read_models(tmp_path / "nothing.task")


def test_another_model_is_refused_with_both_hashes(tmp_path):
    other = tmp_path / "hand_landmarker.task"
    other.write_bytes(b"something else")

    with pytest.raises(errors.ModelWrongError, match=installation.MODELS["hand"]):
        installation.read_models(other)


def test_the_face_model_lies_beside_the_hand_model(tmp_path):
    if not MODEL.is_file():
        pytest.skip("the models are not there: `make setup` fetches them")
    hand = tmp_path / MODEL.name
    hand.symlink_to(MODEL)

    with pytest.raises(errors.ModelMissingError, match="face model"):
        installation.read_models(hand)
    (tmp_path / installation.FACE_MODEL).write_bytes(b"something else")
    with pytest.raises(errors.ModelWrongError, match=installation.MODELS["face"]):
        installation.read_models(hand)


def test_a_misspelt_threshold_is_an_error(tmp_path):
    other = tmp_path / "thresholds.json"
    text = thresholds.PATH.read_text()
    other.write_text(text.replace('"window_s"', '"windows_s"'))

    with pytest.raises(msgspec.ValidationError):
        thresholds.read_thresholds(other)


def documented():
    return set(re.findall(r"^\| `([^`]+)` \|", README, flags=re.MULTILINE))


def codes():
    kinds: list[type[errors.EyeError]] = [
        errors.EyeError,
        *errors.EyeError.__subclasses__(),
    ]
    return {kind.code for kind in kinds}


def test_every_reason_side_code_and_threshold_is_explained_in_the_readme():
    sections = set(msgspec.json.decode(thresholds.PATH.read_bytes()))

    assert {*Reason, *Side} <= documented()
    assert codes() <= documented()
    assert sections <= documented()


def test_every_reason_has_a_side_that_can_act():
    assert {reason.side for reason in Reason} == set(Side)


def test_every_error_of_the_eye_is_our_failure():
    assert issubclass(errors.EyeError, FailedError)
    assert len(codes()) == 5
