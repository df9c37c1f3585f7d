"""Companies, services, people, sessions, throttle, journal, directory."""

import sqlalchemy as sa
from alembic import op

revision = "a0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _companies_and_services()
    _people()
    _sign_in()
    _journal_and_directory()


def _slug(name: str, target: str, *, key: bool = False) -> sa.Column[str]:
    reference = sa.ForeignKey(f"{target}.id")
    return sa.Column(name, sa.String(64), reference, primary_key=key, nullable=False)


def _person(*, key: bool = False) -> sa.Column[str]:
    reference = sa.ForeignKey("accounts_person.id")
    return sa.Column(
        "person", sa.String(32), reference, primary_key=key, nullable=False
    )


def _level() -> tuple[sa.Column[int], sa.CheckConstraint]:
    return (
        sa.Column("level", sa.Integer, nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="level"),
    )


def _companies_and_services() -> None:
    op.create_table(
        "accounts_company",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
    )
    op.create_table(
        "accounts_service",
        sa.Column("id", sa.String(64), primary_key=True),
        _slug("company", "accounts_company"),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("target_s", sa.Double, nullable=False),
        sa.Column("share", sa.Double, nullable=False),
    )
    op.create_index(
        op.f("ix_accounts_service_company"), "accounts_service", ["company"]
    )
    op.create_table(
        "accounts_service_need",
        _slug("service", "accounts_service", key=True),
        sa.Column("skill", sa.String(32), primary_key=True),
        *_level(),
    )
    op.create_table(
        "accounts_topic",
        _slug("service", "accounts_service", key=True),
        sa.Column("slug", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("skill", sa.String(32), nullable=False),
        *_level(),
    )


def _people() -> None:
    op.create_table(
        "accounts_person",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("login", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("company", sa.String(64), sa.ForeignKey("accounts_company.id")),
        sa.Column("reserve", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.CheckConstraint(
            "(role = 'viewer') = (company IS NOT NULL)", name="viewer_company"
        ),
    )
    op.create_index(op.f("ix_accounts_person_company"), "accounts_person", ["company"])
    op.create_table(
        "accounts_skill",
        _person(key=True),
        sa.Column("skill", sa.String(32), primary_key=True),
        *_level(),
    )
    op.create_table(
        "accounts_grant",
        _person(key=True),
        _slug("company", "accounts_company", key=True),
    )


def _sign_in() -> None:
    op.create_table(
        "accounts_session",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        _person(),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    for column in ("person", "expires_at"):
        op.create_index(
            op.f(f"ix_accounts_session_{column}"), "accounts_session", [column]
        )
    op.create_table(
        "accounts_tries",
        sa.Column("key_sha256", sa.String(64), primary_key=True),
        sa.Column("level", sa.Double, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_index(op.f("ix_accounts_tries_at"), "accounts_tries", ["at"])


def _journal_and_directory() -> None:
    op.create_table(
        "accounts_journal",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("by", sa.String(32)),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    directory = op.create_table(
        "accounts_directory",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.bulk_insert(directory, [{"id": 1, "version": 0}])
