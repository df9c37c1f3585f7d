"""Who offers what, and who can do what: one directory, checked where it is made.

Pure. A directory that contradicts itself is never built, so nothing behind this file
asks again.
"""

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

from queueing.errors import BadDirectoryError
from queueing.model import (
    AgentId,
    CompanyId,
    Overflow,
    ServiceId,
    TopicId,
    VariantId,
)

LEVELS: Final = (1, 2, 3)

TARGET_SECONDS: Final = 60.0
"""The promise, where a contract says nothing else."""

HIGHEST_PRIORITY: Final = 30.0
"""Seconds by which a priority may bring a deadline forward: an offset, never a class of
its own, so that nobody starves behind it."""

MOST_WORDS: Final = 500
"""Topics and variants of a service, companies of an agent, skills of a directory: the
library reads such a list in one piece, while everybody else waits."""

MOST_SERVICES: Final = 4_000
"""Services of a directory, for the same reason."""

TEXT: Final = VariantId("text")
"""The variant of every text call, where a service has one of this name."""


class SkillKind(StrEnum):
    """What sort of thing an agent can do; only two of them may ever be relaxed."""

    MODE = "mode"
    LANGUAGE = "language"
    TOPIC = "topic"
    ACCREDITATION = "accreditation"
    QUALIFICATION = "qualification"


RELAXABLE: Final = frozenset({SkillKind.TOPIC, SkillKind.ACCREDITATION})
"""Language, mode and qualification are floors: a caller who is not understood has not
been answered, however soon somebody came."""

BUILT_IN_SKILLS: Final[Mapping[str, SkillKind]] = {
    "lsf": SkillKind.LANGUAGE,
    "lfpc": SkillKind.LANGUAGE,
    "international": SkillKind.LANGUAGE,
    "text": SkillKind.MODE,
    "slow": SkillKind.MODE,
    "reduced_field": SkillKind.MODE,
}
"""What every directory knows: French Sign Language, cued French (LfPC), International
Sign; real-time text, and slow and reduced-field LSF for deafblind people."""


_IN_DANGER: Final = float("inf")
"""The step for danger comes last, and there is one."""


@dataclass(frozen=True, slots=True)
class Need:
    """A skill that a call requires, with its lowest sufficient level (1 to 3)."""

    skill: str
    level: int

    def __post_init__(self) -> None:
        _check_level(self.skill, self.level)


@dataclass(frozen=True, slots=True)
class WideningStep:
    """Who else may answer, ``after`` seconds of waiting in which nothing rang.

    ``relax`` drops every need of these kinds; ``reserve`` calls the agents in reserve,
    and those whom a `ScarceReserve` holds. Each step adds to the ones before. `None`
    is no time: a step for danger, which whoever watches the pool takes when the
    promise is likely to break, with those before it that are left.
    """

    after: float | None
    relax: frozenset[SkillKind] = frozenset()
    reserve: bool = False

    def __post_init__(self) -> None:
        if self.after is not None and self.after <= 0:
            raise BadDirectoryError(f"a widening step {spoken(self.after)}")
        floors = self.relax - RELAXABLE
        if floors:
            raise BadDirectoryError(f"a widening step lowers {min(floors)}")


@dataclass(frozen=True, slots=True)
class OverflowStep:
    """Which other ways a caller is offered, ``after`` seconds of waiting.

    `None`: in danger, as of a `WideningStep`.
    """

    after: float | None
    ways: frozenset[Overflow]

    def __post_init__(self) -> None:
        if self.after is not None and self.after <= 0:
            raise BadDirectoryError(f"an overflow step {spoken(self.after)}")
        if not self.ways:
            raise BadDirectoryError("an overflow step that offers nothing")


