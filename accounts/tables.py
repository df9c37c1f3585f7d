"""The tables of accounts; nobody else reads or writes them.

Their names begin with `accounts_`, because the ledger may live in the same database.
`migrations/` makes them; a test compares the two.
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.types import BigInteger

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

COMPANY: Final = Table(
    "accounts_company",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", String(80), nullable=False),
)

SERVICE: Final = Table(
    "accounts_service",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("company", ForeignKey("accounts_company.id"), nullable=False, index=True),
    Column("title", String(80), nullable=False),
    Column("hours", Text, nullable=False),
    Column("target_s", Double, nullable=False),
    Column("share", Double, nullable=False),
    Column("priority_s", Double, nullable=False, server_default=text("0")),
    Column("widening", Text, nullable=False, server_default=text("''")),
    Column("overflow", Text, nullable=False, server_default=text("''")),
    Column("cool_down_s", Double, nullable=False, server_default=text("0")),
    Column("wrap_up_s", Double),
    Column("video_message_url", String(500)),
)

CONTRACT: Final = Table(
    "accounts_contract",
    METADATA,
    Column("service", ForeignKey("accounts_service.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("since_us", BigInteger, nullable=False),
    Column("target_us", BigInteger, nullable=False),
    Column("share_permille", Integer, nullable=False),
    Column("offer", String(16), nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("fixed_cents", Integer, nullable=False),
    Column("forecast", Text, nullable=False),
)
"""Every version of every contract; a change is a new row, and no row is ever changed."""

ORDINARY: Final = Table(
    "accounts_ordinary",
    METADATA,
    Column("company", ForeignKey("accounts_company.id"), primary_key=True),
    Column("hours", Text, nullable=False),
)
"""When a company's ordinary customer service is open, which ours is compared with."""

AUTHORISATION: Final = Table(
    "accounts_authorisation",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("first", String(10), primary_key=True),
    Column("last", String(10), nullable=False),
    Column("document", String(200), nullable=False),
    Column("volunteers", Integer, nullable=False),
    Column("written_on", String(10), nullable=False),
)

PAY: Final = Table(
    "accounts_pay",
    METADATA,
    Column("month", String(7), primary_key=True),
    Column("pool", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("people", Integer, nullable=False),
    Column("cents", BigInteger, nullable=False),
)
"""Sums alone: who was paid is in no table."""

SERVICE_NEED: Final = Table(
    "accounts_service_need",
    METADATA,
    Column("service", ForeignKey("accounts_service.id"), primary_key=True),
    Column("skill", String(32), primary_key=True),
    Column("level", Integer, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 3", name="level"),
)

TOPIC: Final = Table(
    "accounts_topic",
    METADATA,
    Column("service", ForeignKey("accounts_service.id"), primary_key=True),
    Column("slug", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("label", String(80), nullable=False),
    Column("skill", String(32), nullable=False),
    Column("level", Integer, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 3", name="level"),
)

VARIANT: Final = Table(
    "accounts_variant",
    METADATA,
    Column("service", ForeignKey("accounts_service.id"), primary_key=True),
    Column("slug", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("label", String(80), nullable=False),
)

VARIANT_NEED: Final = Table(
    "accounts_variant_need",
    METADATA,
    Column("service", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("skill", String(32), primary_key=True),
    Column("level", Integer, nullable=False),
    ForeignKeyConstraint(
        ["service", "variant"], ["accounts_variant.service", "accounts_variant.slug"]
    ),
    CheckConstraint("level BETWEEN 1 AND 3", name="level"),
)

SKILL_WORD: Final = Table(
    "accounts_skill_word",
    METADATA,
    Column("word", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("label", String(80), nullable=False),
)
"""The skills that the house knows besides those that every house knows."""

RESERVE: Final = Table(
    "accounts_reserve",
    METADATA,
    Column("skill", String(32), primary_key=True),
    Column("keep", Integer, nullable=False),
    CheckConstraint("keep >= 1", name="keep"),
)
"""How many idle agents with a scarce skill are kept for those who need it."""

PERSON: Final = Table(
    "accounts_person",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("company", ForeignKey("accounts_company.id"), index=True),
    Column("reserve", Boolean(create_constraint=False), nullable=False),
    Column("active", Boolean(create_constraint=False), nullable=False),
    Column("password_hash", String(256), nullable=False),
    Column(
        "independent",
        Boolean(create_constraint=False),
        nullable=False,
        server_default=false(),
    ),
    CheckConstraint("(role = 'viewer') = (company IS NOT NULL)", name="viewer_company"),
)

SKILL: Final = Table(
    "accounts_skill",
    METADATA,
    Column("person", ForeignKey("accounts_person.id"), primary_key=True),
    Column("skill", String(32), primary_key=True),
    Column("level", Integer, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 3", name="level"),
)

GRANT: Final = Table(
    "accounts_grant",
    METADATA,
    Column("person", ForeignKey("accounts_person.id"), primary_key=True),
    Column("company", ForeignKey("accounts_company.id"), primary_key=True),
)
"""For which companies an agent may answer and a supervisor may watch."""

API_KEY: Final = Table(
    "accounts_api_key",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("company", ForeignKey("accounts_company.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("begins", String(16), nullable=False),
    Column("key_sha256", String(64), nullable=False, unique=True),
    Column("scopes", String(200), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("revoked_at", Double),
)
"""By which a company's programs read its figures; those that were revoked stay listed."""

SESSION: Final = Table(
    "accounts_session",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    Column("person", ForeignKey("accounts_person.id"), nullable=False, index=True),
    Column("audience", String(16), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

TRIES: Final = Table(
    "accounts_tries",
    METADATA,
    Column("key_sha256", String(64), primary_key=True),
    Column("level", Double, nullable=False),
    Column("at", Double, nullable=False, index=True),
)
"""The buckets of `throttle`, by login or address; rows that time emptied go away."""

JOURNAL: Final = Table(
    "accounts_journal",
    METADATA,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("at", Double, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("by", String(32)),
    Column("subject", String(64), nullable=False),
    Column("facts", Text, nullable=False),
)
"""Refers to people by id without a foreign key: it outlives them."""

DIRECTORY: Final = Table(
    "accounts_directory",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: the version of everything that decides who may serve whom."""
