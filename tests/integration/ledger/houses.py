"""What the ledger's tests build: events, a queue to note them in, a process to kill."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from contextlib import asynccontextmanager
from typing import Any

from ledger.client import LedgerClient
from ledger.model import CallId, CompanyId, Event, EventId
from ledger.store import LedgerStore
from ledger.writer import ChainWriter
from queueing.catalogue import (
    AgentEntry,
    Directory,
    Need,
    ServiceEntry,
)
from queueing.client import QueueClient
from queueing.model import (
    AgentId,
    Evidence,
    Mode,
    RelayId,
    RequestId,
    ServerId,
    ServiceId,
    Side,
)
from queueing.model import CompanyId as QueueCompanyId

NOW_US = 1_795_334_400_000_000
TELECOM = CompanyId("telecom")
ASSURANCE = CompanyId("assurance")
DIRECTORY = Directory(
    version=1,
    services=tuple(
        ServiceEntry(ServiceId(f"{name}-demo"), QueueCompanyId(name), (Need("lsf", 1),))
        for name in (TELECOM, ASSURANCE)
    ),
    agents=(
        AgentEntry(
            AgentId("agent-1"),
            frozenset({QueueCompanyId(TELECOM), QueueCompanyId(ASSURANCE)}),
            {"lsf": 3},
            name="Agent 1",
        ),
    ),
)


def an_event(number, company=TELECOM, kind="call_rated", **facts):
    return Event(
        event_id=EventId(f"fr-{number}@{number}-0"),
        kind=kind,
        at_us=NOW_US + number,
        pool="fr",
        company=company,
        call=CallId(f"c{number}"),
        facts=facts,
    )


@asynccontextmanager
async def a_queue(server, pool="fr", name="s1"):
    """A queue with two companies and an agent who serves both."""
    client = QueueClient.open(server.url, pool=pool, server=ServerId(name))
    async with client as queue:
        await queue.heartbeat()
        await queue.publish(DIRECTORY)
        yield queue


@asynccontextmanager
async def a_writer(queue, store, **words):
    writer = ChainWriter(queue, store, pool="fr", **words)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(writer.run())
        try:
            yield writer
        finally:
            running.cancel()


async def note(queue, number, company=TELECOM, **facts):
    await queue.note(
        kind="call_rated",
        company=company,
        service="telecom-demo",
        call=CallId(f"c{number}"),
        facts={"number": number, **facts},
        request=RequestId(f"note-{number}"),
    )


async def a_finished_call(queue, call, service="telecom-demo"):
    """One call through every state, answered by the one agent."""
    agent = AgentId("agent-1")
    await queue.heartbeat()
    await queue.agent_connected(
        agent=agent, connection=f"{call}-a", request=f"{call}-1"
    )
    await queue.enqueue(
        call=call,
        service=ServiceId(service),
        topic=None,
        mode=Mode.VIDEO,
        relay=RelayId("r1"),
        connection=f"{call}-c",
        request=f"{call}-2",
    )
    await queue.agent_ready(agent=agent, request=f"{call}-3")
    view = await queue.view(call)
    accepted = {"call": call, "token": view.token}
    await queue.accept(agent=agent, **accepted, request=f"{call}-4")
    await queue.answered(
        **accepted,
        evidence=Evidence.PRESENTED,
        browser_ms=812,
        forwarded_at=None,
        request=f"{call}-5",
    )
    await queue.hang_up(call=call, by=Side.CALLER, request=f"{call}-6")
    await queue.wrap_up_done(agent=agent, ready=False, request=f"{call}-7")


async def all_links(store: LedgerStore, company=TELECOM):
    return [link async for page in store.links(company) for link in page]


async def chained_numbers(store: LedgerStore, company=TELECOM):
    """Check that the chain holds; the numbers of the notes in it, in its order."""
    verdict = await LedgerClient(store).verify(company)
    assert verdict.found is None
    return await numbers_so_far(store, company)


async def numbers_so_far(store: LedgerStore, company=TELECOM):
    return [int(k.call[1:]) for k in await all_links(store, company) if k.call]


async def until(claim, within_s=20.0):
    """Wait until an asynchronous claim holds."""
    deadline = time.monotonic() + within_s
    while not await claim():
        assert time.monotonic() < deadline, f"not within {within_s} s"
        await asyncio.sleep(0.02)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(server, database_url, port, pool="fr"):
    return {
        "ILLICO_REDIS_URL": server.url,
        "ILLICO_DATABASE_URL": database_url,
        "ILLICO_QUEUE_POOL": pool,
        "ILLICO_PORTAL_PORT": str(port),
        "ILLICO_PORTAL_URL": f"http://127.0.0.1:{port}",
    }


class LedgerProcess:
    """`python -m ledger`, to be stopped or killed."""

    def __init__(self, process, port):
        self._process = process
        self.url = f"http://127.0.0.1:{port}"

    def kill(self):
        self._process.send_signal(signal.SIGKILL)

    async def stop(self):
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), 5)

    async def ended(self):
        await asyncio.wait_for(self._process.wait(), 10)


@asynccontextmanager
async def a_ledger_process(server, database_url, words=None):
    port = free_port()
    process: Any = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ledger",
        env={
            **os.environ,
            **environment(server, database_url, port),
            **(words or {}),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line.decode() == f"ready ledger http://127.0.0.1:{port}\n"
        yield LedgerProcess(process, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        process._transport.close()


async def start_badly(server, database_url, words):
    """Start a process that cannot serve; its exit code and what it says."""
    known = environment(server, database_url, free_port())
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ledger",
        env={**os.environ, **known, **words},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, said.decode()
