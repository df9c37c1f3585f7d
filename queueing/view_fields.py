"""How the library writes a call or an agent for others: which fields, in which order. Pure.

The library's own table is generated from this one.
"""

from typing import Final

SEPARATOR: Final = "\x1f"
"""Between two values; no name and no id has it."""

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
"""Of a call; where it is queued, its position and whether nobody could serve it follow."""

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
