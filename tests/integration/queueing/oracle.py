"""The whole queue as a plain-Python model: lists instead of indexes, no store, no Lua.

It decides by `queueing.transitions` and `queueing.matching` alone. Times are whole
microseconds, so that it never differs from the library by a rounding.
"""

from dataclasses import dataclass, field
from typing import Any

from queueing.errors import (
    CoolingDownError,
    EndedCallError,
    IndependentAgentError,
    InvalidTransitionError,
    StaleTokenError,
    UnknownCallError,
)
from queueing.matching import (
    Caller,
    Candidate,
    best_agent,
    best_caller,
    eligible,
    held,
)
from queueing.model import AgentState, CallState, ReservationState
from queueing.needs import widen
from queueing.transitions import (
    AGENT,
    CALL,
    RESERVATION,
    AgentEvent,
    CallEvent,
    ReservationEvent,
    follow,
)
from tests.integration.queueing.oracle_legs import NEVER, SECOND, Legs
from tests.integration.queueing.oracle_ways import Ways

TALKING = (AgentState.CONNECTING, AgentState.IN_CALL)
LEASED = (AgentState.WRAP_UP, AgentState.READY, AgentState.LOST)
OFFER_ENDS = {
    "refused": ReservationEvent.REFUSE,
    "timed_out": ReservationEvent.TIME_OUT,
    "cancelled": ReservationEvent.CANCEL,
    "rescinded": ReservationEvent.RESCIND,
}


@dataclass
class Call:
    id: str
    service: Any
    t0: int
    server: Any
    mode: str = "video"
    needs: Any = ()
    allowance: int = 0
    deadline: int = 0
    variant: Any = None
    only: Any = None
    only_until: Any = None
    topic: Any = None
    ways: set[str] = field(default_factory=set)
    overflowed: int = 0
    call_back_until: Any = None
    leg: int = 0
    leg_t0: int = 0
    steps: Any = ()
    step: int = 0
    rung: int = 0
    offered_at: int = 0
    reserve: bool = False
    first_needs: Any = ()
    dropped: frozenset[str] = frozenset()
    state: CallState = CallState.QUEUED
    was: Any = None
    t1: Any = None
    agent: Any = None
    offer: int = 0
    reservation: Any = None
    attempts: int = 0
    lost_at: Any = None
    alone: bool = False
    until: Any = None
    reason: Any = None
    ended_at: Any = None
    rests: dict[str, int] = field(default_factory=dict)

    @property
    def stage(self):
        return self.was if self.state == CallState.LOST else self.state


@dataclass
class Agent:
    id: str
    entry: Any
    state: AgentState = AgentState.OFFLINE
    was: Any = None
    call: Any = None
    until: Any = None
    wrap_up_until: Any = None
    cool_until: Any = None
    wish: Any = None
    idle_since: int = 0
    misses: int = 0
    server: Any = None

    @property
    def stage(self):
        return self.was if self.state == AgentState.LOST else self.state


