"""Bringing the tables to the state that this code knows."""

from importlib.resources import as_file, files
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from accounts.errors import DatabaseNewerError

VERSION_TABLE: Final = "accounts_version"


def migrate(connection: Connection) -> None:
    """Run the missing steps inside the transaction and the lock of `connection`.

    Raises:
        DatabaseNewerError: a newer Illico has been here.
    """
    with as_file(files("accounts") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        scripts = ScriptDirectory.from_config(config)
        there = _revisions(connection)
        if there == set(scripts.get_heads()):
            return
        _refuse_unknown(there, scripts)
        command.upgrade(config, "head")


def _revisions(connection: Connection) -> set[str]:
    context = MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE}
    )
    return set(context.get_current_heads())


def _refuse_unknown(there: set[str], scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if unknown := there - known:
        raise DatabaseNewerError(
            f"The database was written by a newer Illico (step {min(unknown)}); "
            "start that version, or use another database."
        )
