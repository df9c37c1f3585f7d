"""Kinds of skills, variants, what happens while callers wait, reserves, independents."""

import sqlalchemy as sa
from alembic import op

revision = "a0002"
down_revision = "a0001"
branch_labels = None
depends_on = None

_BUILT_IN = ("lsf", "lfpc", "international", "text", "slow", "reduced_field")


def upgrade() -> None:
    _skills()
    _variants()
    _handling()
    op.add_column(
        "accounts_person",
        sa.Column(
            "independent",
            sa.Boolean(create_constraint=False),
            nullable=False,
            server_default=sa.false(),
        ),
    )


def _skills() -> None:
    """Until now whatever was not built in counted as a topic: so it stays."""
    words = op.create_table(
        "accounts_skill_word",
        sa.Column("word", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
    )
    op.create_table(
        "accounts_reserve",
        sa.Column("skill", sa.String(32), primary_key=True),
        sa.Column("keep", sa.Integer, nullable=False),
        sa.CheckConstraint("keep >= 1", name="keep"),
    )
    named: set[str] = set()
    for table in ("accounts_service_need", "accounts_topic", "accounts_skill"):
        skills = sa.select(sa.column("skill", sa.String)).select_from(sa.table(table))
        named |= set(op.get_bind().execute(skills).scalars())
    found = sorted(named - set(_BUILT_IN))
    if found:
        op.bulk_insert(
            words, [{"word": word, "kind": "topic", "label": word} for word in found]
        )


def _variants() -> None:
    op.create_table(
        "accounts_variant",
        sa.Column(
            "service",
            sa.String(64),
            sa.ForeignKey("accounts_service.id"),
            primary_key=True,
        ),
        sa.Column("slug", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
    )
    op.create_table(
        "accounts_variant_need",
        sa.Column("service", sa.String(64), primary_key=True),
        sa.Column("variant", sa.String(64), primary_key=True),
        sa.Column("skill", sa.String(32), primary_key=True),
        sa.Column("level", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["service", "variant"],
            ["accounts_variant.service", "accounts_variant.slug"],
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="level"),
    )


def _handling() -> None:
    nothing, zero = sa.text("''"), sa.text("0")
    for column in (
        sa.Column("priority_s", sa.Double, nullable=False, server_default=zero),
        sa.Column("widening", sa.Text, nullable=False, server_default=nothing),
        sa.Column("overflow", sa.Text, nullable=False, server_default=nothing),
        sa.Column("cool_down_s", sa.Double, nullable=False, server_default=zero),
        sa.Column("wrap_up_s", sa.Double),
        sa.Column("video_message_url", sa.String(500)),
    ):
        op.add_column("accounts_service", column)
