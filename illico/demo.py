"""The demo's people: made once, and their passwords kept for whoever tries it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from illico.accounts_door import open_accounts
from illico.folder import write_private

SERVICE: Final = "telecom-demo"
"""Where this service is, there is the demo."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in as somebody of the demo."""

    login: str
    password: str
    role: str
    what: str


@dataclass(frozen=True, slots=True)
class House:
    """What a database holds: its services, and how to try them.

    `logins` is empty unless the services are the demo's, and None when they are but no
    file tells the passwords (any more).
    """

    services: tuple[str, ...]
    logins: tuple[Login, ...] | None


async def prepare(database_url: str, file: Path, *, is_wanted: bool) -> House:
    """Bring the database up to date; in an empty one, make the demo if it is wanted."""
    async with open_accounts(database_url) as accounts:
        made = await accounts.seed_demo() if is_wanted else None
        found = [str(each.id) for each in await accounts.services()]
    services = tuple(sorted(found, key=lambda slug: (slug != SERVICE, slug)))
    if made is not None:
        logins = [
            Login(each.login, each.password, each.role.value, each.what)
            for each in made
        ]
        write_private(file, to_text(logins))
    return House(services, read(file) if SERVICE in services else ())


def read(file: Path) -> tuple[Login, ...] | None:
    """Read the kept logins; None when there is no such file, or no sense in it."""
    try:
        return from_text(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return None


def to_text(logins: Sequence[Login]) -> str:
    facts = [
        {name: getattr(each, name) for name in ("login", "password", "role", "what")}
        for each in logins
    ]
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def from_text(text: str) -> tuple[Login, ...]:
    return tuple(Login(**each) for each in json.loads(text))
