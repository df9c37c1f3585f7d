"""Real databases and a real queue."""

import pytest

from ledger.store import LedgerStore
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
