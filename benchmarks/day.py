"""A day at the queue: who calls when, who works when, how long everything takes. Pure.

A day is played by two players, who get the same callers and the same agents: only who
serves whom is theirs to say. A player answers each event with the matches that it makes.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from benchmarks.nation import Crowd, a_nation, plain_agents
from queueing.catalogue import Directory, SkillKind, WideningStep
from queueing.model import AgentId, CallId, ServiceId, TopicId
from queueing.twin.playing import Shift

MORNING, NOON, EVENING = 0.0, 4.5 * 3600, 11 * 3600.0
"""Seconds since the opening."""

LUNCH, LATE = 3600.0, 600.0

SHAPE: Final = (0.5, 0.9, 1.2, 1.3, 1.0, 0.7, 0.8, 1.1, 1.2, 1.0, 0.6)
"""How busy each hour is, beside the mean one."""

REACTION, TALK, NOTES, PATIENCE = 4.0, 240.0, 40.0, 240.0
REFUSED: Final = 0.02
WORK: Final = 0.6
"""Which part of an agent's presence a mean hour fills."""

COMPANIES: Final = 6
GIFTED: Final = 2.5
"""How many more agents have rare skills than in the nation: enough, on this day."""

WIDENING: Final = (WideningStep(after=25, relax=frozenset({SkillKind.TOPIC})),)


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody will call, and this is how it will go. Times are seconds."""

    call: CallId
    at: float
    service: ServiceId
    topic: TopicId | None
    patience: float
    reaction: float
    talk: float
    notes: float
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Day:
    """All of it, before it has begun."""

    directory: Directory
    callers: tuple[Coming, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A call that rings at an agent."""

    call: CallId
    agent: AgentId


class Player(Protocol):
    """Who says who serves whom; every method answers with the matches that it makes."""

    is_warned: bool
    """Knows beforehand who will refuse a call, and offers it to somebody else."""

    def comes(self, caller: Coming) -> list[Match]: ...
    def leaves(self, call: CallId) -> list[Match]: ...
    def waits(self, call: CallId) -> list[Match]: ...
    def ready(self, agent: AgentId) -> list[Match]: ...
    def away(self, agent: AgentId) -> list[Match]: ...
    def accepts(self, match: Match) -> list[Match]: ...
    def refuses(self, match: Match) -> list[Match]: ...
    def ends(self, match: Match) -> list[Match]: ...
    def done(self, agent: AgentId, *, is_ready: bool) -> list[Match]: ...
    def it_is(self, now: float) -> None:
        """Tell the time; before everything else."""
        ...

    def due(self) -> float | None:
        """Say when it wants to act by itself."""
        ...

    def acts(self) -> list[Match]:
        """It is due."""
        ...


@dataclass
class Outcome:
    """How the day went: how long each caller waited, and who gave up."""

    waits: dict[CallId, float] = field(default_factory=dict)
    abandoned: dict[CallId, float] = field(default_factory=dict)


def a_day(
    *, calls: int, seed: int = 1, companies: int = COMPANIES, gifted: float = GIFTED
) -> Day:
    """Draw a day with so many calls, and agents who are just enough."""
    chance = random.Random(seed)  # noqa: S311  a drawing, no secret
    load = calls / EVENING * (REACTION + TALK + NOTES)
    directory = a_nation(
        agents=max(12, round(load / WORK)),
        companies=companies,
        seed=seed,
        widening=WIDENING,
        gifted=gifted,
    )
    crowd = Crowd(directory, chance)
    return Day(
        directory=directory,
        callers=tuple(
            _coming(number, at, crowd, chance)
            for number, at in enumerate(_arrivals(calls, chance))
        ),
        shifts=tuple(
            shift
            for agent in plain_agents(directory)
            for shift in _shifts(agent.id, chance)
        ),
    )


def play(day: Day, player: Player) -> Outcome:
    """Let a player have the day."""
    return _Game(day, player).play()


def _arrivals(calls: int, chance: random.Random) -> list[float]:
    hours = range(len(SHAPE))
    return sorted(
        3600 * (hour + chance.random())
        for hour in chance.choices(hours, SHAPE, k=calls)
    )


def _coming(number: int, at: float, crowd: Crowd, chance: random.Random) -> Coming:
    service, topic = crowd.wish()
    return Coming(
        call=CallId(f"call{number:06}"),
        at=at,
        service=service,
        topic=topic,
        patience=15 + chance.expovariate(1 / PATIENCE),
        reaction=1 + chance.expovariate(1 / (REACTION - 1)) % 10,
        talk=chance.lognormvariate(5.2, 0.7),
        notes=chance.expovariate(1 / NOTES),
        is_refused=chance.random() < REFUSED,
    )


