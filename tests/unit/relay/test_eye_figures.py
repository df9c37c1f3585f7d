"""What an operator can read of the eye."""

from pathlib import Path

from relay import metrics
from relay.eye_port import EyeLoad
from relay.metrics import eye_figures

README = Path(metrics.__file__).with_name("README.md").read_text()


def shown(load):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in eye_figures(load)
        for sample in family.samples
    }


def test_every_figure_is_told_under_its_name():
    load = EyeLoad(
        workers=2,
        sealed=1,
        streams=50,
        resting=3,
        factor=4.5,
        late_s=0.25,
        frames=900,
        samples=90,
        checks={"hands": 30},
        processor_s=1.5,
        dropped=7,
        restarts=6,
        blamed=5,
    )

    assert shown(load) == {
        ("illico_eye_workers",): 2,
        ("illico_eye_sealed",): 1,
        ("illico_eye_streams",): 50,
        ("illico_eye_resting",): 3,
        ("illico_eye_factor",): 4.5,
        ("illico_eye_late_seconds",): 0.25,
        ("illico_eye_frames_total",): 900,
        ("illico_eye_samples_total",): 90,
        ("illico_eye_checks_total", "hands"): 30,
        ("illico_eye_processor_seconds_total",): 1.5,
        ("illico_eye_dropped_total",): 7,
        ("illico_eye_restarts_total",): 6,
        ("illico_eye_blamed_total",): 5,
    }


def test_where_there_is_no_eye_the_reason_is_told():
    assert (
        shown(EyeLoad(absent="no_mediapipe"))["illico_eye_absent", "no_mediapipe"] == 1
    )


def test_every_figure_of_the_eye_has_its_row_in_the_readme():
    names = {name for name, *_ in shown(EyeLoad(absent="off", checks={"hands": 1}))}

    assert {name for name in names if f"`{name}`" not in README} == set()
