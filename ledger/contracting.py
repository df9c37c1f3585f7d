"""Chains every version of every contract, before the calls that it rules.

Contracts are made and kept by accounts, where a version is never edited; here each
becomes one `terms_set` in its company's chain. Every process looks: an event has the
name of its version, so that it is chained once.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final, Never, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from accounts.errors import AccountsError
from accounts.model import Contract
from ledger.events import Kind
from ledger.model import CompanyId, Event, EventId, ServiceId
from ledger.store import Batch, LedgerStore

LOOK_EVERY_S: Final = 1.0
TIMEOUT_S: Final = 20.0
AT_ONCE: Final = 200
SOURCE: Final = "contracts"
"""Stands where the pool of a call would: terms come from no queue."""

log = structlog.get_logger(__name__)


class Contracts(Protocol):
    """What is needed of the door of accounts."""

    async def contracts(self) -> tuple[Contract, ...]: ...
    async def contract_count(self) -> int: ...


class Contracting:
    """Looks for new versions, and chains them."""

    def __init__(
        self,
        accounts: Contracts,
        store: LedgerStore,
        clock: Callable[[], float],
        *,
        on_chained: Callable[[Iterable[CompanyId]], None] = lambda _: None,
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._clock = clock
        self._on_chained = on_chained
        self._seen = 0
        self._trouble = ""

    async def run(self) -> Never:
        """Look for ever; what is away is tried again."""
        while True:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    await self.chain()
            except (AccountsError, SQLAlchemyError, OSError, TimeoutError) as error:
                if repr(error) != self._trouble:
                    log.warning("terms not chained, tried again", reason=repr(error))
                self._trouble = repr(error)
            else:
                self._trouble = ""
            await asyncio.sleep(LOOK_EVERY_S)

    async def chain(self) -> int:
        """Chain what is not chained yet; tell how many versions that were."""
        if await self._accounts.contract_count() == self._seen:
            return 0
        contracts = await self._accounts.contracts()
        now_us = int(self._clock() * 1_000_000)
        chained = 0
        events = (event_of(each, now_us) for each in contracts)
        while some := [*islice(events, AT_ONCE)]:
            chained += await self._append(some)
        self._seen = len(contracts)
        return chained

    async def _append(self, events: Sequence[Event]) -> int:
        committed = await self._store.append(Batch(SOURCE, "0", events))
        self._on_chained(committed.heads)
        return committed.chained


def event_of(contract: Contract, now_us: int) -> Event:
    """Write a version as the event that its company reads."""
    return Event(
        event_id=EventId(f"terms-{contract.service}-{contract.version}@{SOURCE}"),
        kind=Kind.TERMS_SET,
        at_us=now_us,
        pool=SOURCE,
        company=CompanyId(contract.company),
        service=ServiceId(contract.service),
        facts={
            "version": contract.version,
            "valid_from_us": contract.since_us,
            "target_us": contract.target_us,
            "share_permille": contract.share_permille,
            "offer": contract.tariff.offer.value,
            "per_minute": contract.tariff.per_minute,
            "fixed_cents": contract.tariff.fixed_cents,
            "forecast": [*contract.forecast],
        },
    )
