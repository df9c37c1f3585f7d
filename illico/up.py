"""Runs the whole platform on one machine, from the folder to the last goodbye."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from illico import demo, folder, ground, plan, records, valkey, variables
from illico.demo import House, Login
from illico.fleet import Fleet
from illico.folder import DataFolder
from illico.ground import Wishes
from illico.plan import Ground, Program
from illico.settings import Settings

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to run: our settings, a person's wishes and who is told.

    `environment` is what the children inherit, `tell` takes one sentence for the person
    who watches, `server` is the program of the queue's server (unset: our own Valkey).
    """

    settings: Settings
    wishes: Wishes
    environment: Mapping[str, str]
    tell: Callable[[str], None]
    server: Path | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A platform that serves."""

    fleet: Fleet
    ground: Ground
    house: House

    @property
    def logins(self) -> tuple[Login, ...]:
        """How to sign in as somebody of the demo; none where there is no demo."""
        return self.house.logins or ()


def run(order: Order, greet: Callable[[Running], None]) -> None:
    """Run until Ctrl-C or SIGTERM.

    Raises:
        RefusedError: nothing was started.
        FailedError: something did not start, or kept dying; everything has ended.
    """
    data = folder.prepare(order.settings.data_dir)
    with folder.locked(data):
        asyncio.run(_until_asked(data, order, greet))


@asynccontextmanager
async def platform(data: DataFolder, order: Order) -> AsyncIterator[Running]:
    """Start everything on a folder that the caller locked; leaving ends everything.

    Raises:
        RefusedError: nothing was started.
        FailedError: something did not start, or kept dying; everything has ended.
    """
    for name in records.end_leftovers(data.processes):
        order.tell(f"{name} was left from an earlier start and has been ended.")
    stands_on = ground.prepare(data, order.settings, order.wishes)
    stages = _stages(data, order, stands_on)
    order.tell(f"Starting on {data.path} …")
    house = await demo.prepare(
        stands_on.database_url,
        data.demo_accounts,
        is_wanted=_wants_demo(order),
    )
    try:
        async with Fleet.open(
            data,
            environment=order.environment,
            tell=order.tell,
        ) as fleet:
            for stage in stages:
                await fleet.start(*stage)
            yield Running(fleet, stands_on, house)
    finally:
        folder.clear_sockets(data, stands_on.sockets)


def _wants_demo(order: Order) -> bool:
    """Never put made-up companies into somebody's own database unasked."""
    if order.wishes.is_demo is None:
        return order.settings.database_url is None
    return order.wishes.is_demo


def _stages(
    data: DataFolder,
    order: Order,
    stands_on: Ground,
) -> list[tuple[Program, ...]]:
    """Plan the rooms, let them look at their settings, put the server before them."""
    stages = list(plan.stages(stands_on))
    rooms = [room for stage in stages for room in stage]
    variables.check_programs(rooms, order.environment)
    if order.settings.redis_url is None:
        server = order.server or valkey.binary()
        sockets = stands_on.sockets
        stages.insert(0, (valkey.program(server, data=data.valkey, sockets=sockets),))
    return stages


async def _until_asked(
    data: DataFolder,
    order: Order,
    greet: Callable[[Running], None],
) -> None:
    asked = _cancelled_by_signals(data, order.tell)
    try:
        async with platform(data, order) as running:
            greet(running)
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        if not asked.is_set():
            raise


def _cancelled_by_signals(
    data: DataFolder,
    tell: Callable[[str], None],
) -> asyncio.Event:
    """End this task at the first signal; at a second one, kill whatever is left."""
    asked = asyncio.Event()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def ask() -> None:
        if asked.is_set():
            records.kill(records.load(data.processes))
        elif task is not None:
            asked.set()
            tell("Ending …")
            task.cancel()

    for number in ENDING:
        if number is signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, ask)
    return asked
