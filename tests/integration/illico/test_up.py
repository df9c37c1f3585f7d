import os
import signal
import socket
import ssl
import stat

import aiohttp
import pytest
import redis.asyncio

from illico import records, valkey
from tests.integration.illico.terminal import demo_accounts, living, on_valkey, until

pytestmark = pytest.mark.timeout(180)  # whole platforms, on busy machines too


async def test_it_starts_says_where_and_ends_every_child_on_ctrl_c(up):
    running = await up()
    children = running.children()
    assert "valkey" in children
    assert f"http://localhost:{running.port}/telecom-demo" in running.text
    assert f"http://localhost:{running.port}/agent" in running.text
    assert f"http://localhost:{running.portal_port}/" in running.text

    running.process.send_signal(signal.SIGINT)
    await until(lambda: not living(children), seconds=5)

    assert await running.ended() == 0
    assert "Traceback" not in running.text


async def test_sigterm_ends_it_as_ctrl_c_does(up):
    running = await up()

    assert await running.end(signal.SIGTERM) == 0
    assert running.children() == {}


async def test_a_child_that_hangs_is_killed_within_five_seconds(up):
    running = await up()
    children = running.children()
    for pid in children.values():
        os.kill(pid, signal.SIGSTOP)

    running.process.send_signal(signal.SIGINT)
    await until(lambda: not living(children), seconds=5)

    assert await running.ended() == 0
    assert "Killed" in running.text


async def test_a_second_ctrl_c_waits_for_nobody(up):
    running = await up()
    children = running.children()
    for pid in children.values():
        os.kill(pid, signal.SIGSTOP)

    running.process.send_signal(signal.SIGINT)
    await running.until("Ending")
    running.process.send_signal(signal.SIGINT)

    await until(lambda: not living(children), seconds=2)
    assert await running.ended() == 0


async def test_a_room_that_does_not_start_is_named_with_the_end_of_its_log(up):
    running = await up(
        variables={"ILLICO_REDIS_URL": "redis://127.0.0.1:1/0"},
        ready=False,
    )

    assert await running.ended(40) == 1
    assert "queueing did not start: it ended with exit code" in running.text
    assert str(running.data / "log" / "queueing.log") in running.text
    assert "Traceback" not in running.text


async def test_ctrl_c_during_the_start_ends_what_was_started(up):
    running = await up(ready=False)
    await until(running.children)

    code = await running.end()

    assert code == 0
    assert running.children() == {}
    assert "Traceback" not in running.text


async def test_a_second_start_finds_its_data_again(up):
    first = await up()
    async with on_valkey(first.data) as client:
        await client.set("kept", "yes")
    logins = demo_accounts(first.data)
    secrets = (first.data / "secrets.json").read_text()
    key = (first.data / "ledger-key.pem").read_text()
    await first.end()

    second = await up()

    async with on_valkey(second.data) as client:
        assert await client.get("kept") == b"yes"
    assert demo_accounts(second.data) == logins
    assert (second.data / "secrets.json").read_text() == secrets
    assert (second.data / "ledger-key.pem").read_text() == key
    for login in logins:
        assert login["password"] in second.text


async def test_after_a_kill_the_next_start_works_on_the_same_data(up):
    first = await up()
    async with on_valkey(first.data) as client:
        await client.set("kept", "yes")
    first.process.kill()
    await first.process.wait()

    second = await up(port=first.port)

    async with on_valkey(second.data) as client:
        assert await client.get("kept") == b"yes"


async def test_a_valkey_that_outlived_a_kill_is_ended_by_the_next_start(up):
    first = await up()
    orphan = first.children()["valkey"]
    os.kill(orphan, signal.SIGSTOP)  # so that it cannot end with its parent
    first.process.kill()
    await first.process.wait()
    assert records.birth(orphan)

    second = await up()

    assert records.birth(orphan) is None
    assert second.children()["valkey"] != orphan


async def test_children_end_with_a_killed_illico(up):
    running = await up()
    children = running.children()

    running.process.kill()
    await running.process.wait()

    await until(lambda: not living(children))


async def test_records_and_sockets_of_the_dead_do_no_harm(up, tmp_path):
    data = tmp_path / "data"
    (data / "run").mkdir(parents=True)
    stale = records.Record("valkey", os.getpid(), "born at another time")
    records.save(data / "run" / "processes.json", [stale])
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(data / "run" / valkey.SOCKET))

    running = await up(data=data)

    async with on_valkey(running.data) as client:
        assert await client.ping()


async def test_a_data_folder_of_a_newer_version_is_refused_in_one_sentence(
    up, tmp_path
):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "version").write_text("99\n")

    running = await up(ready=False)

    assert await running.ended() == 1
    assert "format 99" in running.text
    assert len(running.said) == 1
    assert [path.name for path in running.data.iterdir()] == ["version"]


@pytest.mark.parametrize(
    ("option", "own", "is_there"),
    [((), False, False), (("--demo",), False, True), (("--no-demo",), True, False)],
)
async def test_the_demo_comes_unasked_only_into_a_database_of_our_own(
    up, tmp_path, option, own, is_there
):
    url = f"sqlite+aiosqlite:///{tmp_path}/elsewhere.sqlite3"
    variables = {} if own else {"ILLICO_DATABASE_URL": url}

    running = await up(*option, variables=variables)

    assert ("/telecom-demo" in running.text) == is_there
    assert ("illico admin add-company" in running.text) == (not is_there)
    assert (running.data / "demo-accounts.json").exists() == is_there
    assert f"http://localhost:{running.port}/agent" in running.text


async def test_bad_variables_are_all_named_and_nothing_is_written(up):
    running = await up(
        variables={"ILLICO_HTTP_PROT": "1", "ILLICO_RELAY_UDP_PORTS": "some"},
        ready=False,
    )

    assert await running.ended() == 2
    assert "ILLICO_HTTP_PROT" in running.text
    assert "ILLICO_RELAY_UDP_PORTS" in running.text
    assert not running.data.exists()


async def test_a_folder_with_a_long_path_still_gets_short_sockets(up, tmp_path):
    data = tmp_path / ("a very long name " * 6).strip() / "dépôt"

    await up(data=data, variables={"XDG_RUNTIME_DIR": str(tmp_path)})

    sockets = (data / "run" / "sockets").readlink()
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    async with redis.asyncio.Redis.from_url(valkey.url(sockets)) as client:
        assert (await client.config_get("dir"))["dir"] == str(data / "valkey")


async def test_lan_serves_phones_by_https_and_keeps_its_certificate(up):
    first = await up("--lan")
    file = first.data / "tls" / "certificate.pem"
    kept = file.read_bytes()
    trusting = ssl.create_default_context(cafile=str(file))
    printed = [word for word in first.text.split() if word.startswith("https://")]
    assert len(printed) == 4
    async with aiohttp.ClientSession() as session:
        for address in [*printed, f"https://localhost:{first.port}/agent"]:
            async with session.get(address, ssl=trusting) as answer:
                assert answer.status == 200
    assert "localhost" not in first.text
    await first.end()

    await up("--lan")

    assert file.read_bytes() == kept
