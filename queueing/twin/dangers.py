"""The model of what is done in danger, and of the promises that break all the same."""

from queueing.matching import covers
from queueing.model import Act, CallId, CallState, Overflow
from queueing.twin.parts import Parts
from queueing.twin.records import Acted, Agent, Call, Facts

RUNS = {CallState.QUEUED, CallState.OFFERED, CallState.CONNECTING}


class Dangers(Parts):
    """A part of the twin."""

    def hasten(self, call: CallId, *, leg: int, widens: bool, offers: bool) -> None:
        c = self.live(call)
        widens = widens and self.could_widen(c)
        offers = offers and self.could_warn(c)
        if c.state != CallState.QUEUED or c.leg != leg or not (widens or offers):
            return
        while widens and c.step < len(c.steps):
            done = Acted(Act.WIDEN, c.needs, c.reserve, self.widening_due(c))
            self.take_step(c)
            if c.reserve and not done.reserve:
                done.act = Act.RESERVE
            self.note(c, done)
        if offers:
            c.warned = True
            self.offer_ways(c, {*c.ways, *self.ways_in_danger(c)})
            self.note(c, Acted(Act.OFFER))
        self.match_call(c)

    def note(self, c: Call, done: Acted) -> None:
        c.acted.append(done)
        facts: Facts = {"act": done.act, "leg": c.leg, "step": c.step}
        self.tell("monitor_acted", c, facts=facts)

    def could_widen(self, c: Call) -> bool:
        """Whether a step is left, and the last one is for danger."""
        return c.step < len(c.steps) and c.steps[-1].after is None

    def could_warn(self, c: Call) -> bool:
        return bool(self.ways_in_danger(c)) and not (c.warned or c.call_back_until)

    def ways_in_danger(self, c: Call) -> frozenset[Overflow]:
        steps = c.service.overflow
        return steps[-1].ways if steps and steps[-1].after is None else frozenset()

    def helped(self, c: Call, a: Agent) -> None:
        """An agent answers: who could not have been offered the call before?"""
        for done in c.acted:
            fits = covers(a.entry.skills, done.needs)
            fits = fits and (done.reserve or not a.entry.reserve)
            self.judge(c, done, helped=done.act != Act.OFFER and not fits)
        c.acted = []

    def not_helped(self, c: Call, *, another_way: bool) -> None:
        """The caller leaves, another way or for good."""
        for done in c.acted:
            self.judge(c, done, helped=another_way and done.act == Act.OFFER)
        c.acted = []

    def judge(self, c: Call, done: Acted, *, helped: bool) -> None:
        in_time = self.now <= c.leg_t0 + c.target
        facts: Facts = {"act": done.act, "helped": helped, "in_time": in_time}
        self.tell("monitor_helped", c, facts=facts)

    # ------------------------------------------------------------------- promises

    def promise_due(self, c: Call) -> int | None:
        """When the promise breaks, of a caller who is there and has seen nobody."""
        runs = c.state in RUNS and not c.settled
        return c.leg_t0 + c.target if runs else None

    def break_promise(self, c: Call) -> None:
        c.settled = True
        facts: Facts = {"leg": c.leg, "target_us": c.target}
        self.tell("promise_broken", c, facts=facts, at=c.leg_t0 + c.target)
