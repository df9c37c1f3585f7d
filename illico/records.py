"""Which processes an illico started: so that the next one ends what a kill -9 left."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from illico.folder import write_private

PATIENCE_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Record:
    """A process, told from a later one of the same number by its birth."""

    name: str
    pid: int
    birth: str


def birth(pid: int) -> str | None:
    """Tell when a process was born, in the system's own words; None if it is gone."""
    status = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        return _birth_by_ps(pid)
    try:
        words = status.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *rest = words.rpartition(")")[2].split()  # the name may hold anything
    return None if state in "ZX" else rest[18]


def save(path: Path, records: Iterable[Record]) -> None:
    write_private(path, json.dumps([asdict(record) for record in records]) + "\n")


def load(path: Path) -> list[Record]:
    """Read the records; a file that makes no sense names nobody."""
    try:
        return [Record(**each) for each in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def end_leftovers(path: Path) -> list[str]:
    """End the recorded processes that still live, and name them.

    The queue's server is among them: it writes its file out and ends, and the next one
    reads that file. A process that does not end in time is killed, with its group.
    """
    alive = [each for each in load(path) if birth(each.pid) == each.birth]
    for each in alive:
        _signal(each.pid, signal.SIGTERM)
        _signal(each.pid, signal.SIGCONT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(birth(each.pid) == each.birth for each in alive):
        if time.monotonic() > deadline:
            kill(alive)
            _wait_until_gone(alive)
            break
        time.sleep(POLL_SECONDS)
    save(path, ())
    return [each.name for each in alive]


def kill(records: Iterable[Record]) -> None:
    """Kill the recorded processes that still live, each with all it started."""
    for each in records:
        if birth(each.pid) == each.birth:
            _signal(-each.pid, signal.SIGKILL)  # each leads a group of its own


def _wait_until_gone(records: Iterable[Record]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(birth(each.pid) == each.birth for each in records):
        if time.monotonic() > deadline:
            return
        time.sleep(POLL_SECONDS)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _birth_by_ps(pid: int) -> str | None:
    found = subprocess.run(  # noqa: S603 - only a number of ours is passed
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    state, _, born = found.stdout.strip().partition(" ")
    return None if not born or state.startswith("Z") else born.strip()
