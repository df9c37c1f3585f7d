"""What the portal's handlers work with, under one typed key."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from accounts.client import AccountsClient
from ledger.books.projector import Projector
from ledger.contracting import Contracting
from ledger.desk import DayDesk
from ledger.giving import HeadGiver
from ledger.live import Live
from ledger.settings import Settings
from ledger.store import LedgerStore
from ledger.writer import ChainWriter


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything that is open while the process serves."""

    settings: Settings
    accounts: AccountsClient
    store: LedgerStore
    desk: DayDesk
    live: Live
    writer: ChainWriter
    giver: HeadGiver | None
    """None where no key signs."""
    projector: Projector
    contracting: Contracting
    clock: Callable[[], float]
    """Seconds since the epoch."""


ROOMS = web.AppKey("rooms", Rooms)
