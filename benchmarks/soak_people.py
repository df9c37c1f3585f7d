"""One process of the soak: a signaling server whose callers and agents do as they like.

It is started by `benchmarks.queue_soak`, any number of times, and killed without notice.
"""

import asyncio
import os
import random
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

import uvloop

from benchmarks.nation import Crowd, a_nation
from queueing import sweeper
from queueing.client import QueueClient
from queueing.errors import QueueUnreachableError, RefusedError
from queueing.messages import Accepted, Ended, Offered, OfferEnded, Requeued, Resync
from queueing.model import (
    AgentId,
    AgentState,
    CallId,
    Evidence,
    Mode,
    RelayId,
    RequestId,
    ServerId,
    Side,
)

POOL: Final = "soak"
AGENTS, COMPANIES = 240, 4
CALLERS: Final = 150
"""How many callers one process has at most."""

HANDS: Final = 6
"""How many things one process does at once."""

PAUSE: Final = 0.04
TWICE, AGAIN = 0.06, 0.05
"""How often a request is sent twice at once, and once more later."""

REMEMBERED: Final = 50
RELAYS: Final = tuple(map(RelayId, ("relay-1", "relay-2", "relay-3")))

DIRECTORY: Final = a_nation(agents=AGENTS, companies=COMPANIES)


class DifferentReplyError(Exception):
    """A request that was sent twice was answered in two ways."""


