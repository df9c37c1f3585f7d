"""Every ILLICO_ variable is one that a room knows, with a value that it accepts."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from accounts.settings import Settings as AccountsSettings
from illico.errors import BadEnvironmentError
from illico.plan import Program
from illico.settings import OF_TOOLS, PREFIX, Settings
from ledger.settings import Settings as LedgerSettings
from queueing.settings import Settings as QueueingSettings
from relay.settings import Settings as RelaySettings
from signaling.settings import Settings as SignalingSettings

ROOMS: Final[Mapping[str, type[BaseSettings]]] = MappingProxyType(
    {
        "accounts": AccountsSettings,
        "illico": Settings,
        "ledger": LedgerSettings,
        "queueing": QueueingSettings,
        "relay": RelaySettings,
        "signaling": SignalingSettings,
    },
)


def check(environment: Mapping[str, str]) -> Settings:
    """Read our own settings, after all rooms have looked at theirs.

    Raises:
        BadEnvironmentError: with every complaint of every room.
    """
    found = complaints(environment, ROOMS.values())
    if found:
        raise BadEnvironmentError(found)
    return Settings.model_validate(_set(environment))


def complaints(
    environment: Mapping[str, str],
    kinds: Iterable[type[BaseSettings]],
) -> list[str]:
    """List misspelt names and bad values, one sentence for each variable."""
    kinds = tuple(kinds)
    known = {name for kind in kinds for name in names(kind)} | OF_TOOLS
    ours = {name: word for name, word in environment.items() if name.startswith(PREFIX)}
    found = {name: f"{name}: no such setting" for name in ours if name not in known}
    for kind in kinds:
        for name, why in _bad_values(kind, _set(environment)):
            if name in environment:
                found.setdefault(name, f"{name}: {why}")
    return [found[name] for name in sorted(found)]


def check_programs(
    programs: Iterable[Program],
    environment: Mapping[str, str],
) -> None:
    """Let each room read what it will be given, so that none refuses it later.

    Raises:
        BadEnvironmentError: with every complaint of every room.
    """
    found = {
        f"{name}: {why}" if name else why
        for program in programs
        for name, why in _bad_values(
            ROOMS[program.room],
            _set({**environment, **program.environment}),
        )
    }
    if found:
        raise BadEnvironmentError(sorted(found))


def names(kind: type[BaseSettings]) -> frozenset[str]:
    """Name the variables that a Settings class reads."""
    return frozenset(
        name
        for field_name, field in kind.model_fields.items()
        for name in _aliases(field_name, field)
    )


def _aliases(field_name: str, field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, str):
        return [alias]
    if isinstance(alias, AliasChoices):
        return [choice for choice in alias.choices if isinstance(choice, str)]
    return [field_name.upper()]


def _set(environment: Mapping[str, str]) -> dict[str, Any]:
    """Take an empty variable as one that is not set."""
    return {name: word for name, word in environment.items() if word}


def _bad_values(
    kind: type[BaseSettings],
    environment: Mapping[str, str],
) -> list[tuple[str, str]]:
    known = names(kind)
    try:
        kind.model_validate({k: v for k, v in environment.items() if k in known})
    except ValidationError as error:
        return [
            (str(each["loc"][0]) if each["loc"] else "", _sentence(each["msg"]))
            for each in error.errors(include_url=False, include_input=False)
        ]
    return []


def _sentence(message: str) -> str:
    told = message.removeprefix("Value error, ")
    return told if told.startswith(PREFIX) else told[:1].lower() + told[1:]
