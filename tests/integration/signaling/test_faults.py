"""Nobody is lost and nobody doubled while processes die and the queue's server fails.

*Lost* is a connected caller, or the holder of a valid ticket, who is neither queued nor in
a call when the time to recover is over; *doubled* two agents on one call, or two calls on
one agent. Three signaling processes, real sockets, real servers.
"""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from benchmarks.platform import Platform
from tests.integration.queueing.groups import a_group
from tests.integration.queueing.proxies import a_proxy
from tests.integration.queueing.servers import Server
from tests.integration.signaling.crowd import a_crowd
from tests.integration.signaling.pages import a_caller, an_agent, request

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

RECOVERY = 3.0
"""Seconds, beyond those in which the server is down, after which nobody may be lost."""

MOMENT = 0.5
"""Seconds in which news that are on their way arrive: a call that has just ended."""

DURATIONS = {"offer": 3.0, "first_words": 10.0, "wrap_up": 5.0, "pair_rest": 1.0}


def an_environment(url):
    return {"ILLICO_EYE_WORKERS": "0", "ILLICO_REDIS_URL": url}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory):
    """Three signaling processes on one server, behind a proxy that can drop replies."""
    folder = tmp_path_factory.mktemp("s")
    server = Server("redis", folder, "--appendonly", "yes", "--appendfsync", "everysec")
    server.start()
    try:
        async with (
            a_proxy(server.url, f"{folder}/p") as proxy,
            Platform.start(
                tmp_path_factory.mktemp("platform"),
                signaling=3,
                durations=DURATIONS,
                settings=an_environment(proxy.url),
            ) as platform,
        ):
            yield House(platform, server, proxy)
    finally:
        server.kill()


class House:
    def __init__(self, platform, server, proxy):
        self.platform, self.server, self.proxy = platform, server, proxy


async def busy(crowd, calls=6):
    """Wait until people have met, so that every state of a call is there."""
    before = crowd.served
    async with asyncio.timeout(30):
        while crowd.served < before + calls:  # noqa: ASYNC110 - pages set no event of ours
            await asyncio.sleep(0.05)


async def unharmed(crowd, within=RECOVERY):
    """See that everybody is where they should be in time, and that calls go on."""
    await asyncio.sleep(within)
    found = await crowd.settled(MOMENT)
    doubled = crowd.doubled_ever | set(found.doubled)
    print(f"lost {len(found.lost)}, doubled {len(doubled)}, served {crowd.served}")
    assert not found, (found, crowd.people())
    assert not doubled
    await busy(crowd)


@asynccontextmanager
async def a_busy_crowd(platform, **people):
    async with a_crowd(platform, **people) as crowd:
        await busy(crowd)
        yield crowd


@pytest.mark.parametrize(
    "words",
    [
        ("illico_enqueue", "illico_accept", "illico_answered"),
        pytest.param(
            ("illico_hang_up", "illico_adopt", "illico_sweep", "illico_heartbeat"),
            marks=pytest.mark.long,
        ),
    ],
)
async def test_replies_that_are_lost_after_the_command_ran_harm_nobody(house, words):
    async with a_busy_crowd(house.platform) as crowd:
        for word in words:
            house.proxy.drop_replies_to(word, times=5)
            await busy(crowd)

        await unharmed(crowd)


@pytest.mark.long
async def test_a_pause_of_the_server_harms_nobody(house):
    async with a_busy_crowd(house.platform) as crowd:
        with house.server.plain() as plain:
            plain.execute_command("CLIENT", "PAUSE", "3000", "ALL")
        await asyncio.sleep(3)

        await unharmed(crowd)


async def test_a_server_that_stands_still_harms_nobody(house):
    async with a_busy_crowd(house.platform) as crowd:
        house.server.freeze()
        await asyncio.sleep(5)  # longer than the lease of a signaling server
        house.server.thaw()

        await unharmed(crowd)


async def test_a_server_that_begins_again_from_its_file_harms_nobody(house):
    async with a_busy_crowd(house.platform) as crowd:
        await asyncio.to_thread(house.server.kill)
        await asyncio.sleep(1)
        await asyncio.to_thread(house.server.start)

        await unharmed(crowd)


async def test_a_server_that_lost_its_last_seconds_harms_nobody(house):
    async with a_busy_crowd(house.platform) as crowd:
        with house.server.plain() as plain:
            house.server.keep_copy(plain)
        await busy(crowd)
        await goes_back(house)

        await unharmed(crowd)


async def test_a_break_and_a_wish_for_one_outlast_a_server_that_forgot_them(house):
    login = house.platform.accounts["agent1"]
    async with (
        an_agent(house.platform.url(1), login.login, login.password) as agent,
        a_caller(house.platform.url(2)) as caller,
    ):
        await agent.ready()
        await forgets(house, agent, "ready")
        assert (await agent.hear_status("break"))["wish"] is None
        ticket = await caller.call()
        await agent.ready()
        await agent.take()
        await agent.hear_status("connecting")
        await forgets(house, agent, "connecting")
        while (await agent.hear("agent_state"))["wish"] != "break":
            pass
        await caller.say("hang_up", call=ticket["call"])

        await agent.hear_status("break")


