"""Whatever happens in whatever order, the library does what the plain model says."""

import asyncio
import contextlib
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from queueing.catalogue import (
    Need,
    OverflowStep,
    ScarceReserve,
    SkillKind,
    WideningStep,
)
from queueing.dangers import Thresholds
from queueing.errors import RefusedError
from queueing.invariants import changes, violations
from queueing.inventory import Inventory
from queueing.matching import eligible
from queueing.messages import CallMoved, Resync, read_events
from queueing.model import (
    Act,
    AgentState,
    CallState,
    Durations,
    Evidence,
    Mode,
    Overflow,
    Side,
    Trigger,
)
from queueing.monitor import Monitor
from queueing.twin.records import SECOND
from queueing.twin.twin import Twin
from tests.integration.queueing.pools import (
    START,
    a_directory,
    a_pool,
    a_request,
    a_service,
    an_agent,
    events_of,
    some_needs,
)

LATER = (
    WideningStep(10.0, relax=frozenset({SkillKind.TOPIC})),
    WideningStep(25.0, reserve=True),
)
WAYS = (
    OverflowStep(5.0, frozenset({Overflow.CALL_BACK})),
    OverflowStep(20.0, frozenset(Overflow)),
)
IN_DANGER = (
    WideningStep(30.0, relax=frozenset({SkillKind.TOPIC})),
    WideningStep(None, reserve=True),
)
WARNED = (
    OverflowStep(5.0, frozenset({Overflow.TEXT})),
    OverflowStep(None, frozenset(Overflow)),
)
SERVICES = [
    a_service(words={"variants": {"text": some_needs(text=1)}, "overflow": WAYS}),
    a_service(
        "hard",
        words={
            "priority": 20.0,
            "topics": {"bill": Need("claims", 1)},
            "cool_down": 15.0,
        },
        lsf=3,
    ),
    a_service(
        "insurance-demo",
        "insurance",
        words={
            "target": 90.0,
            "wrap_up": 30.0,
            "widening": LATER,
            "overflow": WAYS[1:],
        },
        lsf=1,
        claims=2,
    ),
    a_service(
        "insurance-fast",
        "insurance",
        words={"target": 45.0, "widening": IN_DANGER, "overflow": WARNED},
        lsf=1,
        claims=3,
    ),
]
AGENTS = [
    an_agent("agent1", lsf=2),
    an_agent("agent2", lsf=3, text=1),
    an_agent("agent3", lsf=3, claims=1),
    an_agent("agent4", "telecom", "insurance", independent=True, lsf=3, claims=3),
    an_agent("agent5", "insurance", lsf=2, claims=2, reserve=True),
]
SKILLED = [
    an_agent("agent1", lsf=2),
    an_agent("agent1", lsf=3),
    an_agent("agent1", text=3),
]
# the embedded server, which most use, is looked at longer
EXAMPLES = {"valkey": 200, "redis": 70}
LASTS = Durations(difficult_cool_down=90, call_back=240)
RESERVES = [
    (),
    (ScarceReserve("text", 1), ScarceReserve("lsf", 1)),
    (ScarceReserve("claims", 2), ScarceReserve("text", 1)),
]
ASKED = [
    (each.id, topic, variant)
    for each in SERVICES
    for topic in (None, *each.topics)
    for variant in (None, *each.variants)
]

agents = st.sampled_from([each.id for each in AGENTS])
services = st.sampled_from(ASKED)
servers = st.sampled_from(["here", "there"])
relays = st.sampled_from(["r1", "r2", "r3"])
recent = st.integers(0, 9)
RESTS = ("was", "until", "wrap_up_until", "cool_until", "wish", "call", "idle_since")
LIVE = (
    CallState.QUEUED,
    CallState.OFFERED,
    CallState.CONNECTING,
    CallState.ANSWERED,
)
_calls = itertools.count(1)


