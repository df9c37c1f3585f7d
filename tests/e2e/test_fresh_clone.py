"""A stranger clones the repository, types `make run` and signs with themself."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio
from playwright.async_api import expect

from benchmarks.people import Agent, Caller, chromium
from benchmarks.signer import Identity
from tests.integration.illico.terminal import Up, clean, free_ports, living, until

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.long,
    pytest.mark.timeout(15 * 60),
]

ROOT = Path(__file__).parents[2]
BUILD_SECONDS = 12 * 60
SEEING_SECONDS = 20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory):
    """What `make run` in a fresh clone has started."""
    clone = cloned_into(tmp_path_factory.mktemp("stranger"))
    pages, portal = free_ports(2)
    started = await typed_make_run(clone, pages, portal)
    try:
        await started.until("Illico is ready", BUILD_SECONDS)
        yield started
    finally:
        await clean(started)
        shutil.rmtree(clone)


def cloned_into(folder):
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout that could be cloned")
    command = ["git", "clone", "--quiet", str(ROOT), str(folder / "illico")]
    subprocess.run(command, check=True, timeout=120)
    return folder / "illico"


async def typed_make_run(clone, pages, portal):
    """Type `make run` in a terminal of its own; only the ports are not the usual ones."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ILLICO_", "MAKE", "MFLAGS"))
    }
    process = await asyncio.create_subprocess_exec(
        *("make", "run", f"OPTIONS=--port {pages} --portal-port {portal}"),
        cwd=clone,
        env={**inherited, "ILLICO_RELAY_UDP_PORTS": "33000-33399"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    return Up(process, clone / "var", pages, portal)


@pytest.fixture
def printed(running):
    """The addresses and passwords that stand on the terminal."""
    addresses = re.findall(r"http://\S+", running.text)
    return SimpleNamespace(
        callers=next(each for each in addresses if each.endswith("/telecom-demo")),
        agents=next(each for each in addresses if each.endswith("/agent")),
        portal=next(each for each in addresses if f":{running.portal_port}" in each),
        passwords=passwords_in(running.said),
    )


def passwords_in(lines):
    """Read the table of the demo's people: login, password, role, who."""
    rows = [[cell.strip() for cell in line.split("│")] for line in lines if "│" in line]
    return {login: password for _, login, password, *_ in rows if login}


async def test_two_windows_see_each_other(running, printed, drawn_films):
    base, _, service = printed.callers.rpartition("/")
    assert printed.agents == f"{base}/agent"
    account = {"login": "agent1", "password": printed.passwords["agent1"]}
    async with chromium(drawn_films[0]) as theirs, chromium(drawn_films[1]) as ours:
        agent = await Agent.open(ours, base, account)
        await agent.is_ready()
        caller = await Caller.open(theirs, base, service)
        await caller.call()
        await agent.accepts()
        await caller.reaches("call")
        await agent.reaches("in-call")

        await sees(caller, Identity.BLUE)
        await sees(agent, Identity.RED)

        await caller.press("hang-up")
        await caller.reaches("ended")
        await agent.reaches("wrap-up")


async def test_the_company_sees_the_call_in_its_portal(running, printed):
    async with chromium() as browser:
        page = await browser.new_page()
        await page.goto(printed.portal)
        await page.get_by_label("Identifiant").fill("telecom")
        await page.get_by_label("Mot de passe").fill(printed.passwords["telecom"])
        await page.keyboard.press("Enter")

        await expect(page.get_by_test_id("figure-in_time")).to_contain_text("100")
        await expect(page.locator("[data-call]")).to_have_count(1)


async def test_ctrl_c_ends_everything_within_five_seconds(running):
    children = running.children()
    assert "signaling-1" in children
    pressed = time.monotonic()

    os.killpg(running.process.pid, signal.SIGINT)  # as a terminal does: to all of it
    await until(lambda: not living(children), seconds=5)
    await running.ended(5)

    assert time.monotonic() - pressed < 5
    assert "Traceback" not in running.text


async def sees(person, identity):
    """Wait until somebody is presented the picture with this border."""
    async with asyncio.timeout(SEEING_SECONDS):
        while await person.sees() is not identity:  # noqa: ASYNC110  a browser sets no event
            await asyncio.sleep(0.1)
