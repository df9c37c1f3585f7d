"""The SQL engine: SQLite in WAL mode or PostgreSQL, migrated under a lock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ledger import tables
from ledger.errors import NewerDatabaseError

WAIT_S: Final = 15.0
"""How long one statement, or a lock, is waited for: a database that stands still is
away, and whoever asked is told so."""

MIGRATION_WAIT_S: Final = 600.0
"""The same where tables are brought up to date: an index over years takes its time."""

WRITES: Final = "ledger_writes"
"""Execution option: this transaction takes SQLite's write lock when it begins."""

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
}
_PRAGMAS: Final = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
_MIGRATION_LOCK: Final = 0x1_1C0_1ED6E5
_MIGRATIONS: Final = Path(__file__).parent / "migrations"


@asynccontextmanager
async def open_engine(url: str, wait_s: float = WAIT_S) -> AsyncIterator[AsyncEngine]:
    """Open the database and bring its tables up to date; close it at the end.

    Raises:
        NewerDatabaseError: a newer version of Illico wrote this database.
    """
    async with (
        _engine(url, MIGRATION_WAIT_S) as engine,
        engine.execution_options(**{WRITES: True}).begin() as connection,
    ):
        await connection.run_sync(migrate)
    async with _engine(url, wait_s) as engine:
        yield engine


def migrate(connection: Connection) -> None:
    """Bring the tables up to date; a second process waits until the first is done."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:key)")
        connection.execute(lock, {"key": _MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    _refuse_newer(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    if not inspect(connection).has_table(tables.VERSION_TABLE):
        return
    rows = connection.execute(text(f"SELECT version_num FROM {tables.VERSION_TABLE}"))  # noqa: S608  a constant
    for revision in rows.scalars():
        try:
            scripts.get_revision(revision)
        except CommandError as error:
            raise NewerDatabaseError(revision) from error


@asynccontextmanager
async def _engine(url: str, wait_s: float) -> AsyncIterator[AsyncEngine]:
    parsed = make_url(url)
    if driver := _DRIVERS.get(parsed.drivername):
        parsed = parsed.set(drivername=driver)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    engine = _sqlite(parsed, wait_s) if is_sqlite else _postgresql(parsed, wait_s)
    try:
        yield engine
    finally:
        await engine.dispose()


def _postgresql(url: URL, wait_s: float) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=wait_s,
        connect_args={"timeout": wait_s, "command_timeout": wait_s},
    )


def _sqlite(url: URL, wait_s: float) -> AsyncEngine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, pool_timeout=wait_s)

    def on_connect(connection: Any, _record: object) -> None:
        """Leave transactions to `_on_begin`; let readers and one writer work at once."""
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout = {int(wait_s * 1000)}", *_PRAGMAS):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", _on_begin)
    return engine


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