class Queue(RuleBasedStateMachine):
    """The real queue and the oracle take the same steps."""

    runner: asyncio.Runner
    server: Any = None

    @initialize(
        begun=st.lists(st.tuples(services, servers, recent), max_size=5),
        reserves=st.sampled_from(RESERVES),
    )
    def open(self, begun, reserves):
        self.stack = contextlib.AsyncExitStack()
        self.pool = self.run(self.stack.enter_async_context(a_pool(self.server)))
        publish = self.pool.publish(*AGENTS, services=SERVICES, reserves=reserves)
        self.run(publish)
        self.run(self.pool.here.configure(LASTS))
        directory = a_directory(1, SERVICES, AGENTS, reserves)
        self.oracle: Any = Twin(START * SECOND, directory, LASTS)
        self.tokens = {}
        self.last: Any = None
        self.reply: Any = None
        self.told = 0
        self.read = dict.fromkeys(["here", "there"], "-")
        self.before = Inventory()
        for agent in AGENTS:
            self.work(agent.id)
        for service, server, steps in begun:
            self.enqueue(service, server)
            for _ in range(steps % 3):
                self.progress(-1)

    def run(self, step):
        return self.runner.run(step)

    def teardown(self):
        self.run(self.every_place_is_estimated())
        self.run(self.stack.aclose())

    async def every_place_is_estimated(self):
        monitor = Monitor(self.pool.here)
        monitor.thresholds = Thresholds(1, 1, 1, 1)  # it only looks
        await monitor.look()
        queued = {
            c.id for c in self.oracle.calls.values() if c.state == CallState.QUEUED
        }
        assert set(await self.pool.here.waits([*self.oracle.calls])) == queued

    def client(self, server):
        return getattr(self.pool, server)

    def call_id(self, index, *stages):
        """A recent call; of one of these stages if there is one, and mostly."""
        calls = list(self.oracle.calls.values())
        fit = [each.id for each in calls if each.stage in stages]
        names = (fit if fit and index else [each.id for each in calls])[-6:]
        return names[index % len(names)] if names else "nobody"

    def both(self, expected, name, *, server="here", **words):
        """Let both do it: both answer, or both refuse for the same reason."""
        refused = found = None
        try:
            expected()
        except RefusedError as error:
            refused = error.code
        self.last = (server, name, words | {"request": a_request()})
        try:
            self.reply = self.send()
        except RefusedError as error:
            found = error.code
            self.last = None
        assert found == refused
        self.remember_tokens()

    def send(self):
        server, name, words = self.last
        return self.run(getattr(self.client(server), name)(**words))

    # ---------------------------------------------------------------- the rules

    @rule(service=services, server=servers, prefer=agents | st.none())
    def come_back(self, service, server, prefer):
        self.enqueue(service, server, prefer)

    def enqueue(self, service, server, prefer=None):
        call = f"c{next(_calls):06}"
        service, topic, variant = service
        words = {"topic": topic, "variant": variant, "prefer": prefer}
        self.both(
            lambda: self.oracle.enqueue(call, service, server, **words),
            "enqueue",
            server=server,
            call=call,
            service=service,
            **words,
            mode="video",
            relay="r1",
            connection=f"at-{server}",
        )

    @rule(agent=agents, server=servers)
    def connect(self, agent, server):
        self.both(
            lambda: self.oracle.agent_connected(agent, server),
            "agent_connected",
            server=server,
            agent=agent,
            connection=f"at-{server}",
        )

    @rule(agent=agents)
    def work(self, agent):
        self.connect(agent, "here")
        self.both(lambda: self.oracle.agent_ready(agent), "agent_ready", agent=agent)

    @rule(agent=agents, name=st.sampled_from(["ready", "break", "away", "offline"]))
    def choose(self, agent, name):
        name = f"agent_{name}"
        self.both(lambda: getattr(self.oracle, name)(agent), name, agent=agent)

    @rule(agent=agents, state=st.sampled_from(["away", "offline"]))
    def force(self, agent, state):
        self.both(
            lambda: self.oracle.agent_forced(agent, state),
            "agent_forced",
            agent=agent,
            state=AgentState(state),
            by="supervisor1",
        )

    @rule(agent=agents, ready=st.booleans())
    def wrap_up_done(self, agent, ready):
        self.both(
            lambda: self.oracle.wrap_up_done(agent, ready=ready),
            "wrap_up_done",
            agent=agent,
            ready=ready,
        )

    @rule(agent=agents)
    def lose_agent(self, agent):
        server = self.oracle.agents[agent].server
        self.both(
            lambda: self.oracle.agent_lost(agent),
            "agent_lost",
            agent=agent,
            connection=f"at-{server}",
        )

    @rule(index=recent)
    def lose_caller(self, index):
        call = self.call_id(index, *LIVE)
        known = self.oracle.calls.get(call)
        self.both(
            lambda: self.oracle.caller_lost(call),
            "caller_lost",
            call=call,
            connection=f"at-{known.server if known else None}",
        )

    @rule(index=recent, way=st.sampled_from([*Overflow]))
    def leave_another_way(self, index, way):
        calls = list(self.oracle.calls.values())
        fit = [c.id for c in calls if way in c.ways]
        call = fit[index % len(fit)] if fit else self.call_id(index)
        self.both(
            lambda: self.oracle.leave_another_way(call, way),
            "leave_another_way",
            call=call,
            way=way,
        )

    @rule(index=recent, server=servers, comes=st.booleans(), ticket=st.booleans())
    def come(self, index, server, comes, ticket):
        """A caller who left to be called back, or one who did not."""
        calls = list(self.oracle.calls.values())
        left = [c.id for c in calls if c.call_back_until] or [self.call_id(index)]
        self.resume_call(left[index % len(left)], server, comes, ticket)

    @rule(index=recent, server=servers)
    def resume(self, index, server):
        lost = [c.id for c in self.oracle.calls.values() if c.state == CallState.LOST]
        call = lost[index % len(lost)] if lost else self.call_id(index)
        self.resume_call(call, server)

    def resume_call(self, call, server, comes=True, ticket=False):
        """A ticket that says nothing of leaving does the same, whatever the page says."""
        known = self.oracle.calls.get(call)
        told = {}
        if ticket and known and known.state != CallState.ENDED:
            told = {
                "service": known.service,
                "topic": None,
                "mode": Mode.VIDEO,
                "variant": None,
                "t0": known.t0 / SECOND,
                "relay": "r1",
            }
        self.both(
            lambda: self.oracle.resume(call, server, comes=comes),
            "adopt" if told else "resume",
            server=server,
            call=call,
            connection=f"at-{server}",
            comes=comes,
            **told,
        )

    @rule(index=recent)
    def progress(self, index):
        """Somebody does what is expected next: accept, see the agent."""
        call = self.call_id(index, CallState.OFFERED, CallState.CONNECTING)
        known = self.oracle.calls.get(call)
        if known and known.state == CallState.OFFERED:
            self.react(index, "accept", 0, known.agent)
        else:
            self.answered(index, 0)

    @rule(index=recent, service=services, server=servers)
    def begin(self, index, service, server):
        self.enqueue(service, server)
        self.progress(index)

    @rule(agent=agents)
    def work_on(self, agent):
        self.work(agent)

    @rule(
        index=recent,
        by=st.sampled_from(["caller", "agent", "system"]),
        difficult=st.booleans(),
        stale=st.integers(0, 9),
        other=agents,
    )
    def hang_up(self, index, by, difficult, stale, other):
        stages = LIVE if by == "caller" else LIVE[2:]
        call, offer, token = self.offer(index, stale, *stages)
        known = self.oracle.calls.get(call)
        agent = known.agent if known and known.agent and stale != 8 else other
        words = {"agent": agent, "difficult": difficult}
        self.both(
            lambda: self.oracle.hang_up(call, by, offer=offer, **words),
            "hang_up",
            call=call,
            by=Side(by),
            token=token,
            **words,
        )

    @rule(
        index=recent,
        name=st.sampled_from(["accept", "accept", "accept", "refuse"]),
        stale=st.integers(0, 9),
        other=agents,
    )
    def react(self, index, name, stale, other):
        call, offer, token = self.offer(index, stale, CallState.OFFERED)
        known = self.oracle.calls.get(call)
        agent = known.agent if known and known.agent and stale != 8 else other
        self.both(
            lambda: getattr(self.oracle, name)(agent, call, offer),
            name,
            agent=agent,
            call=call,
            token=token,
        )

    @rule(index=recent, stale=st.integers(0, 9))
    def answered(self, index, stale):
        call, offer, token = self.offer(index, stale, CallState.CONNECTING)
        self.both(
            lambda: self.oracle.answered(call, offer),
            "answered",
            call=call,
            token=token,
            evidence=Evidence.DELIVERED,
            browser_ms=None,
            forwarded_at=None,
        )

    @rule(index=recent, acts=st.sets(st.sampled_from([*Act])), late=st.booleans())
    def hasten(self, index, acts, late):
        """Whoever watches acts for a call; nobody who rests or writes notes is touched."""
        fast = [
            c.id
            for c in self.oracle.calls.values()
            if c.state == CallState.QUEUED and (self.oracle.could_widen(c) or c.leg)
        ]
        call = fast[index % len(fast)] if fast else self.call_id(index, *LIVE)
        known = self.oracle.calls.get(call)
        leg = (known.leg if known else 0) + (late and index == 9)
        resting = self.at_rest()
        self.both(
            lambda: self.oracle.hasten(
                call,
                leg=leg,
                widens=bool(acts & {Act.WIDEN, Act.RESERVE}),
                offers=Act.OFFER in acts,
            ),
            "hasten",
            call=call,
            leg=leg,
            acts=acts,
            trigger=Trigger.PREDICTED,
            breach=0.6,
        )
        assert self.at_rest() == resting

    def at_rest(self):
        """Everybody's notes, cool-downs and breaks, as the store holds them."""
        rows = {a: self.pool.record("agent", a) for a in self.oracle.agents}
        return {
            a: {name: row.get(name) for name in RESTS} | {"state": state}
            for a, row in rows.items()
            if (state := row.get("state")) not in {"ready", "offered"}
        }

    @rule(index=recent)
    def not_understood(self, index):
        call = self.call_id(index, CallState.ANSWERED)
        self.both(lambda: self.oracle.not_understood(call), "not_understood", call=call)

    @rule(index=recent, service=services, stale=st.integers(0, 9), other=agents)
    def transfer(self, index, service, stale, other):
        """To a service, or to the agent if the caller asked for no topic."""
        call, offer, token = self.offer(index, stale, CallState.ANSWERED)
        known = self.oracle.calls.get(call)
        agent = known.agent if known and known.agent and stale != 8 else other
        service, topic, _ = service
        name, words = "transfer_to_agent", {"to": other}
        if index % 2:
            name, words = "transfer_to_service", {"service": service, "topic": topic}
        self.both(
            lambda: getattr(self.oracle, name)(agent, call, offer, **words),
            name,
            agent=agent,
            call=call,
            token=token,
            **words,
        )

    @rule(index=recent, away_from=relays, to=relays)
    def move(self, index, away_from, to):
        call = self.call_id(index, *LIVE)
        words = {"away_from": away_from, "to": to}
        self.both(
            lambda: self.oracle.move_call(call, **words),
            "move_call",
            call=call,
            **words,
        )

    @rule(index=recent, stale=st.integers(0, 9))
    def media_failed(self, index, stale):
        call, offer, token = self.offer(index, stale, CallState.CONNECTING)
        self.both(
            lambda: self.oracle.media_failed(call, offer),
            "media_failed",
            call=call,
            token=token,
        )

    def offer(self, index, stale, *stages):
        """A call, its newest offer's number and token; or those of an older offer."""
        call = self.call_id(index, *stages)
        known = self.oracle.calls.get(call)
        offer = known.offer if known else 0
        offer -= stale == 9
        return call, offer, self.tokens.get((call, offer), 1)

    @rule(seconds=st.sampled_from([1, 1, 3, 10, 15, 30, 60, 120]))
    def advance(self, seconds):
        self.oracle.advance(seconds, ["here", "there"])
        self.run(self.pool.advance(seconds))

    @rule(server=servers)
    def server_dies(self, server):
        alive = "there" if server == "here" else "here"
        self.oracle.advance(4, [alive])
        self.run(self.pool.advance(4, sweep=False))
        self.run(self.client(alive).heartbeat())
        self.run(self.pool.sweep())

    @rule(server=servers)
    def server_begins_again(self, server):
        self.oracle.begin(server)
        self.run(self.open_and_close(server))

    async def open_and_close(self, server):
        async with self.pool.another(server):
            pass

    @rule()
    def store_lives_anew(self):
        """Another process goes on with the data; pages come back on newer connections."""
        self.oracle.present_everybody(["here", "there"])
        self.run(self.present_everybody())

    async def present_everybody(self):
        self.pool.move_to_another_process()
        for server in ("here", "there"):
            client = self.client(server)
            await client.heartbeat()
            await events_of(client, Resync)
            for connection in (f"newer-{server}", f"at-{server}"):
                await self.present(client, server, connection)
            await client.presented()
        await self.pool.sweep()

    async def present(self, client, server, connection):
        words = {"connection": connection}
        for c in self.oracle.calls.values():
            if c.server == server and c.state != CallState.ENDED:
                words["request"] = a_request()
                await client.resume(call=c.id, comes=False, **words)
        for a in self.oracle.agents.values():
            if a.server == server:
                words["request"] = a_request()
                await client.agent_connected(agent=a.id, **words)

    @rule(
        first=st.sampled_from(SKILLED),
        reserves=st.sampled_from(RESERVES),
        gone=agents | st.none(),
    )
    def learn(self, first, reserves, gone):
        agents = [each for each in (first, *AGENTS[1:]) if each.id != gone]
        self.oracle.publish(a_directory(1, SERVICES, agents, reserves))
        publish = self.pool.publish(*agents, services=SERVICES, reserves=reserves)
        self.run(publish)

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeat(self):
        """A duplicate of what was done is answered the same and changes nothing."""
        before = self.snapshot()
        assert self.send() == self.reply
        assert self.snapshot() == before

    # ----------------------------------------------------------- what must hold

    def snapshot(self):
        """Every record as the store holds it."""
        names = [("call", each) for each in self.oracle.calls]
        names += [("agent", each) for each in self.oracle.agents]
        return {name: self.pool.record(kind, name) for kind, name in names}

    @invariant()
    def the_store_holds_what_the_oracle_holds(self):
        self.remember_tokens()
        rows = self.snapshot()
        for c in self.oracle.calls.values():
            assert told_call(rows[c.id]) == expected_call(c)
        for a in self.oracle.agents.values():
            assert told_agent(rows[a.id]) == expected_agent(a)
        self.reservations_point_at_each_other(rows)

    def remember_tokens(self):
        """I7: the tokens of one call rise with its offers, and no two are equal."""
        for c in self.oracle.calls.values():
            if c.offer and (c.id, c.offer) not in self.tokens:
                token = int(self.pool.record("call", c.id)["token"])
                assert token > self.tokens.get((c.id, c.offer - 1), 0)
                assert token not in self.tokens.values()
                self.tokens[c.id, c.offer] = token

    def reservations_point_at_each_other(self, rows):
        """I1: with the same token, and one to one."""
        for a in self.oracle.agents.values():
            if a.call:
                assert rows[a.call]["agent"] == a.id
                assert rows[a.call]["token"] == rows[a.id]["token"]

    @invariant()
    def nobody_waits_beside_an_agent_who_fits(self):
        """I2, said with `eligible`."""
        oracle = self.oracle
        for c in oracle.calls.values():
            for a in oracle.agents.values():
                assert not (
                    c.state == CallState.QUEUED
                    and a.state == AgentState.READY
                    and eligible(oracle.caller(c), oracle.candidate(a), oracle.now)
                )

    @invariant()
    def the_pool_laid_open_keeps_its_invariants(self):
        found = self.run(self.pool.here.inventory())
        assert found.whole
        assert violations(found) == []
        assert changes(self.before, found) == []
        self.before = found
        self.the_leases_and_indexes_are_those_of_the_records(found)

    @invariant()
    def whoever_waits_knows_whether_anybody_could_come(self):
        oracle = self.oracle
        queued = [c for c in oracle.calls.values() if c.state == CallState.QUEUED]
        told = self.run(self.pool.here.waits([c.id for c in queued]))
        for c in queued:
            assert told[c.id].nobody is oracle.nobody(c)

    @invariant()
    def nobody_is_ready_before_the_cool_down_is_over(self):
        for a in self.oracle.agents.values():
            ready = a.state in {AgentState.READY, AgentState.OFFERED}
            assert not (ready and (a.cool_until or 0) > self.oracle.now)

    @invariant()
    def every_transition_left_one_event(self):
        """I4: the ledger holds each transition once, in order."""
        entries = self.run(self.pool.new_ledger())
        found = [(each.kind, each.call, each.agent) for each in entries]
        told = self.oracle.events[self.told :]
        assert found == [(each.kind, each.call, each.agent) for each in told]
        self.told = len(self.oracle.events)

    @invariant()
    def a_call_is_on_the_relay_that_was_told(self):
        """Of the caller's server and the agent's: both bring their leg there."""
        moved: dict[str, set[str]] = {}
        for server in ("here", "there"):
            for event in self.new_events(server):
                if relay := getattr(event, "relay", None):
                    assert relay == self.oracle.calls[event.call].relay
                if isinstance(event, CallMoved):
                    moved.setdefault(event.call, set()).add(server)
        for call, servers in moved.items():
            c = self.oracle.calls[call]
            agent = self.oracle.agents[c.agent].server if c.agent else None
            assert servers == {c.server, agent} - {None}

    def new_events(self, server):
        """What the outbox of a server was told since the last look."""
        outbox = self.pool.key(f"out:{server}")
        entries = self.pool.plain.xrange(outbox, min=self.read[server])
        if entries:
            self.read[server] = f"({entries[-1][0]}"
        return [e for _, fields in entries for e in read_events(fields["events"])]

    def the_leases_and_indexes_are_those_of_the_records(self, found):
        assert found.leases == {
            " ".join(each[1:]): each[0] for each in self.oracle.leases()
        }
        waiting: dict[str, Any] = {}
        for c in self.oracle.calls.values():
            if c.state == CallState.QUEUED:
                waiting.setdefault(c.service.company, []).append((c.deadline, c.id))
        for company in ("telecom", "insurance"):
            expected = [call for _, call in sorted(waiting.get(company, []))]
            assert list(found.waiting.get(company, {})) == expected
            live = found.heads.get(company, {})
            for line, deadline in live.items():
                assert next(iter(found.signatures[company, line].values())) == deadline
            assert bool(live) == bool(expected)
        assert "violations" not in found.meta


