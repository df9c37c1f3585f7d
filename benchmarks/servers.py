"""A bare server of the Redis protocol for one benchmark, with its processor's clock."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

import redis

from illico.ports import any_free
from illico.valkey import binary

START_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.01


class Kind(StrEnum):
    """Which program: our embedded one, or the one of this machine."""

    VALKEY = "valkey"
    REDIS = "redis"


class BareServer:
    """One running server, reached by a Unix socket and by TCP."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", folder: Path, port: int
    ) -> None:
        self.url = f"unix://{folder}/s"
        self.tcp_url = f"redis://127.0.0.1:{port}/0"
        self._process = process

    def cpu(self) -> float:
        """Tell the seconds of processor time that the server has used, all threads."""
        # clock_getcpuclockid(3): the clock of another process is made of its number
        return time.clock_gettime((~self._process.pid) << 3 | 2)

    @property
    def pid(self) -> int:
        return self._process.pid

    def client(self, *, tcp: bool = False) -> redis.Redis:
        """Open a client that waits for every reply."""
        url = self.tcp_url if tcp else self.url
        return redis.Redis.from_url(url, decode_responses=True, protocol=2)


@contextlib.contextmanager
def cores_apart(server: "BareServer") -> Iterator[None]:
    """Keep a server and whoever asks it on processors of their own, as in a centre.

    Whether the two meet on one processor doubles or halves what a plain command costs,
    and is chance otherwise.
    """
    allowed = os.sched_getaffinity(0)
    if len(allowed) < 2:
        yield
        return
    last = max(allowed)
    os.sched_setaffinity(server.pid, {last})
    os.sched_setaffinity(0, allowed - {last})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@contextlib.contextmanager
def bare_server(kind: Kind, *options: str) -> Iterator[BareServer]:
    """Start a server without data; it and its data are gone at the end.

    Args:
        kind: which program.
        options: further words of its command line, such as ``--appendonly yes``.
    """
    folder = Path(tempfile.mkdtemp(prefix="q"))
    port = any_free("127.0.0.1")
    command = [
        _program(kind),
        *("--bind", "127.0.0.1", "--port", str(port)),
        *("--unixsocket", f"{folder}/s", "--unixsocketperm", "700"),
        *("--dir", str(folder), "--save", "", "--maxmemory-policy", "noeviction"),
        *options,
    ]
    process = subprocess.Popen(  # noqa: S603  a server of ours, by full path
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        server = BareServer(process, folder, port)
        _until_it_answers(server)
        yield server
    finally:
        process.kill()
        process.wait(START_SECONDS)
        shutil.rmtree(folder)


def _program(kind: Kind) -> str:
    if kind is Kind.VALKEY:
        return str(binary())
    found = shutil.which("redis-server")
    if found is None:
        raise FileNotFoundError("redis-server: `make browsers` installs it")
    return found


def _until_it_answers(server: BareServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    with server.client() as client:
        while time.monotonic() < deadline:
            with contextlib.suppress(redis.ConnectionError):
                client.ping()
                return
            time.sleep(POLL_SECONDS)
    raise TimeoutError("the server does not answer")
