"""Children of one line each: how a fleet starts, keeps and ends them."""

import asyncio
import os
import signal
import sys

import pytest

from illico import folder, records
from illico.child import Child
from illico.errors import KeptDyingError, StartFailedError
from illico.fleet import Fleet
from illico.plan import Program
from tests.integration.illico.terminal import until

SERVES = "print('ready it here', flush=True); import time; time.sleep(60)"
SERVES_AND_SPAWNS = (
    "import subprocess, sys;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(f'ready it {child.pid}', flush=True); child.wait()"
)
DIES = "print('ready it here', flush=True)"
FAILS = "raise SystemExit('the reason why')"
SAYS_NOTHING = "import time; time.sleep(60)"


def a_program(code, name="it"):
    return Program(name=name, command=(sys.executable, "-c", code))


@pytest.fixture
def said():
    return []


@pytest.fixture
async def fleet(tmp_path, said):
    def opened():
        data = folder.prepare(tmp_path)
        return Fleet.open(data, environment=dict(os.environ), tell=said.append)

    return opened


async def test_a_child_serves_when_it_has_said_so(fleet):
    async with fleet() as ours:
        await ours.start(a_program(SERVES))

        assert ours["it"].is_serving
        assert ours["it"].address == "here"
        pid = ours["it"].pid

    assert records.birth(pid) is None


async def test_a_child_that_fails_is_told_with_its_reason(fleet):
    with pytest.raises(StartFailedError, match=r"exit code 1[^\n]*\n.*the reason why"):
        async with fleet() as ours:
            await ours.start(a_program(FAILS), a_program(SERVES, "other"))


async def test_a_child_that_says_nothing_is_not_waited_for_for_ever(tmp_path):
    child = Child(
        a_program(SAYS_NOTHING),
        log=tmp_path / "it.log",
        environment=dict(os.environ),
        born=lambda: None,
        start_seconds=0.5,
    )

    with pytest.raises(StartFailedError, match="not ready within"):
        await child.start()

    assert child.pid is None


async def test_a_child_that_dies_at_once_again_and_again_ends_the_fleet(fleet, said):
    async def serve():
        async with fleet() as ours:
            await ours.start(a_program(DIES))
            await asyncio.Event().wait()

    with pytest.raises(KeptDyingError, match="it ended 5 times"):
        await asyncio.wait_for(serve(), timeout=30)

    assert len(said) >= 4


async def test_a_child_that_was_given_up_stays_away(fleet, said):
    async with fleet() as ours:
        await ours.start(a_program(SERVES))
        ours.give_up("it")
        ours["it"].signal(signal.SIGKILL)
        await until(lambda: ours["it"].pid is None)

    assert said == []


async def test_what_a_child_started_ends_with_it(fleet):
    async with fleet() as ours:
        await ours.start(a_program(SERVES_AND_SPAWNS))
        grandchild = int(ours["it"].address)
        ours["it"].signal(signal.SIGKILL)
        await until(lambda: records.birth(grandchild) is None)


async def test_leftovers_are_ended_and_strangers_left_alone(fleet, tmp_path):
    async with fleet() as ours:
        await ours.start(a_program(SERVES))
        ours.give_up("it")
        pid = ours["it"].pid
        stranger = records.Record("stranger", os.getpid(), "another birth")
        file = tmp_path / "run" / "processes.json"
        records.save(file, [*records.load(file), stranger])

        ended = await asyncio.to_thread(records.end_leftovers, file)

        assert ended == ["it"]
        await until(lambda: records.birth(pid) is None)


async def test_records_that_make_no_sense_name_nobody(tmp_path):
    file = tmp_path / "processes.json"
    for text in ("", "{", "[1]", '[{"name": "it"}]'):
        file.write_text(text)
        assert records.load(file) == []
