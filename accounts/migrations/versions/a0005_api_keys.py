"""The keys by which a company's programs read its figures."""

import sqlalchemy as sa
from alembic import op

revision = "a0005"
down_revision = "a0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_api_key",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column(
            "company",
            sa.String(64),
            sa.ForeignKey("accounts_company.id"),
            nullable=False,
        ),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("begins", sa.String(16), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("revoked_at", sa.Double),
    )
    op.create_index(
        op.f("ix_accounts_api_key_company"), "accounts_api_key", ["company"]
    )
