"""Clips of real signing, which are not in the repository: a folder may hold some."""

import os
from pathlib import Path

import pytest

VARIABLE = "ILLICO_SIGNING_CLIPS"
KINDS = (".mp4", ".webm", ".gif")  # films before coarser pictures


def signing_clips(at_least=1):
    """Every clip of the folder that the environment names, always in the same order."""
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} names no folder with clips of real signing")
    found = [file for file in Path(named).glob("*") if file.suffix in KINDS]
    if len(found) < at_least:
        pytest.skip(
            f"{VARIABLE} names a folder with {len(found)} clips; {at_least} are needed"
        )
    return sorted(found, key=lambda file: (KINDS.index(file.suffix), file.name))
