"""The ledger's tables, as they are now; `migrations/` tells how they came to be."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION_TABLE: Final = "ledger_version"
"""Alembic's own row; accounts keeps another one in the same database."""

metadata = MetaData()

event = Table(
    "ledger_event",
    metadata,
    Column("company", String(128), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(256), nullable=False),
    Column("number", BigInteger),
    Column("pool", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("call", String(128)),
    Column("body", Text, nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("erasable", Text),
    UniqueConstraint("event_id", name="uq_ledger_event_event_id"),
    Index("ix_ledger_event_kind", "company", "kind", "at_us"),
    Index("ix_ledger_event_call", "company", "call"),
    Index("ix_ledger_event_number", "pool", "number"),
)
"""The chained events. `erasable` holds salts and values that may be forgotten; `number`
is the queue's, which stands in `event_id`, too (none: another's, or chained by a version
that did not look for it)."""

head = Table(
    "ledger_head",
    metadata,
    Column("company", String(128), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)
"""The end of each chain, locked by whoever lengthens it."""

cursor = Table(
    "ledger_cursor",
    metadata,
    Column("pool", String(64), primary_key=True),
    Column("stream_id", String(64), nullable=False),
)
"""How far each pool's stream is chained; the writers of a pool queue up on its row."""

given_head = Table(
    "ledger_given_head",
    metadata,
    Column("company", String(128), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("key", String(16), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
"""The signed head of each chain and day in Paris; never changed, never removed."""

key = Table(
    "ledger_key",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("public", LargeBinary(32), nullable=False, unique=True),
    Column("since_us", BigInteger, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
"""The keys that sign heads, 1, 2, 3 …: the last one does, each was signed by another."""

clock = Table(
    "ledger_clock",
    metadata,
    Column("company", String(128), primary_key=True),
    Column("call", String(256), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("service", String(128), nullable=False),
    Column("half", Integer, nullable=False),
    Column("t0_us", BigInteger, nullable=False),
    Column("terms", Integer, nullable=False),
    Column("told", LargeBinary, nullable=False),
    Index("ix_ledger_clock_half", "company", "half", "service"),
)
"""Each clock of each call as the events told it; `terms` counts those of the chain."""

slot = Table(
    "ledger_slot",
    metadata,
    Column("company", String(128), primary_key=True),
    Column("half", Integer, primary_key=True, autoincrement=False),
    Column("service", String(128), primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
"""Each half-hour of each service, made from its clocks."""

book = Table(
    "ledger_book",
    metadata,
    Column("company", String(128), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("as_of_us", BigInteger, nullable=False),
    Column("edition", Integer, nullable=False),
)
"""How far clocks and half-hours were made of each chain, and by which edition of us."""

statement = Table(
    "ledger_statement",
    metadata,
    Column("company", String(128), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)
"""The monthly statements that were given out, each with its signature."""
