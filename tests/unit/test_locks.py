"""The locks install the same on every machine that we promise, and only there."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock")
MACHINES = {
    ("linux", "x86_64"): True,
    ("darwin", "arm64"): True,
    ("linux", "aarch64"): False,  # no wheel of mediapipe for these
    ("darwin", "x86_64"): False,
}


def locked(lock):
    """The requirements of a lock, without their hashes."""
    lines = (ROOT / lock).read_text().splitlines()
    words = [line.removesuffix(" \\") for line in lines if re.match(r"\w", line)]
    return {canonicalize_name(one.name): one for one in map(Requirement, words)}


def is_wanted(requirement, machine):
    platform, processor = machine
    here = {"sys_platform": platform, "platform_machine": processor}
    return requirement.marker is None or requirement.marker.evaluate(here)


@pytest.mark.parametrize("machine", MACHINES, ids="-".join)
def test_mediapipe_is_asked_for_where_it_has_a_wheel(machine):
    asked = {one.name: one for one in map(Requirement, PROJECT["dependencies"])}
    found = [asked["mediapipe"], *(locked(lock)["mediapipe"] for lock in LOCKS)]

    assert {is_wanted(one, machine) for one in found} == {MACHINES[machine]}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_dependency(lock):
    pinned = locked(lock)
    for asked in map(Requirement, PROJECT["dependencies"]):
        (version,) = pinned[canonicalize_name(asked.name)].specifier
        assert asked.specifier.contains(version.version), asked


def test_both_locks_agree():
    runtime, tools = map(locked, LOCKS)

    assert {name: str(one) for name, one in runtime.items()}.items() <= {
        name: str(one) for name, one in tools.items()
    }.items()