async def forgets(house, agent, status):
    """Have the server die and forget an agent's word for a break, given meanwhile."""
    with house.server.plain() as plain:
        house.server.keep_copy(plain)
    await agent.say("agent_break", request=request())
    while (told := await agent.hear("agent_state"))["status"] != "break":
        if (told["status"], told["wish"]) == (status, "break"):
            break
    await goes_back(house)


async def goes_back(house):
    """Have the server die and begin again with what it was told to keep."""
    await asyncio.to_thread(house.server.kill)
    house.server.go_back()
    await asyncio.to_thread(house.server.start)


@pytest.mark.parametrize("who", ["caller", "agent"])
async def test_a_talk_is_over_for_a_server_that_forgot_its_end(house, who):
    login = house.platform.accounts["agent1"]
    async with (
        an_agent(house.platform.url(1), login.login, login.password) as agent,
        a_caller(house.platform.url(2)) as caller,
    ):
        await agent.ready()
        call = (await caller.call())["call"]
        await agent.take()
        await agent.hear_status("connecting")
        await agent.say("text", call=call, chars="Bonjour")
        await caller.hear("text_from")
        await caller.say("text_shown", call=call, elapsed_ms=900)
        await agent.hear_status("in_call")
        with house.server.plain() as plain:
            house.server.keep_copy(plain)
        await {"caller": caller, "agent": agent}[who].say("hang_up", call=call)
        await agent.hear_status("wrap_up")

        await goes_back(house)

        await agent.hear_status("wrap_up")


@pytest.mark.long
async def test_a_server_that_lost_everything_harms_nobody(house):
    async with a_busy_crowd(house.platform) as crowd:
        await asyncio.to_thread(house.server.kill)
        house.server.forget()
        await asyncio.to_thread(house.server.start)

        await unharmed(crowd)


async def test_a_killed_process_loses_nobody_and_its_calls_ring_elsewhere(house):
    platform = house.platform
    async with a_busy_crowd(platform) as crowd:
        dead = [a for a in crowd.agents if a.url == platform.url(2)]
        for agent in dead:  # their machines die with the process
            agent.comes_back = False
        crowd.accepts = False
        ringing = await rings_at(crowd, dead)

        platform.kill("signaling-2", again=False)
        crowd.accepts, killed = True, time.monotonic()

        for call in ringing:
            assert await rang_elsewhere(crowd, call, killed, dead) <= 5
        await unharmed(crowd)


async def rings_at(crowd, agents):
    """Wait until a call rings at one of these agents; give those that do."""
    async with asyncio.timeout(20):
        while not (found := {a.offered for a in agents} - {None}):  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.02)
    return found


async def rang_elsewhere(crowd, call, since, dead):
    """Wait until a call rings at another agent; give the seconds that it took."""
    names = {agent.name for agent in dead}
    async with asyncio.timeout(15):
        while True:
            caller = next((c for c in crowd.callers if c.call == call), None)
            for moment, name in crowd.rang[call]:
                if moment > since and name not in names:
                    return moment - since
            assert caller is not None
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def group_house(tmp_path_factory):
    """Three signaling processes on a master, two replicas and three Sentinels."""
    with a_group() as group:
        async with Platform.start(
            tmp_path_factory.mktemp("group-platform"),
            signaling=3,
            durations=DURATIONS,
            settings=an_environment(group.url),
        ) as platform:
            yield platform, group


@pytest.mark.parametrize(
    "how", ["forced", "killed", pytest.param("frozen", marks=pytest.mark.long)]
)
async def test_a_failover_harms_nobody(group_house, how):
    platform, group = group_house
    async with a_busy_crowd(platform) as crowd:
        await fail_over(crowd, group, how)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_one_failover_after_another_harms_nobody(group_house):
    platform, group = group_house
    async with a_busy_crowd(platform, callers=20, agents=12) as crowd:
        for how in ("forced", "killed", "frozen") * 3:
            await fail_over(crowd, group, how)


async def fail_over(crowd, group, how):
    """Have another master, see that nobody is harmed, and make the group whole."""
    began = time.monotonic()
    fail = {
        "forced": group.fail_over,
        "killed": group.kill_master,
        "frozen": group.freeze_master,
    }[how]
    before = await asyncio.to_thread(fail)

    await unharmed(crowd, began + group.down_after + RECOVERY - time.monotonic())
    assert group.master() != before

    if how == "killed":
        group.start_again(before)
    elif how == "frozen":
        group.thaw(before)
    await asyncio.to_thread(group.wait_until_whole)
    await unharmed(crowd)
