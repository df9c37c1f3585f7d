"""Ordinary hours, authorisations and imported pay."""

import sqlalchemy as sa
from alembic import op

revision = "a0006"
down_revision = "a0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_ordinary",
        sa.Column(
            "company",
            sa.String(64),
            sa.ForeignKey("accounts_company.id"),
            primary_key=True,
        ),
        sa.Column("hours", sa.Text, nullable=False),
    )
    op.create_table(
        "accounts_authorisation",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("first", sa.String(10), primary_key=True),
        sa.Column("last", sa.String(10), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("volunteers", sa.Integer, nullable=False),
        sa.Column("written_on", sa.String(10), nullable=False),
    )
    op.create_table(
        "accounts_pay",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("pool", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
    )
