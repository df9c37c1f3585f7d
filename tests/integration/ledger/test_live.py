"""One board for everybody who looks at a company: made once, sent to all."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from ledger.desk import DayDesk
from ledger.live import Live, Sources
from ledger.model import CompanyId, StandingAlert
from ledger.store import Batch, LedgerStore
from queueing.model import AgentState
from queueing.model import CompanyId as QueueCompanyId
from tests.integration.ledger.houses import NOW_US, TELECOM, an_event

ASSURANCE = CompanyId("assurance")


class _CountingDesk(DayDesk):
    """A desk that counts how often a sheet was asked for."""

    asked = 0

    async def copy(self, company, day):
        self.asked += 1
        return await super().copy(company, day)


class House:
    """A desk with a clock that stands, sessions and agents as they are said to be."""

    def __init__(self, store):
        self.store = store
        self.staff = {QueueCompanyId(TELECOM): {AgentState.READY: 2}}
        self.standing = {}
        self.sessions = {"mine": TELECOM}
        self.desk = _CountingDesk(store, lambda: NOW_US / 1_000_000 + 3600)
        self.live = Live(self.desk, Sources(self.agents, self.alerts, self.signed_in))

    @property
    def made(self):
        return self.desk.asked

    async def agents(self):
        return self.staff

    async def alerts(self):
        return self.standing

    async def signed_in(self, tokens):
        return {name: self.sessions[name] for name in tokens if name in self.sessions}

    async def calls(self, *numbers, company=TELECOM):
        events = [an_event(n, company, kind="call_queued") for n in numbers]
        done = await self.store.append(Batch("fr", f"{numbers[-1]}-0", events))
        self.live.ring(done.heads)


@pytest.fixture
async def house(sqlite_url, monkeypatch):
    KEPT.clear()
    monkeypatch.setattr("ledger.live.SESSION_EVERY_S", 0.05)
    monkeypatch.setattr("ledger.live.LOOK_EVERY_S", 0.05)
    async with LedgerStore.open(sqlite_url) as store:
        opened = House(store)
        async with running(opened.live):
            yield opened


@asynccontextmanager
async def running(live):
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(live.run())
        await asyncio.sleep(0)
        try:
            yield
        finally:
            live.close()
            task.cancel()


KEPT: dict[int, list[str]] = {}
"""Of each stream the parts of a message that nobody asked for yet."""


async def read(board, stream, kind):
    """Read until a message of this kind comes; what comes before it is left out."""
    parts = KEPT.setdefault(id(stream), [])
    async with asyncio.timeout(10):
        while True:
            while parts:
                part = parts.pop(0)
                if part.startswith(f"event: {kind}\n"):
                    return json.loads(part.partition("data: ")[2])
            message, is_last = await stream.read(board.whole)
            parts += message.decode().split("\n\n")
            assert not is_last or parts[0].startswith(f"event: {kind}\n")


async def opened(board, stream):
    """Read until everything is known, so that only calls are news from here on."""
    sheet = await read(board, stream, "day")
    while (await read(board, stream, "news"))["staff"] is None:
        pass
    return sheet


async def told_of(board, stream, offered):
    """Read until so many calls are told; two messages may have become one sheet."""
    while (told := await read(board, stream, "news"))["figures"]["offered"] < offered:
        pass
    return told


async def test_a_page_gets_the_sheet_and_then_what_is_new(house):
    await house.calls(1)

    with house.live.look(TELECOM, "mine") as (board, stream):
        sheet = await opened(board, stream)
        await house.calls(2)
        told = await told_of(board, stream, 2)

    assert [row["call"] for row in sheet["calls"]] == ["c1"]
    assert [row["call"] for row in told["calls"]] == ["c2"]


async def test_a_hundred_pages_cost_one_sheet(house):
    with house.live.look(TELECOM, "mine") as (board, first):
        await opened(board, first)
        others = [house.live.look(TELECOM, "mine") for _ in range(100)]
        streams = [other.__enter__()[1] for other in others]
        for stream in streams:
            await read(board, stream, "day")
        made = house.made
        await house.calls(1)
        for stream in (first, *streams):
            await told_of(board, stream, 1)
        for other in others:
            other.__exit__(None, None, None)

    assert house.made - made <= 3


async def test_who_reads_too_slowly_gets_the_whole_sheet_and_misses_no_line(house):
    with (
        house.live.look(TELECOM, "mine") as (board, quick),
        house.live.look(TELECOM, "mine") as (_, slow),
    ):
        for stream in (quick, slow):
            await opened(board, stream)
        for number in (1, 2, 3):
            await house.calls(number)
            await told_of(board, quick, number)

        sheet = await read(board, slow, "day")

    assert {row["call"] for row in sheet["calls"]} == {"c1", "c2", "c3"}


async def test_a_company_is_not_told_of_another_ones_calls(house):
    with house.live.look(TELECOM, "mine") as (board, stream):
        await opened(board, stream)
        await house.calls(1, company=ASSURANCE)
        await house.calls(2)
        told = await told_of(board, stream, 1)

    assert told["figures"]["offered"] == 1
    assert [row["call"] for row in told["calls"]] == ["c2"]


async def test_agents_who_come_are_told_without_any_call(house):
    with house.live.look(TELECOM, "mine") as (board, stream):
        while (await read(board, stream, "news"))["staff"] != {"ready": 2}:
            pass
        house.staff = {QueueCompanyId(TELECOM): {AgentState.READY: 1}}
        while (await read(board, stream, "news"))["staff"] != {"ready": 1}:
            pass


async def test_an_alert_is_told_to_its_company_alone_and_taken_back(house):
    alert = StandingAlert("telecom-demo", "burn", 300, 15_000)
    with house.live.look(TELECOM, "mine") as (board, stream):
        house.standing = {ASSURANCE: (alert,)}
        while (await read(board, stream, "news"))["alerts"] != []:
            pass
        house.standing = {TELECOM: (alert,)}
        while (told := (await read(board, stream, "news"))["alerts"]) == []:
            pass
        house.standing = {}
        while (await read(board, stream, "news"))["alerts"] != []:
            pass

    assert [one["burn_permille"] for one in told] == [15_000]


async def test_a_session_that_is_over_ends_its_pages_alone(house):
    house.sessions["other"] = TELECOM
    with (
        house.live.look(TELECOM, "mine") as (board, mine),
        house.live.look(TELECOM, "other") as (_, other),
    ):
        await read(board, mine, "day")
        del house.sessions["mine"]
        assert await read(board, mine, "signed_out") == {}

        assert await read(board, other, "day")


async def test_a_session_of_another_company_ends_its_pages(house):
    with house.live.look(TELECOM, "mine") as (board, stream):
        house.sessions["mine"] = ASSURANCE

        assert await read(board, stream, "signed_out") == {}


async def test_a_board_ends_when_nobody_looks(house):
    with house.live.look(TELECOM, "mine") as (board, stream):
        await read(board, stream, "day")
    await house.calls(1)
    made = house.made

    with house.live.look(TELECOM, "mine") as (board, stream):
        sheet = await read(board, stream, "day")

    assert (len(sheet["calls"]), house.made) == (1, made + 1)
