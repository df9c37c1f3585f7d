"""Puts a signaling process together; nothing happens before it is started."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any, Final

import structlog
from aiohttp import web
from prometheus_client import generate_latest

from accounts.client import AccountsClient
from queueing.client import QueueClient
from queueing.messages import Ended, Resync
from queueing.model import ServerId
from relay.client import RelayClient
from relay.messages import EyeCounted, Load
from signaling import counts, pages, sign_in, sockets
from signaling.catalogue import Catalogue
from signaling.ends import Ends
from signaling.errands import Errands
from signaling.events import Drain, Place
from signaling.metrics import Metrics
from signaling.moving import Turns
from signaling.roll_call import RollCall
from signaling.rooms import Rooms
from signaling.sessions import Sessions
from signaling.settings import Settings
from signaling.spool import Spool
from signaling.switchboard import Switchboard

PLACES_EVERY: Final = 1.0
PLACES_AT_ONCE: Final = 1_000
"""So many places cost the queue's server some 3 % of its time. With more calls than that, each
is looked up every few seconds: all of them move slowly then."""

LEASE_EVERY: Final = 1.0
MOVES_A_SECOND: Final = 20.0
"""People whom this process brings from a relay that ends to another one."""

ROOMS: Final = web.AppKey("rooms", Rooms)

log = structlog.get_logger(__name__)


def create_app(settings: Settings) -> web.Application:
    """Make the web application; its rooms open when it starts."""
    app = web.Application(middlewares=[pages.guard])
    metrics = Metrics()

    def rooms() -> Rooms:
        return app[ROOMS]

    async def exposition(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(metrics.registry),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    async def opened(app: web.Application) -> AsyncIterator[None]:
        async with _open(settings) as opened_rooms:
            app[ROOMS] = opened_rooms
            metrics.watch_queue(lambda: opened_rooms.queue.unconfirmed)
            yield

    async def drain(app: web.Application) -> None:
        await _drain(app[ROOMS])

    app.cleanup_ctx.append(opened)
    app.on_shutdown.append(drain)
    app.add_routes([web.get("/metrics", exposition)])
    app.add_routes(sockets.routes(rooms, metrics))
    app.add_routes(sign_in.routes(rooms))
    app.add_routes(pages.routes(rooms))
    return app


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Rooms]:
    async with AsyncExitStack() as stack:
        accounts = await stack.enter_async_context(
            AccountsClient.open(
                settings.database_url, session_hours=settings.session_hours
            )
        )
        queue = await stack.enter_async_context(
            QueueClient.open(
                settings.redis_url,
                pool=settings.queue_pool,
                server=ServerId(settings.server_id),
            )
        )
        relays = {
            name: await stack.enter_async_context(
                RelayClient.open(
                    name,
                    address,
                    settings.relay_secret,
                    server=settings.server_id,
                    authority=settings.relay_authority,
                )
            )
            for name, address in settings.relay_addresses.items()
        }
        clock = time.time  # noqa: TID251  the one place that hands the clock out
        spool = Spool(settings.spool_dir, settings.server_id, queue, clock)
        await spool.open()
        rooms = Rooms(
            settings=settings,
            queue=queue,
            accounts=accounts,
            relays=relays,
            catalogue=Catalogue(accounts, queue),
            switchboard=Switchboard(),
            ends=Ends(),
            errands=Errands(),
            roll_call=RollCall(),
            sessions=Sessions(accounts, clock),
            spool=spool,
            turns=Turns(MOVES_A_SECOND),
            clock=clock,
        )
        await queue.heartbeat()
        spool.reached()
        await rooms.catalogue.refresh()
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running: list[asyncio.Task[None]] = [
            tasks.create_task(work) for work in _work(rooms)
        ]
        try:
            yield rooms
        finally:
            for task in running:
                task.cancel()
            with suppress(OSError):
                await spool.write()


def _work(rooms: Rooms) -> list[Coroutine[Any, Any, None]]:
    return [
        rooms.catalogue.follow(),
        rooms.catalogue.follow_queue(),
        _queue_events(rooms),
        _tell_all_presented(rooms),
        *(_relay_events(rooms, client) for client in rooms.relays.values()),
        _keep_lease(rooms),
        _tell_places(rooms),
        rooms.errands.run(),
        rooms.sessions.run(),
        rooms.spool.run(),
    ]


async def _queue_events(rooms: Rooms) -> None:
    async for event in rooms.queue.events():
        if isinstance(event, Resync):
            rooms.roll_call.begin(rooms.switchboard.everybody())
        rooms.switchboard.queue_event(event)
        if isinstance(event, Ended):
            rooms.ends.note(event)
            if event.relay in rooms.relays:
                rooms.errands.send("close call", partial(_close_call, rooms, event))


async def _tell_all_presented(rooms: Rooms) -> None:
    """Tell the queue, after each look for its people, that these were all."""
    while True:
        await rooms.roll_call.taken()
        try:
            await rooms.queue.presented()
        except Exception:
            # untold, whoever is gone would stay on this server's books for good
            log.exception("the end of a roll call was not told, tried again")
            await asyncio.sleep(LEASE_EVERY)
            rooms.roll_call.again()


async def _relay_events(rooms: Rooms, client: RelayClient) -> None:
    is_leaving = False
    async for event in client.events():
        if isinstance(event, EyeCounted):
            rooms.errands.send("count", partial(counts.note, rooms, event))
        elif isinstance(event, Load):
            if event.draining and not is_leaving:
                rooms.switchboard.relay_in_doubt(client.relay)
            is_leaving = event.draining
        else:
            rooms.switchboard.relay_event(client.relay, event)


async def _close_call(rooms: Rooms, ended: Ended) -> None:
    """Free the relay of a call that is over, whoever still has a socket."""
    await rooms.relay(ended.relay).close_call(call=ended.call, token=ended.token or 0)


async def _keep_lease(rooms: Rooms) -> None:
    """Show the queue that this process lives; without it its people are lost."""
    while True:
        try:
            async with asyncio.timeout(3 * LEASE_EVERY):
                held = await rooms.queue.heartbeat()
            rooms.catalogue.queue_holds(held)
            rooms.spool.reached()
        except Exception:
            rooms.spool.lost(rooms.catalogue.places().items())
            log.exception("lease not kept, tried again")
        await asyncio.sleep(LEASE_EVERY)


async def _tell_places(rooms: Rooms) -> None:
    """Look the waiting callers' places up, once a second."""
    while True:
        await asyncio.sleep(PLACES_EVERY)
        try:
            waits = await rooms.queue.waits(
                rooms.switchboard.next_calls(PLACES_AT_ONCE)
            )
        except Exception:
            log.exception("places not read, tried again")
            continue
        for call, wait in waits.items():
            place = Place(wait.position, wait.nobody, wait.low, wait.high)
            rooms.switchboard.post_to_call(call, place)


async def _drain(rooms: Rooms) -> None:
    for connection in rooms.switchboard.everybody():
        connection.post(Drain())
