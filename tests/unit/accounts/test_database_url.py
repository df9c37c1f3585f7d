"""Which addresses of a database are ours."""

import pytest

from accounts.database import parse_url
from accounts.errors import DatabaseUrlError


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:////var/illico.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////var/illico.db", "sqlite+aiosqlite"),
        ("postgresql://illico@db/illico", "postgresql+asyncpg"),
        ("postgresql+asyncpg://illico@db/illico", "postgresql+asyncpg"),
    ],
)
def test_sqlite_and_postgresql_are_used_through_their_asynchronous_drivers(url, driver):
    assert parse_url(url).drivername == driver


@pytest.mark.parametrize(
    "url",
    [
        "",
        "illico.db",
        "mysql://secret@db/illico",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql+psycopg://db/illico",
    ],
)
def test_any_other_address_is_refused_in_one_sentence_without_its_secrets(url):
    with pytest.raises(DatabaseUrlError) as refused:
        parse_url(url)

    assert "must" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)
