"""The queue's number of each event: by it, what the queue forgot is found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("ledger_event", sa.Column("number", sa.BigInteger))
    op.create_index("ix_ledger_event_number", "ledger_event", ["pool", "number"])
