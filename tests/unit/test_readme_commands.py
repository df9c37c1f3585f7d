"""What the first README tells people to type exists."""

import re
import tomllib
from pathlib import Path

import pytest
import typer.main
from rich.console import Console

from illico.app import create_app
from illico.screen import Screen

ROOT = Path(__file__).parents[2]
BLOCKS = "\n".join(
    block
    for readme in ("README.md", "illico/README.md")
    for block in re.findall(r"```\w*\n(.*?)```", (ROOT / readme).read_text(), re.DOTALL)
)
FIRST = "\n".join(
    re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
)
TYPED = re.sub(r"^admin (?=[a-z])", "illico admin ", BLOCKS, flags=re.MULTILINE)


def commands():
    """Every command of ours as words: `up`, `admin add-company`, …"""
    quiet = Console(quiet=True)
    whole = typer.main.get_command(create_app(Screen(quiet, quiet)))
    for name, command in whole.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from [f"{name} {each}" for each in inner] if inner else [name]


def test_every_command_of_ours_that_is_typed_exists():
    typed = re.findall(r"\billico ((?:admin |ledger )?[a-z][a-z-]+)(?![\w.=-])", TYPED)

    assert set(typed) - {"admin"} <= set(commands())  # a short name for `illico admin`


def test_every_command_of_ours_is_shown():
    assert [each for each in commands() if f"illico {each}" not in TYPED] == []


def test_every_target_of_make_that_is_typed_exists():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert set(re.findall(r"^make ([a-z]+)", TYPED, re.MULTILINE)) <= set(targets)


def test_what_is_typed_from_the_environment_says_so():
    """Nobody has our environment on the path: `.venv/bin/`, or a container."""
    bare = re.findall(r"^(?:illico|python|pytest) .*$", FIRST, re.MULTILINE)

    assert bare == []


@pytest.mark.parametrize("folder", ["benchmarks", "docs", "tests", "tools"])
def test_every_folder_of_ours_is_in_the_table(folder):
    rows = re.findall(
        r"^\| \[?`(\w+)/`", (ROOT / "README.md").read_text(), re.MULTILINE
    )

    assert folder in rows


def test_every_marker_of_the_tests_is_explained():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    markers = {each.partition(":")[0] for each in settings["tool"]["pytest"]["markers"]}
    text = (ROOT / "tests/README.md").read_text()

    assert all(f"| `{marker}` |" in text for marker in markers)
