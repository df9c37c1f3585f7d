"""Sessions whose rooms fail them: nobody is left behind an open socket that hears nothing."""

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from accounts.errors import DatabaseUnavailableError, FailedError
from accounts.model import Audience, Person, PersonId, PersonRole
from queueing import messages as queue
from queueing.catalogue import Directory
from queueing.client import QueueClient
from queueing.errors import QueueUnreachableError, UnknownAgentError
from queueing.keys import Keys
from queueing.model import AgentState, Mode
from queueing.outbox import Follower
from queueing.store import open_store
from signaling.agent import AgentSession
from signaling.app import _tell_all_presented
from signaling.caller import CallerSession
from signaling.ends import Ends
from signaling.errands import Errands
from signaling.events import SessionOver
from signaling.moving import Turns
from signaling.roll_call import RollCall
from signaling.rooms import Rooms
from signaling.sessions import Sessions
from signaling.spool import Spool
from signaling.switchboard import Switchboard
from tests.integration.queueing.pools import (
    a_client,
    a_request,
    a_service,
    an_agent,
    events_of,
)
from tests.integration.queueing.servers import a_server

PERSON = Person(PersonId("agent1"), "agent1", "Agent", PersonRole.AGENT)


class Line:
    """A socket's end that remembers what came."""

    def __init__(self, name):
        self.name = name
        self.events: list[Any] = []
        self.sent: list[Any] = []
        self.is_cut = self.is_superseded = False

    def post(self, event):
        self.events.append(event)

    def post_later(self, delay, event):
        """Nobody waits that long."""

    def send(self, message):
        self.sent.append(message)

    def abort(self):
        self.is_cut = True

    async def supersede(self):
        self.is_superseded = True

    @property
    def heard(self):
        return [type(event) for event in self.events]


@pytest.fixture
def server():
    with a_server("valkey", "--appendonly", "yes", "--appendfsync", "always") as server:
        yield server


@pytest.fixture
async def rooms(server, tmp_path):
    async with a_client(server.url, "p") as client:
        await client.publish(Directory(1, (a_service(),), (an_agent("agent1"),)))
        nothing: Any = None
        yield Rooms(
            settings=nothing,
            queue=client,
            accounts=nothing,
            relays={},
            catalogue=nothing,
            switchboard=Switchboard(),
            ends=Ends(),
            errands=Errands(),
            roll_call=RollCall(),
            sessions=Sessions(nothing, time.time),
            spool=Spool(tmp_path, "p", client, time.time),
            turns=Turns(20),
            clock=time.time,
        )


@asynccontextmanager
async def without_queue(rooms, tmp_path):
    """The same rooms, and a queue that does not answer."""
    async with open_store(f"unix://{tmp_path}/none", "{q:p}", budget=0.2) as store:
        silent = QueueClient(store, Keys("p"), rooms.queue._server, Follower(None))
        yield replace(rooms, queue=silent)


def a_console(rooms, name):
    line: Any = Line(name)
    rooms.switchboard.plug(line)
    return line, AgentSession(line, rooms, PERSON, "session")


async def tell(rooms, until):
    for event in await events_of(rooms.queue, until):
        rooms.switchboard.queue_event(event)


async def test_a_second_console_takes_the_first_ones_place(rooms):
    old, first = a_console(rooms, "old")
    await first.opened()
    new, second = a_console(rooms, "new")
    await second.opened()
    await first.left()
    rooms.switchboard.unplug(old)

    await tell(rooms, queue.Superseded)

    assert (old.is_superseded, new.is_cut) == (True, False)
    assert rooms.switchboard.agent("agent1") is new
    assert (await rooms.queue.agent_view("agent1")).connection == "new"


async def test_a_second_console_that_fails_to_open_leaves_the_first_one_in_place(
    rooms, tmp_path
):
    old, first = a_console(rooms, "old")
    await first.opened()
    async with without_queue(rooms, tmp_path) as silent:
        new, second = a_console(silent, "new")
        with pytest.raises(QueueUnreachableError):
            await second.opened()
    assert (old.heard, new.is_cut) == ([queue.Resync], True)
    await first.event(old.events.pop())

    await rooms.queue.agent_ready(agent="agent1", request=a_request())
    await tell(rooms, queue.AgentChanged)

    assert not old.is_superseded
    assert not old.is_cut
    assert queue.AgentChanged in old.heard
    assert queue.AgentChanged not in new.heard


