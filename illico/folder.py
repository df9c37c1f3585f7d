"""The data folder: its format, its lock, and private files that are whole or absent."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from illico import sockets
from illico.errors import FolderInUseError, FolderNewerError, FolderUnusableError

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Names what lies where; every folder is for its owner alone (0700)."""

    path: Path  # absolute

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def tls(self) -> Path:
        return self.path / "tls"

    @property
    def spool(self) -> Path:
        return self.path / "spool"

    @property
    def clips(self) -> Path:
        return self.path / "lsf"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def processes(self) -> Path:
        return self.run / "processes.json"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def ledger_key(self) -> Path:
        return self.path / "ledger-key.pem"

    @property
    def demo_accounts(self) -> Path:
        return self.path / "demo-accounts.json"

    @property
    def database_url(self) -> str:
        return f"sqlite+aiosqlite:///{self.path / 'illico.sqlite3'}"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def prepare(path: Path) -> DataFolder:
    """Make the folder, or recognise it.

    Raises:
        FolderNewerError: a newer version of Illico wrote it.
        FolderUnusableError: it cannot be made, read or written.
    """
    folder = DataFolder(path.expanduser().absolute())
    try:
        _private(folder.path)
        _check_format(folder)
        for inner in (
            *(folder.logs, folder.valkey, folder.tls, folder.clips, folder.spool),
            folder.run,
        ):
            _private(inner)
    except OSError as error:
        raise FolderUnusableError(folder.path, error.strerror or str(error)) from error
    return folder


@contextmanager
def locked(folder: DataFolder) -> Iterator[None]:
    """Keep the folder for this process; the system unlocks it whatever happens.

    Raises:
        FolderInUseError: another process keeps it.
        FolderUnusableError: it belongs to somebody else.
    """
    try:
        descriptor = os.open(folder.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FolderUnusableError(folder.path, error.strerror or str(error)) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.read(descriptor, 20).decode(errors="replace").strip()
            raise FolderInUseError(folder.path, f"process {owner or '?'}") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Write a file (0600) that is whole, on disk, or not there at all."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def socket_folder(
    folder: DataFolder,
    *,
    runtime: Path | None,
    temporary: Path,
) -> Path:
    """Find or make the private folder of the sockets, and keep a link to it.

    Raises:
        FolderUnusableError: none of the places that are short enough is ours alone.
    """
    link = folder.run / "sockets"
    linked = link.readlink() if link.is_symlink() else None
    places = sockets.candidates(
        folder.path,
        linked=linked,
        runtime=runtime,
        temporary=temporary,
        user=os.getuid(),
    )
    for place in places:
        if not _is_ours(place):
            continue
        if place not in {folder.run, linked}:
            link.unlink(missing_ok=True)
            link.symlink_to(place)
        return place
    raise FolderUnusableError(
        folder.path,
        "no private folder with a path short enough for Unix sockets was found",
    )


def clear_sockets(folder: DataFolder, sockets: Path) -> None:
    """Take away the sockets that nobody serves any more, and a folder made for them."""
    for left in sockets.glob("*.sock"):
        left.unlink(missing_ok=True)
    if sockets != folder.run:
        with contextlib.suppress(OSError):  # something of others lies in it
            sockets.rmdir()


def _is_ours(place: Path) -> bool:
    """Make the folder if needed; somebody else's, or a link, is not ours."""
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        status = place.lstat()
        if place.is_symlink() or status.st_uid != os.getuid():
            return False
        place.chmod(0o700)
    except OSError:
        return False
    return True


def _private(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def _check_format(folder: DataFolder) -> None:
    file = folder.path / "version"
    try:
        found = int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        write_private(file, f"{FORMAT}\n")
        return
    except ValueError as error:
        why = f"its file {file.name} holds no number"
        raise FolderUnusableError(folder.path, why) from error
    if found > FORMAT:
        raise FolderNewerError(folder.path, found, FORMAT)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
