"""How the library writes what others read as one text: which values, in which order. Pure.

The library's own tables are generated from these.
"""

from typing import Final

SEPARATOR: Final = "\x1f"
"""Between two values; no name and no id has it."""

EVENTS_SEPARATOR: Final = "\x1e"
"""Between two events of one entry of a stream."""

CALL_FIELDS: Final = (
    "service",
    "company",
    "topic",
    "variant",
    "mode",
    "state",
    "t0",
    "t1",
    "deadline",
    "leg",
    "leg_t0",
    "step",
    "agent",
    "agent_name",
    "token",
    "relay",
    "attempts",
    "reason",
    "ways",
    "call_back",
    "server",
    "connection",
    "evidence",
    "version",
)
"""Of a call. Where it is queued, its position and whether nobody could serve it follow;
where it rings, why it does there."""

AGENT_FIELDS: Final = (
    "state",
    "call",
    "token",
    "until",
    "cool_until",
    "wish",
    "server",
    "connection",
    "version",
)

LEDGER_FIELDS: Final = (
    "event",
    "kind",
    "at",
    "company",
    "service",
    "call",
    "agent",
    "token",
    "facts",
)
"""Of an event of the ledger."""