async def test_a_console_that_opened_though_it_heard_no_answer_is_told_as_gone(
    rooms, tmp_path
):
    old, first = a_console(rooms, "old")
    await first.opened()
    async with without_queue(rooms, tmp_path) as silent:
        _, second = a_console(silent, "new")
        with pytest.raises(QueueUnreachableError):
            await second.opened()
    await rooms.queue.agent_connected(  # it ran after all
        agent="agent1", connection="new", request=a_request()
    )

    second._rooms = rooms
    await second.left()
    await first.event(old.events.pop())

    assert (await rooms.queue.agent_view("agent1")).state == AgentState.LOST
    assert old.is_superseded


async def test_a_console_that_comes_before_the_queue_knows_its_agent_comes_back(rooms):
    early = replace(PERSON, id=PersonId("hired-just-now"))
    line, _ = a_console(rooms, "early")

    with pytest.raises(UnknownAgentError):
        await AgentSession(line, rooms, early, "session").opened()

    assert line.is_cut


async def test_whoever_cannot_be_presented_is_cut_whatever_the_cause(rooms):
    line: Any = Line("tab")
    rooms.switchboard.plug(line)
    caller = CallerSession(line, rooms)
    caller._person.enter(
        await rooms.queue.enqueue(
            call="c1",
            service="telecom-demo",
            topic=None,
            mode=Mode.VIDEO,
            relay="unknown",
            connection="tab",
            request=a_request(),
        )
    )

    with pytest.raises(IndexError):  # there is no relay to go to
        await caller.event(queue.Resync())

    assert line.is_cut


class RollCallAgain(RollCall):
    """One that lets the queue answer once its end is to be told again."""

    def __init__(self, heals):
        super().__init__()
        self._heals = heals

    def again(self):
        self._heals()
        super().again()


async def test_a_queue_that_did_not_hear_the_end_of_a_roll_call_is_told_again(
    server, rooms, tmp_path
):
    await rooms.queue.agent_connected(
        agent="agent1", connection="gone", request=a_request()
    )
    server.kill()
    server.start()
    await rooms.queue.heartbeat()
    await events_of(rooms.queue, queue.Resync)
    real = rooms.queue._store

    async with open_store(f"unix://{tmp_path}/none", "{q:p}", budget=0.2) as silent:
        rooms.queue._store = silent
        roll_call = RollCallAgain(lambda: setattr(rooms.queue, "_store", real))
        async with asyncio.timeout(15), asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(
                _tell_all_presented(replace(rooms, roll_call=roll_call))
            )
            roll_call.begin(())
            while not await _is_lost(real):  # noqa: ASYNC110  a queue sets no event
                await asyncio.sleep(0.05)
            telling.cancel()


async def _is_lost(store):
    looking: Any = QueueClient(store, Keys("p"), None, Follower(None))
    return (await looking.agent_view("agent1")).state == AgentState.LOST


class Register:
    """The accounts, of whom some are signed in; away when told."""

    def __init__(self, *signed_in):
        self.signed_in, self.is_away = set(signed_in), False

    async def person(self, *, token, audience, now):
        assert (audience, now) == (Audience.CONSOLE, 5.0)
        if self.is_away:
            raise DatabaseUnavailableError("away")
        return PERSON if token in self.signed_in else None


async def test_a_console_whose_session_is_over_hears_so_once():
    register: Any = Register("a", "b")
    sessions = Sessions(register, lambda: 5.0)
    here, over, gone = (cast("Any", Line(name)) for name in ("here", "over", "gone"))
    for line, token in ((here, "a"), (over, "b"), (gone, "c")):
        sessions.watch(line, token)
    sessions.forget(gone)

    await sessions.look()
    register.signed_in.remove("b")
    await sessions.look()
    await sessions.look()

    assert (here.heard, over.heard, gone.heard) == ([], [SessionOver], [])


async def test_nobody_is_signed_out_while_the_accounts_are_away():
    register: Any = Register()
    register.is_away = True
    sessions = Sessions(register, lambda: 5.0)
    line: Any = Line("a")
    sessions.watch(line, "a")

    with pytest.raises(FailedError):
        await sessions.look()

    assert line.heard == []
