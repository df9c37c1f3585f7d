"""A queue on a group under Sentinels: found, confirmed, and kept over failovers."""

import asyncio
import gc
import itertools
import warnings

import pytest

from queueing.catalogue import Directory
from queueing.connections import Finder
from queueing.errors import BadAddressError, QueueUnreachableError
from queueing.messages import CallRinging, Resync
from queueing.model import ServerId
from queueing.store import open_store
from queueing.urls import ThroughSentinels, read_place
from tests.integration.queueing.groups import a_group
from tests.integration.queueing.pools import (
    a_client,
    a_request,
    a_service,
    an_agent,
    events_of,
)
from tests.integration.queueing.test_faults import enqueue, ledger

pytestmark = pytest.mark.timeout(120)
POOL = "group"


@pytest.fixture
def group():
    with a_group() as group:
        yield group


async def test_a_caller_is_told_after_a_replica_knows(group):
    async with a_client(group.url, POOL) as client:
        await client.publish(Directory(1, (a_service(),), (an_agent("agent1"),)))
        await client.heartbeat()
        view = await enqueue(client, "c1")

        assert (view.unconfirmed, client.unconfirmed) == (False, 0)
        with group.plain() as plain:
            assert plain.hget(f"{{q:{POOL}}}:server:here", "read") is None
        await client.agent_connected(
            agent="agent1", connection="t", request=a_request()
        )
        await client.agent_ready(agent="agent1", request=a_request())
        await events_of(client, CallRinging)
        with group.plain() as plain:
            assert plain.hget(f"{{q:{POOL}}}:server:here", "read")


async def test_a_caller_is_told_without_a_copy_when_no_replica_answers(group):
    async with a_client(group.url, POOL) as client:
        await client.publish(Directory(1, (a_service(),), ()))
        replicas = set(group.servers) - {group.master()}
        for port in replicas:
            group.freeze(port)

        view = await enqueue(client, "c1")

        for port in replicas:
            group.thaw(port)
        assert (view.unconfirmed, client.unconfirmed) == (True, 1)
        again = await enqueue(client, "c2")
        assert not again.unconfirmed


@pytest.mark.parametrize("how", ["killed", "frozen"])
async def test_every_acknowledged_call_outlives_a_failover(group, how):
    done = []

    async def work(client, worker):
        for number in itertools.count():
            call = f"w{worker}-{number}"
            try:
                await enqueue(client, call)
                await client.hang_up(call=call, by="caller", request=a_request())
            except QueueUnreachableError:
                return
            done.append(call)
            if has_failed_over.is_set() and number > enough:
                return

    has_failed_over, enough = asyncio.Event(), 200
    async with a_client(group.url, POOL) as client:
        await client.publish(Directory(1, (a_service(),), ()))
        async with asyncio.TaskGroup() as tasks:
            for worker in range(4):
                tasks.create_task(work(client, worker))
            await asyncio.sleep(0.3)
            before = {
                "killed": group.kill_master,
                "frozen": group.freeze_master,
            }[how]()
            await asyncio.to_thread(group.wait_for_another, before)
            has_failed_over.set()
        if how == "frozen":
            group.thaw(before)

        entries = await ledger(client)
        ended = [e.call for e in entries if e.kind == "call_ended"]
        assert set(done) <= set(ended)
        assert len(ended) == len(set(ended))
        assert (await client.view(done[-1])).state == "ended"


async def test_who_stops_asking_for_the_master_leaves_no_connection_behind(group):
    place = read_place(group.url)
    assert isinstance(place, ThroughSentinels)
    finder = Finder(place)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for turns in range(80):
            asking = asyncio.create_task(finder.master())
            for _ in range(turns):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            gc.collect()

    assert [str(one.message) for one in told if "unclosed" in str(one.message)] == []


async def test_an_address_that_names_no_server_is_refused():
    with pytest.raises(BadAddressError):
        async with open_store("redis+sentinel://a,b", "{q:x}"):
            pass


async def test_sentinels_that_know_no_master_are_no_store(group):
    url = group.url.replace("/queue", "/another")
    async with open_store(url, "{q:x}", budget=0.3) as store:
        with pytest.raises(QueueUnreachableError, match="another"):
            await store.function("view", "c1")


async def test_events_are_read_at_the_new_master(group):
    async with a_client(group.url, POOL) as client:
        await client.publish(Directory(1, (a_service(),), (an_agent("agent1"),)))
        before = group.kill_master()
        await asyncio.to_thread(group.wait_for_another, before)
        await enqueue(client, "c1")
        await client.heartbeat()
        assert [type(e) for e in await events_of(client, Resync)] == [Resync]
        await client.presented()
        await client.sweep()
        await client.agent_connected(
            agent="agent1", connection="t", request=a_request()
        )
        await client.agent_ready(agent="agent1", request=a_request())

        assert (await events_of(client, CallRinging))[-1].call == "c1"
        assert ServerId("here") == (await client.view("c1")).server


async def test_who_only_reads_reads_at_the_new_master_too(group):
    async with (
        a_client(group.url, POOL) as client,
        a_client(group.url, POOL) as reader,
    ):
        await client.publish(Directory(1, (a_service(),), ()))
        await reader.view("c1")
        before = group.fail_over()
        await asyncio.to_thread(group.wait_for_another, before)
        await enqueue(client, "c1")

        async with asyncio.timeout(2):
            while await reader.view("c1") is None:  # noqa: ASYNC110 - no event to wait for
                await asyncio.sleep(0.05)
