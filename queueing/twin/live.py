"""The model as it runs for days: what is over is forgotten, what it measures is counted."""

from collections import defaultdict
from collections.abc import Iterator

from queueing.catalogue import Directory
from queueing.model import AgentId, CallId, CallState, Durations, ServiceId
from queueing.tallies import NAMES, Tally
from queueing.twin.leases import LEASED
from queueing.twin.records import SECOND, Agent, Call, Facts, Lease, Told
from queueing.twin.twin import Twin

FOR_EVER = 1e9
"""Seconds: servers do not die here, and whoever is shown a picture sees it."""

LASTS = Durations(server_lease=FOR_EVER, wrap_up=FOR_EVER)
"""Notes end when whoever plays says so."""


class Live(Twin):
    """A twin that costs what its live calls cost; `take` empties its events."""

    def __init__(
        self, now: int, directory: Directory, lasts: Durations = LASTS
    ) -> None:
        super().__init__(now, directory, lasts)
        self._tallies: dict[ServiceId, dict[str, int]] = defaultdict(
            lambda: dict.fromkeys(NAMES, 0)
        )
        self._taken: dict[AgentId, tuple[ServiceId, int]] = {}

    def take(self) -> list[Told]:
        """Give what happened since the last time, and forget calls that are over."""
        told, self.events = self.events, []
        for each in told:
            if each.kind == "call_ended" and each.call:
                del self.calls[each.call]
        return told

    def next_due(self) -> int | None:
        """When the next lease ends."""
        return min((at for at, _, _ in self._running()), default=None)

    def sweep(self, now: int) -> None:
        """Let end what is due by then, in its order."""
        self.now = max(self.now, now)
        while due := min(self._running(), default=None, key=_order):
            at, kind, name = due
            if at > self.now:
                return
            self.due(kind, name)

    def leases_of_call(self, c: Call) -> Iterator[Lease]:
        if c.state == CallState.ANSWERED and not c.rests:
            return iter(())  # nearly all calls, nearly always
        return super().leases_of_call(c)

    def tallies(self) -> dict[str, Tally]:
        """Give what the library counts of each service beside its events."""
        return {service: Tally(dict(row)) for service, row in self._tallies.items()}

    def tell(
        self,
        kind: str,
        c: Call | None = None,
        a: Agent | None = None,
        *,
        facts: Facts | None = None,
        at: int | None = None,
    ) -> None:
        super().tell(kind, c, a, facts=facts, at=at)
        if c is not None:
            self._measure_call(kind, c)
        elif a is not None and kind == "wrap_up_done" and a.id in self._taken:
            service, since = self._taken.pop(a.id)
            self._add(service, "handled", self.now - since)

    def _measure_call(self, kind: str, c: Call) -> None:
        service = c.service.id
        if kind == "call_accepted" and c.agent:
            self._taken[c.agent] = (service, c.offered_at)
        elif kind == "call_answered" and c.t1 == self.now:
            self._tallies[service]["answered_ms"] += (self.now - c.t0) // 1000
        elif kind == "call_ended" and c.t1 is None:
            self._add(service, "left", (c.ended_at or self.now) - c.t0)

    def _add(self, service: ServiceId, name: str, spent_us: int) -> None:
        row = self._tallies[service]
        row[name] += 1
        row[f"{name}_ms"] += spent_us // 1000

    def _running(self) -> Iterator[Lease]:
        for c in self.calls.values():
            yield from self.leases_of_call(c)
        for a in self.agents.values():
            if a.until and a.state in LEASED:
                yield a.until, "agent", a.id


def _order(lease: Lease) -> tuple[int, str]:
    at, kind, name = lease
    return at, f"{kind} {name}"


def seconds_of(moment: int) -> float:
    """Turn a moment of the twin into seconds."""
    return moment / SECOND


def call_id(number: int) -> CallId:
    """Name the calls of a played day."""
    return CallId(f"call{number:06}")
