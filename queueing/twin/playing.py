"""Plays a day with the twin in virtual time: who calls when, who works when. Pure.

Everything that people do is given; who serves whom, and when something ends by itself, is
the queue's. What happens at one moment happens in the order in which it was foreseen.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from queueing.catalogue import Directory
from queueing.model import (
    AgentId,
    AgentState,
    CallId,
    CallState,
    ServerId,
    ServiceId,
    Side,
    TopicId,
)
from queueing.twin.live import Live, seconds_of
from queueing.twin.records import SECOND, Call, Told
from queueing.twin.watch import Watch

SERVER = ServerId("here")
PICTURE_S = 0.4
"""From the accept to the first picture."""

EVERY_S = 1.0
"""Between two looks of the monitor."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody will call, and this is how it will go. Times are seconds.

    ``is_missed``: the first agent at whom it rings does not react.
    """

    call: CallId
    at: float
    service: ServiceId
    topic: TopicId | None
    patience: float
    reaction: float
    talk: float
    notes: float
    is_missed: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent is there, ready for calls, from one moment to another."""

    agent: AgentId
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Day:
    """All of it, before it has begun."""

    directory: Directory
    callers: tuple[Coming, ...]
    shifts: tuple[Shift, ...]


@dataclass
class Times:
    """What agents did, in microseconds."""

    present: dict[AgentId, int] = field(default_factory=dict)
    busy: dict[AgentId, int] = field(default_factory=dict)


class Player:
    """One day in one house; `play` gives what the ledger would hold, piece by piece."""

    def __init__(self, day: Day, *, monitored: bool) -> None:
        self.twin = Live(0, day.directory)
        self.watch = Watch(self.twin) if monitored else None
        self.times = Times()
        self._numbers = count()
        self._coming: list[tuple[int, int, Callable[[], None]]] = []
        self._callers = {each.call: each for each in day.callers}
        self._missed: set[CallId] = set()
        self._there: set[AgentId] = set()
        self._since: dict[AgentId, int] = {}
        self._rings: dict[AgentId, int] = {}
        for caller in day.callers:
            self._at(_us(caller.at), partial(self._come, caller))
        for shift in day.shifts:
            self._at(_us(shift.begin), partial(self._begin, shift.agent))
            self._at(_us(shift.end), partial(self._end_shift, shift.agent))
        self._is_looking = False

    def play(self) -> Iterator[list[Told]]:
        """Go through the day, to the end of its last call."""
        while self._coming:
            due = self.twin.next_due()
            if due is not None and due <= self._coming[0][0]:
                self.twin.sweep(due)
            else:
                self.twin.now, _, happens = heapq.heappop(self._coming)
                happens()
            yield self._take()

    @property
    def now(self) -> float:
        return seconds_of(self.twin.now)

    def _at(self, when: int, happens: Callable[[], None]) -> None:
        heapq.heappush(self._coming, (when, next(self._numbers), happens))

    def _after(self, seconds: float, happens: Callable[[], None]) -> None:
        self._at(self.twin.now + _us(seconds), happens)

    def _take(self) -> list[Told]:
        told = self.twin.take()
        for each in told:
            if each.kind == "offer_made" and each.call:
                self._ring(self.twin.calls.get(each.call))
            elif each.kind == "wrap_up_started" and each.call and each.agent:
                notes = self._callers[each.call].notes
                self._after(notes, partial(self._done, each.agent))
            elif each.kind.startswith("offer_") and each.agent:
                self._free(each.agent)
        return told

    # -------------------------------------------------------------------- callers

    def _come(self, caller: Coming) -> None:
        self.twin.enqueue(caller.call, caller.service, SERVER, topic=caller.topic)
        self._after(caller.patience, partial(self._give_up, caller.call))
        if self.watch:
            self._look_later()

    def _look(self) -> None:
        """Look once a second while anybody waits."""
        self._is_looking = False
        if self.watch and self._somebody_waits():
            self.watch.look()
            self._look_later()

    def _look_later(self) -> None:
        if not self._is_looking:
            self._is_looking = True
            self._after(EVERY_S, self._look)

    def _somebody_waits(self) -> bool:
        return any(c.state == CallState.QUEUED for c in self.twin.calls.values())

    def _give_up(self, call: CallId) -> None:
        c = self.twin.calls.get(call)
        if c and c.state in {CallState.QUEUED, CallState.OFFERED}:
            self.twin.hang_up(call, Side.CALLER)

    def _ring(self, c: Call | None) -> None:
        if c is None or c.agent is None:
            return
        caller = self._callers[c.id]
        self._rings[c.agent] = self.twin.now
        if caller.is_missed and c.id not in self._missed:
            self._missed.add(c.id)
            return
        self._after(caller.reaction, partial(self._react, c.id, c.offer, c.agent))

    def _react(self, call: CallId, offer: int, agent: AgentId) -> None:
        c = self.twin.calls.get(call)
        if c and c.state == CallState.OFFERED and c.offer == offer:
            self.twin.accept(agent, call, offer)
            self._since[agent] = self._rings.pop(agent)
            self._after(PICTURE_S, partial(self._see, call, offer, agent))

    def _see(self, call: CallId, offer: int, agent: AgentId) -> None:
        self.twin.answered(call, offer)
        talk = self._callers[call].talk
        self._after(talk, partial(self._hang_up, call, offer, agent))

    def _hang_up(self, call: CallId, offer: int, agent: AgentId) -> None:
        self.twin.hang_up(call, Side.AGENT, agent=agent, offer=offer)

    # --------------------------------------------------------------------- agents

    def _begin(self, agent: AgentId) -> None:
        self._there.add(agent)
        if self.twin.agents[agent].state == AgentState.OFFLINE:
            self.times.present[agent] = self.times.present.get(agent, 0) - self.twin.now
            self.twin.agent_connected(agent, SERVER)
            self.twin.agent_ready(agent)

    def _end_shift(self, agent: AgentId) -> None:
        """Whoever is in a call, or at whom it rings, finishes that first."""
        self._there.discard(agent)
        self._free(agent)

    def _done(self, agent: AgentId) -> None:
        began = self._since.pop(agent, self.twin.now)
        spent = self.twin.now - began
        self.times.busy[agent] = self.times.busy.get(agent, 0) + spent
        self.twin.wrap_up_done(agent, ready=agent in self._there)
        self._free(agent)

    def _free(self, agent: AgentId) -> None:
        """Whose shift is over goes as soon as nothing holds them."""
        a = self.twin.agents[agent]
        is_free = a.state in {AgentState.READY, AgentState.AWAY}
        if is_free and agent not in self._there:
            self._go(agent)
        elif a.state == AgentState.AWAY:
            self.twin.agent_ready(agent)  # whoever missed three offers comes back

    def _go(self, agent: AgentId) -> None:
        self.times.present[agent] += self.twin.now
        self.twin.agent_offline(agent)


def _us(seconds: float) -> int:
    return round(seconds * SECOND)
