"""Contracts in versions; what was promised until now is the first one of each service."""

import sqlalchemy as sa
from alembic import op

revision = "a0004"
down_revision = "a0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    contracts = op.create_table(
        "accounts_contract",
        sa.Column(
            "service",
            sa.String(64),
            sa.ForeignKey("accounts_service.id"),
            primary_key=True,
        ),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.Column("target_us", sa.BigInteger, nullable=False),
        sa.Column("share_permille", sa.Integer, nullable=False),
        sa.Column("offer", sa.String(16), nullable=False),
        sa.Column("per_minute", sa.Integer, nullable=False),
        sa.Column("fixed_cents", sa.Integer, nullable=False),
        sa.Column("forecast", sa.Text, nullable=False),
    )
    services = sa.select(
        sa.column("id", sa.String),
        sa.column("target_s", sa.Double),
        sa.column("share", sa.Double),
    ).select_from(sa.table("accounts_service"))
    found = op.get_bind().execute(services).all()
    if found:
        op.bulk_insert(contracts, [_first(*row) for row in found])


def _first(service: str, target_s: float, share: float) -> dict[str, object]:
    return {
        "service": service,
        "version": 1,
        "since_us": 0,
        "target_us": round(target_s * 1_000_000),
        "share_permille": round(share * 1000),
        "offer": "base",
        "per_minute": 0,
        "fixed_cents": 0,
        "forecast": "",
    }
