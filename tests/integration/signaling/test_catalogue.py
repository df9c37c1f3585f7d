"""A queue that lost the directory gets it back: once, and while its server shows it lives."""

import asyncio
from typing import Any

import pytest

from accounts import routing
from accounts.hours import OpeningHours
from accounts.model import (
    CompanyId,
    Person,
    PersonId,
    PersonRole,
    Roster,
    Service,
    ServiceId,
    StaffMember,
)
from queueing.client import QueueClient
from queueing.errors import QueueUnreachableError
from queueing.keys import Keys
from queueing.outbox import Follower
from queueing.store import open_store
from signaling.catalogue import Catalogue
from tests.integration.queueing.pools import a_client
from tests.integration.queueing.servers import a_server

VERSION = 7
ACME = CompanyId("acme")
AGENTS = 40
CROWD = 50


class House:
    """Accounts with one service and some agents."""

    async def directory_version(self):
        return VERSION

    async def roster(self):
        service = Service(
            id=ServiceId("aide"),
            company=ACME,
            company_name="Acme",
            title="Aide",
            needs=(routing.Need("lsf", 2),),
            topics=(),
            hours=OpeningHours.always(),
        )
        people = (
            Person(PersonId(f"p{n}"), f"agent{n}", "Agent", PersonRole.AGENT)
            for n in range(AGENTS)
        )
        staff = tuple(
            StaffMember(
                each,
                companies=frozenset({ACME}),
                skills={"lsf": 3},
                reserve=each.login == "agent0",
            )
            for each in people
        )
        skills = tuple(routing.BUILT_IN_SKILLS.values())
        return Roster(VERSION, (service,), staff, skills, ())


@pytest.fixture
def server():
    with a_server("valkey") as server:
        yield server


@pytest.fixture
async def queue(server):
    async with a_client(server.url, "p") as queue:
        yield queue


async def a_catalogue(queue):
    house: Any = House()
    catalogue = Catalogue(house, queue)
    await catalogue.refresh()
    return catalogue


async def test_who_is_in_reserve_is_known(queue):
    catalogue = await a_catalogue(queue)

    assert catalogue.is_in_reserve("p0")
    assert not catalogue.is_in_reserve("p1")
    assert not catalogue.is_in_reserve("nobody")


def lose_everything(server):
    with server.plain() as plain:
        plain.flushall()
        plain.config_resetstat()


def steps(server):
    """How many functions were called since everything was lost."""
    with server.plain() as plain:
        return plain.info("commandstats")["cmdstat_fcall"]["calls"]


async def test_thousands_who_miss_the_directory_have_it_given_back_once(server, queue):
    catalogue = await a_catalogue(queue)
    lose_everything(server)
    await catalogue.restore()
    once = steps(server)
    lose_everything(server)

    await asyncio.gather(*(catalogue.restore() for _ in range(CROWD)))

    assert steps(server) == once
    assert await queue.heartbeat() == VERSION


async def test_a_directory_that_was_lost_again_is_given_back_again(server, queue):
    catalogue = await a_catalogue(queue)
    for _ in range(2):
        lose_everything(server)
        await catalogue.restore()

        assert await queue.heartbeat() == VERSION


async def test_who_waits_for_a_directory_that_cannot_be_given_fails_no_later(server):
    async with open_store(server.url, Keys("p").tag, budget=0.3) as store:
        await store.load_library()
        catalogue = await a_catalogue(
            QueueClient(store, Keys("p"), None, Follower(None))
        )
        server.kill()
        try:
            async with asyncio.timeout(3):
                found = await asyncio.gather(
                    *(catalogue.restore() for _ in range(CROWD)),
                    return_exceptions=True,
                )
        finally:
            server.start()

    assert {type(each) for each in found} == {QueueUnreachableError, type(None)}


async def test_a_server_shows_that_it_lives_while_it_gives_the_directory_back(
    server, queue
):
    catalogue = await a_catalogue(queue)
    lose_everything(server)

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        following = tasks.create_task(catalogue.follow_queue())
        told = [await queue.heartbeat()]
        while told[-1] != VERSION:
            catalogue.queue_holds(told[-1])
            told.append(await queue.heartbeat())
        following.cancel()

    assert told.count(-1) > 1
