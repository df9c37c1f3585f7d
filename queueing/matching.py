"""Who may serve whom, and in which order: the rules that the library must equal.

Pure. The function library computes the same with bitmasks and ordered indexes; here the
rules stand as a person would say them, and the model in `twin` decides by them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from queueing.catalogue import Need, ScarceReserve
from queueing.model import AgentId, CallId, CompanyId
from queueing.needs import needed_levels


@dataclass(frozen=True, slots=True)
class Caller:
    """A call that waits. ``deadline`` and ``rests`` are seconds since the epoch.

    ``rests`` says until when an agent who missed or refused this call is not asked
    again; ``reserve`` that its widening has called the reserve, ``dropped`` which
    scarce skills it dropped; ``only`` that the call is for one agent alone.
    """

    call: CallId
    company: CompanyId
    needs: tuple[Need, ...]
    deadline: float
    rests: Mapping[AgentId, float] = field(default_factory=dict)
    reserve: bool = False
    only: AgentId | None = None
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who is ready, since ``idle_since`` (seconds since the epoch).

    ``rests_until``: after missed offers, nothing is offered to an agent before it.
    ``held`` are the scarce skills of an agent who is kept for those who need one of
    them (see `held`); of anybody else it is empty.
    """

    agent: AgentId
    companies: frozenset[CompanyId]
    skills: Mapping[str, int]
    reserve: bool
    idle_since: float
    rests_until: float = 0.0
    held: frozenset[str] = frozenset()


def held(
    skills: Mapping[str, int],
    reserves: Iterable[ScarceReserve],
    ready: Mapping[str, int],
) -> frozenset[str]:
    """Give the scarce skills for which an agent with these skills is kept now.

    ``ready`` counts the ready agents with each scarce skill, at any level. Who has a
    skill of which no more are ready than are kept is kept, for all who need any scarce
    skill that the agent has: somebody who needs one must not wait because another is
    scarce as well.
    """
    mine = [each for each in reserves if skills.get(each.skill, 0) > 0]
    if any(ready[each.skill] <= each.keep for each in mine):
        return frozenset(each.skill for each in mine)
    return frozenset()


def covers(skills: Mapping[str, int], needs: Iterable[Need]) -> bool:
    """Say whether the skills reach every needed level."""
    return all(skills.get(need.skill, 0) >= need.level for need in needs)


def eligible(caller: Caller, candidate: Candidate, now: float) -> bool:
    """Say whether this agent may be offered this call now."""
    return (
        caller.company in candidate.companies
        and caller.only in {None, candidate.agent}
        and covers(candidate.skills, caller.needs)
        and (caller.reserve or not candidate.reserve)
        and (caller.reserve or not candidate.held or _needs(caller, candidate.held))
        and caller.rests.get(candidate.agent, 0.0) <= now
        and candidate.rests_until <= now
    )


def _needs(caller: Caller, skills: frozenset[str]) -> bool:
    needed = {need.skill for need in caller.needs} | caller.dropped
    return not skills.isdisjoint(needed)


def surplus(candidate: Candidate, needs: Iterable[Need]) -> int:
    """Count the levels that the agent has beyond what the call needs."""
    return sum(candidate.skills.values()) - sum(needed_levels(needs).values())


def best_agent(
    caller: Caller, candidates: Iterable[Candidate], now: float
) -> Candidate | None:
    """Choose for a call: least surplus skill, then longest idle; reserve comes last."""
    return min(
        (each for each in candidates if eligible(caller, each, now)),
        key=lambda each: (
            each.reserve,
            surplus(each, caller.needs),
            each.idle_since,
            each.agent,
        ),
        default=None,
    )


def best_caller(
    candidate: Candidate, callers: Iterable[Caller], now: float
) -> Caller | None:
    """Choose for a freed agent: the earliest deadline, then the call id."""
    return min(
        (each for each in callers if eligible(each, candidate, now)),
        key=lambda each: (each.deadline, each.call),
        default=None,
    )
