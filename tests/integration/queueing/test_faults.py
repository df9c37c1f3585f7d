"""Lost replies, cut connections, missing libraries and a killed server."""

import asyncio
import itertools

import pytest

from queueing.catalogue import (
    Directory,
)
from queueing.errors import LibraryFailedError, QueueUnreachableError
from queueing.keys import Keys
from queueing.library import LIBRARY_VERSION, assemble, digest_of
from queueing.messages import AgentChanged, Resync
from queueing.model import (
    AgentState,
    Mode,
    ServerId,
)
from queueing.store import open_store
from tests.integration.queueing.pools import (
    a_client,
    a_request,
    a_service,
    an_agent,
    events_of,
)
from tests.integration.queueing.proxies import a_proxy
from tests.integration.queueing.servers import KINDS, a_server

POOL = "faults"
OUTBOX = Keys(POOL).outbox(ServerId("here"))


@pytest.fixture
async def client(real_server):
    with real_server.plain() as plain:
        plain.flushall()
    async with a_client(real_server.url, POOL) as client:
        await client.publish(Directory(1, (a_service(),), (an_agent("agent1"),)))
        yield client


async def enqueue(client, call, request=None):
    return await client.enqueue(
        call=call,
        service="telecom-demo",
        topic=None,
        mode=Mode.VIDEO,
        relay="r1",
        connection="tab",
        request=request or a_request(),
    )


async def ledger(client):
    return await client.ledger(after="0", count=10_000, block_ms=0)


async def test_a_reply_that_is_lost_after_the_command_ran_is_asked_for_again(
    real_server, tmp_path
):
    async with (
        a_proxy(real_server.url, f"{real_server.url[7:]}p") as proxy,
        a_client(proxy.url, "proxy") as client,
    ):
        await client.publish(Directory(1, (a_service(),), ()))
        proxy.drop_replies_to("illico_enqueue", times=3)

        view = await enqueue(client, "c1")

        assert proxy.dropped == 3
        assert view.position == 1
        kinds = [entry.kind for entry in await ledger(client)]
        assert kinds == ["life_began", "call_queued", "no_one_there"]


async def test_events_go_on_where_they_were_after_a_cut_connection(client, real_server):
    await client.agent_connected(agent="agent1", connection="t", request=a_request())
    first = await events_of(client, AgentChanged)
    states: list[AgentState] = []

    async def follow():
        while len(states) < 6:
            states.extend(e.state for e in await events_of(client, AgentChanged))

    with real_server.plain() as plain:
        async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
            tasks.create_task(follow())
            for _ in range(3):
                await client.agent_ready(agent="agent1", request=a_request())
                plain.execute_command("CLIENT", "KILL", "TYPE", "normal")
                await client.agent_away(agent="agent1", request=a_request())

    assert [e.state for e in first] == [AgentState.AWAY]
    assert states == [AgentState.READY, AgentState.AWAY] * 3


async def test_a_gap_in_the_events_asks_for_a_resync(client, real_server):
    await client.agent_connected(agent="agent1", connection="t", request=a_request())
    read = await events_of(client, AgentChanged)
    assert [type(event) for event in read] == [AgentChanged]

    await client.agent_offline(agent="agent1", request=a_request())
    await client.agent_connected(agent="agent1", connection="t", request=a_request())
    with real_server.plain() as plain:
        plain.xtrim(OUTBOX, maxlen=1, approximate=False)

    assert [type(event) for event in await events_of(client, AgentChanged)] == [
        Resync,
        AgentChanged,
    ]


async def test_a_client_hears_nothing_from_before_it_was_opened(real_server):
    async with a_client(real_server.url, "old") as first:
        await first.publish(Directory(1, (), (an_agent("agent1"),)))
        await first.agent_connected(agent="agent1", connection="t", request=a_request())
        await first.agent_ready(agent="agent1", request=a_request())
    async with a_client(real_server.url, "old") as second:
        await second.agent_connected(
            agent="agent1", connection="t", request=a_request()
        )

        assert [e.state for e in await events_of(second, AgentChanged)] == ["ready"]


async def test_a_library_that_was_lost_is_loaded_again(client, real_server):
    with real_server.plain() as plain:
        plain.function_flush()

    assert (await enqueue(client, "c1")).position == 1


async def test_a_heartbeat_tells_the_directory_even_after_the_data_was_lost(
    client, real_server
):
    before = await client.heartbeat()
    with real_server.plain() as plain:
        plain.flushall()
    lost = await client.heartbeat()
    await client.publish(Directory(1, (a_service(),), ()))

    assert (before, lost, await client.heartbeat()) == (1, -1, 1)
    assert (await enqueue(client, "c1")).position == 1


async def test_a_newer_library_stays_and_an_older_one_is_replaced(real_server):
    with real_server.plain() as plain:
        plain.function_load(assemble(version=LIBRARY_VERSION + 1), replace=True)
        async with a_client(real_server.url, "any"):
            kept = plain.fcall("illico_version", 0)
        plain.function_load(assemble(version=LIBRARY_VERSION - 1), replace=True)
        async with a_client(real_server.url, "any"):
            loaded = plain.fcall("illico_version", 0)

    assert kept[0] == str(LIBRARY_VERSION + 1)
    assert loaded == [str(LIBRARY_VERSION), digest_of(assemble())]


async def test_a_store_that_never_answers_is_unreachable_after_the_budget(tmp_path):
    async with open_store(f"unix://{tmp_path}/none", "{q:x}", budget=0.3) as store:
        with pytest.raises(QueueUnreachableError) as failed:
            await store.function("view", "c1")
        with pytest.raises(QueueUnreachableError):
            await store.read("x", after="0", count=1, block_ms=0)

    assert failed.value.code == "queue_unreachable"


async def test_a_store_that_refuses_the_function_fails_at_once(real_server):
    with real_server.plain() as plain:
        plain.set("{q:broken}:call:c1", "no record")
    async with a_client(real_server.url, "broken") as client:
        with pytest.raises(LibraryFailedError):
            await client.view("c1")


async def test_a_task_that_asks_the_queue_can_be_cancelled_at_any_moment(client):
    async def ask_for_ever():
        while True:
            await client.heartbeat()

    for moments in range(60):
        async with asyncio.timeout(2), asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(ask_for_ever())
            for _ in range(moments):
                await asyncio.sleep(0)
            asking.cancel()


async def test_times_are_the_servers_own(client, real_server):
    with real_server.plain() as plain:
        before = plain.time()
        view = await enqueue(client, "c1")
        after = plain.time()

    assert before[0] + before[1] / 1e6 <= view.t0 <= after[0] + after[1] / 1e6


@pytest.mark.parametrize("kind", KINDS)
async def test_a_killed_server_comes_back_with_every_acknowledged_transition(kind):
    with a_server(kind, "--appendonly", "yes", "--appendfsync", "always") as server:
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
                if len(done) == 100:
                    server.kill()
                    server.start()
                if len(done) >= 150:
                    return

        async with a_client(server.url, "aof") as client:
            await client.publish(Directory(1, (a_service(),), ()))
            async with asyncio.TaskGroup() as tasks:
                for worker in range(4):
                    tasks.create_task(work(client, worker))

            entries = await ledger(client)
            ended = [e.call for e in entries if e.kind == "call_ended"]
            assert len(done) >= 150
            assert set(done) <= set(ended)
            assert len(ended) == len(set(ended))
            assert len({e.event for e in entries}) == len(entries)
            for call in done[-5:]:
                assert (await client.view(call)).state == "ended"
