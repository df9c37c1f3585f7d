"""A database of one benchmark's own: SQLite or PostgreSQL, as an operator has it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

START_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.1


class Database(StrEnum):
    """Which one."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@contextlib.contextmanager
def open_database(kind: Database) -> Iterator[str]:
    """Make an empty database; it is gone at the end. What it writes is on disk (fsync).

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """
    folder = Path(tempfile.mkdtemp(prefix="l"))
    try:
        if kind is Database.SQLITE:
            yield f"sqlite+aiosqlite:///{folder}/illico.sqlite3"
        else:
            with _postgresql(folder):
                yield f"postgresql+asyncpg://postgres@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder)


def size(url: str) -> int:
    """Tell the bytes that a database takes on disk."""
    folder = Path(url.partition("?host=")[2] or url.partition("///")[2])
    folder = folder if folder.is_dir() else folder.parent
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[None]:
    programs, user, data = _programs(), _user(), str(folder / "data")
    if user is not None:
        shutil.chown(folder, user)
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
    ]
    subprocess.run(initdb, user=user, check=True, capture_output=True, cwd="/")  # noqa: S603  by full path
    options = ["-c", "listen_addresses=", "-k", str(folder)]
    server = subprocess.Popen(  # noqa: S603  by full path
        [programs / "postgres", "-D", data, *options],
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_answers([programs / "pg_isready", "-q", "-h", str(folder)])
        yield
    finally:
        server.send_signal(signal.SIGINT)  # at once, whoever is connected
        server.wait(START_SECONDS)


def _programs() -> Path:
    """Find the newest installed PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found += [Path(path).resolve() for path in [shutil.which("initdb")] if path]
    if not found:
        raise FileNotFoundError("PostgreSQL (Debian: apt install postgresql)")
    return found[-1].parent


def _user() -> str | None:
    """PostgreSQL does not run as root; Debian's package brings a user for it."""
    return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None


def _until_it_answers(question: list[str | Path]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if subprocess.run(question, check=False, cwd="/").returncode == 0:  # noqa: S603  by full path
            return
        time.sleep(POLL_SECONDS)
    raise TimeoutError("PostgreSQL does not answer")
