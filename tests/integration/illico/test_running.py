"""One running platform, seen and disturbed from outside; each test leaves it whole."""

import os
import signal
import stat

import aiohttp
import pytest
import pytest_asyncio

from tests.integration.illico.terminal import (
    clean,
    demo_accounts,
    free_ports,
    on_valkey,
    said,
    spawn,
    until,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

ROOMS = {"valkey", "queueing", "relay-1", "relay-2", "ledger"} | {
    "signaling-1",
    "signaling-2",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory):
    data = tmp_path_factory.mktemp("platform") / "data"
    pages, portal = free_ports(2)
    options = ("--signaling", "2", "--relays", "2")
    started = await spawn(data, pages, portal, options, {})
    try:
        await started.until("Illico is ready")
        yield started
    finally:
        await clean(started)


async def fetched(url):
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_every_room_runs_once_or_as_often_as_asked(running):
    assert set(running.children()) == ROOMS


async def test_the_printed_pages_are_served(running):
    printed = [word for word in running.text.split() if word.startswith("http://")]

    assert len(printed) == 6
    for address in printed:
        status, page = await fetched(address)
        assert status == 200, address
        assert "<html" in page


async def test_the_demo_s_people_are_printed_with_their_passwords(running):
    accounts = demo_accounts(running.data)

    assert {each["role"] for each in accounts} == {"agent", "supervisor", "viewer"}
    for each in accounts:
        assert each["login"] in running.text
        assert each["password"] in running.text


async def test_all_that_it_writes_is_for_its_owner_alone(running):
    for path in [running.data, *running.data.rglob("*")]:
        assert stat.S_IMODE(path.lstat().st_mode) & 0o077 == 0, path


async def test_its_valkey_writes_everything_down_and_never_forgets(running):
    words = ("appendonly", "appendfsync", "maxmemory-policy", "port")

    async with on_valkey(running.data) as client:
        found = {word: (await client.config_get(word))[word] for word in words}

    assert found == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "port": "0",
    }


async def test_two_on_one_folder_are_one_too_many(running):
    pages, portal = free_ports(2)
    second = await spawn(running.data, pages, portal, (), {})

    assert await second.ended() == 1
    assert f"process {running.process.pid}" in "\n".join(second.said)
    assert len(second.said) == 1
    assert set(running.children()) == ROOMS


async def test_a_taken_port_is_named_before_anything_is_started(running, tmp_path):
    (free,) = free_ports(1)
    for pages, portal in ((running.port, free), (free, running.port)):
        second = await spawn(tmp_path / "data", pages, portal, (), {})

        assert await second.ended() == 1
        assert f"Port {running.port} is taken" in second.text
        assert len(second.said) == 1
        assert not list((tmp_path / "data" / "log").iterdir())


@pytest.mark.parametrize("name", ["relay-1", "signaling-2", "queueing", "ledger"])
async def test_a_killed_child_is_started_again(running, name):
    before = running.children()[name]
    os.kill(before, signal.SIGKILL)

    await running.until(f"{name} serves again")

    assert running.children()[name] != before
    assert set(running.children()) == ROOMS


async def test_a_killed_valkey_is_started_again_with_its_data(running):
    async with on_valkey(running.data) as client:
        await client.set("kept", "yes")
    os.kill(running.children()["valkey"], signal.SIGKILL)

    await running.until("valkey serves again")

    async with on_valkey(running.data) as client:
        assert await client.get("kept") == b"yes"
    await until(lambda: set(running.children()) == ROOMS)


async def test_the_chains_of_its_ledger_hold(running):
    code, words = await said("ledger", "verify", data=running.data)

    assert code == 0, words
