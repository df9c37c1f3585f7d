"""A whole country at the queue: companies, services, agents. Pure, and always the same.

Forty companies, each with services in five languages and modes at several levels, four
topics each: about 2,400 sorts of callers. Agents serve one to five companies, most with
LSF alone, a few with what is rare. One in a hundred serves text alone, at five
companies, where nobody in the benchmarks' crowds calls for it.
"""

import random
from collections.abc import Sequence
from itertools import accumulate
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

COMPANIES: Final = 40
AGENTS: Final = 5_000
TOPICS: Final = ("billing", "technical", "contract", "moving")
LANGUAGES: Final[dict[str, tuple[tuple[Need, ...], int]]] = {
    "lsf1": ((Need("lsf", 1),), 20),
    "lsf2": ((Need("lsf", 2),), 40),
    "lsf3": ((Need("lsf", 3),), 15),
    "lfpc": ((Need("lfpc", 2),), 6),
    "lfpc3": ((Need("lfpc", 3),), 2),
    "international": ((Need("international", 1),), 4),
    "international2": ((Need("international", 2),), 2),
    "slow": ((Need("lsf", 2), Need("slow", 1)), 4),
    "slow2": ((Need("lsf", 3), Need("slow", 2)), 1),
    "reduced": ((Need("lsf", 2), Need("reduced_field", 1)), 3),
    "reduced2": ((Need("lsf", 3), Need("reduced_field", 2)), 1),
    "lsf2lfpc": ((Need("lsf", 2), Need("lfpc", 1)), 2),
    "text": ((Need("text", 3),), 0),
}
"""What a caller may need, and how many of a hundred do."""

RARE: Final = {"lfpc": 0.12, "international": 0.08, "slow": 0.10, "reduced_field": 0.05}
"""How many of the agents have it."""


def a_nation(
    *,
    version: int = 1,
    agents: int = AGENTS,
    companies: int = COMPANIES,
    seed: int = 3,
    widening: tuple[WideningStep, ...] = (),
    gifted: float = 1.0,
) -> Directory:
    """Draw a directory; the same seed draws the same one. Every service widens alike.

    ``gifted`` multiplies how many agents have what is rare.
    """
    chance = random.Random(seed)  # noqa: S311  a drawing, no secret
    names = [CompanyId(f"company{number:02}") for number in range(companies)]
    return Directory(
        version=version,
        services=tuple(
            _service(company, language, widening)
            for company in names
            for language in LANGUAGES
        ),
        agents=tuple(_agent(number, names, chance, gifted) for number in range(agents)),
        skills=dict.fromkeys(TOPICS, SkillKind.TOPIC),
    )


class Crowd:
    """Those who call: each service as often as it is common, half with a topic."""

    def __init__(self, directory: Directory, chance: random.Random) -> None:
        self._services = directory.services
        self._chance = chance
        self._weights = list(
            accumulate(LANGUAGES[each.id.split("-")[1]][1] for each in self._services)
        )

    def all_wishes(self) -> list[tuple[ServiceId, TopicId | None]]:
        """Give each wish that is ever drawn, once."""
        common = (s for s in self._services if LANGUAGES[s.id.split("-")[1]][1])
        return [(s.id, topic) for s in common for topic in (None, *s.topics)]

    def wish(self) -> tuple[ServiceId, TopicId | None]:
        """Draw what the next one wants."""
        (service,) = self._chance.choices(self._services, cum_weights=self._weights)
        topics = list(service.topics)
        place = self._chance.randrange(2 * len(topics))
        return service.id, topics[place] if place < len(topics) else None


def is_special(agent: AgentEntry) -> bool:
    """Say whether the agent serves text alone."""
    return "text" in agent.skills


def plain_agents(directory: Directory) -> list[AgentEntry]:
    """Give all the others."""
    return [agent for agent in directory.agents if not is_special(agent)]


def _service(
    company: CompanyId, language: str, widening: tuple[WideningStep, ...]
) -> ServiceEntry:
    return ServiceEntry(
        id=ServiceId(f"{company}-{language}"),
        company=company,
        needs=LANGUAGES[language][0],
        topics={
            TopicId(topic): Need(topic, 1 + place % 3)
            for place, topic in enumerate(TOPICS)
        },
        widening=widening,
    )


def _agent(
    number: int, companies: Sequence[CompanyId], chance: random.Random, gifted: float
) -> AgentEntry:
    if number % 100 == 0:
        return AgentEntry(
            id=AgentId(f"agent{number:04}"),
            companies=frozenset(chance.sample(companies, min(len(companies), 5))),
            skills={"text": 3},
        )
    skills = {"lsf": chance.choices((1, 2, 3), (10, 30, 60))[0]}
    for skill, share in RARE.items():
        if chance.random() < share * gifted:
            skills[skill] = chance.randint(1, 3)
    for topic in TOPICS:
        if chance.random() < 0.6:
            skills[topic] = chance.randint(1, 3)
    served = min(len(companies), chance.randint(1, 5))
    return AgentEntry(
        id=AgentId(f"agent{number:04}"),
        companies=frozenset(chance.sample(companies, served)),
        skills=skills,
        name=f"Agent {number}",
    )
