"""A day to be simulated, as somebody wrote it down, and drawn: who calls, who works."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from accounts import routing
from accounts.errors import AccountsError
from accounts.routing_text import widening_from_text
from illico.errors import SimulationRefusedError
from illico.simulate_house import House, Tariff
from queueing.catalogue import (
    AgentEntry,
    Directory,
    Need,
    ServiceEntry,
    SkillKind,
    WideningStep,
)
from queueing.errors import QueueError
from queueing.model import AgentId, CompanyId, ServiceId, TopicId
from queueing.twin.live import call_id
from queueing.twin.playing import Coming, Day, Shift

PARIS: Final = ZoneInfo("Europe/Paris")
HOUR: Final = 3_600
MOST_CALLS: Final = 200_000
MOST_AGENTS: Final = 2_000
PATIENT_S: Final = 15.0
"""Nobody gives up sooner, on a day that is simulated."""


class Callers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people call: means in seconds, shares in percent.

    ``shape`` says how busy each hour from the opening on is, beside the others;
    ``spread`` how unlike each other calls are (the sigma of a log-normal time).
    """

    shape: tuple[float, ...]
    patience_s: float = 240.0
    reaction_s: float = 4.0
    talk_s: float = 230.0
    spread: float = 0.7
    notes_s: float = 40.0
    missed_percent: float = 2.0
    topic_percent: float = 50.0


class CompanyPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A company, or several alike: ``calls`` a day at each, shared by its services."""

    id: str
    calls: int
    count: int = 1
    services: int = 1
    topics: tuple[str, ...] = ()
    lsf: int = 2
    euros_per_minute: str = "0.60"
    euros_fixed: str = "0"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agents with the same hours: ``topics`` and ``companies`` are how many each has.

    No number of companies is all of them. ``shift`` is when they are ready, in hours of
    the clock; pauses are what lies between.
    """

    count: int
    shift: tuple[str, ...]
    lsf: int = 3
    topics: int = 2
    companies: int = 0
    reserve: bool = False
    euros_per_hour: str = "16.50"


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. The same plan and seed make the same day, on every machine."""

    title: str
    day: date
    opens: str
    callers: Callers
    company: tuple[CompanyPlan, ...]
    agents: tuple[Group, ...]
    seed: int = 1
    monitored: bool = True
    widening: str = "20:topic danger:reserve"


def read_plan(text: str) -> Plan:
    """Read a plan.

    Raises:
        SimulationRefusedError: it is no plan, or one that nobody could play.
    """
    try:
        plan = msgspec.toml.decode(text, type=Plan)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise SimulationRefusedError(f"This is no day to simulate: {error}.") from None
    calls = sum(each.calls * each.count for each in plan.company)
    agents = sum(each.count for each in plan.agents)
    if not 0 < calls <= MOST_CALLS or not 0 < agents <= MOST_AGENTS:
        raise SimulationRefusedError(
            f"A day has 1 to {MOST_CALLS} calls and 1 to {MOST_AGENTS} agents,"
            f" not {calls} and {agents}."
        )
    if (
        not plan.callers.shape
        or min(plan.callers.shape) < 0
        or not sum(plan.callers.shape)
    ):
        raise SimulationRefusedError("The shape says how busy each hour is, above 0.")
    return plan


def draw(plan: Plan, *, dedicated: bool) -> House:
    """Draw the day; ``dedicated``: each agent serves one company alone.

    Raises:
        SimulationRefusedError: the plan contradicts itself.
    """
    try:
        return _Drawing(plan, dedicated=dedicated).house()
    except (QueueError, AccountsError) as error:
        raise SimulationRefusedError(f"This day cannot be: {error}.") from None


class _Drawing:
    """One day while it is drawn; callers and agents have a chance of their own each."""

    def __init__(self, plan: Plan, *, dedicated: bool) -> None:
        self._plan = plan
        self._dedicated = dedicated
        self._companies = [
            (CompanyId(f"{each.id}{n:02}" if each.count > 1 else each.id), each)
            for each in plan.company
            for n in range(1, each.count + 1)
        ]
        self._topics = sorted({t for _, each in self._companies for t in each.topics})
        noon = datetime.combine(plan.day, time(0), PARIS)
        self._midnight = int(noon.timestamp())
        self._opens = self._midnight + _clock(plan.opens)

    def house(self) -> House:
        staff = random.Random(self._plan.seed + 1)  # noqa: S311  a drawing, no secret
        people = list(self._agents(staff))
        return House(
            title=self._plan.title,
            day=Day(
                directory=Directory(
                    version=1,
                    services=tuple(self._services()),
                    agents=tuple(entry for entry, _ in people),
                    skills=dict.fromkeys(self._topics, SkillKind.TOPIC),
                ),
                callers=tuple(self._callers()),
                shifts=tuple(s for e, group in people for s in self._shifts(e, group)),
            ),
            opens=self._opens,
            hours=len(self._plan.callers.shape),
            monitored=self._plan.monitored,
            tariffs={
                company: Tariff(
                    _money(each.euros_per_minute, 6), _money(each.euros_fixed, 2)
                )
                for company, each in self._companies
            },
            wages={e.id: _money(group.euros_per_hour, 2) for e, group in people},
        )

    def _services(self) -> Iterator[ServiceEntry]:
        steps = tuple(_step(each) for each in widening_from_text(self._plan.widening))
        for company, each in self._companies:
            for n in range(each.services):
                yield ServiceEntry(
                    id=ServiceId(f"{company}-{n + 1}"),
                    company=company,
                    needs=(Need("lsf", each.lsf),),
                    topics={TopicId(topic): Need(topic, 1) for topic in each.topics},
                    widening=steps if each.topics else steps[-1:],
                )

    # -------------------------------------------------------------------- callers

    def _callers(self) -> list[Coming]:
        chance = random.Random(self._plan.seed)  # noqa: S311  a drawing, no secret
        times = sorted(
            (at, company, plan)
            for company, plan in self._companies
            for at in self._times(plan.calls, chance)
        )
        return [
            self._caller(number, at, company, plan, chance)
            for number, (at, company, plan) in enumerate(times)
        ]

    def _times(self, calls: int, chance: random.Random) -> list[float]:
        shape = self._plan.callers.shape
        hours = chance.choices(range(len(shape)), shape, k=calls)
        return [self._opens + HOUR * (hour + chance.random()) for hour in hours]

    def _caller(
        self,
        number: int,
        at: float,
        company: CompanyId,
        plan: CompanyPlan,
        chance: random.Random,
    ) -> Coming:
        how = self._plan.callers
        asks = plan.topics and chance.random() < how.topic_percent / 100
        typical = how.talk_s / _mean_of_spread(how.spread)
        return Coming(
            call=call_id(number),
            at=at,
            service=ServiceId(f"{company}-{chance.randint(1, plan.services)}"),
            topic=TopicId(chance.choice(plan.topics)) if asks else None,
            patience=PATIENT_S + chance.expovariate(1 / how.patience_s),
            reaction=1 + chance.expovariate(1 / max(0.1, how.reaction_s - 1)) % 10,
            talk=typical * chance.lognormvariate(0.0, how.spread),
            notes=chance.expovariate(1 / how.notes_s),
            is_missed=chance.random() < how.missed_percent / 100,
        )

    # --------------------------------------------------------------------- agents

    def _agents(self, chance: random.Random) -> Iterator[tuple[AgentEntry, Group]]:
        names = [company for company, _ in self._companies]
        turns = _by_weight([each.calls for _, each in self._companies])
        number = 0
        for group in self._plan.agents:
            for _ in range(group.count):
                number += 1
                known = chance.sample(
                    self._topics, min(group.topics, len(self._topics))
                )
                some = chance.sample(names, min(group.companies, len(names)) or 1)
                mine = some if group.companies else names
                yield (
                    AgentEntry(
                        id=AgentId(f"agent{number:04}"),
                        companies=frozenset(
                            [names[next(turns)]] if self._dedicated else mine
                        ),
                        skills={"lsf": group.lsf, **dict.fromkeys(known, 2)},
                        reserve=group.reserve,
                    ),
                    group,
                )

    def _shifts(self, entry: AgentEntry, group: Group) -> Iterator[Shift]:
        for part in group.shift:
            begin, _, end = part.partition("-")
            begins, ends = _clock(begin), _clock(end)
            if begins >= ends:
                raise SimulationRefusedError(f"{part!r} is no part of a shift.")
            yield Shift(
                entry.id, float(self._midnight + begins), float(self._midnight + ends)
            )


def _by_weight(weights: Sequence[int]) -> Iterator[int]:
    """Take turns so that everybody has had their share as nearly as can be."""
    had, given = [0] * len(weights), 0
    total = sum(weights)
    while True:
        given += 1
        due = [given * w / total - had[n] for n, w in enumerate(weights)]
        chosen = due.index(max(due))
        had[chosen] += 1
        yield chosen


def _step(step: routing.WideningStep) -> WideningStep:
    kinds = frozenset(SkillKind(kind.value) for kind in step.relax)
    return WideningStep(step.after_s, kinds, step.reserve)


def _mean_of_spread(sigma: float) -> float:
    """Give the mean of a log-normal time whose typical one is 1."""
    return float(2.718281828459045 ** (sigma * sigma / 2))


def _clock(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    is_time = colon and hour.isdecimal() and minute.isdecimal()
    if not is_time or int(hour) > 24 or int(minute) > 59:
        raise SimulationRefusedError(f"{text[:20]!r} is no time such as 08:30.")
    return HOUR * int(hour) + 60 * int(minute)


def _money(text: str, places: int) -> int:
    """Read euros as whole parts of so many decimal places."""
    try:
        value = Decimal(text).scaleb(places)
    except InvalidOperation:
        raise SimulationRefusedError(f"{text[:20]!r} is no amount of euros.") from None
    if value != value.to_integral_value() or not 0 <= value < 10**12:
        raise SimulationRefusedError(f"{text[:20]!r} is no amount of euros.")
    return int(value)
