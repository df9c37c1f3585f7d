"""Administration at the terminal: the skills that the house knows, and scarce ones."""

from typing import Annotated

import typer

from accounts.client import AccountsClient
from accounts.routing import SkillKind
from illico.admin_work import NUMBERS, act
from illico.options import DataDir, database_url
from illico.screen import Screen

PANEL = "Skills"

Word = Annotated[str, typer.Argument(help="The skill's word, as in lsf:2.")]
Kind = Annotated[
    SkillKind,
    typer.Argument(help="Only topics and accreditations can be relaxed in a wait."),
]


def add_to(app: typer.Typer, screen: Screen) -> None:
    _show(app, screen)
    _add(app, screen)
    _set(app, screen)
    _remove(app, screen)
    _keep(app, screen)


def _show(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def skills(data_dir: DataDir = None) -> None:
        """Show every skill with its kind, and how many agents a reserve keeps."""

        async def show(accounts: AccountsClient) -> None:
            kept = {one.skill: str(one.keep) for one in await accounts.reserves()}
            rows = [
                (skill.word, skill.kind, skill.label, kept.get(skill.word, ""))
                for skill in await accounts.skills()
            ]
            screen.show("Skills", ("skill", "kind", "label", "kept free"), rows)

        act(show, database_url(data_dir))


def _add(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def add_skill(
        word: Word,
        kind: Kind,
        label: Annotated[str, typer.Argument(help="What people read.")] = "",
        data_dir: DataDir = None,
    ) -> None:
        """Add a skill of this house's own."""

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_skill(word, kind, label=label or word)

        act(add, database_url(data_dir))
        screen.tell(f"Skill {word} is there: {kind.value}.")


def _set(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_skill(
        word: Word,
        kind: Annotated[SkillKind | None, typer.Option(help="Another kind.")] = None,
        label: Annotated[str | None, typer.Option(help="Another label.")] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Correct the kind or the label of a skill of this house's own."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_skill(word, kind=kind, label=label)

        act(change, database_url(data_dir))
        screen.tell(f"Skill {word} is changed.")


def _remove(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def remove_skill(word: Word, data_dir: DataDir = None) -> None:
        """Remove a skill that nobody has and no service asks for."""

        async def remove(accounts: AccountsClient) -> None:
            await accounts.remove_skill(word)

        act(remove, database_url(data_dir))
        screen.tell(f"Skill {word} is gone.")


def _keep(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL, context_settings=NUMBERS)
    def set_reserve(
        skill: Word,
        keep: Annotated[
            int, typer.Argument(help="How many, 1 to 50; 0 ends the reserve.")
        ],
        data_dir: DataDir = None,
    ) -> None:
        """Keep so many idle agents with a scarce skill for those who need it."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_reserve(skill, keep)

        act(change, database_url(data_dir))
        screen.tell(f"Agents kept free for those who need {skill}: {keep}.")
