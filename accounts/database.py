"""The one connection to SQL: opened, brought up to date, read, written, closed.

Writers take turns, everywhere: SQLite knows one writer at a time anyway, and
PostgreSQL is asked for the same by an advisory lock. Writes are rare here (a sign-in,
a change by the administration), and what was read in a writing transaction stays true
until its end.
"""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from accounts.errors import (
    DatabaseUnavailableError,
    DatabaseUnreadableError,
    DatabaseUrlError,
)
from accounts.migrate import migrate

SQLITE: Final = "sqlite+aiosqlite"
POSTGRESQL: Final = "postgresql+asyncpg"
_SPELLINGS: Final = {
    "sqlite": SQLITE,
    SQLITE: SQLITE,
    "postgresql": POSTGRESQL,
    POSTGRESQL: POSTGRESQL,
}
_WRITES: Final = "accounts_writes"
_WAIT_S: Final = 10
_MIGRATION_WAIT_S: Final = 60
_ADVISORY_LOCK: Final = 0x696C6C61  # "illa", so that it is not somebody else's number


class Database:
    """An open database, at the schema of this code."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._reader = engine
        if engine.dialect.name == "postgresql":  # SQLite looks at one state anyway
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = engine.execution_options(**{_WRITES: True})
        self._turn = asyncio.Lock()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        """Connect, migrate, and close at the end.

        Raises:
            DatabaseUrlError: not a URL of SQLite (a file) or PostgreSQL.
            DatabaseUnreadableError: the file is no database, or may not be opened.
            DatabaseNewerError: a newer Illico has written it.
            DatabaseUnavailableError: PostgreSQL does not answer.
        """
        address = parse_url(url)
        engine = _create_engine(address)
        database = cls(engine)
        try:
            with _telling(address):
                await database._prepare(address)
            yield database
        finally:
            await engine.dispose()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One consistent look."""
        with _wrapping():
            async with (
                asyncio.timeout(_WAIT_S),
                self._reader.connect() as sql,
                sql.begin(),
            ):
                yield sql

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One change, whole or not at all, with no other writer beside it."""
        with _wrapping():
            async with self._in_turn(_WAIT_S), self._writer.begin() as sql:
                await self._lock(sql)
                yield sql

    @contextlib.asynccontextmanager
    async def _in_turn(self, wait_s: float) -> AsyncIterator[None]:
        async with asyncio.timeout(wait_s):
            await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    async def _lock(self, sql: AsyncConnection) -> None:
        if sql.dialect.name == "postgresql":
            await sql.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
            )

    async def _prepare(self, address: URL) -> None:
        async with asyncio.timeout(_MIGRATION_WAIT_S):
            if address.drivername == SQLITE:
                await _prepare_file(Path(address.database or ""))
            await self._migrate()

    async def _migrate(self) -> None:
        async with self._writer.begin() as sql:
            await self._lock(sql)
            await sql.run_sync(migrate)


def parse_url(url: str) -> URL:
    """The address, with the driver that we use.

    Raises:
        DatabaseUrlError: not a URL of SQLite (a file) or PostgreSQL.
    """
    wanted = "sqlite+aiosqlite:////folder/file or postgresql+asyncpg://user@host/name"
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlError(f"The database's URL must be {wanted}.") from error
    driver = _SPELLINGS.get(address.drivername)
    if driver is None:
        raise DatabaseUrlError(
            f"A database of kind {address.drivername!r} is none that Illico uses: "
            f"its URL must be {wanted}."
        )
    if driver == SQLITE and address.database in {None, "", ":memory:"}:
        raise DatabaseUrlError(
            "SQLite must have a file, because several processes share it: "
            f"the URL must be {wanted}."
        )
    return address.set(drivername=driver)


def _create_engine(address: URL) -> AsyncEngine:
    if address.drivername == POSTGRESQL:
        return create_async_engine(
            address,
            pool_pre_ping=True,
            pool_timeout=_WAIT_S,
            connect_args={
                "timeout": _WAIT_S,
                "command_timeout": _MIGRATION_WAIT_S,
                "server_settings": {"lock_timeout": f"{_WAIT_S}s"},
            },
        )
    engine = create_async_engine(address, pool_timeout=_WAIT_S)
    event.listen(engine.sync_engine, "connect", _on_connect)
    event.listen(engine.sync_engine, "begin", _on_begin)
    return engine


def _on_connect(connection: DBAPIConnection, _record: object) -> None:
    """Our own BEGIN instead of the driver's, which comes too late to lock."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_WAIT_S * 1000}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Any) -> None:
    """A writer asks for the lock at once: waiting for it later can never succeed."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def _prepare_file(path: Path) -> None:
    """A file for us alone (it will hold password hashes), whose readers never wait.

    SQLite does not wait when two processes change the journal's mode at once.
    """
    while True:
        try:
            await asyncio.to_thread(_make_private, path)
        except sqlite3.OperationalError as error:
            if "database is locked" not in str(error):
                raise
            await asyncio.sleep(0.05)
        else:
            return


def _make_private(path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with contextlib.closing(sqlite3.connect(path, timeout=_WAIT_S)) as file:
        file.execute("PRAGMA journal_mode=WAL")


@contextlib.contextmanager
def _telling(address: URL) -> Iterator[None]:
    """One sentence for whoever starts the platform."""
    shown = address.render_as_string(hide_password=True)
    try:
        yield
    except TimeoutError as error:
        raise DatabaseUnavailableError(
            f"The database {shown} did not answer in time."
        ) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        reason = reason.splitlines()[0] if reason else type(error).__name__
        if address.drivername == SQLITE:
            raise DatabaseUnreadableError(
                f"The database {address.database} cannot be used: {reason}."
            ) from error
        raise DatabaseUnavailableError(
            f"The database {shown} cannot be reached: {reason}."
        ) from error


@contextlib.contextmanager
def _wrapping() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, TimeoutError, OSError) as error:
        raise DatabaseUnavailableError("The database did not do its part.") from error