class People:
    """Who is connected here, as far as this process knows."""

    def __init__(self, client: QueueClient, server: str, seed: int) -> None:
        self._client = client
        self._server = server
        self._chance = random.Random(seed)  # noqa: S311  a drawing, no secret
        self._crowd = Crowd(DIRECTORY, self._chance)
        self._prefix = f"{server}-{seed}"
        self._number = 0
        self._calls: dict[CallId, str] = {}
        self._lost: list[CallId] = []
        self._agents: dict[AgentId, str] = {}
        self._offers: dict[CallId, tuple[AgentId, int]] = {}
        self._talks: dict[CallId, tuple[AgentId, int]] = {}
        self._sent: deque[tuple[str, dict[str, Any], Any]] = deque(maxlen=REMEMBERED)

    # ------------------------------------------------------------------- living

    async def live(self) -> None:
        """Do things for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            tasks.create_task(self._listen())
            tasks.create_task(sweeper.run(self._client, interval=0.1))
            for _ in range(HANDS):
                tasks.create_task(self._act())

    async def _beat(self) -> None:
        parent = os.getppid()
        while os.getppid() == parent:  # nobody outlives the soak
            try:
                await self._client.heartbeat()
            except QueueUnreachableError as error:
                print(error, file=sys.stderr)
            await asyncio.sleep(0.5)
        raise SystemExit("the soak is gone")

    async def _listen(self) -> None:
        async for event in self._client.events():
            match event:
                case Offered():
                    self._offers[event.call] = (event.agent, event.token)
                case OfferEnded():
                    self._offers.pop(event.call, None)
                case Accepted():
                    self._offers.pop(event.call, None)
                    self._talks[event.call] = (event.agent, event.token)
                case Requeued():
                    self._talks.pop(event.call, None)
                case Ended():
                    self._forget(event.call)
                case Resync():
                    await self._present()
                case _:
                    pass  # they do nothing that these people could not see themselves

    def _forget(self, call: CallId) -> None:
        for known in (self._offers, self._talks):
            known.pop(call, None)
        self._calls.pop(call, None)

    async def _present(self) -> None:
        """Say again who is connected here."""
        for call, connection in list(self._calls.items()):
            await self._do("resume", call=call, connection=connection)
        for agent, connection in list(self._agents.items()):
            await self._do("agent_connected", agent=agent, connection=connection)

    async def _act(self) -> None:
        habits: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (30, self._somebody_calls),
            (26, self._an_agent_works),
            (40, self._an_agent_reacts),
            (30, self._the_caller_sees),
            (14, self._somebody_hangs_up),
            (10, self._notes_are_done),
            (4, self._a_caller_vanishes),
            (6, self._a_caller_is_back),
            (4, self._an_agent_vanishes),
            (6, self._an_agent_rests),
            (4, self._the_caller_wants_another),
            (6, self._the_agent_passes_on),
            (4, self._a_relay_gives_a_call_away),
        ]
        weights = [weight for weight, _ in habits]
        while True:
            (habit,) = self._chance.choices(habits, weights)
            await habit[1]()
            await asyncio.sleep(self._chance.uniform(0, 2 * PAUSE))

    # ------------------------------------------------------------------- callers

    async def _somebody_calls(self) -> None:
        if len(self._calls) >= CALLERS:
            return
        service, topic = self._crowd.wish()
        call, connection = CallId(self._name("call")), self._name("tab")
        self._calls[call] = connection
        await self._do(
            "enqueue",
            call=call,
            service=service,
            topic=topic,
            mode=self._chance.choice((Mode.VIDEO, Mode.VIDEO, Mode.TEXT)),
            relay=RELAYS[0],
            connection=connection,
        )

    async def _somebody_hangs_up(self) -> None:
        call = self._one(self._talks) or self._one(self._calls)
        if call is not None:
            by = self._chance.choice((Side.CALLER, Side.AGENT, Side.SYSTEM))
            agent, token = self._talks.get(call, (None, None))
            words = {"agent": agent, "token": token}
            if await self._do("hang_up", call=call, by=by, **words):
                self._calls.pop(call, None)

    async def _a_caller_vanishes(self) -> None:
        call = self._one(self._calls)
        if call is not None:
            connection = self._calls.pop(call)
            self._lost.append(call)
            await self._do("caller_lost", call=call, connection=connection)

    async def _a_caller_is_back(self) -> None:
        if self._lost:
            call = self._lost.pop(self._chance.randrange(len(self._lost)))
            connection = self._name("tab")
            if await self._do("resume", call=call, connection=connection):
                self._calls[call] = connection

    async def _a_relay_gives_a_call_away(self) -> None:
        call = self._one(self._talks) or self._one(self._calls)
        if call is not None:
            away_from, to = self._chance.sample(RELAYS, 2)
            await self._do("move_call", call=call, away_from=away_from, to=to)

    async def _the_caller_sees(self) -> None:
        call = self._one(self._talks)
        if call is None:
            return
        _, token = self._talks[call]
        if self._chance.random() < 0.1:
            await self._do("media_failed", call=call, token=token)
        else:
            await self._do(
                "answered",
                call=call,
                token=token,
                evidence=Evidence.PRESENTED,
                browser_ms=700,
                forwarded_at=None,
            )

    async def _the_caller_wants_another(self) -> None:
        call = self._one(self._talks)
        if call is not None:
            await self._do("not_understood", call=call)

    # -------------------------------------------------------------------- agents

    async def _the_agent_passes_on(self) -> None:
        call = self._one(self._talks)
        if call is None:
            return
        agent, token = self._talks[call]
        talk = {"agent": agent, "call": call, "token": token}
        if self._chance.random() < 0.5:
            service, topic = self._crowd.wish()
            await self._do("transfer_to_service", **talk, service=service, topic=topic)
        else:
            to = self._chance.choice(DIRECTORY.agents).id
            await self._do("transfer_to_agent", **talk, to=to)

    async def _an_agent_works(self) -> None:
        agent = self._chance.choice(DIRECTORY.agents).id
        if agent not in self._agents:
            connection = self._name("console")
            self._agents[agent] = connection
            await self._do("agent_connected", agent=agent, connection=connection)
        await self._do("agent_ready", agent=agent)

    async def _an_agent_reacts(self) -> None:
        call = self._one(self._offers)
        if call is None:
            return
        agent, token = self._offers.pop(call)
        dice = self._chance.random()
        if dice < 0.75:
            await self._do("accept", agent=agent, call=call, token=token)
        elif dice < 0.9:
            await self._do("refuse", agent=agent, call=call, token=token)

    async def _notes_are_done(self) -> None:
        agent = self._one(self._agents)
        if agent is not None:
            ready = self._chance.random() < 0.9
            await self._do("wrap_up_done", agent=agent, ready=ready)

    async def _an_agent_rests(self) -> None:
        agent = self._one(self._agents)
        if agent is not None:
            name = self._chance.choice(
                ("agent_away", "agent_away", "agent_break", "agent_offline")
            )
            await self._do(name, agent=agent)
            if self._chance.random() < 0.2:
                state = self._chance.choice((AgentState.AWAY, AgentState.OFFLINE))
                await self._do("agent_forced", agent=agent, state=state, by="boss")

    async def _an_agent_vanishes(self) -> None:
        agent = self._one(self._agents)
        if agent is not None:
            connection = self._agents.pop(agent)
            await self._do("agent_lost", agent=agent, connection=connection)

    # ------------------------------------------------------------------- sending

    async def _do(self, name: str, **words: Any) -> bool:
        """Ask, perhaps twice, perhaps once more later; say whether it was done."""
        if self._sent and self._chance.random() < AGAIN:
            await self._once_more()
        words["request"] = RequestId(self._name("request"))
        method = getattr(self._client, name)
        times = 2 if self._chance.random() < TWICE else 1
        answers = await asyncio.gather(
            *(method(**words) for _ in range(times)), return_exceptions=True
        )
        done = [each for each in answers if not isinstance(each, BaseException)]
        for each in answers:
            if isinstance(each, BaseException) and not isinstance(
                each, RefusedError | QueueUnreachableError
            ):
                raise each
        if any(each != done[0] for each in done):
            raise DifferentReplyError(f"{name}: {done}")
        if done:
            self._sent.append((name, words, done[0]))
        return bool(done)

    async def _once_more(self) -> None:
        name, words, answer = self._chance.choice(self._sent)
        again = await getattr(self._client, name)(**words)
        if again != answer:
            raise DifferentReplyError(f"{name}: {answer}, then {again}")

    def _name(self, what: str) -> str:
        self._number += 1
        return f"{what}-{self._prefix}-{self._number}"

    def _one(self, some: dict[Any, Any]) -> Any:
        return self._chance.choice(list(some)) if some else None


async def _main(url: str, server: str, seed: int) -> None:
    async with QueueClient.open(url, pool=POOL, server=ServerId(server)) as client:
        print("ready", flush=True)
        await People(client, server, seed).live()


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
