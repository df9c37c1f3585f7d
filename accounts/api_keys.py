"""The keys by which a company's programs read its figures.

A key is shown once, when it is made. Of it we keep the SHA-256, and its first letters,
by which people tell one from another: it is as long as chance can make it, so that no
slow hash is needed.
"""

import hashlib
import secrets
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts import companies
from accounts.errors import InvalidInputError, UnknownKeyError
from accounts.journal import Change
from accounts.model import ApiKey, ApiKeyId, CompanyId, JournalKind, NewApiKey, Scope
from accounts.naming import check_name
from accounts.tables import API_KEY

PREFIX: Final = "illico_"
SECRET_BYTES: Final = 32
SHOWN: Final = len(PREFIX) + 6
MOST: Final = 50
"""How many keys of a company may open at once."""


async def add(
    change: Change, company: CompanyId, name: str, scopes: Collection[Scope]
) -> NewApiKey:
    """Make a key; `InvalidInputError` without a scope, or with too many keys."""
    await companies.require(change.sql, company)
    if not scopes:
        raise InvalidInputError("A key needs at least one scope.")
    mine = API_KEY.c.company == company
    still = select(func.count()).where(mine, API_KEY.c.revoked_at.is_(None))
    if (await change.sql.execute(still)).scalar_one() >= MOST:
        raise InvalidInputError(f"A company has {MOST} keys at most.")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey(
        id=ApiKeyId(secrets.token_hex(8)),
        company=company,
        name=check_name(name),
        begins=secret[:SHOWN],
        scopes=frozenset(scopes),
        created_at=change.at,
        revoked_at=None,
    )
    await change.sql.execute(
        insert(API_KEY).values(
            id=key.id,
            company=company,
            name=key.name,
            begins=key.begins,
            key_sha256=_sha256(secret),
            scopes=" ".join(sorted(key.scopes)),
            created_at=change.at,
        )
    )
    await change.note(JournalKind.API_KEY_ADDED, company, key=key.id, name=key.name)
    return NewApiKey(key, secret)


async def every(sql: AsyncConnection, company: CompanyId) -> tuple[ApiKey, ...]:
    """A company's keys, the newest first, those that were revoked too."""
    mine = select(API_KEY).where(API_KEY.c.company == company)
    newest = mine.order_by(API_KEY.c.created_at.desc(), API_KEY.c.id)
    return tuple(map(_key, (await sql.execute(newest)).all()))


async def revoke(change: Change, company: CompanyId, key: ApiKeyId) -> None:
    """End a key for good; `UnknownKeyError` when the company has no such open one."""
    found = await change.sql.execute(
        update(API_KEY)
        .where(
            API_KEY.c.id == key,
            API_KEY.c.company == company,
            API_KEY.c.revoked_at.is_(None),
        )
        .values(revoked_at=change.at)
    )
    if found.rowcount == 0:
        raise UnknownKeyError("There is no such key that still opens.")
    await change.note(JournalKind.API_KEY_REVOKED, company, key=key)


async def of_secret(sql: AsyncConnection, secret: str) -> ApiKey | None:
    """Which key it is; none when nobody made it, or it was revoked."""
    query = select(API_KEY).where(
        API_KEY.c.key_sha256 == _sha256(secret), API_KEY.c.revoked_at.is_(None)
    )
    row = (await sql.execute(query)).one_or_none()
    return None if row is None else _key(row)


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=ApiKeyId(row.id),
        company=CompanyId(row.company),
        name=row.name,
        begins=row.begins,
        scopes=frozenset(map(Scope, row.scopes.split())),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
