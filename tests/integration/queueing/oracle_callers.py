"""The model of a caller: from T0 to the end, present or lost."""

from typing import Any

from queueing.errors import InvalidTransitionError, StaleTokenError
from queueing.model import AgentState, CallState
from queueing.transitions import CALL, CallEvent, follow
from tests.integration.queueing.oracle_records import Call


class Callers:
    """A part of the oracle."""

    def enqueue(self: Any, call, service, server, *, topic=None, variant=None,
                mode="video", prefer=None):  # fmt: skip
        asked = self.asked(service, topic, variant)
        c = Call(call, asked, self.now, server, mode)
        self.require(c, asked, topic, variant)
        c.deadline, c.leg_t0 = self.now + c.allowance, self.now
        self.calls[call] = c
        self.hold(server)
        self.tell("call_queued", c)
        if self.nobody(c):
            self.tell("no_one_there", c)
        if prefer and self.could_take(c, prefer):
            self.wait_for(c, prefer, "prefer")
        self.match_call(c)

    def resume(self: Any, call, server, *, comes=True):
        c = self.live(call)
        c.server = server
        self.hold(server)
        if c.state == CallState.LOST:
            self.caller_back(c)
        elif c.call_back_until and comes:
            self.come(c)

    def caller_back(self: Any, c):
        c.state = follow(CALL, c.state, CallEvent(f"back_to_{c.was}"))
        c.was = c.until = c.lost_at = None
        self.tell("caller_back", c)
        if c.state == CallState.CONNECTING:
            self.lease_connecting(c)
        self.match_call(c)

    def caller_lost(self: Any, call):
        c = self.find(call)
        if c.state not in {CallState.ENDED, CallState.LOST} and c.server:
            self.lose_call(c)

    def lose_call(self: Any, c):
        if c.call_back_until:
            c.server = None
            return
        partner, freed = self.partner(c), None
        if c.state == CallState.OFFERED:
            freed = self.agents[c.agent]
            self.close(c, "cancelled")
            c.agent = None
        c.was = c.state if partner else CallState.QUEUED
        c.state = follow(CALL, c.state, CallEvent.LOSE)
        c.lost_at, c.alone = self.now, self.nobody(c)
        c.until = self.now + self.lasts["talk_grace" if partner else "caller_grace"]
        if partner and partner.state == AgentState.CONNECTING:
            partner.until = c.until
        self.tell("caller_lost", c)
        if freed:
            self.match_agent(freed)

    def hang_up(self: Any, call, by, *, agent, offer, difficult):
        c = self.live(call)
        reason = "technical"
        if by == "caller":
            alone = c.alone if c.state == CallState.LOST else self.nobody(c)
            early = "no_one_there" if alone else "abandoned"
            reason = early if c.t1 is None else "caller_hung_up"
        elif by == "agent":
            if self.fenced(call, offer).agent != agent:
                raise StaleTokenError
            if not self.partner(c):
                raise InvalidTransitionError
            reason = "agent_hung_up"
        self.finish(c, reason, difficult)

    def move_call(self: Any, call, away_from, to):
        c = self.live(call)
        if c.relay == away_from != to:
            c.relay = to
            self.tell("call_moved", c)

    def requeue(self: Any, c):
        c.state = follow(CALL, c.state, CallEvent.REQUEUE)
        self.tell("call_requeued", c)
        c.agent = c.until = None
        if c.state == CallState.LOST:
            c.was = CallState.QUEUED
            c.until = c.lost_at + self.lasts["caller_grace"]

    def finish(self: Any, c, reason, difficult=False):
        partner, freed = self.partner(c), None
        if c.state == CallState.OFFERED:
            freed = self.agents[c.agent]
            self.close(c, "cancelled")
            c.agent = None
        lost = c.state == CallState.LOST
        c.ended_at = max(c.lost_at, c.t1 or 0) if lost else self.now
        c.state = follow(CALL, c.state, CallEvent.END)
        c.until, c.rests, c.reason = None, {}, reason
        c.only = c.only_until = c.call_back_until = None
        self.tell("call_ended", c)
        if partner:
            self.agent_finish(partner, c, difficult)
        if partner or freed:
            self.match_agent(partner or freed)
