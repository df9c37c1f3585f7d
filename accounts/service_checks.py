"""What a service may ask and promise, as far as its own words tell. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from accounts.errors import InvalidInputError
from accounts.model import Topic
from accounts.naming import check_level, check_name, check_skill, check_slug
from accounts.routing import Need, Variant

MAX_TOPICS: Final = 20
MAX_VARIANTS: Final = 8


def check_needs(
    needs: Iterable[tuple[str, int]], who: str = "A service"
) -> tuple[Need, ...]:
    """At least one skill, none twice, each with a level from 1 to 3."""
    checked = tuple(
        Need(check_skill(skill), check_level(level)) for skill, level in needs
    )
    if not checked:
        raise InvalidInputError(f"{who} asks for at least one skill.")
    _refuse_twice([need.skill for need in checked])
    return checked


def check_topics(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """At most `MAX_TOPICS`, none twice."""
    checked = tuple(
        Topic(
            slug=check_slug(topic.slug),
            label=check_name(topic.label),
            skill=check_skill(topic.skill),
            level=check_level(topic.level),
        )
        for topic in topics
    )
    if len(checked) > MAX_TOPICS:
        raise InvalidInputError(f"A service has at most {MAX_TOPICS} topics.")
    _refuse_twice([topic.slug for topic in checked])
    return checked


def check_variant(variant: Variant) -> Variant:
    """A slug, a label that people read, and what it asks."""
    return Variant(
        id=check_slug(variant.id),
        label=check_name(variant.label),
        needs=check_needs(variant.needs, "A variant"),
    )


def check_promise(target_s: float, share: float) -> None:
    """A target within an hour, a share of all calls."""
    if not 1 <= target_s <= 3600:
        raise InvalidInputError("A target is 1 to 3600 seconds.")
    if not 0 < share <= 1:
        raise InvalidInputError("A share is above 0 and at most 1.")


def _refuse_twice(words: Sequence[str]) -> None:
    for word in words:
        if words.count(word) > 1:
            raise InvalidInputError(f"{word!r} is named twice.")
