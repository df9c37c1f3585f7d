"""Real databases: a SQLite file for each test, and PostgreSQL where it is installed."""

import pytest

from accounts.client import AccountsClient

NOW = 1_800_000_000.0


class Clock:
    """The time that administration writes down; a test moves it."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/illico.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """The same promise is kept on both."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
async def accounts(url, clock):
    async with AccountsClient.open(url, clock=clock) as client:
        yield client


@pytest.fixture
async def sqlite_accounts(sqlite_url, clock):
    async with AccountsClient.open(sqlite_url, clock=clock) as client:
        yield client
