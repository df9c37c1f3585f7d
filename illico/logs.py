"""The children's log files: bounded in size, and their ends for whoever must know."""

import shutil
from pathlib import Path
from typing import Final

LARGEST_BYTES: Final = 10_000_000
KEPT: Final = 3
TAIL_LINES: Final = 12
TAIL_BYTES: Final = 8_000


def rotate(log: Path, *, largest: int = LARGEST_BYTES, kept: int = KEPT) -> bool:
    """Move a log that grew too large aside, the oldest away.

    A child keeps its file open (to append), so the file is copied and cut, not renamed:
    lines written between the two are lost, nothing is written twice.
    """
    if not log.exists() or log.stat().st_size <= largest:
        return False
    for number in range(kept - 1, 0, -1):
        older = _aside(log, number)
        if older.exists():
            older.replace(_aside(log, number + 1))
    with log.open("r+b") as current:
        with _aside(log, 1).open("wb") as copy:
            shutil.copyfileobj(current, copy)
        current.truncate(0)
    return True


def tail(log: Path, *, since: int = 0) -> str:
    """Read the last lines of a log, those written after the first `since` bytes."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            start = since if since <= size else 0
            file.seek(max(start, size - TAIL_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:])


def _aside(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")
