"""The model of an agent: from signing in to leaving, with breaks and rests."""

from dataclasses import replace
from typing import Any

from queueing.errors import (
    CoolingDownError,
    IndependentAgentError,
    InvalidTransitionError,
    UnknownAgentError,
)
from queueing.model import AgentState, CallState
from queueing.transitions import AGENT, AgentEvent, follow
from tests.integration.queueing.oracle_records import SECOND

TALKING = (AgentState.CONNECTING, AgentState.IN_CALL)


class Agents:
    """A part of the oracle."""

    def here(self: Any, agent):
        """Whom the directory lists, or who has something to finish."""
        if not self.may_come(self.agents[agent]):
            raise UnknownAgentError
        return self.agents[agent]

    def may_come(self, a):
        return a.listed or a.call or a.stage == AgentState.WRAP_UP

    def unlist(self: Any, a):
        back = [self.calls[a.call]] if a.state == AgentState.OFFERED else []
        for c in back:
            self.close(c, "rescinded")
            self.requeue(c)
        a.listed = False
        a.entry = replace(
            a.entry, companies=frozenset(), skills={"none": 1}, reserve=False
        )
        self.match_agent(a)
        self.let_go([a], *back)

    def agent_connected(self: Any, agent, server):
        a = self.here(agent)
        a.server = server
        self.hold(server)
        if a.state == AgentState.OFFLINE:
            self.step(a, AgentEvent.CONNECT)
            a.misses = 0
            self.tell("agent_state", None, a)
        elif a.state == AgentState.LOST:
            self.agent_back(a)

    def agent_back(self: Any, a):
        a.state = follow(AGENT, a.state, AgentEvent(f"back_to_{a.was}"))
        a.was = a.until = None
        c: Any = self.calls[a.call] if a.call else None
        self.tell("agent_back", c, a)
        if a.state == AgentState.CONNECTING and c.state == CallState.CONNECTING:
            a.until = c.until
        elif a.state == AgentState.WRAP_UP:
            a.until = a.wrap_up_until
        elif a.state == AgentState.READY:
            a.idle_since = self.now
            self.match_agent(a)

    def agent_ready(self: Any, agent):
        a = self.here(agent)
        if a.state == AgentState.READY and a.until:
            self.rested(a)
        elif a.state in TALKING and a.wish:
            a.wish = None
        elif a.state != AgentState.READY:
            follow(AGENT, a.state, AgentEvent.GET_READY)
            self.check_cool(a)
            self.get_ready(a)

    def check_cool(self: Any, a):
        if a.cool_until and a.cool_until > self.now:
            raise CoolingDownError

    def rest_agent(self: Any, a):
        a.misses, a.until = 0, self.now + self.lasts["agent_rest"]
        self.tell("agent_state", None, a)

    def rested(self: Any, a):
        a.until, a.idle_since = None, self.now
        self.tell("agent_state", None, a)
        self.match_agent(a)

    def get_ready(self: Any, a):
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.GET_READY)
        a.until, a.misses, a.idle_since, a.wish = None, 0, self.now, None
        self.tell("wrap_up_done" if wrapped else "agent_state", None, a)
        self.match_agent(a)

    def agent_away(self: Any, agent):
        a = self.here(agent)
        if a.state != AgentState.AWAY:
            self.step_aside(a, "refused", self.pause)

    def step_aside(self: Any, a, how, act):
        if a.state != AgentState.OFFERED:
            act(a)
            self.let_go([a])
            return
        c = self.calls[a.call]
        self.close(c, how)
        if how == "refused":
            self.rest(c, a)
        act(a)
        self.requeue(c)
        self.let_go([a], c)

    def agent_break(self: Any, agent):
        a = self.here(agent)
        if a.state in TALKING:
            a.wish = AgentState.BREAK
        elif a.state != AgentState.BREAK:
            self.step_aside(a, "refused", self.take_break)

    def take_break(self: Any, a):
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.TAKE_BREAK)
        a.until, a.misses, a.wish = None, 0, None
        if wrapped:
            self.tell("wrap_up_done", None, a)
        self.tell("agent_state", None, a)

    def agent_forced(self: Any, agent, state):
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

    def pause(self: Any, a):
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.PAUSE)
        a.until, a.misses, a.wish = None, 0, None
        self.tell("wrap_up_done" if wrapped else "agent_state", None, a)

    def wrap_up_done(self: Any, agent, ready):
        a = self.here(agent)
        if a.state != AgentState.WRAP_UP:
            raise InvalidTransitionError
        if ready:
            self.check_cool(a)
            self.get_ready(a)
        else:
            (self.take_break if a.wish else self.pause)(a)
            self.let_go([a])

    def agent_offline(self: Any, agent):
        a = self.agents[agent]
        if a.state != AgentState.OFFLINE:
            self.leave(a)

    def leave(self: Any, a):
        c = self.calls[a.call] if a.call else None
        if a.state == AgentState.OFFERED:
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

    def agent_lost(self: Any, agent):
        a = self.agents[agent]
        if a.state not in {AgentState.OFFLINE, AgentState.LOST} and a.server:
            self.let_go([a], *self.lose_agent(a))

    def lose_agent(self: Any, a):
        back = []
        if a.state == AgentState.OFFERED:
            back = [self.calls[a.call]]
            self.close(back[0], "rescinded")
            self.requeue(back[0])
        a.was = a.state
        self.step(a, AgentEvent.LOSE)
        a.until = self.now + self.lasts["agent_grace"]
        self.tell("agent_lost", self.calls[a.call] if a.call else None, a)
        return back

    def release(self: Any, a, *, keeps_turn=False):
        self.step(a, AgentEvent.RELEASE)
        if a.state == AgentState.LOST:
            a.was = AgentState.READY
        else:
            a.until = None
        if not keeps_turn:
            a.idle_since = self.now
        a.call = None

    def after_talk(self: Any, a, c, difficult=False):
        cool = round(c.service.cool_down * SECOND)
        if difficult:
            cool = max(cool, self.lasts["difficult_cool_down"])
        if cool:
            a.cool_until = max(a.cool_until or 0, self.now + cool)
        notes = c.service.wrap_up
        notes = self.lasts["wrap_up"] if notes is None else round(notes * SECOND)
        return max(self.now + notes, a.cool_until or 0)

    def agent_finish(self: Any, a, c, difficult):
        if a.stage == AgentState.CONNECTING:
            self.release(a)
            return
        self.step(a, AgentEvent.FINISH)
        a.wrap_up_until = self.after_talk(a, c, difficult)
        a.call = None
        if a.state == AgentState.LOST:
            a.was = AgentState.WRAP_UP
        else:
            a.until = a.wrap_up_until
        self.tell("wrap_up_started", c, a)
