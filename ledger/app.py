"""Puts the ledger's process together; nothing happens before it is started."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import structlog
from aiohttp import web

from accounts.client import AccountsClient
from ledger import portal, sign_in, standing
from ledger.api import key_desk, serving
from ledger.books.projector import Projector
from ledger.contracting import Contracting
from ledger.desk import DayDesk
from ledger.giving import HeadGiver
from ledger.keys import SigningKey
from ledger.live import Live, Sources
from ledger.rooms import ROOMS, Rooms
from ledger.settings import Settings
from ledger.store import LedgerStore
from ledger.web import guard
from ledger.writer import ChainWriter
from queueing.client import QueueClient

GRACE_S: Final = 2.0
LARGEST_FORM_BYTES: Final = 16 * 1024

log = structlog.get_logger(__name__)


def create_app(rooms: Rooms) -> web.Application:
    """Make the portal's web application around rooms that are open."""
    app = web.Application(middlewares=[guard], client_max_size=LARGEST_FORM_BYTES)
    app[ROOMS] = rooms
    app.add_routes(portal.routes())
    app.add_routes(sign_in.routes())
    app.add_routes(serving.routes())
    app.add_routes(key_desk.routes())

    async def send_home(_: web.Application) -> None:
        rooms.live.close()

    app.on_shutdown.append(send_home)
    return app


@asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[Rooms]:
    """Chain and serve until the block is left."""
    async with AsyncExitStack() as stack:
        rooms = await _open(settings, stack)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = [tasks.create_task(rooms.writer.run())]
        running.append(tasks.create_task(rooms.live.run()))
        running.append(tasks.create_task(rooms.projector.run()))
        running.append(tasks.create_task(rooms.contracting.run()))
        if rooms.giver is not None:
            running.append(tasks.create_task(rooms.giver.run()))
        try:
            async with _site(create_app(rooms), settings):
                yield rooms
        finally:
            for task in running:
                task.cancel()


async def _open(settings: Settings, stack: AsyncExitStack) -> Rooms:
    accounts = await stack.enter_async_context(
        AccountsClient.open(settings.database_url, session_hours=settings.session_hours)
    )
    store = await stack.enter_async_context(LedgerStore.open(settings.database_url))
    queue = await stack.enter_async_context(
        QueueClient.open(settings.redis_url, pool=settings.queue_pool)
    )
    clock = time.time  # noqa: TID251  the one place that hands the clock out
    desk = DayDesk(store, clock)
    sources = Sources(
        queue.staff,
        partial(standing.alerts, queue, accounts),
        partial(sign_in.signed_in, accounts, clock),
    )
    live = Live(desk, sources)
    return Rooms(
        settings=settings,
        accounts=accounts,
        store=store,
        desk=desk,
        live=live,
        writer=ChainWriter(
            queue, store, pool=settings.queue_pool, on_chained=live.ring
        ),
        giver=_giver(settings, store, clock),
        projector=Projector(store),
        contracting=Contracting(accounts, store, clock, on_chained=live.ring),
        clock=clock,
    )


def _giver(
    settings: Settings, store: LedgerStore, clock: Callable[[], float]
) -> HeadGiver | None:
    """Refuse a bad key at the start; without one, say what is missing."""
    if settings.ledger_key is None:
        log.warning("no head is given without a key", setting="ILLICO_LEDGER_KEY")
        return None
    SigningKey.read(settings.ledger_key)
    return HeadGiver(store.given, settings.ledger_key, clock)


@asynccontextmanager
async def _site(app: web.Application, settings: Settings) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE_S)
    await runner.setup()
    try:
        site = web.TCPSite(
            runner,
            settings.portal_host,
            settings.portal_port,
            ssl_context=_tls(settings),
        )
        await site.start()
        yield
    finally:
        await runner.cleanup()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context
