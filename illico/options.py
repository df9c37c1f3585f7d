"""Options that several commands share, and the settings beneath them."""

from pathlib import Path
from typing import Annotated

import typer

from illico import folder, variables
from illico.settings import Settings, environment

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of all data [ILLICO_DATA_DIR, var]."),
]


def read_settings(data_dir: Path | None) -> Settings:
    """Read the environment; an option of the command line comes first.

    Raises:
        BadEnvironmentError: a variable is misspelt or has a bad value.
    """
    settings = variables.check(environment())
    if data_dir is None:
        return settings
    return settings.model_copy(update={"data_dir": data_dir})


def database_url(data_dir: Path | None) -> str:
    """Find the database that a command without a running platform works on.

    Raises:
        RefusedError: the environment is bad, or the data folder is of a newer version.
    """
    settings = read_settings(data_dir)
    if settings.database_url is not None:
        return settings.database_url
    return folder.prepare(settings.data_dir).database_url
