"""The model of other ways out of a long wait, and of call-backs."""

from queueing.errors import NotOfferedError
from queueing.model import CallId, CallState, EndReason, Mode, Overflow
from queueing.twin.parts import Parts
from queueing.twin.records import SECOND, Call


class Ways(Parts):
    """A part of the twin."""

    def leave_another_way(self, call: CallId, way: Overflow) -> None:
        c = self.live(call)
        if c.state not in {CallState.QUEUED, CallState.OFFERED} or way not in c.ways:
            raise NotOfferedError
        self.tell("call_left", c, facts={"way": way, "leg": c.leg})
        self.not_helped(c, another_way=True)
        if way == Overflow.TEXT:
            self.wait_on_as_text(c)
        elif way == Overflow.CALL_BACK:
            c.call_back_until = self.now + self.lasts["call_back"]
            c.ways = set()
        else:
            self.finish(c, EndReason.LEFT_ANOTHER_WAY)

    def wait_on_as_text(self, c: Call) -> None:
        freed = None
        if c.state == CallState.OFFERED:
            freed = self.agent_of(c)
            self.close(c, "rescinded")
            self.requeue(c)
        c.only = c.only_until = None
        c.mode, c.step = Mode.TEXT, 0
        self.require(c, c.service, c.topic, None)
        c.ways -= {Overflow.TEXT}
        self.match_call(c, but=freed)
        if freed:
            self.match_agent(freed)

    def overflow_due(self, c: Call) -> int | None:
        """When the next step is due, of a call that waits in person."""
        taken = c.overflowed
        if c.call_back_until or taken == len(c.service.overflow):
            return None
        after = c.service.overflow[taken].after
        return None if after is None else c.leg_t0 + round(after * SECOND)

    def take_overflow(self, c: Call) -> None:
        offered = set(c.ways)
        while (due := self.overflow_due(c)) and due <= self.now:
            offered |= c.service.overflow[c.overflowed].ways
            c.overflowed += 1
        self.offer_ways(c, offered)

    def offer_ways(self, c: Call, offered: set[Overflow]) -> None:
        if c.mode == Mode.TEXT:
            offered -= {Overflow.TEXT}
        if offered != c.ways:
            c.ways = offered
            self.tell("overflow_offered", c)

    def come(self, c: Call) -> None:
        c.call_back_until = None
        c.ways, c.overflowed, c.warned = set(), 0, False
        self.tell("caller_back", c)
        if self.partner(c):
            self.lease_connecting(c)
        self.match_call(c)

    def call_back_due(self, c: Call) -> None:
        if c.state == CallState.QUEUED:
            self.finish(c, EndReason.CALL_BACK_MISSED)
        else:
            c.call_back_until = self.now + self.lasts["offer"]