def _shifts(agent: AgentId, chance: random.Random) -> Iterable[Shift]:
    """Most work all day with an hour off around noon, some only half of it."""
    noon = NOON + chance.uniform(-LUNCH, LUNCH)
    dice = chance.random()
    if dice < 0.9:
        yield Shift(agent, MORNING + chance.uniform(0, LATE), noon)
    if dice > 0.1:
        yield Shift(agent, noon + LUNCH, EVENING)


class _Game:
    """What happens, in the order of time."""

    def __init__(self, day: Day, player: Player) -> None:
        self._player = player
        self._callers = {each.call: each for each in day.callers}
        self._services = {each.id: each for each in day.directory.services}
        self._now = 0.0
        self._numbers = itertools.count()
        self._events: list[tuple[float, int, Callable[[], list[Match]]]] = []
        self._waiting: set[CallId] = set()
        self._rings: dict[CallId, AgentId] = {}
        self._refused: set[CallId] = set()
        self._there: set[AgentId] = set()
        self._busy: set[AgentId] = set()
        self._outcome = Outcome()
        for caller in day.callers:
            self._at(caller.at, partial(self._come, caller))
        for shift in day.shifts:
            self._at(shift.begin, partial(self._begin, shift.agent))
            self._at(shift.end, partial(self._end_shift, shift.agent))

    def play(self) -> Outcome:
        """Go through the day."""
        while self._events:
            due = self._player.due()
            happens = self._player.acts
            if due is not None and due < self._events[0][0]:
                self._now = due
            else:
                self._now, _, happens = heapq.heappop(self._events)
            self._player.it_is(self._now)
            self._match(happens())
        return self._outcome

    def _at(self, when: float, happens: Callable[[], list[Match]]) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), happens))

    def _match(self, matches: list[Match]) -> None:
        for match in matches:
            self._waiting.discard(match.call)
            self._rings[match.call] = match.agent
            self._busy.add(match.agent)
            caller = self._callers[match.call]
            self._at(self._now + caller.reaction, partial(self._react, match))

    def _come(self, caller: Coming) -> list[Match]:
        self._waiting.add(caller.call)
        self._at(caller.at + caller.patience, lambda: self._give_up(caller))
        for step in self._services[caller.service].widening:
            if step.after is not None:
                self._at(caller.at + step.after, lambda: self._wait(caller.call))
        return self._player.comes(caller)

    def _wait(self, call: CallId) -> list[Match]:
        return self._player.waits(call) if call in self._waiting else []

    def _give_up(self, caller: Coming) -> list[Match]:
        call = caller.call
        if call not in self._waiting and call not in self._rings:
            return []
        self._outcome.abandoned[call] = self._now - caller.at
        self._waiting.discard(call)
        agent = self._rings.pop(call, None)
        if agent is not None:
            self._busy.discard(agent)
        self._match(self._player.leaves(call))
        return self._gone(agent)

    def _react(self, match: Match) -> list[Match]:
        caller = self._callers[match.call]
        if self._rings.get(match.call) != match.agent:
            return []
        del self._rings[match.call]
        if self._is_refused(caller):
            self._refused.add(match.call)
            self._waiting.add(match.call)
            self._busy.discard(match.agent)
            self._match(self._player.refuses(match))
            return self._gone(match.agent)
        self._outcome.waits[match.call] = self._now - caller.at
        self._at(self._now + caller.talk, lambda: self._end(match))
        return self._player.accepts(match)

    def _is_refused(self, caller: Coming) -> bool:
        return (
            caller.is_refused
            and not self._player.is_warned
            and caller.call not in self._refused
        )

    def _end(self, match: Match) -> list[Match]:
        notes = self._callers[match.call].notes
        self._at(self._now + notes, lambda: self._done(match.agent))
        return self._player.ends(match)

    def _done(self, agent: AgentId) -> list[Match]:
        self._busy.discard(agent)
        return self._player.done(agent, is_ready=agent in self._there)

    def _begin(self, agent: AgentId) -> list[Match]:
        self._there.add(agent)
        return [] if agent in self._busy else self._player.ready(agent)

    def _end_shift(self, agent: AgentId) -> list[Match]:
        self._there.discard(agent)
        return self._gone(agent)

    def _gone(self, agent: AgentId | None) -> list[Match]:
        """Whose shift is over goes as soon as nothing holds them."""
        if agent is None or agent in self._there or agent in self._busy:
            return []
        return self._player.away(agent)
