"""Who may answer a call, and what happens while nobody does: the words of a service.

Pure. The queue refuses a directory that contradicts itself, all of it; so what it would
refuse is refused here first, one change at a time, to whoever makes the change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple, TypedDict
from urllib.parse import urlsplit

from accounts.errors import InvalidInputError, InvalidStepsError

HIGHEST_PRIORITY_S: Final = 30.0
"""An offset of the deadline, never a class of its own: nobody starves behind it."""

LONGEST_S: Final = 3600.0
"""No step, rest or wrap-up is later or longer; also keeps out what is no number."""

MOST_KEPT: Final = 50
"""Idle agents that a scarce reserve may keep from everybody else's calls."""

TEXT: Final = "text"
"""The variant of every text call, where a service has one of this name."""

_MAX_URL: Final = 500


class SkillKind(StrEnum):
    """What sort of thing an agent can do; only two of them may ever be relaxed."""

    MODE = "mode"
    LANGUAGE = "language"
    TOPIC = "topic"
    ACCREDITATION = "accreditation"
    QUALIFICATION = "qualification"


RELAXABLE: Final = frozenset({SkillKind.TOPIC, SkillKind.ACCREDITATION})
"""Whoever is not understood has not been answered: the other kinds are floors."""

UNDERSTANDING: Final = frozenset({SkillKind.MODE, SkillKind.LANGUAGE})
"""One of these is asked for by every service and by each of its variants."""


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill that the house knows, and how people read it."""

    word: str
    kind: SkillKind
    label: str
    is_built_in: bool = False


BUILT_IN_SKILLS: Final[Mapping[str, Skill]] = MappingProxyType(
    {
        word: Skill(word, kind, label, is_built_in=True)
        for word, kind, label in (
            ("lsf", SkillKind.LANGUAGE, "Langue des signes française"),
            ("lfpc", SkillKind.LANGUAGE, "Langue française parlée complétée"),
            ("international", SkillKind.LANGUAGE, "Signes internationaux"),
            ("text", SkillKind.MODE, "Texte en temps réel"),
            ("slow", SkillKind.MODE, "LSF lente"),
            ("reduced_field", SkillKind.MODE, "LSF en champ réduit"),
        )
    }
)
"""Known to every house, as to every queue."""


class Overflow(StrEnum):
    """Another way out of a long wait; it never counts as answered in time."""

    CALL_BACK = "call_back"
    VIDEO_MESSAGE = "video_message"
    TEXT = "text"


class Need(NamedTuple):
    """A skill, and the least level of it (1 to 3)."""

    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way to be served: its needs replace the service's mode and language."""

    id: str
    label: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class WideningStep:
    """Who else may answer after `after_s` seconds of waiting in which nothing rang.

    None is no time: the step is taken in danger, when whoever watches the queue finds
    that the promise is likely to break, with all that are left before it.

    Raises:
        InvalidStepsError: it widens nothing, or lowers what is never lowered.
    """

    after_s: float | None
    relax: frozenset[SkillKind] = frozenset()
    reserve: bool = False

    def __post_init__(self) -> None:
        _check_after(self.after_s)
        if floors := self.relax - RELAXABLE:
            raise InvalidStepsError(
                f"No step lowers a {min(floors)}: whoever is not understood has not"
                " been answered. What may be relaxed is topic and accreditation."
            )
        if not self.relax and not self.reserve:
            raise InvalidStepsError(f"The step {spoken(self.after_s)} widens nothing.")


@dataclass(frozen=True, slots=True)
class OverflowStep:
    """Which other ways a caller is offered after `after_s` seconds of waiting.

    None: in danger, as of a `WideningStep`.

    Raises:
        InvalidStepsError: it offers nothing.
    """

    after_s: float | None
    ways: frozenset[Overflow]

    def __post_init__(self) -> None:
        _check_after(self.after_s)
        if not self.ways:
            raise InvalidStepsError(f"The step {spoken(self.after_s)} offers nothing.")


