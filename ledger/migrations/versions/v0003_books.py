"""The read models: clocks of calls, half-hours, and how far they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "ledger_clock",
        sa.Column("company", sa.String(128), primary_key=True),
        sa.Column("call", sa.String(256), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("service", sa.String(128), nullable=False),
        sa.Column("half", sa.Integer, nullable=False),
        sa.Column("t0_us", sa.BigInteger, nullable=False),
        sa.Column("terms", sa.Integer, nullable=False),
        sa.Column("told", sa.LargeBinary, nullable=False),
    )
    op.create_index(
        "ix_ledger_clock_half", "ledger_clock", ["company", "half", "service"]
    )
    op.create_table(
        "ledger_slot",
        sa.Column("company", sa.String(128), primary_key=True),
        sa.Column("half", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("service", sa.String(128), primary_key=True),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_book",
        sa.Column("company", sa.String(128), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("as_of_us", sa.BigInteger, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
    )
