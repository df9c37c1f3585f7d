"""Opening a database: made, found again, shared, refused in one sentence."""

import asyncio
import contextlib
import re
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from accounts.client import AccountsClient
from accounts.errors import (
    DatabaseNewerError,
    DatabaseUnavailableError,
    DatabaseUnreadableError,
    FailedError,
)
from accounts.tables import METADATA

SEED = """
import asyncio, sys
from accounts.client import AccountsClient

async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    async with AccountsClient.open(sys.argv[1]) as accounts:
        print("seeded" if await accounts.seed_demo() else "found", flush=True)

asyncio.run(main())
"""


async def a_process(url):
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-c",
        SEED,
        url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )


async def opens(url):
    async with AccountsClient.open(url) as accounts:
        return await accounts.directory_version()


def sentence(refused):
    text = str(refused.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


@pytest.mark.timeout(120)  # two whole interpreters start
async def test_processes_that_start_at_once_make_one_database_and_one_demo(url):
    processes = [await a_process(url) for _ in range(2)]
    for process in processes:
        assert await process.stdout.readline() == b"ready\n"

    async with asyncio.timeout(90):
        outputs = [
            output
            for output, _ in await asyncio.gather(
                *(process.communicate(b"go\n") for process in processes)
            )
        ]

    assert sorted(outputs) == [b"found\n", b"seeded\n"]
    async with AccountsClient.open(url) as accounts:
        assert len(await accounts.staff()) == 3


async def test_a_new_file_is_for_its_owner_alone(sqlite_url, tmp_path):
    async with AccountsClient.open(sqlite_url):
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}

    assert modes == {0o600}


async def test_readers_do_not_wait_for_a_writer_of_another_process(
    sqlite_url, tmp_path
):
    async with AccountsClient.open(sqlite_url) as accounts:
        with contextlib.closing(sqlite3.connect(tmp_path / "illico.db")) as other:
            other.execute("BEGIN IMMEDIATE")

            async with asyncio.timeout(5):
                assert await accounts.services() == ()


async def test_many_at_once_wait_for_their_turn(accounts):
    await asyncio.gather(
        *(accounts.add_company(slug=f"c{number}", name="C") for number in range(20))
    )

    assert len(await accounts.companies()) == 20


async def test_calls_that_are_given_up_leave_nothing_locked(accounts):
    async def given_up(number):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(number / 1000):
                await accounts.add_company(slug=f"c{number}", name="C")

    await asyncio.gather(*map(given_up, range(20)))
    await accounts.add_company(slug="last", name="C")

    companies = await accounts.companies()
    assert len(await accounts.journal()) == len(companies) > 0


async def test_the_tables_that_the_steps_make_are_those_that_the_code_knows(
    sqlite_url, tmp_path
):
    await opens(sqlite_url)
    known = create_engine(f"sqlite:///{tmp_path}/known.db")
    METADATA.create_all(known)
    known.dispose()

    assert schema(tmp_path / "illico.db") == schema(tmp_path / "known.db")


def schema(path):
    """What was made, in whatever order and with whatever spaces and commas."""
    with contextlib.closing(sqlite3.connect(path)) as file:
        found = file.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%version%'"
        ).fetchall()
    return {name: sorted(parts(sql or "")) for name, sql in found}


def parts(statement):
    """The columns and rules of a CREATE TABLE; a column that came later stands last."""
    _, _, inside = statement.partition("(")
    return [
        " ".join(part.split())
        for part in re.split(r",(?![^()]*\))", inside.strip().removesuffix(")"))
    ]


async def test_tables_of_the_ledger_may_live_in_the_same_file(sqlite_url, tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "illico.db")) as file:
        file.execute("CREATE TABLE ledger_version (version_num TEXT)")
        file.execute("INSERT INTO ledger_version VALUES ('theirs')")
        file.commit()

    assert await opens(sqlite_url) == 0


async def test_a_database_of_a_newer_illico_is_left_alone(sqlite_url, tmp_path):
    await opens(sqlite_url)
    with contextlib.closing(sqlite3.connect(tmp_path / "illico.db")) as file:
        file.execute("UPDATE accounts_version SET version_num = 'z9999'")
        file.commit()

    with pytest.raises(DatabaseNewerError) as refused:
        await opens(sqlite_url)

    assert "newer Illico" in sentence(refused)
    assert refused.value.code == "database_newer"


async def test_a_file_that_is_no_database_is_refused_and_kept(sqlite_url, tmp_path):
    file = tmp_path / "illico.db"
    file.write_text("a letter to my mother\n" * 100)

    with pytest.raises(DatabaseUnreadableError) as refused:
        await opens(sqlite_url)

    assert "file is not a database" in sentence(refused)
    assert file.read_text().startswith("a letter")


@pytest.mark.parametrize("path", ["missing/illico.db", "."])
async def test_a_folder_that_is_not_there_or_not_a_file_is_refused(tmp_path, path):
    with pytest.raises(DatabaseUnreadableError) as refused:
        await opens(f"sqlite+aiosqlite:///{tmp_path / path}")

    assert str(tmp_path) in sentence(refused)


async def test_a_broken_file_is_refused(sqlite_url, tmp_path):
    await opens(sqlite_url)
    file = tmp_path / "illico.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)

    with pytest.raises(FailedError) as refused:
        await opens(sqlite_url)

    sentence(refused)


async def test_a_postgresql_that_does_not_answer_is_told_without_its_password():
    with pytest.raises(DatabaseUnavailableError) as refused:
        await opens("postgresql+asyncpg://illico:secret@127.0.0.1:1/illico")

    assert "127.0.0.1:1" in sentence(refused)
    assert "secret" not in str(refused.value)


async def test_a_postgresql_without_this_database_is_told(postgresql_server):
    url = f"postgresql+asyncpg://postgres@/nothing?host={postgresql_server}"

    with pytest.raises(DatabaseUnavailableError) as refused:
        await opens(url)

    assert '"nothing" does not exist' in sentence(refused)


async def test_a_table_that_vanishes_under_us_is_our_failure(sqlite_url, tmp_path):
    async with AccountsClient.open(sqlite_url) as accounts:
        with contextlib.closing(sqlite3.connect(tmp_path / "illico.db")) as file:
            file.execute("DROP TABLE accounts_topic")

        with pytest.raises(DatabaseUnavailableError):
            await accounts.services()
