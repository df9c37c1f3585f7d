"""The model of an agent: from signing in to leaving, with breaks and rests."""

from collections.abc import Callable
from dataclasses import replace

from queueing.errors import (
    CoolingDownError,
    IndependentAgentError,
    InvalidTransitionError,
    UnknownAgentError,
)
from queueing.model import AgentId, AgentState, CallState, ServerId
from queueing.transitions import AGENT, AgentEvent, follow
from queueing.twin.parts import Parts
from queueing.twin.records import SECOND, Agent, Call

TALKING = (AgentState.CONNECTING, AgentState.IN_CALL)


class Agents(Parts):
    """A part of the twin."""

    def here(self, agent: AgentId) -> Agent:
        """Whom the directory lists, or who has something to finish."""
        if not self.may_come(self.agents[agent]):
            raise UnknownAgentError
        return self.agents[agent]

    def may_come(self, a: Agent) -> bool:
        return a.listed or a.call is not None or a.stage == AgentState.WRAP_UP

    def unlist(self, a: Agent) -> None:
        back = [self.call_of(a)] if a.state == AgentState.OFFERED else []
        for c in back:
            self.close(c, "rescinded")
            self.requeue(c)
        a.listed = False
        a.entry = replace(
            a.entry, companies=frozenset(), skills={"none": 1}, reserve=False
        )
        self.match_agent(a)
        self.let_go([a], *back)

    def agent_connected(self, agent: AgentId, server: ServerId) -> None:
        a = self.here(agent)
        a.server = server
        self.hold(server)
        if a.state == AgentState.OFFLINE:
            self.step(a, AgentEvent.CONNECT)
            a.misses = 0
            self.tell("agent_state", None, a)
        elif a.state == AgentState.LOST:
            self.agent_back(a)

    def agent_back(self, a: Agent) -> None:
        a.state = follow(AGENT, a.state, AgentEvent(f"back_to_{a.was}"))
        a.was = a.until = None
        c = self.call_of(a) if a.call else None
        self.tell("agent_back", c, a)
        if a.state == AgentState.CONNECTING:
            if c and c.state == CallState.CONNECTING:
                a.until = c.until
        elif a.state == AgentState.WRAP_UP:
            a.until = a.wrap_up_until
        elif a.state == AgentState.READY:
            a.idle_since = self.now
            self.match_agent(a)

    def agent_ready(self, agent: AgentId) -> None:
        a = self.here(agent)
        if a.state == AgentState.READY and a.until:
            self.rested(a)
        elif a.state in TALKING and a.wish:
            a.wish = None
        elif a.state != AgentState.READY:
            follow(AGENT, a.state, AgentEvent.GET_READY)
            self.check_cool(a)
            self.get_ready(a)

    def check_cool(self, a: Agent) -> None:
        if a.cool_until and a.cool_until > self.now:
            raise CoolingDownError

    def rest_agent(self, a: Agent) -> None:
        a.misses, a.until = 0, self.now + self.lasts["agent_rest"]
        self.tell("agent_state", None, a)

    def rested(self, a: Agent) -> None:
        a.until, a.idle_since = None, self.now
        self.tell("agent_state", None, a)
        self.match_agent(a)

    def get_ready(self, a: Agent) -> None:
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.GET_READY)
        a.until, a.misses, a.idle_since, a.wish = None, 0, self.now, None
        self.tell("wrap_up_done" if wrapped else "agent_state", None, a)
        self.match_agent(a)

    def agent_away(self, agent: AgentId) -> None:
        a = self.here(agent)
        if a.state != AgentState.AWAY:
            self.step_aside(a, "refused", self.pause)

    def step_aside(self, a: Agent, how: str, act: Callable[[Agent], None]) -> None:
        if a.state != AgentState.OFFERED:
            act(a)
            self.let_go([a])
            return
        c = self.call_of(a)
        self.close(c, how)
        if how == "refused":
            self.rest(c, a)
        act(a)
        self.requeue(c)
        self.let_go([a], c)

    def agent_break(self, agent: AgentId) -> None:
        a = self.here(agent)
        if a.state in TALKING:
            a.wish = AgentState.BREAK
        elif a.state != AgentState.BREAK:
            self.step_aside(a, "refused", self.take_break)

    def take_break(self, a: Agent) -> None:
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.TAKE_BREAK)
        a.until, a.misses, a.wish = None, 0, None
        if wrapped:
            self.tell("wrap_up_done", None, a)
        self.tell("agent_state", None, a)

    def agent_forced(self, agent: AgentId, state: AgentState) -> None:
        a = self.agents[agent]
        if a.entry.independent:
            raise IndependentAgentError
        if a.state == state:
            return
        if a.stage == AgentState.BREAK:
            raise InvalidTransitionError
        away = state == AgentState.AWAY
        if away and a.state != AgentState.OFFERED:
            follow(AGENT, a.state, AgentEvent.PAUSE)
        self.tell("agent_forced", None, a)
        if away:
            self.step_aside(a, "rescinded", self.pause)
        else:
            self.leave(a)

    def pause(self, a: Agent) -> None:
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.PAUSE)
        a.until, a.misses, a.wish = None, 0, None
        self.tell("wrap_up_done" if wrapped else "agent_state", None, a)

    def wrap_up_done(self, agent: AgentId, *, ready: bool) -> None:
        a = self.here(agent)
        if a.state != AgentState.WRAP_UP:
            raise InvalidTransitionError
        if ready:
            self.check_cool(a)
            self.get_ready(a)
        else:
            (self.take_break if a.wish else self.pause)(a)
            self.let_go([a])

    def agent_offline(self, agent: AgentId) -> None:
        a = self.agents[agent]
        if a.state != AgentState.OFFLINE:
            self.leave(a)

    def leave(self, a: Agent) -> None:
        c = self.call_of(a) if a.call else None
        if c and a.state == AgentState.OFFERED:
            self.close(c, "rescinded")
            self.requeue(c)
        elif c:
            if a.stage == AgentState.IN_CALL:
                self.after_talk(a, c)
            self.requeue(c)
            self.release(a)
        self.step(a, AgentEvent.LEAVE)
        a.was = a.until = a.server = a.wish = None
        self.tell("agent_state", None, a)
        self.let_go([a], *([c] if c else []))

    def agent_lost(self, agent: AgentId) -> None:
        a = self.agents[agent]
        if a.state not in {AgentState.OFFLINE, AgentState.LOST} and a.server:
            self.let_go([a], *self.lose_agent(a))

    def lose_agent(self, a: Agent) -> list[Call]:
        back: list[Call] = []
        if a.state == AgentState.OFFERED:
            back = [self.call_of(a)]
            self.close(back[0], "rescinded")
            self.requeue(back[0])
        a.was = a.state
        self.step(a, AgentEvent.LOSE)
        a.until = self.now + self.lasts["agent_grace"]
        self.tell("agent_lost", self.call_of(a) if a.call else None, a)
        return back

    def release(self, a: Agent, *, keeps_turn: bool = False) -> None:
        self.step(a, AgentEvent.RELEASE)
        if a.state == AgentState.LOST:
            a.was = AgentState.READY
        else:
            a.until = None
        if not keeps_turn:
            a.idle_since = self.now
        a.call = None

    def after_talk(self, a: Agent, c: Call, *, difficult: bool = False) -> int:
        cool = round(c.service.cool_down * SECOND)
        if difficult:
            cool = max(cool, self.lasts["difficult_cool_down"])
        if cool:
            a.cool_until = max(a.cool_until or 0, self.now + cool)
        own = c.service.wrap_up
        notes = self.lasts["wrap_up"] if own is None else round(own * SECOND)
        return max(self.now + notes, a.cool_until or 0)

    def agent_finish(self, a: Agent, c: Call, *, difficult: bool) -> None:
        if a.stage == AgentState.CONNECTING:
            self.release(a)
            return
        self.step(a, AgentEvent.FINISH)
        a.wrap_up_until = self.after_talk(a, c, difficult=difficult)
        a.call = None
        if a.state == AgentState.LOST:
            a.was = AgentState.WRAP_UP
        else:
            a.until = a.wrap_up_until
        self.tell("wrap_up_started", c, a)
