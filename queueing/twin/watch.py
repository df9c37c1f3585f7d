"""Looks at a twin as the monitor looks at a pool, and acts by the same rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from queueing.catalogue import LEVELS, Directory
from queueing.competition import Crew, Outlook, Queue, compete
from queueing.dangers import Deed, Deeds, Endangered, Required, Thresholds
from queueing.estimates import Line
from queueing.inventory import LEVEL_BITS
from queueing.model import Act, AgentState, CallState
from queueing.needs import needed_levels
from queueing.rates import Rates
from queueing.survey import SERVING
from queueing.twin.live import Live, seconds_of
from queueing.twin.records import SECOND, Agent, Call

LEARNS_S: Final = 5.0
"""A day is played faster if rates are learned less often than every second."""


class Masks:
    """Skills with levels as bits, each skill in a place of its own."""

    def __init__(self, directory: Directory) -> None:
        names = {skill for each in directory.agents for skill in each.skills}
        for service in directory.services:
            names |= {need.skill for need in service.needs}
            names |= {need.skill for need in service.topics.values()}
            names |= {n.skill for needs in service.variants.values() for n in needs}
        self._shift = {name: LEVEL_BITS * n for n, name in enumerate(sorted(names))}
        self.kept = self.all_of(each.skill for each in directory.reserves)

    def of(self, levels: Iterable[tuple[str, int]]) -> int:
        """Give the bits of these skills with their levels."""
        found = 0
        for skill, level in levels:
            found |= (1 << level) - 1 << self._shift[skill]
        return found

    def all_of(self, skills: Iterable[str]) -> int:
        return self.of((skill, max(LEVELS)) for skill in skills)


@dataclass
class Watch:
    """What the monitor of one twin knows, and how often it acted."""

    twin: Live
    thresholds: Thresholds = field(default_factory=Thresholds)
    rates: Rates = field(default_factory=Rates)
    deeds: int = 0

    def __post_init__(self) -> None:
        self._masks = Masks(self.twin.directory)
        self._learns_at = 0

    def look(self) -> None:
        """Estimate every line anew, and act for who is in danger."""
        twin = self.twin
        queued = [c for c in twin.calls.values() if c.state == CallState.QUEUED]
        watched = [c for c in queued if twin.could_widen(c) or twin.could_warn(c)]
        if not watched:
            return
        if twin.now >= self._learns_at:
            self.rates.look(twin.tallies(), seconds_of(twin.now))
            self._learns_at = twin.now + round(LEARNS_S * SECOND)
        serving = [a for a in twin.agents.values() if a.state in SERVING]
        crews = self._crews(serving)
        outlooks = self._outlooks(queued, crews)
        ready = self._crews(a for a in serving if a.state == AgentState.READY)
        deeds = Deeds(crews, ready, self.thresholds)
        watched.sort(key=lambda c: (c.service.company, c.deadline, c.id))
        for one in [self._endangered(c) for c in watched]:
            line = (
                outlooks[one.line].line(one.deadline) if one.line in outlooks else None
            )
            if line and (deed := self._deed(deeds, one, line)):
                self._do(deed)

    def _deed(self, deeds: Deeds, one: Endangered, line: Line) -> Deed | None:
        breach = line.beyond(one.left - self.thresholds.react)
        return deeds.deed(one, breach, is_known=self.rates.is_known(one.service))

    def _do(self, deed: Deed) -> None:
        self.deeds += 1
        self.twin.hasten(
            deed.one.call,
            leg=deed.one.leg,
            widens=not deed.acts.isdisjoint({Act.WIDEN, Act.RESERVE}),
            offers=Act.OFFER in deed.acts,
        )

    # -------------------------------------------------------------------- looking

    def _crews(self, agents: Iterable[Agent]) -> list[Crew]:
        alike: dict[tuple[frozenset[str], int, bool], int] = defaultdict(int)
        for a in agents:
            skills = self._masks.of(a.entry.skills.items())
            alike[frozenset(a.entry.companies), skills, a.entry.reserve] += 1
        return [
            Crew(companies, skills, reserve, number, held=skills & self._masks.kept)
            for (companies, skills, reserve), number in alike.items()
        ]

    def _outlooks(
        self, queued: Iterable[Call], crews: list[Crew]
    ) -> dict[str, Outlook]:
        lines: dict[str, list[Call]] = defaultdict(list)
        for c in queued:
            if not c.only:
                lines[self._line(c)].append(c)
        return compete(crews, [self._queue(name, line) for name, line in lines.items()])

    def _queue(self, name: str, line: list[Call]) -> Queue:
        line.sort(key=lambda c: (c.deadline, c.id))
        first = line[0]
        required = self._required(first)
        return Queue(
            name=name,
            company=first.service.company,
            needs=required.needs,
            reserve=required.reserve,
            dropped=required.dropped,
            deadlines=tuple(c.deadline for c in line),
            each=1.0,
            handle=self.rates.handle(first.service.id),
            patience=self.rates.patience(first.service.id),
        )

    def _line(self, c: Call) -> str:
        return f"{c.service.company} {self._required(c)}"

    def _required(self, c: Call) -> Required:
        return Required(
            needs=self._masks.of(needed_levels(c.needs).items()),
            reserve=c.reserve,
            dropped=self._masks.all_of(c.dropped),
        )

    def _endangered(self, c: Call) -> Endangered:
        widest = None
        if self.twin.could_widen(c):
            left = self.twin.widest(c)
            dropped = c.dropped | (self.twin.scarce(c.needs) - self.twin.scarce(left))
            widest = Required(
                needs=self._masks.of(needed_levels(left).items()),
                reserve=c.reserve or any(s.reserve for s in c.steps[c.step :]),
                dropped=self._masks.all_of(dropped),
            )
        return Endangered(
            call=c.id,
            company=c.service.company,
            service=c.service.id,
            leg=c.leg,
            waited=(self.twin.now - c.leg_t0) / SECOND,
            target=c.target / SECOND,
            deadline=c.deadline,
            line="" if c.only else self._line(c),
            before=self._required(c),
            after=widest,
            offers=self.twin.could_warn(c),
        )
