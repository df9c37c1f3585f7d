"""One board for everybody who looks at a company: made once, sent to all."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from ledger.desk import DayDesk
from ledger.live import Live, Sources
from ledger.model import CompanyId
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
        self.sessions = {"mine": TELECOM}
        self.desk = _CountingDesk(store, lambda: NOW_US / 1_000_000 + 3600)
        self.live = Live(self.desk, Sources(self.agents, self.signed_in))

    @property
    def made(self):
        return self.desk.asked

    async def agents(self):
        return self.staff

    async def signed_in(self, tokens):
        return {name: self.sessions[name] for name in tokens if name in self.sessions}

    async def calls(self, *numbers, company=TELECOM):
        events = [an_event(n, company, kind="call_queued") for n in numbers]
        done = await self.store.append(Batch("fr", f"{numbers[-1]}-0", events))
        self.live.ring(done.heads)


@pytest.fixture
async def house(sqlite_url, monkeypatch):
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


async def read(board, stream, kind):
    """Read until a message of this kind comes."""
    async with asyncio.timeout(10):
        while True:
            message, is_last = await stream.read(board.whole)
            for part in message.decode().split("\n\n"):
                if part.startswith(f"event: {kind}\n"):
                    return json.loads(part.partition("data: ")[2])
            assert not is_last, "the stream ended"


async def test_a_page_gets_the_sheet_and_then_what_is_new(house):
    await house.calls(1)

    with house.live.look(TELECOM, "mine") as (board, stream):
        sheet = await read(board, stream, "day")
        await house.calls(2)
        told = await read(board, stream, "news")
        while told["calls"] == []:
            told = await read(board, stream, "news")

    assert [row["call"] for row in sheet["calls"]] == ["c1"]
    assert [row["call"] for row in told["calls"]] == ["c2"]
    assert told["figures"]["offered"] == 2


async def test_a_hundred_pages_cost_one_sheet(house):
    with house.live.look(TELECOM, "mine") as (board, first):
        await read(board, first, "day")
        others = [house.live.look(TELECOM, "mine") for _ in range(100)]
        streams = [other.__enter__()[1] for other in others]
        for stream in streams:
            await read(board, stream, "day")
        made = house.made
        await house.calls(1)
        for stream in (first, *streams):
            while not (await read(board, stream, "news"))["calls"]:
                pass
        for other in others:
            other.__exit__(None, None, None)

    assert house.made - made <= 3


async def test_who_reads_too_slowly_gets_the_whole_sheet_and_misses_no_line(house):
    with (
        house.live.look(TELECOM, "mine") as (board, quick),
        house.live.look(TELECOM, "mine") as (_, slow),
    ):
        for stream in (quick, slow):
            await read(board, stream, "day")
        for number in (1, 2, 3):
            await house.calls(number)
            while not (await read(board, quick, "news"))["calls"]:
                pass

        sheet = await read(board, slow, "day")

    assert {row["call"] for row in sheet["calls"]} == {"c1", "c2", "c3"}


async def test_a_company_is_not_told_of_another_ones_calls(house):
    with house.live.look(TELECOM, "mine") as (board, stream):
        await read(board, stream, "day")
        await house.calls(1, company=ASSURANCE)
        await house.calls(2)
        told = await read(board, stream, "news")
        while not told["calls"]:
            told = await read(board, stream, "news")

    assert told["figures"]["offered"] == 1


async def test_agents_who_come_are_told_without_any_call(house):
    with house.live.look(TELECOM, "mine") as (board, stream):
        while (await read(board, stream, "news"))["staff"] != {"ready": 2}:
            pass
        house.staff = {QueueCompanyId(TELECOM): {AgentState.READY: 1}}
        while (await read(board, stream, "news"))["staff"] != {"ready": 1}:
            pass


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
