"""Gives each chain its signed head of the day, soon after midnight in Paris.

Every process looks; whichever is first signs, and the others find it done.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final, Never

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ledger import paris
from ledger.errors import LedgerError
from ledger.head_store import HeadStore
from ledger.heads import SignedHead
from ledger.keys import SigningKey

LOOK_EVERY_S: Final = 30.0
TIMEOUT_S: Final = 20.0

log = structlog.get_logger(__name__)


class HeadGiver:
    """Signs with the key of a file, which is read anew each time it is needed."""

    def __init__(
        self, store: HeadStore, key_file: Path, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._key_file = key_file
        self._clock = clock
        self._trouble = ""

    async def run(self) -> Never:
        """Look for ever; what is away is tried again."""
        while True:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    await self.give()
            except (LedgerError, SQLAlchemyError, OSError, TimeoutError) as error:
                self._is_troubled(repr(error))
            else:
                self._trouble = ""
            await asyncio.sleep(LOOK_EVERY_S)

    async def give(self) -> list[SignedHead]:
        """Give a head to every chain that has none of today.

        Raises:
            KeyUnusableError: the file holds no key.
            KeyNotCurrentError: another key signs.
        """
        now_us = int(self._clock() * 1_000_000)
        day = paris.day_at(now_us).isoformat()
        waiting = await self._store.without(day)
        if not waiting:
            return []
        key = await asyncio.to_thread(SigningKey.read, self._key_file)
        given = []
        for company in waiting:
            try:
                signed = await self._store.give(company, day, key, now_us)
            except IntegrityError:  # another process gave it at the same moment
                continue
            if signed is not None:
                given.append(signed)
        if given:
            log.info("heads given", day=day, chains=len(given), key=key.id)
        return given

    def _is_troubled(self, reason: str) -> None:
        if reason != self._trouble:
            log.warning("heads not given, tried again", reason=reason)
        self._trouble = reason
