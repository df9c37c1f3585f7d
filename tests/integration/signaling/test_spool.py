"""What happens while the queue is away is on disk at once, and in the ledger once."""

import json
import time
from contextlib import asynccontextmanager
from typing import Any

import pytest

from accounts.hours import OpeningHours
from accounts.model import CompanyId, Service
from accounts.model import ServiceId as AccountsServiceId
from benchmarks.platform import Platform
from ledger import paris
from ledger.client import LedgerClient
from ledger.desk import DayDesk
from ledger.model import POOL_CHAIN
from ledger.store import LedgerStore
from queueing.client import QueueClient
from queueing.errors import QueueUnreachableError
from queueing.keys import Keys
from queueing.model import Mode, ServerId, ServiceId
from queueing.outbox import Follower
from queueing.store import open_store
from signaling import protocol
from signaling.admission import Admission
from signaling.rooms import Rooms
from signaling.spool import TWICE_AFTER_US, Spool
from signaling.spool_lines import RECOVERY_US
from signaling.switchboard import Switchboard
from tests.integration.ledger.houses import (
    ASSURANCE,
    TELECOM,
    a_queue,
    a_writer,
    all_links,
    note,
    until,
)
from tests.integration.queueing.servers import a_server
from tests.integration.signaling.pages import a_caller, request

PLACES = [
    (TELECOM, ServiceId("telecom-demo")),
    (ASSURANCE, ServiceId("assurance-demo")),
]
SERVICE = Service(
    id=AccountsServiceId("telecom-demo"),
    company=CompanyId("telecom"),
    company_name="Telecom",
    title="Telecom",
    needs=(),
    topics=(),
    hours=OpeningHours(((),) * 7, {}),
)
NOW = time.time() - 600


class Clock:
    """Goes on when it is told to."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def on(self, micros):
        self.now += micros / 1_000_000


class Relay:
    load = None


class Line:
    """A caller's socket, by its name."""

    def __init__(self, name="visit"):
        self.name = name


@pytest.fixture
def server():
    with a_server("valkey") as running:
        yield running


@pytest.fixture
def clock():
    return Clock()


@asynccontextmanager
async def no_queue(tmp_path):
    """A queue that does not answer."""
    url = f"unix://{tmp_path}/none"
    async with open_store(url, "{q:fr}", budget=0.1) as store:
        yield QueueClient(store, Keys("fr"), ServerId("s1"), Follower(None))


async def a_spool(tmp_path, queue, clock, before=None):
    """The spool of a process, which may go on with what an earlier one was told."""
    if before is not None:
        await before.write()
    spool = Spool(tmp_path / "spool", "s1", queue, clock)
    await spool.open()
    return spool