@dataclass(frozen=True, slots=True)
class ScarceReserve:
    """Keep ``keep`` idle agents with a skill for those who need it.

    While so few or fewer of them are idle, only a call that needs the skill (at any
    level), or one whose widening calls the reserve, is offered to them.
    """

    skill: str
    keep: int

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise BadDirectoryError(f"a reserve of {self.keep} with {self.skill}")


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A company's service: what every call to it needs, and what happens meanwhile.

    ``variants`` are other ways to be served (`lfpc`, `slow`, `text` and so on): their
    needs stand in the place of those of ``needs`` whose kind is mode or language. A
    topic adds its need. ``priority`` brings every caller's deadline forward by so many
    seconds. ``cool_down`` is how long an agent rests after a call, whatever anybody
    wants; ``wrap_up`` how long notes may take (``None``: the pool's duration).
    """

    id: ServiceId
    company: CompanyId
    needs: tuple[Need, ...]
    topics: Mapping[TopicId, Need] = field(default_factory=dict)
    variants: Mapping[VariantId, tuple[Need, ...]] = field(default_factory=dict)
    target: float = TARGET_SECONDS
    priority: float = 0.0
    widening: tuple[WideningStep, ...] = ()
    overflow: tuple[OverflowStep, ...] = ()
    cool_down: float = 0.0
    wrap_up: float | None = None

    def __post_init__(self) -> None:
        name = self.id
        _check_length(f"{name}: topics and variants", [*self.topics, *self.variants])
        if self.target <= 0:
            raise BadDirectoryError(f"{name}: a target of {self.target:g} s")
        if not 0 <= self.priority <= HIGHEST_PRIORITY:
            raise BadDirectoryError(
                f"{name}: a priority of {self.priority:g} s,"
                f" not 0 to {HIGHEST_PRIORITY:g}"
            )
        if self.cool_down < 0 or (self.wrap_up is not None and self.wrap_up <= 0):
            raise BadDirectoryError(f"{name}: a wrap-up or cool-down below zero")
        if self.wrap_up is not None and self.wrap_up < self.cool_down:
            raise BadDirectoryError(f"{name}: a wrap-up shorter than its cool-down")
        for steps in (self.widening, self.overflow):
            times = [_IN_DANGER if step.after is None else step.after for step in steps]
            if any(one >= other for one, other in pairwise(times)):
                raise BadDirectoryError(f"{name}: steps that do not follow each other")


@dataclass(frozen=True, slots=True)
class AgentEntry:
    """An agent: for which companies, with which skills (name to level 1 to 3).

    A reserve agent is offered a call only once its widening calls the reserve. Nobody
    but the agent changes the state of an ``independent`` one: missed offers make such
    an agent rest, and a supervisor cannot send them away.
    """

    id: AgentId
    companies: frozenset[CompanyId]
    skills: Mapping[str, int]
    reserve: bool = False
    name: str = ""
    independent: bool = False

    def __post_init__(self) -> None:
        if not self.skills:
            raise BadDirectoryError(f"agent {self.id} has no skill")
        if not self.name.isprintable():
            raise BadDirectoryError(f"agent {self.id}: a name that cannot be printed")
        _check_length(f"agent {self.id}: companies", self.companies)
        for skill, level in self.skills.items():
            _check_level(skill, level)


@dataclass(frozen=True, slots=True)
class Directory:
    """One version of all of it; higher versions replace it.

    ``skills`` names the kind of every skill that is not built in.
    """

    version: int
    services: tuple[ServiceEntry, ...]
    agents: tuple[AgentEntry, ...]
    skills: Mapping[str, SkillKind] = field(default_factory=dict)
    reserves: tuple[ScarceReserve, ...] = ()

    def __post_init__(self) -> None:
        _check_length("skills", self.skills)
        _check_length("services", self.services, MOST_SERVICES)
        for skill, kind in self.skills.items():
            if BUILT_IN_SKILLS.get(skill, kind) is not kind:
                raise BadDirectoryError(f"{skill} is built in with another kind")
        for agent in self.agents:
            for skill in agent.skills:
                self.kind(skill)
        for reserve in self.reserves:
            self.kind(reserve.skill)
        for service in self.services:
            self._check_service(service)

    def kind(self, skill: str) -> SkillKind:
        """Say what sort of skill it is.

        Raises:
            BadDirectoryError: the directory does not know it.
        """
        try:
            return BUILT_IN_SKILLS.get(skill) or self.skills[skill]
        except KeyError:
            raise BadDirectoryError(f"nobody knows a skill named {skill}") from None

    def _check_service(self, service: ServiceEntry) -> None:
        known = {self.kind(need.skill) for need in service.needs}
        known |= {self.kind(need.skill) for need in service.topics.values()}
        for needs in service.variants.values():
            known |= {self.kind(need.skill) for need in needs}
        relaxed: set[SkillKind] = set()
        reserve = False
        for step in service.widening:
            more = (step.relax & known) - relaxed
            if not more and (reserve or not step.reserve):
                raise BadDirectoryError(
                    f"{service.id}: the step {spoken(step.after)} widens nothing"
                )
            relaxed |= step.relax
            reserve = reserve or step.reserve


def spoken(after: float | None) -> str:
    """Say when a step is taken."""
    return "in danger" if after is None else f"after {after:g} s"


def _check_length(what: str, words: Sized, most: int = MOST_WORDS) -> None:
    if len(words) > most:
        raise BadDirectoryError(f"{what}: {len(words)}, more than {most}")


def _check_level(skill: str, level: int) -> None:
    if not skill:
        raise BadDirectoryError("a skill has no name")
    if isinstance(level, bool) or level not in LEVELS:
        raise BadDirectoryError(f"level {level} of {skill} is not 1, 2 or 3")
