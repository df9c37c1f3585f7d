"""A relay whose eye cannot do its work says so in a sentence, and does not start."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_relay_without_its_model_says_what_is_missing_and_ends(opened, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "relay"],
        env={
            **os.environ,
            "ILLICO_RELAY_LISTEN": f"unix:{tmp_path}/relay.sock",
            "ILLICO_RELAY_SECRET": "the secret of the tests, long enough",
            "ILLICO_EYE_WORKERS": "1",
            "ILLICO_EYE_MODEL": str(tmp_path / "nothing.task"),
        },
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=30,
        text=True,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert "eye_model_missing: the hand model" in done.stderr
    assert "Traceback" not in done.stderr
