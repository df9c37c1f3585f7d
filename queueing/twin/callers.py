"""The model of a caller: from T0 to the end, present or lost."""

from queueing.errors import InvalidTransitionError, StaleTokenError
from queueing.model import (
    AgentId,
    AgentState,
    CallId,
    CallState,
    EndReason,
    Mode,
    RelayId,
    ServerId,
    ServiceId,
    Side,
    TopicId,
    VariantId,
)
from queueing.transitions import CALL, CallEvent, follow
from queueing.twin.parts import Parts
from queueing.twin.records import Call, Facts


class Callers(Parts):
    """A part of the twin."""

    def enqueue(
        self,
        call: CallId,
        service: ServiceId,
        server: ServerId,
        *,
        topic: TopicId | None = None,
        variant: VariantId | None = None,
        mode: Mode = Mode.VIDEO,
        prefer: AgentId | None = None,
    ) -> None:
        asked = self.asked(service, topic, variant)
        c = Call(call, asked, self.now, server, mode)
        self.require(c, asked, topic, variant)
        c.deadline, c.leg_t0 = self.now + c.allowance, self.now
        self.calls[call] = c
        self.hold(server)
        facts: Facts = {"topic": c.topic, "mode": c.mode, "t0_us": c.t0}
        self.tell("call_queued", c, facts=facts)
        if self.nobody(c):
            self.tell("no_one_there", c)
        if prefer and self.could_take(c, prefer):
            self.wait_for(c, prefer, "prefer")
        self.match_call(c)

    def resume(self, call: CallId, server: ServerId, *, comes: bool = True) -> None:
        c = self.live(call)
        c.server = server
        self.hold(server)
        if c.state == CallState.LOST:
            self.caller_back(c)
        elif c.call_back_until and comes:
            self.come(c)

    def caller_back(self, c: Call) -> None:
        c.state = follow(CALL, c.state, CallEvent(f"back_to_{c.was}"))
        c.was = c.until = c.lost_at = None
        self.tell("caller_back", c)
        if (due := self.promise_due(c)) and due <= self.now:
            self.break_promise(c)
        if c.state == CallState.CONNECTING:
            self.lease_connecting(c)
        self.match_call(c)

    def caller_lost(self, call: CallId) -> None:
        c = self.find(call)
        if c.state not in {CallState.ENDED, CallState.LOST} and c.server:
            self.lose_call(c)

    def lose_call(self, c: Call) -> None:
        if c.call_back_until:
            c.server = None
            return
        partner, freed = self.partner(c), None
        if c.state == CallState.OFFERED:
            freed = self.agent_of(c)
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

    def hang_up(
        self,
        call: CallId,
        by: Side,
        *,
        agent: AgentId | None = None,
        offer: int = 0,
        difficult: bool = False,
    ) -> None:
        c = self.live(call)
        reason = EndReason.TECHNICAL
        if by == Side.CALLER:
            alone = c.alone if c.state == CallState.LOST else self.nobody(c)
            early = EndReason.NO_ONE_THERE if alone else EndReason.ABANDONED
            reason = early if c.t1 is None else EndReason.CALLER_HUNG_UP
        elif by == Side.AGENT:
            if self.fenced(call, offer).agent != agent:
                raise StaleTokenError
            if not self.partner(c):
                raise InvalidTransitionError
            reason = EndReason.AGENT_HUNG_UP
        self.finish(c, reason, difficult=difficult)

    def move_call(self, call: CallId, away_from: RelayId, to: RelayId) -> None:
        c = self.live(call)
        if c.relay == away_from != to:
            c.relay = to
            self.tell("call_moved", c)

    def requeue(self, c: Call) -> None:
        c.state = follow(CALL, c.state, CallEvent.REQUEUE)
        self.tell("call_requeued", c)
        c.agent = c.until = None
        if c.state == CallState.LOST:
            c.was = CallState.QUEUED
            c.until = (c.lost_at or 0) + self.lasts["caller_grace"]

    def finish(self, c: Call, reason: EndReason, *, difficult: bool = False) -> None:
        partner, freed = self.partner(c), None
        if c.state == CallState.OFFERED:
            freed = self.agent_of(c)
            self.close(c, "cancelled")
            c.agent = None
        lost = c.state == CallState.LOST
        c.ended_at = max(c.lost_at or 0, c.t1 or 0) if lost else self.now
        c.state = follow(CALL, c.state, CallEvent.END)
        c.until, c.rests, c.reason = None, {}, reason
        c.only = c.only_until = c.call_back_until = None
        self.not_helped(c, another_way=False)
        facts: Facts = {"reason": reason, "ended_at_us": c.ended_at, "t1_us": c.t1}
        self.tell("call_ended", c, facts=facts)
        if partner:
            self.agent_finish(partner, c, difficult=difficult)
        if gone := partner or freed:
            self.match_agent(gone)
