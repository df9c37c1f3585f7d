"""What one call requires: its service's needs, in its variant, about its topic.

Pure. Mode, language and qualification are floors: a variant puts others in the place of
the first two, and nothing ever drops any of the three.
"""

from collections.abc import Callable, Iterable
from typing import Final

from queueing.catalogue import TEXT, Need, ServiceEntry, SkillKind, WideningStep
from queueing.model import Mode, TopicId, VariantId

Kind = Callable[[str], SkillKind]
"""Says what sort of skill a name is: `Directory.kind`."""

_VARIED: Final = frozenset({SkillKind.MODE, SkillKind.LANGUAGE})


def needed_levels(needs: Iterable[Need]) -> dict[str, int]:
    """Join needs: of two for the same skill, the higher level holds."""
    levels: dict[str, int] = {}
    for need in needs:
        levels[need.skill] = max(levels.get(need.skill, 0), need.level)
    return levels


def served_in(
    service: ServiceEntry, asked: VariantId | None, mode: Mode
) -> VariantId | None:
    """Say in which variant a call is served; the service must have the one asked."""
    if asked is None and mode is Mode.TEXT and TEXT in service.variants:
        return TEXT
    return asked


def needs_of(
    service: ServiceEntry,
    kind: Kind,
    *,
    variant: VariantId | None = None,
    topic: TopicId | None = None,
) -> tuple[Need, ...]:
    """Give what a call needs before any widening."""
    needs = service.needs
    if variant is not None:
        kept = tuple(each for each in needs if kind(each.skill) not in _VARIED)
        needs = kept + service.variants[variant]
    if topic is not None:
        needs += (service.topics[topic],)
    return needs


def widen(needs: tuple[Need, ...], kind: Kind, step: WideningStep) -> tuple[Need, ...]:
    """Give what is left to need after a step."""
    return tuple(each for each in needs if kind(each.skill) not in step.relax)


def allowance(service: ServiceEntry) -> float:
    """Give the seconds from a call's clock to the deadline by which it is served."""
    return service.target - service.priority
