"""Reads a ledger again and says where the queue broke its word. Pure.

It knows nothing but the directory and what the ledger says, one event after the other,
and asks `queueing.matching.eligible` who could have been offered instead: whoever is
offered a call, nobody with an earlier deadline whom this agent may serve was waiting
(I8). By the way: calls begin and end once (I4), T0 stays (I5), tokens rise (I7).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from queueing.catalogue import Directory, Need, ServiceEntry
from queueing.library import microseconds, seconds
from queueing.matching import Caller, Candidate, eligible
from queueing.messages import LedgerEntry
from queueing.model import AgentId, CallId, CompanyId, RequeueReason
from queueing.needs import allowance, needs_of, widen

RESTING: Final = frozenset(
    {RequeueReason.REFUSED, RequeueReason.TIMED_OUT, RequeueReason.NO_FRAME}
)
"""After which the agent is not asked again for a while."""

FIRST_PLACE: Final = 86_400.0
"""How many seconds before T0 the deadline of a caller lies who was not understood."""


@dataclass
class Waiting:
    """A call, as far as its order goes."""

    call: CallId
    service: ServiceEntry
    t0_us: int
    deadline: float
    needs: tuple[Need, ...]
    reserve: bool = False
    is_lost: bool = False
    only: AgentId | None = None
    rests: dict[AgentId, float] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        return Caller(
            call=self.call,
            company=self.service.company,
            needs=self.needs,
            deadline=self.deadline,
            rests=self.rests,
            reserve=self.reserve,
            only=self.only,
        )


class Order:
    """Follows one pool's ledger from its first event; ``broken`` is what it found."""

    def __init__(self, directory: Directory, *, pair_rest: float) -> None:
        self._directory = directory
        self._pair_rest = pair_rest
        self._services = {each.id: each for each in directory.services}
        self._agents = {each.id: each for each in directory.agents}
        self._calls: dict[CallId, Waiting] = {}
        self._lines: dict[CompanyId, dict[CallId, Waiting]] = defaultdict(dict)
        self._ended: set[CallId] = set()
        self._tokens: dict[str, int] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        self.broken: list[str] = []

    def take(self, entry: LedgerEntry) -> None:
        """Follow one event."""
        self.counts[entry.service or "", entry.kind] += 1
        if entry.call is None:
            return
        if entry.kind == "call_queued":
            self._begins(entry, entry.call)
        elif entry.call in self._calls:
            self._goes_on(entry, self._calls[entry.call])
        elif entry.kind in {"call_ended", "offer_made"}:
            self._fail("I4", entry, "it is over already, or never began")

    def _begins(self, entry: LedgerEntry, call: CallId) -> None:
        if call in self._calls or call in self._ended:
            self._fail("I4", entry, "it began before")
        assert entry.service is not None
        service = self._services[entry.service]
        t0_us = entry.facts["t0_us"]
        self._calls[call] = Waiting(
            call=call,
            service=service,
            t0_us=t0_us,
            deadline=seconds(t0_us + microseconds(allowance(service))),
            needs=self._needs(service, entry),
        )
        self._stand(self._calls[call])

    def _goes_on(self, entry: LedgerEntry, waiting: Waiting) -> None:
        steps: dict[str, Callable[[LedgerEntry, Waiting], None]] = {
            "offer_made": self._offered,
            "call_widened": self._widened,
            "call_requeued": self._requeued,
            "caller_lost": self._lost,
            "caller_back": self._back,
            "not_understood": self._not_understood,
            "call_transferred": self._transferred,
            "call_ended": self._ends,
        }
        if entry.kind in steps:
            steps[entry.kind](entry, waiting)

    def _offered(self, entry: LedgerEntry, waiting: Waiting) -> None:
        agent, token = entry.agent, entry.token
        assert agent is not None
        assert token is not None
        self._leave(waiting)
        waiting.only = None
        for who in (f"call {waiting.call}", f"agent {agent}"):
            if token <= self._tokens.get(who, 0):
                self._fail("I7", entry, f"{who} had a higher token")
            self._tokens[who] = token
        mine = (waiting.deadline, waiting.call)
        candidate, now = self._candidate(agent), seconds(entry.at)
        for company in candidate.companies:
            for other in self._lines[company].values():
                if (other.deadline, other.call) < mine and eligible(
                    other.caller, candidate, now
                ):
                    self._fail("I8", entry, f"{other.call} was first for {agent}")

    def _widened(self, entry: LedgerEntry, waiting: Waiting) -> None:
        step = waiting.service.widening[entry.facts["step"] - 1]
        waiting.needs = widen(waiting.needs, self._directory.kind, step)
        waiting.reserve = waiting.reserve or step.reserve

    def _requeued(self, entry: LedgerEntry, waiting: Waiting) -> None:
        if entry.facts["reason"] in RESTING and entry.agent is not None:
            waiting.rests[entry.agent] = seconds(entry.at) + self._pair_rest
        if not waiting.is_lost:
            self._stand(waiting)

    def _lost(self, _: LedgerEntry, waiting: Waiting) -> None:
        waiting.is_lost = True
        self._leave(waiting)

    def _back(self, entry: LedgerEntry, waiting: Waiting) -> None:
        waiting.is_lost = False
        if entry.facts["state"] == "queued":
            self._stand(waiting)

    def _not_understood(self, entry: LedgerEntry, waiting: Waiting) -> None:
        """Somebody else comes, and first of all."""
        if entry.agent is not None:
            waiting.rests[entry.agent] = math.inf
        waiting.deadline = seconds(waiting.t0_us) - FIRST_PLACE

    def _transferred(self, entry: LedgerEntry, waiting: Waiting) -> None:
        """A new clock, and other needs or one agent alone (until it rings: the ledger does
        not say when others may take it again).
        """
        if "to_service" in entry.facts:
            waiting.service = self._services[entry.facts["to_service"]]
            waiting.needs = self._needs(waiting.service, entry)
            waiting.reserve = False
            if entry.agent is not None:
                waiting.rests[entry.agent] = seconds(entry.at) + self._pair_rest
        waiting.only = entry.facts.get("to_agent")
        waiting.deadline = seconds(entry.at) + allowance(waiting.service)

    def _needs(self, service: ServiceEntry, entry: LedgerEntry) -> tuple[Need, ...]:
        return needs_of(
            service,
            self._directory.kind,
            variant=entry.facts.get("variant"),
            topic=entry.facts.get("topic"),
        )

    def _ends(self, entry: LedgerEntry, waiting: Waiting) -> None:
        if entry.facts["t0_us"] != waiting.t0_us:
            self._fail("I5", entry, f"T0 was {waiting.t0_us}")
        self._leave(waiting)
        self._ended.add(self._calls.pop(waiting.call).call)

    def _candidate(self, agent: AgentId) -> Candidate:
        entry = self._agents[agent]
        return Candidate(
            agent=agent,
            companies=entry.companies,
            skills=entry.skills,
            reserve=entry.reserve,
            idle_since=0.0,
        )

    def _stand(self, waiting: Waiting) -> None:
        self._lines[waiting.service.company][waiting.call] = waiting

    def _leave(self, waiting: Waiting) -> None:
        self._lines[waiting.service.company].pop(waiting.call, None)

    def _fail(self, invariant: str, entry: LedgerEntry, what: str) -> None:
        self.broken.append(f"{invariant} {entry.kind} of {entry.call}: {what}")
