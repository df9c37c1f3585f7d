"""Puts the command line together."""

import importlib.metadata
from typing import Annotated

import typer

from illico import admin, ledger_commands, queue_commands, simulate, up
from illico.ground import Wishes
from illico.options import DataDir, read_settings
from illico.screen import Screen
from illico.settings import Settings, environment
from illico.up import Order, Running


def create_app(screen: Screen) -> typer.Typer:
    """Name the commands; each reads the environment when it is called."""
    app = typer.Typer(
        help="Customer service in French Sign Language, answered within 60 seconds.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    _add_up(app, screen)
    app.add_typer(admin.create_app(screen), name="admin")
    app.add_typer(ledger_commands.create_app(screen), name="ledger")
    queue_commands.add(app, screen)
    simulate.add(app, screen)

    @app.command()
    def version() -> None:
        """Print the version."""
        screen.tell(importlib.metadata.version("illico"))

    return app


def _add_up(app: typer.Typer, screen: Screen) -> None:
    @app.command(name="up")
    def start(
        *,
        lan: Annotated[
            bool,
            typer.Option("--lan", help="Serve phones on the local network by HTTPS."),
        ] = False,
        data_dir: DataDir = None,
        signaling: Annotated[
            int,
            typer.Option(min=1, max=16, help="Signaling processes."),
        ] = 1,
        relays: Annotated[int, typer.Option(min=1, max=64, help="Relays.")] = 1,
        port: Annotated[
            int | None,
            typer.Option(min=1, max=65535, help="Port of the pages [8600]."),
        ] = None,
        portal_port: Annotated[
            int | None,
            typer.Option(min=1, max=65535, help="Port of the portal [8601]."),
        ] = None,
        demo: Annotated[
            bool | None,
            typer.Option(
                "--demo/--no-demo",
                help="Put the demo into an empty database"
                " [not into the one of ILLICO_DATABASE_URL].",
            ),
        ] = None,
    ) -> None:
        """Run the whole platform on this machine, until Ctrl-C."""
        wishes = Wishes(
            is_lan=lan,
            signaling=signaling,
            relays=relays,
            port=port,
            portal_port=portal_port,
            is_demo=demo,
        )
        _run(screen, read_settings(data_dir), wishes)


def _run(screen: Screen, settings: Settings, wishes: Wishes) -> None:
    def greet(running: Running) -> None:
        screen.greet(running.ground, running.house)

    order = Order(
        settings=settings,
        wishes=wishes,
        environment=environment(),
        tell=screen.tell,
    )
    up.run(order, greet)