@dataclass(frozen=True, slots=True)
class Handling:
    """What happens around the calls of a service.

    `priority_s` brings every deadline forward. `cool_down_s` is how long an agent rests
    after a call, whatever anybody wants; `wrap_up_s` how long notes may take (None: as
    long as the queue allows). `video_message_url` is the company's own page.

    Raises:
        InvalidStepsError: steps that do not follow each other, or lead nowhere.
        InvalidInputError: a number or an address that cannot be.
    """

    priority_s: float = 0.0
    widening: tuple[WideningStep, ...] = ()
    overflow: tuple[OverflowStep, ...] = ()
    cool_down_s: float = 0.0
    wrap_up_s: float | None = None
    video_message_url: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.priority_s <= HIGHEST_PRIORITY_S:
            raise InvalidInputError(
                f"A priority is 0 to {HIGHEST_PRIORITY_S:g} seconds,"
                f" not {self.priority_s:g}."
            )
        self._check_rests()
        _check_order([step.after_s for step in self.widening])
        _check_order([step.after_s for step in self.overflow])
        if self.video_message_url is not None:
            _check_url(self.video_message_url)
        elif any(Overflow.VIDEO_MESSAGE in step.ways for step in self.overflow):
            raise InvalidStepsError(
                "Video messages are offered, so the service needs the company's address"
                " for them."
            )

    def _check_rests(self) -> None:
        if not 0 <= self.cool_down_s <= LONGEST_S:
            raise InvalidInputError(f"A cool-down is 0 to {LONGEST_S:g} seconds.")
        if self.wrap_up_s is None:
            return
        if not 0 < self.wrap_up_s <= LONGEST_S:
            raise InvalidInputError(
                f"A wrap-up is above 0 and at most {LONGEST_S:g} seconds."
            )
        if self.wrap_up_s < self.cool_down_s:
            raise InvalidInputError("A wrap-up is no shorter than its cool-down.")


class HandlingChange(TypedDict, total=False):
    """Parts of `Handling`, by name."""

    priority_s: float
    widening: tuple[WideningStep, ...]
    overflow: tuple[OverflowStep, ...]
    cool_down_s: float
    wrap_up_s: float | None
    video_message_url: str | None


@dataclass(frozen=True, slots=True)
class ScarceReserve:
    """So many idle agents with this skill are kept for those who need it."""

    skill: str
    keep: int

    def __post_init__(self) -> None:
        if isinstance(self.keep, bool) or not 1 <= self.keep <= MOST_KEPT:
            raise InvalidInputError(
                f"A reserve keeps 1 to {MOST_KEPT} agents; more would starve the others."
            )


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a service asks of agents, with the kind of each skill.

    Raises:
        InvalidInputError: a way to be served without a mode or a language.
        InvalidStepsError: a step after which nobody else may answer than before.
    """

    kinds: Mapping[str, SkillKind] = field(repr=False)
    needs: tuple[Need, ...]
    topics: tuple[Need, ...]
    variants: tuple[Variant, ...]
    widening: tuple[WideningStep, ...]

    def __post_init__(self) -> None:
        self._check_understood(self.needs, "A service")
        for variant in self.variants:
            self._check_understood(variant.needs, f"The variant {variant.id!r}")
        asked = {self.kinds[need.skill] for need in self._all_needs()}
        relaxed: set[SkillKind] = set()
        reserve = False
        for step in self.widening:
            more = (step.relax & asked) - relaxed
            if not more and (reserve or not step.reserve):
                raise InvalidStepsError(
                    f"The step {spoken(step.after_s)} widens nothing: the service"
                    " asks for no such skill, or an earlier step did it already."
                )
            relaxed |= step.relax
            reserve = reserve or step.reserve

    def _all_needs(self) -> Iterable[Need]:
        yield from self.needs
        yield from self.topics
        for variant in self.variants:
            yield from variant.needs

    def _check_understood(self, needs: tuple[Need, ...], who: str) -> None:
        if not any(self.kinds[need.skill] in UNDERSTANDING for need in needs):
            raise InvalidInputError(
                f"{who} asks for at least one language or mode, such as lsf."
            )


def spoken(after_s: float | None) -> str:
    """Say when a step is taken."""
    return "in danger" if after_s is None else f"after {after_s:g} s"


def _check_after(after_s: float | None) -> None:
    if after_s is not None and not 0 < after_s <= LONGEST_S:
        raise InvalidStepsError(
            f"A step is above 0 and at most {LONGEST_S:g} seconds, not {after_s:g}."
        )


def _check_order(times: list[float | None]) -> None:
    for one, other in pairwise(times):
        if one is None:
            raise InvalidStepsError("The step for danger comes last, and there is one.")
        if other is not None and one >= other:
            raise InvalidStepsError(
                f"Steps follow each other: {other:g} s is not after {one:g} s."
            )


def _check_url(url: str) -> None:
    seen = url.isascii() and url.isprintable() and not {" ", "\\"} & {*url}
    if not seen or len(url) > _MAX_URL or not _is_https(url):
        raise InvalidInputError(
            "The address for video messages begins with https:// and has no spaces"
            f" and no password; at most {_MAX_URL} characters."
        )


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        return False
    is_plain = "@" not in parts.netloc
    return parts.scheme == "https" and bool(parts.hostname) and has_port and is_plain
