"""Real databases and a real queue."""

import asyncio
import shutil
import subprocess
import tempfile
import uuid

import asyncpg
import pytest

from ledger.store import LedgerStore
from tests.integration.accounts.conftest import (
    postgresql_programs,
    postgresql_user,
    wait_for,
)
from tests.integration.ledger.houses import a_queue
from tests.integration.queueing.servers import a_server


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/illico.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """The same promise is kept on both."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def store(url):
    async with LedgerStore.open(url) as opened:
        yield opened


@pytest.fixture(scope="module")
def server():
    with a_server("valkey") as running:
        yield running


@pytest.fixture
async def queue(server):
    with server.plain() as plain:
        plain.flushall()
    async with a_queue(server) as opened:
        yield opened


@pytest.fixture
def postgresql_url(postgresql_server):
    """A database of its own for each test."""
    name = f"test_{uuid.uuid4().hex}"
    asyncio.run(_execute(postgresql_server, f"CREATE DATABASE {name}"))
    return f"postgresql+asyncpg://postgres@/{name}?host={postgresql_server}"


async def _execute(folder, statement):
    connection = await asyncpg.connect(host=folder, user="postgres")
    await connection.execute(statement)
    await connection.close()


@pytest.fixture(scope="session")
def postgresql_server():
    """The folder of the socket of a server that lives as long as the tests."""
    programs, user = postgresql_programs(), postgresql_user()
    folder = tempfile.mkdtemp(prefix="illico-pg-")
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
        yield folder
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder)
