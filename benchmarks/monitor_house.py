"""A house in a burst that it cannot answer alone, played three ways by the queue's model."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Final

from queueing.catalogue import (
    AgentEntry,
    Directory,
    Need,
    ServiceEntry,
    SkillKind,
    WideningStep,
)
from queueing.model import AgentId, CompanyId, ServiceId, TopicId
from queueing.twin.live import call_id
from queueing.twin.playing import Coming, Day, Player, Shift
from queueing.twin.records import SECOND, Told

COMPANIES: Final = tuple(CompanyId(f"company{number}") for number in range(4))
TOPICS: Final = ("billing", "technical", "contract", "moving")
HOUR: Final = 3600.0
BURST_AT: Final = 1200.0
HOLD: Final = 284.0
"""Mean seconds of a call, from the ring to the end of the notes."""

WORK: Final = 0.75
"""Which part of its time the house is busy before the burst."""

TOPIC_STEP: Final = WideningStep(20.0, frozenset({SkillKind.TOPIC}))


class Policy(StrEnum):
    """Who calls the reserve."""

    OFF = "off"
    TIMED = "timed"
    MONITOR = "monitor"


STEPS: Final[Mapping[Policy, tuple[WideningStep, ...]]] = {
    Policy.OFF: (TOPIC_STEP,),
    Policy.TIMED: (TOPIC_STEP, WideningStep(45.0, reserve=True)),
    Policy.MONITOR: (TOPIC_STEP, WideningStep(None, reserve=True)),
}
"""Nobody; a step after 45 s; the monitor, in danger."""


@dataclass(frozen=True, slots=True)
class House:
    """How many there are, and by what the burst multiplies those who call."""

    regular: int = 40
    reserve: int = 8
    burst: float = 2.0
    minutes: float = 10.0


@dataclass
class Played:
    """One hour: its service level in hundredths, and what the monitor did."""

    calls: int = 0
    in_time: int = 0
    short: int = 0
    acts: int = 0
    helped: int = 0
    judged: int = 0

    @property
    def level(self) -> float:
        return 100 * self.in_time / (self.calls - self.short)

    def add(self, told: Told) -> None:
        """Count by the contract: in time, of all but those who left within 5 s."""
        match told.kind:
            case "call_queued":
                self.calls += 1
            case "monitor_acted":
                self.acts += 1
            case "monitor_helped":
                self.judged += 1
                self.helped += bool(told.facts["helped"])
            case _:
                pass


def play(house: House, policy: Policy, seed: int) -> Played:
    """Play the hour of this seed: the same callers and agents for every policy."""
    played, begins = Played(), dict[str, int]()
    player = Player(an_hour(house, policy, seed), monitored=policy is Policy.MONITOR)
    for told in (each for some in player.play() for each in some):
        played.add(told)
        if told.call is None:
            continue
        waited = told.at - begins.setdefault(told.call, told.at)
        if told.kind == "call_answered" and not told.facts["again"]:
            played.in_time += waited <= 60 * SECOND
        elif told.kind == "call_ended" and told.facts["t1_us"] is None:
            played.short += waited < 5 * SECOND
    return played


def an_hour(house: House, policy: Policy, seed: int) -> Day:
    """Draw the callers by the seed, and who works there by another one."""
    staff = random.Random(seed + 1000)  # noqa: S311  a drawing, no secret
    agents = tuple(_agent(number, house, staff) for number in _numbers(house))
    services = tuple(
        ServiceEntry(
            id=ServiceId(f"{company}-lsf"),
            company=company,
            needs=(Need("lsf", 2),),
            topics={TopicId(topic): Need(topic, 1) for topic in TOPICS},
            widening=STEPS[policy],
        )
        for company in COMPANIES
    )
    kinds = dict.fromkeys(TOPICS, SkillKind.TOPIC)
    return Day(
        directory=Directory(1, services, agents, kinds),
        callers=tuple(_callers(house, random.Random(seed))),  # noqa: S311  the same
        shifts=tuple(Shift(each.id, 0.0, 2 * HOUR) for each in agents),
    )


def _numbers(house: House) -> range:
    return range(house.regular + house.reserve)


def _agent(number: int, house: House, chance: random.Random) -> AgentEntry:
    skills = {"lsf": chance.choices((2, 3), (40, 60))[0]}
    for topic in TOPICS:
        if chance.random() < 0.6:
            skills[topic] = chance.randint(1, 3)
    return AgentEntry(
        id=AgentId(f"agent{number:03}"),
        companies=frozenset(chance.sample(COMPANIES, 3)),
        skills=skills,
        reserve=number >= house.regular,
    )


def _callers(house: House, chance: random.Random) -> list[Coming]:
    """Poisson arrivals through the hour, more of them in the burst."""
    rate, found, at = house.regular * WORK / HOLD, list[Coming](), 0.0
    burst_ends = BURST_AT + 60 * house.minutes
    for number in count():
        is_burst = BURST_AT <= at < burst_ends
        at += chance.expovariate(rate * (house.burst if is_burst else 1))
        if at >= HOUR:
            return found
        found.append(_caller(number, at, chance))
    raise AssertionError  # the numbers never end


def _caller(number: int, at: float, chance: random.Random) -> Coming:
    company = chance.choice(COMPANIES)
    topic = TopicId(chance.choice(TOPICS)) if chance.random() < 0.5 else None
    return Coming(
        call=call_id(number),
        at=at,
        service=ServiceId(f"{company}-lsf"),
        topic=topic,
        patience=15 + chance.expovariate(1 / 240),
        reaction=1 + chance.expovariate(1 / 3) % 10,
        talk=chance.lognormvariate(5.2, 0.7),
        notes=chance.expovariate(1 / 40),
    )