@asynccontextmanager
async def a_ledger(queue, tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3"
    async with LedgerStore.open(url) as store, a_writer(queue, store):
        yield store


def an_admission(queue, spool, clock, name="visit"):
    """A caller's socket, with rooms that have no more than it takes to be queued."""
    nothing: Any = None
    relay: Any = Relay()
    line: Any = Line(name)
    rooms = Rooms(
        settings=nothing,
        queue=queue,
        accounts=nothing,
        relays={"r1": relay},
        catalogue=nothing,
        switchboard=Switchboard(),
        ends=nothing,
        errands=nothing,
        roll_call=nothing,
        sessions=nothing,
        spool=spool,
        turns=nothing,
        clock=clock,
    )
    return Admission(rooms, line)


def asked(number=1):
    return protocol.CallRequest(
        request=f"{number:032}", service=PLACES[0][1], mode=Mode.TEXT, eye=False
    )


async def refuse(admission, number=1):
    with pytest.raises(QueueUnreachableError):
        await admission.enqueue(asked(number), SERVICE)


def events(links, kind):
    bodies = [json.loads(link.body) for link in links]
    return [body for body in bodies if body["kind"] == kind]


async def test_who_cannot_be_queued_is_refused_once_a_visit_and_chained_once(
    server, clock, tmp_path
):
    async with no_queue(tmp_path) as silent:
        spool = await a_spool(tmp_path, silent, clock)
        one, two = (an_admission(silent, spool, clock, name) for name in ("v1", "v2"))
        for number in range(3):
            await refuse(one, number)
        await refuse(two)
        spool.left("v1")
        await spool.write()
        with pytest.raises(QueueUnreachableError):
            await spool.hand_on()

    async with a_queue(server) as queue, a_ledger(queue, tmp_path) as store:
        later = await a_spool(tmp_path, queue, clock)  # of the process that began again
        for pause in (0, RECOVERY_US, TWICE_AFTER_US, TWICE_AFTER_US, 0):
            clock.on(pause)
            await later.hand_on()
        await note(queue, 7)  # behind all of them in the stream
        await until(has(store, "call_rated"))

        found = events(await all_links(store), "call_refused")
    assert sorted(body["facts"]["visit"] for body in found) == ["v1", "v2"]
    assert {body["at_us"] for body in found} == {round(NOW * 1_000_000)}
    assert {body["facts"]["why"] for body in found} == {"queue_unreachable"}
    assert file_of(tmp_path).read_bytes() == b""


async def test_who_is_queued_a_moment_later_is_listed_and_not_counted(
    server, clock, tmp_path
):
    async with no_queue(tmp_path) as silent:
        spool = await a_spool(tmp_path, silent, clock)
        await refuse(an_admission(silent, spool, clock))

    async with a_queue(server) as queue, a_ledger(queue, tmp_path) as store:
        spool = await a_spool(tmp_path, queue, clock, spool)
        clock.on(RECOVERY_US / 2)
        view = await an_admission(queue, spool, clock).enqueue(asked(2), SERVICE)
        await spool.hand_on()
        await until(has(store, "call_refused"))

        (refused,) = events(await all_links(store), "call_refused")
        assert refused["facts"]["recovered"] == view.call
        figures = (await sheet(store)).figures
    assert (figures.refused, figures.offered) == (0, 1)


async def test_a_refusal_that_nobody_recovered_from_is_a_breach(
    server, clock, tmp_path
):
    async with no_queue(tmp_path) as silent:
        spool = await a_spool(tmp_path, silent, clock)
        await refuse(an_admission(silent, spool, clock))

    async with a_queue(server) as queue, a_ledger(queue, tmp_path) as store:
        spool = await a_spool(tmp_path, queue, clock, spool)
        spool.left("visit")
        await spool.hand_on()
        await until(has(store, "call_refused"))

        figures = (await sheet(store)).figures
    assert (figures.refused, figures.breaches, figures.denominator) == (1, 1, 1)


async def test_a_time_without_the_queue_is_told_to_each_company_from_its_last_answer(
    server, clock, tmp_path
):
    async with a_queue(server) as queue, a_ledger(queue, tmp_path) as store:
        spool = await a_spool(tmp_path, queue, clock)
        spool.reached()
        clock.on(4_000_000)
        for _ in range(3):
            spool.lost(PLACES)
        await spool.write()
        spool = await a_spool(
            tmp_path, queue, clock
        )  # the process began again meanwhile
        clock.on(6_000_000)
        await spool.hand_on()
        assert not events(await all_links(store), "downtime")
        spool.reached()
        await spool.hand_on()

        for company, _ in PLACES:
            await until(has(store, "downtime", company))
            (found,) = events(await all_links(store, company), "downtime")
            began = round(NOW * 1_000_000)
            assert found["at_us"] == found["facts"]["from_us"] == began
            assert found["facts"]["to_us"] == began + 10_000_000


async def test_a_disk_that_fails_is_tried_again_and_nothing_is_dropped(clock, tmp_path):
    async with no_queue(tmp_path) as silent:
        spool = await a_spool(tmp_path, silent, clock)
        (tmp_path / "spool").rename(tmp_path / "away")
        await refuse(an_admission(silent, spool, clock))
        with pytest.raises(OSError, match="spool"):
            await spool.write()
        (tmp_path / "away").rename(tmp_path / "spool")

        await spool.write()

        assert b"queue_unreachable" in file_of(tmp_path).read_bytes()
        assert file_of(tmp_path).stat().st_mode & 0o077 == 0


@pytest.mark.long
async def test_a_platform_whose_queue_stood_still_says_so_in_every_chain(tmp_path):
    settings = {"ILLICO_EYE_WORKERS": "0"}
    async with (
        Platform.start(tmp_path, settings=settings) as platform,
        LedgerStore.open(platform.database_url) as store,
    ):
        platform.freeze("valkey")
        try:
            async with a_caller(platform.url()) as page:
                words: dict[str, Any] = {
                    "service": "telecom-demo",
                    "mode": "text",
                    "topic": None,
                }
                await page.say("call_request", request=request(), eye=False, **words)
                refused = await page.hear("problem")
                assert refused["code"] == "unavailable"
                await page.say("call_request", request=request(), eye=False, **words)
                await page.hear("problem")
        finally:
            platform.thaw("valkey")

        await until(has(store, "call_refused"))
        for company in {*await store.companies()} - {POOL_CHAIN}:
            await until(has(store, "downtime", company))
            (found,) = events(await all_links(store, company), "downtime")
            lasted_us = found["facts"]["to_us"] - found["facts"]["from_us"]
            assert 15_000_000 < lasted_us < 60_000_000
        assert len(events(await all_links(store), "call_refused")) == 1
        verdict = await LedgerClient(store).verify(TELECOM)
        assert verdict.found is None


def file_of(tmp_path):
    return tmp_path / "spool" / "s1.jsonl"


def has(store, kind, company=TELECOM):
    async def claim():
        return bool(events(await all_links(store, company), kind))

    return claim


async def sheet(store):
    desk = DayDesk(store, time.time)
    return (await desk.copy(TELECOM, paris.day_at(round(NOW * 1_000_000)))).sheet
