"""Whatever the store forgets, and whoever comes back in whatever order, all goes on.

A pool lives; the store goes on with older data, or with none, perhaps on a clock that is
behind. What each process knew of its people it presents, in any order; some sockets drop
before, some people come back by ticket alone, some never.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from queueing.catalogue import OverflowStep
from queueing.errors import RefusedError
from queueing.invariants import changes, violations
from queueing.messages import Resync
from queueing.model import AgentState, CallState, Durations, Overflow
from tests.integration.queueing.pools import (
    a_pool,
    a_request,
    a_service,
    an_agent,
    events_of,
)
from tests.integration.queueing.returning import Copy, adopt, adopt_talk, nothing

SERVICES = [
    a_service(words={"overflow": (OverflowStep(5, frozenset({Overflow.CALL_BACK})),)})
]
AGENTS = [
    an_agent("agent1"),
    an_agent("agent2", lsf=2),
    an_agent("agent3", independent=True),
]
LASTS = Durations(call_back=240)
TALKING = {CallState.CONNECTING, CallState.ANSWERED}
STEPS = (
    *("call", "ready", "ready", "accept", "answer", "talk", "talk"),
    *("hang_up", "not_understood", "leave", "leave", "come", "advance", "advance"),
    *("lose_caller", "lose_agent", "refuse", "away", "pause"),
)
FATES = ("presents", "presents", "presents", "drops", "returns", "vanishes")

GONE = {CallState.LOST, CallState.ENDED}
PEOPLE = [*(f"c{number}" for number in range(6)), *(each.id for each in AGENTS)]
EXAMPLES = {"valkey": 80, "redis": 30}


@dataclass(frozen=True)
class Story:
    """What happens before and after the moment that the store goes back to."""

    before: list[tuple[str, int]]
    after: list[tuple[str, int]]
    forgets_all: bool
    late: bool
    order: list[str]
    fates: dict[str, str]

    def fate(self, name):
        return self.fates.get(name, "presents")


steps = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), min_size=6, max_size=20
)
stories = st.builds(
    Story,
    before=steps,
    after=steps,
    forgets_all=st.booleans(),
    late=st.booleans(),
    order=st.permutations(PEOPLE),
    fates=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(FATES)),
)


@dataclass
class Known:
    """What the processes know of people: the newest that the queue told."""

    calls: dict[str, Any]
    agents: dict[str, Any]


class Town:
    """A pool and the people in it; everybody's socket is named after them."""

    def __init__(self, pool):
        self.pool = pool
        self.calls = []
        self.acts = {name: getattr(self, name) for name in STEPS}

    async def live(self, walk):
        for name, number in walk:
            with contextlib.suppress(RefusedError):
                await self.acts[name](number)

    async def known(self):
        here = self.pool.here
        calls = [await here.view(call) for call in self.calls]
        agents = [await here.agent_view(each.id) for each in AGENTS]
        return Known({c.call: c for c in calls if c}, {a.agent: a for a in agents})

    async def some_call(self, number, *states):
        known = (await self.known()).calls.values()
        fit = [each for each in known if each.state in states]
        return fit[number % len(fit)].call if fit else "nobody"

    # ------------------------------------------------------------ what people do

    async def call(self, _number):
        if len(self.calls) < 6:
            self.calls.append(f"c{len(self.calls)}")
            await self.pool.call(self.calls[-1])

    async def ready(self, number):
        await self.pool.ready(AGENTS[number % len(AGENTS)].id)

    async def accept(self, number):
        call = await self.some_call(number, CallState.OFFERED)
        if call != "nobody":
            await self.pool.accept(call)

    async def refuse(self, number):
        call = await self.some_call(number, CallState.OFFERED)
        if call != "nobody":
            await self.pool.refuse(call)

    async def answer(self, number):
        call = await self.some_call(number, CallState.CONNECTING)
        if call != "nobody":
            await self.come_back(call)
            await self.pool.answer(call)

    async def talk(self, number):
        await self.ready(number)
        await self.accept(number)
        await self.answer(number)

    async def hang_up(self, number):
        call = await self.some_call(number, *CallState)
        if call != "nobody":
            await self.pool.hang_up(call)

    async def not_understood(self, number):
        call = await self.some_call(number, CallState.ANSWERED)
        await self.pool.here.not_understood(call=call, request=a_request())

    async def leave(self, number):
        await self.call(number)
        call = await self.some_call(number, CallState.QUEUED, CallState.OFFERED)
        await self.pool.advance(6)
        await self.pool.here.leave_another_way(
            call=call, way=Overflow.CALL_BACK, request=a_request()
        )

    async def come(self, number):
        await self.come_back(await self.some_call(number, *CallState))

    async def come_back(self, call):
        await self.pool.here.resume(
            call=call, connection=f"{call}-tab", request=a_request()
        )

    async def advance(self, number):
        await self.pool.advance(1 + 3 * number)

    async def lose_caller(self, number):
        await self.drop(await self.some_call(number, *CallState))

    async def lose_agent(self, number):
        await self.drop(AGENTS[number % len(AGENTS)].id)

    async def away(self, number):
        agent = AGENTS[number % len(AGENTS)].id
        await self.pool.here.agent_away(agent=agent, request=a_request())

    async def pause(self, number):
        agent = AGENTS[number % len(AGENTS)].id
        await self.pool.here.agent_break(agent=agent, request=a_request())

    async def drop(self, name):
        """The socket closes, and its process says so."""
        kind = "agent" if name.startswith("agent") else "caller"
        words = {kind.replace("caller", "call"): name, "connection": f"{name}-tab"}
        with contextlib.suppress(RefusedError):
            tell = getattr(self.pool.here, f"{kind}_lost")
            await tell(**words, request=a_request())

    # ----------------------------------------------------------- how they return

    async def learn_of_the_new_life(self):
        for client in (self.pool.here, self.pool.there):
            await client.heartbeat()
            await events_of(client, Resync)

    async def return_as(self, fate, name, known):
        """Do for one person what their process or page does."""
        if fate in {"drops", "returns"}:
            await self.drop(name)
        with contextlib.suppress(RefusedError):
            if name in known.agents and fate == "presents":
                await self.present_agent(known.agents[name], known)
            elif name in known.calls and fate in {"presents", "returns"}:
                await self.present_caller(known.calls[name], fate == "presents")

    async def present_agent(self, agent, known):
        if agent.state in {AgentState.OFFLINE, AgentState.LOST}:
            return
        if agent.call:
            await self.present_talk(known.calls[agent.call])
        await self.pool.here.agent_connected(
            agent=agent.agent, connection=f"{agent.agent}-tab", request=a_request()
        )
        if agent.state == AgentState.READY:
            await self.pool.here.agent_ready(agent=agent.agent, request=a_request())

    async def present_caller(self, call, is_here):
        if call.state == CallState.ENDED:
            return
        if is_here and call.state == CallState.LOST:
            return  # nobody is there
        if is_here:
            await self.present_talk(call)
        await adopt(
            self.pool,
            call.call,
            t0=call.t0,
            connection=f"{call.call}-tab",
            is_here=is_here,
            comes=not call.call_back,
            left=call.call_back,
        )

    async def present_talk(self, call):
        if call.state in TALKING:
            with contextlib.suppress(RefusedError):
                await adopt_talk(self.pool, call)

    # ------------------------------------------------------------ what must hold

    async def look(self):
        """Nothing is broken at this moment."""
        found = await self.pool.here.inventory()
        assert found.whole
        assert violations(found) == []
        assert "violations" not in found.meta
        return found

    async def go_on(self):
        """Time passes, and whatever must end does."""
        before = await self.look()
        for seconds in (1, 1, 5, 10, 30, 60, 60):
            await self.pool.advance(seconds)
            now = await self.look()
            assert changes(before, now) == []
            before = now
        return before


