"""What the commands of the Makefile would do."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("signaling/browser", "web_client", "agent_console", "sla_portal")


def would_run(*words):
    """The lines that make would run; nothing is run."""
    command = ["make", "--dry-run", *words]
    done = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, env=_alone()
    )
    return done.stdout.splitlines()


def _alone():
    """The environment without the make that may be running these tests."""
    ours = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.mark.parametrize("wish", ["check", "fix"])
@pytest.mark.parametrize("folder", [*PAGES, "tests/browser"])
def test_every_folder_of_browser_modules_is_checked(wish, folder):
    (line,) = [line for line in would_run(wish) if f"tools/pages {wish}" in line]

    assert folder in line.split()


def test_a_failing_test_of_the_pages_fails_the_check(tmp_path):
    wrong = 'Deno.test("a false claim", () => {\n  throw new Error("no");\n});\n'
    (tmp_path / "wrong.test.js").write_text(wrong)
    words = ["tools/pages", "check", str(tmp_path)]

    done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert "a false claim" in done.stdout + done.stderr


def test_run_hands_its_options_on():
    assert would_run("run", "OPTIONS=--lan --port 9000")[-1].endswith(
        "illico up --lan --port 9000"
    )
