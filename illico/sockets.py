"""Where Unix sockets lie: their paths are bounded by the system, folders are not."""

import hashlib
from pathlib import Path
from typing import Final

# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
LONGEST_PATH: Final = 103
LONGEST_NAME: Final = len("/valkey-temp.sock")


def fits(folder: Path) -> bool:
    """Tell whether a socket in this folder has a path that the system takes."""
    return len(bytes(folder)) + LONGEST_NAME <= LONGEST_PATH


def candidates(
    data: Path,
    *,
    linked: Path | None,
    runtime: Path | None,
    temporary: Path,
    user: int,
) -> list[Path]:
    """Name the folders that may hold the sockets, best first, all short enough.

    Args:
        data: the data folder, absolute.
        linked: the folder that an earlier start chose, so that it is found again.
        runtime: the user's private runtime folder, if there is one.
        temporary: the system's folder for passing files.
        user: the user's number, because everybody shares `temporary`.
    """
    mark = hashlib.sha256(bytes(data)).hexdigest()[:16]
    folders = [data / "run"]
    if linked is not None:
        folders.append(linked)
    if runtime is not None:
        folders.append(runtime / f"illico-{mark}")
    folders += [
        temporary / f"illico-{user}-{mark}",
        Path("/tmp") / f"illico-{user}-{mark}",  # noqa: S108 - made 0700, owner checked
    ]
    return [folder for folder in folders if fits(folder)]
