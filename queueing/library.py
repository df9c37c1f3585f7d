"""The function library that the store runs: its Lua files, in order, under our tables."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from queueing import transitions
from queueing.catalogue import TEXT
from queueing.model import (
    MEDIA_ATTEMPTS_LIMIT,
    MISSED_OFFERS_LIMIT,
    Durations,
)
from queueing.tallies import EDGES, NAMES
from queueing.texts import AGENT_FIELDS, CALL_FIELDS, EVENTS_SEPARATOR, SEPARATOR
from queueing.transitions import Event, State

LIBRARY_VERSION: Final = 6
"""Raised with every change that older clients must not undo: they never load theirs
over a newer one."""

ENDED_CALL_KEPT_MS: Final = 3_600_000
"""How long an ended call still answers `ended_call` instead of `unknown_call`."""

DEAD_SERVER_KEPT_MS: Final = 3_600_000
"""How long the outbox of a dead server waits for it."""

FOLDER: Final = Path(__file__).parent / "library"

MODULES: Final = (
    "clock",
    "context",
    "masks",
    "rates",
    "journal",
    "leases",
    "waiting",
    "seeking",
    "scarce",
    "able",
    "idle",
    "widening",
    "services",
    "offers",
    "promises",
    "hasten",
    "calls",
    "agents",
    "breaks",
    "legs",
    "overflow",
    "call_backs",
    "servers",
    "directory",
    "lives",
    "adopt",
    "views",
    "sweep",
    "inventory",
    "survey",
    "alerts",
    "doors",
)
"""Each is a table of functions, in a file of its name."""

DOORS: Final = (
    "caller_doors",
    "agent_doors",
    "talk_doors",
    "adopt_doors",
    "pool_doors",
    "look_doors",
)
"""The functions that the door calls, by who asks; they come after the modules."""


def microseconds(seconds: float) -> int:
    """Turn seconds into the whole microseconds that the library counts in."""
    return round(seconds * 1_000_000)


def seconds(microseconds: int) -> float:
    """Turn the library's microseconds into the seconds of every other door."""
    return microseconds / 1_000_000


def assemble(*, version: int = LIBRARY_VERSION, clock: str | None = None) -> str:
    """Give the library's whole source; its hash is part of it.

    Args:
        version: what the library says it is.
        clock: another source for the module `clock`, for tests that hold time still.
    """
    sources = {name: (FOLDER / f"{name}.lua").read_text() for name in MODULES}
    if clock is not None:
        sources["clock"] = clock
    body = "\n".join(
        [
            _tables(),
            f"local {', '.join(MODULES)} = {', '.join('{}' for _ in MODULES)}",
            *(f"do\n{source}end" for source in sources.values()),
            *(f"do\n{(FOLDER / f'{name}.lua').read_text()}end" for name in DOORS),
        ]
    )
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    head = f"#!lua name=illico_queue\nlocal VERSION, HASH = '{version}', '{digest}'\n"
    return head + body


def digest_of(source: str) -> str:
    """Read the hash out of an assembled library."""
    return source.split("\n", 2)[1].split("'")[3]


def _tables() -> str:
    durations = {
        name: microseconds(value) for name, value in asdict(Durations()).items()
    }
    return "\n".join(
        [
            "local TRANSITIONS = {",
            f"  call = {_table(transitions.CALL)},",
            f"  agent = {_table(transitions.AGENT)},",
            f"  reservation = {_table(transitions.RESERVATION)},",
            "}",
            f"local DURATIONS = {_row(durations)}",
            f"local TEXT = '{TEXT}'",
            f"local SEPARATOR = '\\{ord(SEPARATOR)}'",
            f"local EVENTS_SEPARATOR = '\\{ord(EVENTS_SEPARATOR)}'",
            "local VIEWS = {",
            f"  call = {_list(CALL_FIELDS)},",
            f"  agent = {_list(AGENT_FIELDS)},",
            "}",
            f"local TALLIES = {_row({name: n for n, name in enumerate(NAMES)})}",
            f"local WAIT_EDGES = {{ {', '.join(map(str, EDGES))} }}",
            f"local MISSED_OFFERS_LIMIT = {MISSED_OFFERS_LIMIT}",
            f"local MEDIA_ATTEMPTS_LIMIT = {MEDIA_ATTEMPTS_LIMIT}",
            f"local ENDED_CALL_KEPT_MS = {ENDED_CALL_KEPT_MS}",
            f"local DEAD_SERVER_KEPT_MS = {DEAD_SERVER_KEPT_MS}",
        ]
    )


def _table(table: Mapping[State, Mapping[Event, State]]) -> str:
    rows = (f"['{state}'] = {_row(events)}" for state, events in table.items())
    return "{ " + ", ".join(rows) + " }"


def _list(names: tuple[str, ...]) -> str:
    return "{ " + ", ".join(f"'{name}'" for name in names) + " }"


def _row(events: Mapping[Event, State] | Mapping[str, int]) -> str:
    cells = (
        f"['{name}'] = {value}" if isinstance(value, int) else f"['{name}'] = '{value}'"
        for name, value in events.items()
    )
    return "{ " + ", ".join(cells) + " }"
