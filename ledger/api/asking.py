"""Who asks, for what, and how an operation says what it is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from msgspec import Struct

from accounts.model import Scope
from ledger.model import CompanyId
from ledger.rooms import Rooms


class Form(StrEnum):
    """What an answer looks like."""

    JSON = "application/json"
    LINES = "application/x-ndjson"
    CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever asks: the one company whose figures they read, and what they may read."""

    company: CompanyId
    scopes: frozenset[Scope]
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is sent piece by piece, under a name."""

    name: str
    pieces: AsyncIterator[str]


Handler = Callable[[Rooms, Principal, Any], Awaitable[Struct | File]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked; routes, document, page and tests are made of these."""

    name: str
    path: str
    summary: tuple[str, str]
    """French, English."""
    params: type[Struct]
    answer: type[Struct] | None
    """None for a file."""
    handler: Handler
    scope: Scope | None = None
    """None: any key."""
    form: Form = Form.JSON