async def forget(pool, copy, story):
    """Go on with older data; a clock that is behind makes time run from there."""
    copy.restore()
    await pool.advance(-5 if story.late else 0, sweep=False)
    if story.forgets_all:
        await pool.publish(*AGENTS, services=SERVICES)
        await pool.here.configure(LASTS)


async def talks_stand(pool, known, fate):
    """Both are here: the talk is the same one. Whoever waited and is here waits on."""
    for call in known.calls.values():
        view = await pool.here.view(call.call)
        if call.state in TALKING and fate(call.call) == fate(call.agent) == "presents":
            assert (view.state, view.agent) == (call.state, call.agent)
            assert (view.token, view.t1) == (call.token, call.t1)
            assert view.call_back == call.call_back
        if fate(call.call) == "presents" and call.state not in GONE:
            assert view.state not in GONE
            assert min(call.t0, pool.now) <= view.t0 <= call.t0
            if view.state not in TALKING:  # of an older leg, whose end was forgotten
                assert view.call_back == call.call_back


async def play(server, story):
    async with a_pool(server) as pool:
        town = Town(pool)
        await pool.publish(*AGENTS, services=SERVICES)
        await pool.here.configure(LASTS)
        await pool.advance(0.5)  # no later life begins at the same moment
        await town.live(story.before)
        copy = nothing(pool) if story.forgets_all else Copy(pool)
        await town.live(story.after)
        known = await town.known()

        await forget(pool, copy, story)
        await town.learn_of_the_new_life()
        people = [*known.calls, *known.agents]
        for name in sorted(people, key=story.order.index):
            await town.return_as(story.fate(name), name, known)
        for client in (pool.here, pool.there):
            await client.presented()

        await talks_stand(pool, known, story.fate)
        end = await town.go_on()
        records = [*end.calls.values(), *end.agents.values()]
        assert CallState.LOST not in {record["state"] for record in records}


@pytest.mark.timeout(300)
def test_whatever_is_forgotten_nobody_is_left_behind(server):
    with asyncio.Runner() as runner:

        @settings(
            max_examples=EXAMPLES[server.kind],
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(stories)
        def one(story):
            runner.run(play(server, story))

        one()
