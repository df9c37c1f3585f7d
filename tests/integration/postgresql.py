"""A PostgreSQL of the tests' own, where it is installed, as fixtures."""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import asyncpg
import pytest


@pytest.fixture
def postgresql_url(postgresql_server):
    """A database of its own for each test."""
    name = f"test_{uuid.uuid4().hex}"
    asyncio.run(execute(postgresql_server, f"CREATE DATABASE {name}"))
    return f"postgresql+asyncpg://postgres@/{name}?host={postgresql_server}"


async def execute(folder, statement):
    connection = await asyncpg.connect(host=folder, user="postgres")
    await connection.execute(statement)
    await connection.close()


@pytest.fixture(scope="session")
def postgresql_server(postgresql):
    """The folder of its socket."""
    return postgresql.folder


@pytest.fixture(scope="session")
def postgresql():
    """A server that lives as long as the tests."""
    with a_postgresql() as server:
        yield server


class PostgreSQL:
    """A server that can be stopped where it stands."""

    def __init__(self, folder, process):
        self.folder, self._process = folder, process

    @contextlib.contextmanager
    def frozen(self):
        """Stop it and all its children, as a machine that hangs would be."""
        self._process.send_signal(signal.SIGSTOP)  # first: it starts nobody any more
        try:
            self._send_children(signal.SIGSTOP)
            yield
        finally:
            self._send_children(signal.SIGCONT)
            self._process.send_signal(signal.SIGCONT)

    def _send_children(self, number):
        task = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for child in task.read_text().split():
            os.kill(int(child), number)


@contextlib.contextmanager
def a_postgresql():
    """A server on a socket in a folder of its own."""
    programs = postgresql_programs()
    user = postgresql_user()
    folder = tempfile.mkdtemp(prefix="illico-pg-")
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust"]
        subprocess.run(
            [*initdb, "--no-sync"], user=user, check=True, capture_output=True, cwd="/"
        )
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", folder]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            user=user,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(folder, server)
            yield PostgreSQL(folder, server)
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is connected
            server.wait(10)
    finally:
        shutil.rmtree(folder)


def postgresql_programs():
    """The newest installed PostgreSQL; the tests that need it skip without."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found += [Path(path).resolve() for path in [shutil.which("initdb")] if path]
    if not found:
        pytest.skip("PostgreSQL is not installed; `make browsers` installs it")
    return found[-1].parent


def postgresql_user():
    """PostgreSQL does not run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


def wait_for(folder, server):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        try:
            asyncio.run(execute(folder, "SELECT 1"))
        except (OSError, asyncpg.PostgresError):
            time.sleep(0.05)
        else:
            return
    pytest.fail("PostgreSQL did not start")
