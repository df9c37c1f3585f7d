"""The secrets that the processes share: what a file of them says, and a new one."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

FORMAT: Final = 1
LEAST_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """One word for each purpose, so that none opens two doors."""

    ticket: str
    relay: str
    turn: str

    def __repr__(self) -> str:
        """Never show a secret."""
        return "Secrets(…)"


def complete(known: dict[str, str], new: Callable[[], str]) -> Secrets:
    """Keep the known secrets, make the missing ones."""
    return Secrets(
        **{field.name: known.get(field.name) or new() for field in fields(Secrets)},
    )


def to_text(secrets: Secrets) -> str:
    return json.dumps({"format": FORMAT, **asdict(secrets)}, indent=2) + "\n"


def from_text(text: str) -> dict[str, str]:
    """Read the secrets of a file.

    Raises:
        ValueError: the text is no file of secrets, or of a newer format.
    """
    found: Any = json.loads(text)
    if not isinstance(found, dict) or not isinstance(found.get("format"), int):
        raise ValueError("it has no format number")  # noqa: TRY004 - one kind of error
    if found["format"] > FORMAT:
        raise ValueError(f"format {found['format']} is newer than this version")
    names = {field.name for field in fields(Secrets)}
    known = {name: word for name, word in found.items() if name in names}
    for name, word in known.items():
        if not isinstance(word, str) or len(word) < LEAST_LENGTH:
            raise ValueError(f"{name} is shorter than {LEAST_LENGTH} characters")
    return known
