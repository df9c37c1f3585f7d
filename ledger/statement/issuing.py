"""Makes, signs and keeps monthly statements: the same one for everybody who asks."""

import asyncio

from sqlalchemy.exc import IntegrityError

from ledger.books.projector import Projector
from ledger.chain import genesis
from ledger.errors import KeyNotCurrentError, MonthNotOverError
from ledger.figures import halves
from ledger.figures.reports import Scope
from ledger.keys import SigningKey
from ledger.model import CompanyId
from ledger.statement.statement_store import StatementStore
from ledger.statement.statements import (
    Counted,
    SignedStatement,
    says_the_same,
    statement,
    words_of,
)
from ledger.store import LedgerStore


class Issuer:
    """Issues the statements of a ledger."""

    def __init__(self, store: LedgerStore, projector: Projector) -> None:
        self._store = store
        self._projector = projector
        self._kept = StatementStore(store.engine)

    async def issue(
        self, company: CompanyId, month: str, key: SigningKey, now_us: int
    ) -> SignedStatement:
        """Give the statement of a month that is over; a new version if it changed.

        Raises:
            NoSuchMonthError: it is no month.
            MonthNotOverError: its last call may be to come.
            KeyNotCurrentError: another key signs.
        """
        _ensure_over(month, now_us)
        await self._ensure_current(key)
        given = await self._kept.given(company, month)
        counted = await self._counted(company, month)
        written = await asyncio.to_thread(
            statement, counted, len(given) + 1, now_us, key.id
        )
        if given and says_the_same(given[-1].statement, written):
            return given[-1]
        signed = SignedStatement(written, key.sign(words_of(written)).hex())
        try:
            await self._kept.keep(signed)
        except IntegrityError:  # another process issued it at the same moment
            return (await self._kept.given(company, month))[-1]
        return signed

    async def given(self, company: CompanyId, month: str) -> list[SignedStatement]:
        """List the versions that were issued, oldest first."""
        return await self._kept.given(company, month)

    async def _ensure_current(self, key: SigningKey) -> None:
        keys = await self._store.given.keys()
        if keys and keys[-1].public != key.public:
            raise KeyNotCurrentError(key.id, keys[-1].id)

    async def _counted(self, company: CompanyId, month: str) -> Counted:
        made, slots = await self._projector.opened(company, month)
        scope = Scope(company, None, month, made.position, made.as_of_us)
        terms = await self._projector.terms(company, made.position)
        digest = genesis(company).digest
        pages = self._store.bodies(
            company, after=made.position - 1, up_to=made.position
        )
        async for page in pages:
            digest = page[-1][2]
        heads = await self._store.given.given(company)
        return Counted(scope, digest, slots, terms, heads)


def _ensure_over(month: str, now_us: int) -> None:
    if now_us < halves.of_month(month)[1] * halves.LONG_US:
        raise MonthNotOverError(month)
