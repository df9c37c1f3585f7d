"""The chain: events, heads, cursors."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "ledger_event",
        sa.Column("company", sa.String(128), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(256), nullable=False),
        sa.Column("pool", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("call", sa.String(128)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("erasable", sa.Text),
        sa.UniqueConstraint("event_id", name="uq_ledger_event_event_id"),
    )
    op.create_index(
        "ix_ledger_event_kind", "ledger_event", ["company", "kind", "at_us"]
    )
    op.create_index("ix_ledger_event_call", "ledger_event", ["company", "call"])
    op.create_table(
        "ledger_head",
        sa.Column("company", sa.String(128), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "ledger_cursor",
        sa.Column("pool", sa.String(64), primary_key=True),
        sa.Column("stream_id", sa.String(64), nullable=False),
    )
