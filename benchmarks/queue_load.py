"""A pool of the queue under load: filled at once, then moved step by step.

What is sent is what `QueueClient` sends, ids as long and as random as real ones, through a
client that waits for each reply: the cheapest one there is, and the same for the plain
commands that the queue is measured against.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import redis

from benchmarks.nation import Crowd
from queueing.catalogue import AgentEntry, Directory
from queueing.client import QueueClient
from queueing.keys import Keys
from queueing.library import assemble
from queueing.model import (
    AgentId,
    CallId,
    CallState,
    Durations,
    Evidence,
    Mode,
    RelayId,
    RequestId,
    ServerId,
    ServiceId,
    Side,
    TopicId,
)
from queueing.outbox import Follower
from queueing.publishing import publish
from queueing.store import Store
from queueing.views import read_agent, read_call

AT_ONCE: Final = 500
"""How many functions are sent before their replies are read, where nobody measures."""

SERVER: Final = ServerId("bench")


@dataclass(frozen=True, slots=True)
class Words:
    """One function call, as it goes to the server."""

    name: str
    args: tuple[str | int, ...]


class _SaidError(Exception):
    def __init__(self, words: Words) -> None:
        super().__init__(words.name)
        self.words = words


class _Dictation(Store):
    """Hears what the door would send, and sends nothing."""

    def __init__(self) -> None:
        """There is no server behind it."""
        self._is_copied = False

    async def _until_answered(
        self, once: Callable[[], Awaitable[Any]], **_: Any
    ) -> Any:
        return await once()

    async def _fcall(self, name: str, *args: str | int) -> Any:
        raise _SaidError(Words(name, args))


class _Direct(_Dictation):
    """A store that asks its server at once, and waits for the answer."""

    def __init__(self, client: redis.Redis, tag: str) -> None:
        super().__init__()
        self._client = client
        self._tag_of_pool = tag

    async def _fcall(self, name: str, *args: str | int) -> Any:
        said = (str(arg) for arg in args)
        return self._client.fcall(f"illico_{name}", 1, self._tag_of_pool, *said)


def words(question: Coroutine[Any, Any, Any]) -> Words:
    """Give what a method of a `QueueClient` on a dictation sends."""
    try:
        question.send(None)
    except _SaidError as said:
        return said.words
    finally:
        question.close()
    raise RuntimeError("the door sent nothing")


@dataclass(frozen=True, slots=True)
class Match:
    """A call that rings at an agent."""

    call: CallId
    agent: AgentId
    token: int


class Load:
    """One pool: what waits in it, who is there, and what they do next."""

    def __init__(self, client: redis.Redis, directory: Directory, name: str) -> None:
        self.client = client
        self.directory = directory
        self.keys = Keys(name)
        self.chance = random.Random(name)  # noqa: S311  a drawing, no secret
        self.crowd = Crowd(directory, self.chance)
        self.door = QueueClient(_Dictation(), self.keys, SERVER, Follower(None))

    # ------------------------------------------------------------------ sending

    def send(self, said: Words) -> list[str]:
        """Send one and wait for its reply."""
        reply: list[str] = self.client.fcall(
            f"illico_{said.name}", 1, self.keys.tag, *(str(arg) for arg in said.args)
        )
        return reply

    def send_all(self, many: Iterable[Words]) -> list[list[str]]:
        """Send many without waiting for each; their request ids are forgotten."""
        replies: list[list[str]] = []
        kept = list(many)
        for start in range(0, len(kept), AT_ONCE):
            some = kept[start : start + AT_ONCE]
            with self.client.pipeline(transaction=False) as pipe:
                for said in some:
                    pipe.fcall(
                        f"illico_{said.name}",
                        1,
                        self.keys.tag,
                        *(str(arg) for arg in said.args),
                    )
                replies += pipe.execute()
        self._forget(kept)
        return replies

    def _forget(self, many: Sequence[Words]) -> None:
        """Spare the measurement the expiry of requests that were not part of it."""
        names = [f"{self.keys.tag}:request:{each.name}:{each.args[0]}" for each in many]
        for start in range(0, len(names), AT_ONCE):
            self.client.unlink(*names[start : start + AT_ONCE])

    # -------------------------------------------------------------- what is sent

    def calling(
        self, wanted: ServiceId | None = None, topic: TopicId | None = None
    ) -> Words:
        """Somebody calls: a service as common as it is, or the one that is named."""
        service = wanted
        if service is None:
            service, topic = self.crowd.wish()
        return words(
            self.door.enqueue(
                call=CallId(f"{self.chance.getrandbits(128):032x}"),
                service=service,
                topic=topic,
                mode=Mode.VIDEO,
                relay=RelayId("relay-1"),
                connection=f"{self.chance.getrandbits(64):016x}",
                request=self.request(),
            )
        )

    def signing_in(self, agent: AgentId) -> Words:
        return words(
            self.door.agent_connected(
                agent=agent, connection="tab", request=self.request()
            )
        )

    def becoming_ready(self, agent: AgentId) -> Words:
        return words(self.door.agent_ready(agent=agent, request=self.request()))

    def going_away(self, agent: AgentId) -> Words:
        return words(self.door.agent_away(agent=agent, request=self.request()))

    def finishing(self, agent: AgentId, *, is_ready: bool = True) -> Words:
        """The notes are written: who is next?"""
        return words(
            self.door.wrap_up_done(agent=agent, ready=is_ready, request=self.request())
        )

    def accepting(self, match: Match) -> Words:
        return words(
            self.door.accept(
                agent=match.agent,
                call=match.call,
                token=match.token,
                request=self.request(),
            )
        )

    def refusing(self, match: Match) -> Words:
        return words(
            self.door.refuse(
                agent=match.agent,
                call=match.call,
                token=match.token,
                request=self.request(),
            )
        )

    def seeing(self, match: Match) -> Words:
        return words(
            self.door.answered(
                call=match.call,
                token=match.token,
                evidence=Evidence.PRESENTED,
                browser_ms=900,
                forwarded_at=None,
                request=self.request(),
            )
        )

    def ending(self, match: Match) -> Words:
        return words(
            self.door.hang_up(
                call=match.call,
                by=Side.AGENT,
                agent=match.agent,
                token=match.token,
                request=self.request(),
            )
        )

    def leaving(self, call: CallId) -> Words:
        return words(
            self.door.hang_up(call=call, by=Side.CALLER, request=self.request())
        )

    def request(self) -> RequestId:
        return RequestId(f"{self.chance.getrandbits(160):040x}")

    # ---------------------------------------------------------------- whole steps

    def publish(self) -> None:
        """Load the library, unless it is there, and say how long things last and who
        offers what. A library that is loaded again forgets what it knew by heart.
        """
        if not self.client.function_list("illico_queue"):
            self.client.function_load(assemble())
        self.send(words(self.door.configure(Durations())))
        self.write_directory()

    def write_directory(self) -> None:
        """Say who offers what."""
        store = _Direct(self.client, self.keys.tag)
        asyncio.run(publish(store, self.directory))

    def sign_in(self, agents: Iterable[AgentEntry]) -> None:
        """Let agents open their consoles; they are away."""
        self.send_all([self.signing_in(agent.id) for agent in agents])

    def fill(self, waiting: int) -> None:
        """Let so many people call."""
        self.send_all([self.calling() for _ in range(waiting)])

    def warm(self) -> None:
        """Let every sort of caller call once and leave: nothing is done for the first
        time after it.
        """
        wishes = self.crowd.all_wishes()
        for start in range(0, len(wishes), AT_ONCE):
            some = [self.calling(*each) for each in wishes[start : start + AT_ONCE]]
            self.send_all(some)
            self.send_all([self.leaving(CallId(str(each.args[1]))) for each in some])
        self.client.delete(self.keys.ledger, self.keys.outbox(SERVER))

    def beat(self) -> None:
        """Say that the server lives, as it does every second."""
        self.send(Words("heartbeat", (SERVER, 0)))

    def talk(self, matches: Sequence[Match]) -> None:
        """Accept, see each other, end: the agents are writing their notes after it."""
        for step in (self.accepting, self.seeing, self.ending):
            self.send_all([step(match) for match in matches])
        self.client.delete(self.keys.ledger)
        self.client.delete(self.keys.outbox(SERVER))


def ringing_call(reply: Sequence[str]) -> Match | None:
    """Read from what a call was told, or an agent, whether they met."""
    if reply[0].startswith("call"):
        call = read_call(reply)
        if call.state is not CallState.OFFERED:
            return None
        assert call.agent is not None
        assert call.token is not None
        return Match(call.call, call.agent, call.token)
    agent = read_agent(reply)
    if agent.call is None:
        return None
    assert agent.token is not None
    return Match(agent.call, agent.agent, agent.token)