def told_call(row):
    return {
        name: row.get(name, "")
        for name in (
            *("state", "agent", "t0", "t1", "attempts", "reason", "until"),
            *("variant", "deadline", "leg", "leg_t0", "step", "rung", "only", "mode"),
            *("ways", "overflowed", "call_back", "ended_at", "relay"),
        )
    }


def expected_call(c):
    return {
        "state": c.state,
        "agent": c.agent or "",
        "t0": str(c.t0),
        "t1": str(c.t1 or ""),
        "attempts": str(c.attempts),
        "reason": c.reason or "",
        "until": str(c.until or ""),
        "variant": c.variant or "",
        "deadline": str(c.deadline),
        "leg": str(c.leg),
        "leg_t0": str(c.leg_t0),
        "step": str(c.step),
        "only": c.only or "",
        "mode": c.mode,
        "ways": ",".join(sorted(c.ways)),
        "overflowed": str(c.overflowed or ""),
        "call_back": "1" if c.call_back_until else "",
        "rung": str(c.rung),
        "ended_at": str(c.ended_at or ""),
        "relay": c.relay,
    }


def told_agent(row):
    return {
        name: row.get(name, "")
        for name in ("state", "call", "until", "misses", "cool_until", "wish")
    }


def expected_agent(a):
    return {
        "state": a.state,
        "call": a.call or "",
        "until": str(a.until or ""),
        "misses": str(a.misses),
        "cool_until": str(a.cool_until or ""),
        "wish": a.wish or "",
    }


@pytest.mark.timeout(600)
def test_the_library_does_what_the_model_says(server):
    with asyncio.Runner() as runner:

        class OnThisServer(Queue):
            pass

        OnThisServer.runner = runner
        OnThisServer.server = server
        run_state_machine_as_test(
            OnThisServer,
            settings=settings(
                max_examples=EXAMPLES[server.kind],
                stateful_step_count=50,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
