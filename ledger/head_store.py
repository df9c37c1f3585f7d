"""The SQL of the heads that were given out, and of the keys that sign them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ledger import heads, tables
from ledger.database import WRITES
from ledger.errors import KeyNotCurrentError, NoKeyLostError
from ledger.heads import GivenHead, PublicKey, SignedHead
from ledger.keys import SigningKey
from ledger.model import CompanyId, KeyId


class HeadStore:
    """The given heads of a ledger's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    async def keys(self) -> tuple[PublicKey, ...]:
        """List every key that ever signed, in their order."""
        async with self._engine.connect() as connection:
            return await _keys(connection)

    async def given(self, company: CompanyId) -> tuple[SignedHead, ...]:
        """List the heads that a company was given, oldest first."""
        table = tables.given_head
        query = select(table).where(table.c.company == company).order_by(table.c.day)
        async with self._engine.connect() as connection:
            return tuple(map(_signed, (await connection.execute(query)).all()))

    async def without(self, day: str) -> Sequence[CompanyId]:
        """Name the chains that were given no head on this day yet."""
        given = select(tables.given_head.c.company).where(
            tables.given_head.c.day == day
        )
        column = tables.head.c.company
        query = select(column).where(column.not_in(given)).order_by(column)
        async with self._engine.connect() as connection:
            return [*map(CompanyId, (await connection.execute(query)).scalars())]

    async def give(
        self, company: CompanyId, day: str, key: SigningKey, now_us: int
    ) -> SignedHead | None:
        """Sign the head of a chain, unless somebody did so on this day.

        Raises:
            KeyNotCurrentError: another key signs.
        """
        async with self._writing.begin() as connection:
            query = select(tables.head).where(tables.head.c.company == company)
            here = (await connection.execute(query.with_for_update())).one()
            await _ensure_current(connection, key, now_us)
            last = await _last(connection, company)
            if last is not None and last.head.day >= day:
                return None
            head = GivenHead(
                company,
                day,
                here.position,
                here.digest,
                heads.digest_of(last.head) if last else heads.before_the_first(company),
                key.id,
            )
            signed = SignedHead(head, key.sign(heads.words_of(head)))
            await connection.execute(tables.given_head.insert(), _row(signed))
        return signed

    async def rotate(self, old: SigningKey, new: SigningKey, now_us: int) -> PublicKey:
        """Let a new key sign from now on; the old one says so, and stays listed.

        Raises:
            KeyNotCurrentError: the old key is not the one that signs.
        """
        async with self._writing.begin() as connection:
            number = await _ensure_current(connection, old, now_us)
            words = heads.change_words(old.id, new.public, now_us)
            changed = PublicKey(new.public, now_us, old.sign(words))
            await _insert_key(connection, number + 1, changed)
        return changed

    async def replace_lost(self, new: SigningKey, now_us: int) -> PublicKey:
        """Let a new key sign from now on that nobody can announce; it says so itself.

        Raises:
            NoKeyLostError: no key has signed yet, or this one does already.
        """
        async with self._writing.begin() as connection:
            keys = await _keys(connection)
            if not keys or keys[-1].public == new.public:
                raise NoKeyLostError
            words = heads.change_words(keys[-1].id, new.public, now_us)
            changed = PublicKey(new.public, now_us, new.sign(words))
            await _insert_key(connection, len(keys) + 1, changed)
        return changed


async def _keys(connection: AsyncConnection) -> tuple[PublicKey, ...]:
    query = select(tables.key).order_by(tables.key.c.number)
    rows = (await connection.execute(query)).all()
    return tuple(PublicKey(row.public, row.since_us, row.signature) for row in rows)


async def _ensure_current(
    connection: AsyncConnection, key: SigningKey, now_us: int
) -> int:
    """Check that this key signs, and tell its number; the first one that comes does."""
    keys = await _keys(connection)
    if not keys:
        await _insert_key(connection, 1, PublicKey(key.public, now_us, b""))
        return 1
    if keys[-1].public != key.public:
        raise KeyNotCurrentError(key.id, keys[-1].id)
    return len(keys)


async def _insert_key(connection: AsyncConnection, number: int, key: PublicKey) -> None:
    await connection.execute(
        tables.key.insert().values(
            number=number,
            public=key.public,
            since_us=key.since_us,
            signature=key.signature,
        )
    )


async def _last(connection: AsyncConnection, company: CompanyId) -> SignedHead | None:
    table = tables.given_head
    query = select(table).where(table.c.company == company)
    newest = query.order_by(table.c.day.desc()).limit(1)
    row = (await connection.execute(newest)).one_or_none()
    return _signed(row) if row else None


def _signed(row: Row[Any]) -> SignedHead:
    head = GivenHead(
        CompanyId(row.company),
        row.day,
        row.position,
        row.digest,
        row.previous,
        KeyId(row.key),
    )
    return SignedHead(head, row.signature)


def _row(signed: SignedHead) -> dict[str, Any]:
    head = signed.head
    return {
        "company": head.company,
        "day": head.day,
        "position": head.position,
        "digest": head.digest,
        "previous": head.previous,
        "key": head.key,
        "signature": signed.signature,
    }
