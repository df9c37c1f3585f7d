"""The console command `illico`."""

import os
import sys

from rich.console import Console

from illico.app import create_app
from illico.errors import IllicoError
from illico.screen import Screen


def main() -> None:
    """Run a command; what goes wrong is one sentence and an exit code."""
    os.umask(0o077)  # whatever a command writes is for its owner alone
    screen = Screen(Console(), Console(stderr=True))
    try:
        create_app(screen)()
    except IllicoError as error:
        screen.complain(str(error))
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
