"""Writes a directory the way the library reads it: each skill with its level, as JSON."""

from collections.abc import Iterable
from itertools import chain
from typing import Final

import msgspec

from queueing.catalogue import (
    LEVELS,
    AgentEntry,
    Directory,
    OverflowStep,
    ServiceEntry,
    WideningStep,
)
from queueing.library import microseconds
from queueing.needs import Kind, allowance, needed_levels, needs_of, widen

IN_DANGER: Final = "!"
"""In the place of a time: the step is for danger alone."""


def encode_reserves(directory: Directory) -> str:
    """Give the JSON of how many agents are kept for which scarce skills."""
    return _json(
        [{"skill": each.skill, "keep": each.keep} for each in directory.reserves]
    )


def encode_agents(agents: Iterable[AgentEntry]) -> str:
    """Give the JSON of some agents."""
    return _json([_agent(each) for each in agents])


def encode_services(services: Iterable[ServiceEntry], kind: Kind) -> str:
    """Give the JSON of some services; ``kind`` says what sort of skill a name is."""
    return _json([_service(each, kind) for each in services])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _service(entry: ServiceEntry, kind: Kind) -> dict[str, object]:
    return {
        "id": entry.id,
        "company": entry.company,
        "allowance": microseconds(allowance(entry)),
        "overflow": " ".join(map(_overflow, entry.overflow)),
        "cool_down": str(microseconds(entry.cool_down)),
        "wrap_up": "" if entry.wrap_up is None else str(microseconds(entry.wrap_up)),
        "target": microseconds(entry.target),
        "needs": needed_levels(entry.needs),
        "widening": [_step(step, entry, kind) for step in entry.widening],
        "variants": {
            variant: needed_levels(needs_of(entry, kind, variant=variant))
            for variant in entry.variants
        },
        "topics": {
            topic: {need.skill: need.level} for topic, need in entry.topics.items()
        },
    }


def _step(step: WideningStep, entry: ServiceEntry, kind: Kind) -> dict[str, object]:
    needs = (*entry.needs, *entry.topics.values(), *chain(*entry.variants.values()))
    dropped = {need.skill for need in needs} - {
        need.skill for need in widen(needs, kind, step)
    }
    return {
        "after": _after(step.after),
        "drop": dict.fromkeys(dropped, max(LEVELS)),
        "reserve": "1" if step.reserve else "0",
    }


def _overflow(step: OverflowStep) -> str:
    return f"{_after(step.after)}:{','.join(sorted(step.ways))}"


def _after(after: float | None) -> str:
    return IN_DANGER if after is None else str(microseconds(after))


def _agent(entry: AgentEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "name": entry.name,
        "skills": dict(entry.skills),
        "companies": ",".join(sorted(entry.companies)),
        "reserve": "1" if entry.reserve else "0",
        "independent": "1" if entry.independent else "0",
    }
