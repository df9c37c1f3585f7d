"""The model of an offer: it rings, and what becomes of it until the caller sees."""

from queueing.errors import InvalidTransitionError, StaleTokenError
from queueing.model import (
    AgentId,
    AgentState,
    CallId,
    CallState,
    EndReason,
    Evidence,
    ReservationState,
)
from queueing.transitions import (
    CALL,
    RESERVATION,
    AgentEvent,
    CallEvent,
    ReservationEvent,
    follow,
)
from queueing.twin.parts import Parts
from queueing.twin.records import Agent, Call

OFFER_ENDS = {
    "refused": ReservationEvent.REFUSE,
    "timed_out": ReservationEvent.TIME_OUT,
    "cancelled": ReservationEvent.CANCEL,
    "rescinded": ReservationEvent.RESCIND,
}


class Offers(Parts):
    """A part of the twin."""

    def offer(self, c: Call, a: Agent) -> None:
        c.state = follow(CALL, c.state, CallEvent.OFFER)
        self.step(a, AgentEvent.OFFER)
        c.agent, a.call = a.id, c.id
        c.only = c.only_until = None
        c.offer += 1
        c.reservation = ReservationState.PENDING
        c.offered_at = self.now
        c.until = a.until = self.now + self.lasts["offer"]
        self.tell("offer_made", c)

    def close(self, c: Call, how: str) -> None:
        a = self.agent_of(c)
        c.reservation = follow(RESERVATION, c.reservation, OFFER_ENDS[how])
        c.until = None
        c.rung += self.now - c.offered_at
        self.tell(f"offer_{how}", c)
        self.release(a, keeps_turn=how == "cancelled")

    def rest(self, c: Call, a: Agent) -> None:
        c.rests[a.id] = self.now + self.lasts["pair_rest"]

    def fenced(self, call: CallId, offer: int) -> Call:
        c = self.live(call)
        if c.agent is None or c.offer != offer:
            raise StaleTokenError
        return c

    def accept(self, agent: AgentId, call: CallId, offer: int) -> None:
        a, c = self.here(agent), self.fenced(call, offer)
        if c.agent != agent:
            raise StaleTokenError
        c.reservation = follow(RESERVATION, c.reservation, ReservationEvent.ACCEPT)
        c.state = follow(CALL, c.state, CallEvent.ACCEPT)
        c.rung += self.now - c.offered_at
        self.step(a, AgentEvent.ACCEPT)
        a.misses = 0
        self.lease_connecting(c)
        self.tell("call_accepted", c)

    def refuse(self, agent: AgentId, call: CallId, offer: int) -> None:
        a, c = self.here(agent), self.fenced(call, offer)
        if c.agent != agent:
            raise StaleTokenError
        follow(RESERVATION, c.reservation, ReservationEvent.REFUSE)
        a.misses = 0
        self.close(c, "refused")
        self.rest(c, a)
        self.requeue(c)
        self.match_call(c)
        self.match_agent(a)

    def time_out(self, c: Call) -> None:
        a = self.agent_of(c)
        a.misses += 1
        misses = a.misses
        self.close(c, "timed_out")
        self.rest(c, a)
        self.requeue(c)
        if misses >= 3 and not a.entry.independent:
            self.pause(a)
            self.let_go([a], c)
            return
        if misses >= 3:
            self.rest_agent(a)
        self.match_call(c)
        if misses < 3:
            self.match_agent(a)

    def lease_connecting(self, c: Call) -> None:
        text = "first_words" if c.mode == "text" else "connect"
        c.until = self.now + self.lasts["summon" if c.call_back_until else text]
        a = self.agent_of(c)
        if a.state == AgentState.CONNECTING:
            a.until = c.until

    def answered(self, call: CallId, offer: int) -> None:
        c = self.fenced(call, offer)
        if c.stage == CallState.ANSWERED:
            return
        if c.stage != CallState.CONNECTING:
            raise InvalidTransitionError
        a = self.agent_of(c)
        c.state = follow(CALL, c.state, CallEvent.ANSWER)
        gone = c.call_back_until and not c.server
        c.call_back_until = None
        if c.state == CallState.LOST:
            c.was = CallState.ANSWERED
        else:
            c.until = None
        c.t1 = self.now if c.t1 is None else c.t1
        self.step(a, AgentEvent.ANSWER)
        if a.state == AgentState.LOST:
            a.was = AgentState.IN_CALL
        else:
            a.until = None
        again, seen = c.t1 != self.now, Evidence.PRESENTED
        self.tell(
            "call_answered", c, facts={"evidence": seen, "again": again, "leg": c.leg}
        )
        c.settled = True
        self.helped(c, a)
        if gone:
            self.lose_call(c)

    def media_failed(self, call: CallId, offer: int) -> None:
        c = self.fenced(call, offer)
        if c.stage != CallState.CONNECTING:
            raise InvalidTransitionError
        self.no_frame(c)

    def no_frame(self, c: Call) -> None:
        a = self.agent_of(c)
        c.attempts += 1
        self.tell("media_failed", c)
        if c.attempts >= 2:
            self.finish(c, EndReason.TECHNICAL)
            return
        self.rest(c, a)
        self.requeue(c)
        self.release(a)
        if a.wish and a.state == AgentState.READY:
            self.take_break(a)
            self.let_go([a], c)
            return
        self.match_call(c)
        self.match_agent(a)
