"""`illico queue` at a terminal: what a live queue holds, and whether it is sound."""

import asyncio
import json
from typing import Any

import pytest

from queueing.burn import Alert, Raised
from queueing.catalogue import Directory
from queueing.client import QueueClient
from queueing.forecast import forecast
from queueing.model import Mode, ServerId, ServiceId
from queueing.staffing import Demand
from tests.integration.illico.terminal import typed
from tests.integration.queueing.pools import a_request, a_service, an_agent
from tests.integration.queueing.servers import a_server


@pytest.fixture
async def server():
    """A queue with one call that rings and one that waits."""
    with a_server("valkey") as server:
        async with QueueClient.open(server.url, server=ServerId("s1")) as opened:
            client: Any = opened
            agents = (an_agent("agent1"), an_agent("agent2"))
            await client.publish(Directory(1, (a_service(),), agents))
            for agent in ("agent1", "agent2"):
                await client.agent_connected(
                    agent=agent, connection="tab", request=a_request()
                )
            await client.agent_ready(agent="agent1", request=a_request())
            for call in ("c1", "c2"):
                await client.enqueue(
                    call=call,
                    service="telecom-demo",
                    topic=None,
                    mode=Mode.VIDEO,
                    relay="r1",
                    connection="tab",
                    request=a_request(),
                )
        yield server


async def looked(server, tmp_path, *words):
    variables = {"ILLICO_REDIS_URL": server.url, "COLUMNS": "80"}
    process = await typed("queue", *words, data=tmp_path, variables=variables)
    async with asyncio.timeout(50):
        output, _ = await process.communicate()
    return process.returncode, output.decode()


def row_of(text, first):
    return next(line for line in text.splitlines() if first in line.split()[:2])


async def test_a_look_shows_who_waits_who_serves_and_that_all_holds(server, tmp_path):
    code, text = await looked(server, tmp_path)

    assert code == 0, text
    assert "Pool fr: 1 waits" in text
    assert "Every invariant holds." in text
    assert row_of(text, "c2").split()[-2:] == ["lsf", "2"]
    assert {"offered", "agent1"} <= set(row_of(text, "c1").split())
    assert row_of(text, "agent2").split()[1] == "away"
    assert "Leases: 1 call, 2 promises, 1 server" in text
    assert "Agent1" not in text, "a look names nobody"
    assert max(map(len, text.splitlines())) <= 80


async def test_a_look_shows_alerts_and_how_many_agents_the_next_half_hour_takes(
    server, tmp_path
):
    demand = Demand(rate=100 / 1_800, handle=180.0, patience=120.0)
    async with QueueClient.open(server.url) as client:
        raised = Raised(Alert.BURN, 300, 14_500)
        await client.set_alert(ServiceId("telecom-demo"), raised, holds=True)
        await client.foretell(forecast(1_700_000_000, demand, at_work=2))

    _, text = await looked(server, tmp_path)
    _, told = await looked(server, tmp_path, "--json")

    said = " ".join(text.split())
    assert "telecom-demo breaks promises 14.5 times as fast as it may" in said
    assert "about 100 calls in half an hour take at least 14 agents, 2 are" in said
    found = json.loads(told)
    assert found["alerts"][0]["alert"] == "burn"
    assert [each["needed"] for each in found["half_hours"]] == [14, 14, 14, 14]


async def test_a_look_is_one_json_object_for_programs(server, tmp_path):
    code, text = await looked(server, tmp_path, "--json")

    found = json.loads(text)
    assert code == 0
    (waiting,) = found["waiting"]
    assert waiting["call"] == "c2"
    assert (waiting["nobody"], waiting["low"]) == (False, None), "nobody estimates"
    assert found["states"] == {"offered": 1, "away": 1}
    assert found["violations"] == []
    assert "Agent1" not in text


async def test_a_broken_invariant_is_told_and_ends_with_1(server, tmp_path):
    with server.plain() as plain:
        plain.zrem("{q:fr}:leases", "call c1")

    code, text = await looked(server, tmp_path)

    assert code == 1
    assert "I3: call c1 is offered without a lease" in text


async def test_a_pool_too_large_for_one_look_says_so(server, tmp_path):
    code, text = await looked(server, tmp_path, "--most", "1")

    assert code == 0
    assert "--most raises how many" in text


async def test_watching_looks_again_until_it_is_ended(server, tmp_path):
    variables = {"ILLICO_REDIS_URL": server.url}
    process = await typed("queue", "--watch", data=tmp_path, variables=variables)
    seen = 0
    async with asyncio.timeout(30):
        while seen < 2:
            seen += b"Pool fr" in await process.stdout.readline()
    process.send_signal(2)
    async with asyncio.timeout(10):
        rest = await process.stdout.read()
        assert await process.wait() in {0, 130}

    assert b"Traceback" not in rest


async def test_where_nothing_runs_a_sentence_says_what_to_do(tmp_path):
    process = await typed("queue", data=tmp_path)
    async with asyncio.timeout(50):
        output, _ = await process.communicate()

    assert process.returncode == 1
    assert "start `illico up`" in " ".join(output.decode().split())


async def test_a_bad_pool_is_refused_with_a_sentence(server, tmp_path):
    code, text = await looked(server, tmp_path, "--pool", "a b")

    assert code == 1
    assert text.startswith("The queue cannot be looked at:")
    assert "Traceback" not in text