class Oracle(Legs, Ways):
    """What the queue must do; `events` is what its ledger must hold."""

    def __init__(self, now, directory, lasts):
        services, agents = directory.services, directory.agents
        self.now = now
        self.directory = directory
        self.services = {each.id: each for each in services}
        self.agents = {each.id: Agent(each.id, each) for each in agents}
        self.calls: dict[str, Call] = {}
        self.servers: dict[str, int] = {}
        self.events: list[Any] = []
        self.lasts = {
            name: round(value * SECOND) for name, value in vars_of(lasts).items()
        }

    # ------------------------------------------------------------------ callers

    def enqueue(self, call, service, server, *, topic=None, variant=None, mode="video",
                prefer=None):  # fmt: skip
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

    def resume(self, call, server, *, comes=True):
        c = self.live(call)
        c.server = server
        self.hold(server)
        if c.state == CallState.LOST:
            self.caller_back(c)
        elif c.call_back_until and comes:
            self.come(c)

    def caller_back(self, c):
        c.state = follow(CALL, c.state, CallEvent(f"back_to_{c.was}"))
        c.was = c.until = c.lost_at = None
        self.tell("caller_back", c)
        if c.state == CallState.CONNECTING:
            self.lease_connecting(c)
        self.match_call(c)

    def caller_lost(self, call):
        c = self.find(call)
        if c.state not in {CallState.ENDED, CallState.LOST} and c.server:
            self.lose_call(c)

    def lose_call(self, c):
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

    def hang_up(self, call, by, difficult=False):
        c = self.live(call)
        reason = "technical"
        if by == "caller":
            alone = c.alone if c.state == CallState.LOST else self.nobody(c)
            early = "no_one_there" if alone else "abandoned"
            reason = early if c.t1 is None else "caller_hung_up"
        elif by == "agent":
            if not self.partner(c):
                raise InvalidTransitionError
            reason = "agent_hung_up"
        self.finish(c, reason, difficult)

    # ------------------------------------------------------------------- agents

    def agent_connected(self, agent, server):
        a = self.agents[agent]
        a.server = server
        self.hold(server)
        if a.state == AgentState.OFFLINE:
            self.step(a, AgentEvent.CONNECT)
            a.misses = 0
            self.tell("agent_state", None, a)
        elif a.state == AgentState.LOST:
            self.agent_back(a)

    def agent_back(self, a):
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

    def agent_ready(self, agent):
        a = self.agents[agent]
        if a.state == AgentState.READY and a.until:
            self.rested(a)
        elif a.state in TALKING and a.wish:
            a.wish = None
        elif a.state != AgentState.READY:
            follow(AGENT, a.state, AgentEvent.GET_READY)
            self.check_cool(a)
            self.get_ready(a)

    def check_cool(self, a):
        if a.cool_until and a.cool_until > self.now:
            raise CoolingDownError

    def rest_agent(self, a):
        a.misses, a.until = 0, self.now + self.lasts["agent_rest"]
        self.tell("agent_state", None, a)

    def rested(self, a):
        a.until, a.idle_since = None, self.now
        self.tell("agent_state", None, a)
        self.match_agent(a)

    def get_ready(self, a):
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.GET_READY)
        a.until, a.misses, a.idle_since, a.wish = None, 0, self.now, None
        self.tell("wrap_up_done" if wrapped else "agent_state", None, a)
        self.match_agent(a)

    def agent_away(self, agent):
        a = self.agents[agent]
        if a.state != AgentState.AWAY:
            self.step_aside(a, "refused", self.pause)

    def step_aside(self, a, how, act):
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

    def agent_break(self, agent):
        a = self.agents[agent]
        if a.state in TALKING:
            a.wish = AgentState.BREAK
        elif a.state != AgentState.BREAK:
            self.step_aside(a, "refused", self.take_break)

    def take_break(self, a):
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.TAKE_BREAK)
        a.until, a.misses, a.wish = None, 0, None
        if wrapped:
            self.tell("wrap_up_done", None, a)
        self.tell("agent_state", None, a)

    def agent_forced(self, agent, state):
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

    def pause(self, a):
        wrapped = a.state == AgentState.WRAP_UP
        self.step(a, AgentEvent.PAUSE)
        a.until, a.misses, a.wish = None, 0, None
        self.tell("wrap_up_done" if wrapped else "agent_state", None, a)

    def wrap_up_done(self, agent, ready):
        a = self.agents[agent]
        if a.state != AgentState.WRAP_UP:
            raise InvalidTransitionError
        if ready:
            self.check_cool(a)
            self.get_ready(a)
        else:
            (self.take_break if a.wish else self.pause)(a)
            self.let_go([a])

    def agent_offline(self, agent):
        a = self.agents[agent]
        if a.state != AgentState.OFFLINE:
            self.leave(a)

    def leave(self, a):
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

    def agent_lost(self, agent):
        a = self.agents[agent]
        if a.state not in {AgentState.OFFLINE, AgentState.LOST} and a.server:
            self.let_go([a], *self.lose_agent(a))

    def lose_agent(self, a):
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

    def accept(self, agent, call, offer):
        c, a = self.fenced(call, offer), self.agents[agent]
        if c.agent != agent:
            raise StaleTokenError
        c.reservation = follow(RESERVATION, c.reservation, ReservationEvent.ACCEPT)
        c.state = follow(CALL, c.state, CallEvent.ACCEPT)
        c.rung += self.now - c.offered_at
        self.step(a, AgentEvent.ACCEPT)
        a.misses = 0
        self.lease_connecting(c)
        self.tell("call_accepted", c)

    def refuse(self, agent, call, offer):
        c, a = self.fenced(call, offer), self.agents[agent]
        if c.agent != agent:
            raise StaleTokenError
        follow(RESERVATION, c.reservation, ReservationEvent.REFUSE)
        a.misses = 0
        self.close(c, "refused")
        self.rest(c, a)
        self.requeue(c)
        self.match_call(c)
        self.match_agent(a)

    def answered(self, call, offer):
        c = self.fenced(call, offer)
        if c.stage == CallState.ANSWERED:
            return
        if c.stage != CallState.CONNECTING:
            raise InvalidTransitionError
        a = self.agents[c.agent]
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
        self.tell("call_answered", c)
        if gone:
            self.lose_call(c)

    def media_failed(self, call, offer):
        c = self.fenced(call, offer)
        if c.stage != CallState.CONNECTING:
            raise InvalidTransitionError
        self.no_frame(c)

    def no_frame(self, c):
        a = self.agents[c.agent]
        c.attempts += 1
        self.tell("media_failed", c)
        if c.attempts >= 2:
            self.finish(c, "technical")
            return
        self.rest(c, a)
        self.requeue(c)
        self.release(a)
        self.match_call(c)
        self.match_agent(a)

    def publish(self, directory):
        for entry in sorted(directory.agents, key=lambda each: each.id):
            a = self.agents[entry.id]
            if a.entry != entry:
                a.entry = entry
                self.match_agent(a)
                self.let_go([a])
        old, self.directory = self.keeps(), directory
        self.services = {each.id: each for each in directory.services}
        kept = {skill for skill, _ in self.keeps()}
        if old != self.keeps():
            self.settle(self.keeps())
            self.settle([(skill, -1) for skill, _ in old if skill not in kept])
            known = [skill for skill, _ in old]
            self.settle(
                [(skill, -1) for skill, _ in self.keeps() if skill not in known]
            )

    # --------------------------------------------------------------------- time

    def advance(self, seconds, alive):
        self.now += seconds * SECOND
        for server in alive:
            self.servers[server] = self.now + self.lasts["server_lease"]
        while due := [each for each in self.leases() if each[0] <= self.now]:
            for _, *lease in due:
                if any(each[1:] == (*lease,) for each in self.leases(self.now)):
                    self.due(*lease)

    def present_everybody(self, servers):
        """Another life of the store changes nothing: whoever was connected still is."""
        held: list[Any] = [*self.calls.values(), *self.agents.values()]
        for each in held:
            if each.state in {CallState.LOST, AgentState.LOST}:
                each.server = None
        for server in servers:
            self.servers[server] = self.now + self.lasts["server_lease"]

    def leases(self, until=None):
        found = [(c.until, "call", c.id) for c in self.calls.values() if c.until]
        found += [
            (a.until, "agent", a.id)
            for a in self.agents.values()
            if a.until and a.state in LEASED
        ]
        found += [
            (expiry, f"pair {c.id}", agent)
            for c in self.calls.values()
            for agent, expiry in c.rests.items()
            if expiry != NEVER
        ]
        found += [
            (self.widening_due(c), "widen", c.id)
            for c in self.calls.values()
            if c.state == CallState.QUEUED and self.widening_due(c)
        ]
        found += [
            (self.overflow_due(c), "overflow", c.id)
            for c in self.calls.values()
            if c.state == CallState.QUEUED and self.overflow_due(c)
        ]
        found += [
            (c.call_back_until, "callback", c.id)
            for c in self.calls.values()
            if c.call_back_until
        ]
        found += [(c.only_until, "only", c.id) for c in self.calls.values() if c.only]
        found += [(expiry, "server", name) for name, expiry in self.servers.items()]
        found.sort(key=lambda each: (each[0], " ".join(each[1:])))
        return [each for each in found if until is None or each[0] <= until]

    def due(self, kind, name):
        if kind == "server":
            self.server_lost(name)
        elif kind.startswith("pair"):
            c = self.calls[kind.removeprefix("pair ")]
            del c.rests[name]
            self.match_call(c)
        elif kind == "widen":
            self.match_call(self.calls[name])
        elif kind == "overflow":
            self.take_overflow(self.calls[name])
        elif kind == "callback":
            self.call_back_due(self.calls[name])
        elif kind == "only":
            self.only_due(self.calls[name])
        elif kind == "agent":
            self.agent_due(self.agents[name])
        else:
            self.call_due(self.calls[name])

    def agent_due(self, a):
        if a.state == AgentState.WRAP_UP and a.wish:
            self.take_break(a)
            self.let_go([a])
        elif a.state == AgentState.WRAP_UP:
            self.get_ready(a)
        elif a.state == AgentState.READY:
            self.rested(a)
        else:
            self.leave(a)

    def call_due(self, c):
        if c.state == CallState.OFFERED:
            self.time_out(c)
        elif c.state == CallState.CONNECTING and c.call_back_until:
            self.finish(c, "call_back_missed")
        elif c.state == CallState.CONNECTING:
            self.no_frame(c)
        else:
            waiting = c.was == CallState.QUEUED and c.t1 is None
            early = "no_one_there" if c.alone else "lost_waiting"
            self.finish(c, early if waiting else "caller_lost")

    def time_out(self, c):
        a = self.agents[c.agent]
        a.misses += 1
        misses = a.misses
        self.close(c, "timed_out")
        self.rest(c, a)
        self.requeue(c)
        if misses >= 3 and not a.entry.independent:
            self.pause(a)
            self.let_go([a], c)
            return
        self.match_call(c)
        (self.rest_agent if misses >= 3 else self.match_agent)(a)

    def server_lost(self, name):
        del self.servers[name]
        self.begin(name)

    def begin(self, name):
        """A server has a new life: it loses everybody whom the old one held."""
        agents = sorted(
            (a for a in self.agents.values() if a.server == name), key=lambda a: a.id
        )
        agents.sort(key=lambda a: a.state != AgentState.READY)
        back = []
        for a in agents:
            if a.state != AgentState.LOST:
                back += self.lose_agent(a)
            a.server = None
        self.let_go(agents, *back)
        live = (c for c in self.calls.values() if c.state != CallState.ENDED)
        for c in sorted((c for c in live if c.server == name), key=lambda c: c.id):
            if c.state != CallState.LOST:
                self.lose_call(c)
            c.server = None

    # ------------------------------------------------------------------ private

    def hold(self, server):
        self.servers.setdefault(server, self.now + self.lasts["server_lease"])

    def find(self, call):
        if call not in self.calls:
            raise UnknownCallError
        return self.calls[call]

    def live(self, call):
        if self.find(call).state == CallState.ENDED:
            raise EndedCallError
        return self.calls[call]

    def fenced(self, call, offer):
        c = self.live(call)
        if c.agent is None or c.offer != offer:
            raise StaleTokenError
        return c

    def partner(self, c):
        accepted = c.stage in {CallState.CONNECTING, CallState.ANSWERED}
        return self.agents[c.agent] if accepted else None

    def nobody(self, c):
        """Nobody could ever serve, were every step taken and all signed in ready."""
        widest = Caller(
            c.id,
            c.service.company,
            self.widest(c),
            c.deadline,
            reserve=any(step.reserve for step in c.steps),
            dropped=frozenset(need.skill for need in c.first_needs),
            rests=c.rests,
        )
        here = [a for a in self.agents.values() if a.state != AgentState.OFFLINE]
        at_last = NEVER - 1  # when all rests are over, but those that never are
        return not any(eligible(widest, self.candidate(a, here), at_last) for a in here)

    def scarce(self, needs):
        """Which of the needed skills something is kept of."""
        kept = {each.skill for each in self.directory.reserves}
        return frozenset(kept & {need.skill for need in needs})

    def widest(self, c):
        needs = c.needs
        for step in c.steps:
            needs = widen(needs, self.directory.kind, step)
        return needs

    def widening_due(self, c):
        """When a waiting call takes its next step: the time it rings does not count."""
        if c.step < len(c.steps):
            return c.leg_t0 + round(c.steps[c.step].after * SECOND) + c.rung
        return None

    def widen(self, c):
        while c.step < len(c.steps) and self.widening_due(c) <= self.now:
            step = c.steps[c.step]
            left = widen(c.needs, self.directory.kind, step)
            c.dropped |= self.scarce(c.needs) - self.scarce(left)
            c.needs = left
            c.reserve = c.reserve or step.reserve
            c.step += 1
            self.tell("call_widened", c)

    def step(self, a, event):
        a.state = follow(AGENT, a.state, event)

    def caller(self, c):
        return Caller(
            c.id,
            c.service.company,
            c.needs,
            c.deadline,
            c.rests,
            c.reserve,
            c.only,
            c.dropped,
        )

    def ready(self):
        """Who may be offered a call: whoever rests may not, until the rest is ended."""
        agents = self.agents.values()
        return [a for a in agents if a.state == AgentState.READY and not a.until]

    def candidate(self, a, free=None):
        """An agent among those who are free, or would be."""
        free = self.ready() if free is None else free
        reserves = self.directory.reserves
        counts = {
            each.skill: sum(other.entry.skills.get(each.skill, 0) > 0 for other in free)
            for each in reserves
        }
        return Candidate(
            a.id,
            a.entry.companies,
            a.entry.skills,
            a.entry.reserve,
            a.idle_since,
            (a.until or 0) if a.state == AgentState.READY else 0,
            held(a.entry.skills, reserves, counts),
        )

    def settle(self, keeps):
        """One more ready agent may free others who were kept: the first caller goes."""
        for skill, keep in keeps:
            while True:
                holders = [a for a in self.ready() if a.entry.skills.get(skill, 0) > 0]
                waiting = [
                    self.caller(c)
                    for c in self.calls.values()
                    if c.state == CallState.QUEUED
                ]
                found = [
                    best_caller(self.candidate(a), waiting, self.now) for a in holders
                ]
                able = [each for each in found if each]
                if len(holders) <= keep or not able:
                    break
                first = min(able, key=lambda each: (each.deadline, each.call))
                self.match_call(self.calls[first.call])

    def match_call(self, c, but=None):
        if c.state != CallState.QUEUED:
            return
        self.widen(c)
        self.take_overflow(c)
        ready = [a for a in self.ready() if a is not but]
        found = best_agent(self.caller(c), map(self.candidate, ready), self.now)
        if found:
            self.offer(c, self.agents[found.agent])

    def match_agent(self, a):
        if a.state != AgentState.READY:
            return
        if a.wish:
            self.take_break(a)
            self.let_go([a])
            return
        queued = [c for c in self.calls.values() if c.state == CallState.QUEUED]
        found = best_caller(self.candidate(a), map(self.caller, queued), self.now)
        if found:
            self.offer(self.calls[found.call], a)
        else:
            self.settle(self.keeps())

    def keeps(self):
        return [(each.skill, each.keep) for each in self.directory.reserves]

    def offer(self, c, a):
        c.state = follow(CALL, c.state, CallEvent.OFFER)
        self.step(a, AgentEvent.OFFER)
        c.agent, a.call = a.id, c.id
        c.only = c.only_until = None
        c.offer += 1
        c.reservation = ReservationState.PENDING
        c.offered_at = self.now
        c.until = a.until = self.now + self.lasts["offer"]
        self.tell("offer_made", c)

    def close(self, c, how):
        a = self.agents[c.agent]
        c.reservation = follow(RESERVATION, c.reservation, OFFER_ENDS[how])
        c.until = None
        c.rung += self.now - c.offered_at
        self.tell(f"offer_{how}", c)
        self.release(a, keeps_turn=how == "cancelled")

    def release(self, a, *, keeps_turn=False):
        self.step(a, AgentEvent.RELEASE)
        if a.state == AgentState.LOST:
            a.was = AgentState.READY
        else:
            a.until = None
        if not keeps_turn:
            a.idle_since = self.now
        a.call = None

    def rest(self, c, a):
        c.rests[a.id] = self.now + self.lasts["pair_rest"]

    def requeue(self, c):
        c.state = follow(CALL, c.state, CallEvent.REQUEUE)
        self.tell("call_requeued", c)
        c.agent = c.until = None
        if c.state == CallState.LOST:
            c.was = CallState.QUEUED
            c.until = c.lost_at + self.lasts["caller_grace"]

    def lease_connecting(self, c):
        text = "first_words" if c.mode == "text" else "connect"
        c.until = self.now + self.lasts["summon" if c.call_back_until else text]
        a = self.agents[c.agent]
        if a.state == AgentState.CONNECTING:
            a.until = c.until

    def finish(self, c, reason, difficult=False):
        partner, freed = self.partner(c), None
        if c.state == CallState.OFFERED:
            freed = self.agents[c.agent]
            self.close(c, "cancelled")
            c.agent = None
        left = c.state == CallState.LOST and c.was == CallState.QUEUED
        c.ended_at = c.lost_at if left else self.now
        c.state = follow(CALL, c.state, CallEvent.END)
        c.until, c.rests, c.reason = None, {}, reason
        c.only = c.only_until = c.call_back_until = None
        self.tell("call_ended", c)
        if partner:
            self.agent_finish(partner, c, difficult)
        if partner or freed:
            self.match_agent(partner or freed)

    def after_talk(self, a, c, difficult=False):
        cool = round(c.service.cool_down * SECOND)
        if difficult:
            cool = max(cool, self.lasts["difficult_cool_down"])
        if cool:
            a.cool_until = max(a.cool_until or 0, self.now + cool)
        notes = c.service.wrap_up
        notes = self.lasts["wrap_up"] if notes is None else round(notes * SECOND)
        return max(self.now + notes, a.cool_until or 0)

    def agent_finish(self, a, c, difficult):
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

    def tell(self, kind, c=None, a=None):
        agent = a.id if a else c.agent
        self.events.append((kind, c.id if c else None, agent))


def vars_of(durations):
    return {name: getattr(durations, name) for name in durations.__slots__}
