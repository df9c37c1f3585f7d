"""How the steps of a wait are written down: `20:topic 40:accreditation danger:reserve`.

`danger` stands in the place of the seconds: no time takes that step, but whoever watches
the queue, when the promise is likely to break.
"""

import re
from collections.abc import Iterable
from typing import Final

from accounts.errors import InvalidStepsError
from accounts.routing import RELAXABLE, Overflow, OverflowStep, SkillKind, WideningStep

RESERVE: Final = "reserve"
DANGER: Final = "danger"
_STEP: Final = re.compile(
    r"([0-9]{1,6}(?:\.[0-9]{1,3})?|danger):([a-z_]+(?:,[a-z_]+)*)"
)


def widening_from_text(text: str) -> tuple[WideningStep, ...]:
    """Read `20:topic 40:accreditation danger:reserve`; no step at all is allowed.

    Raises:
        InvalidStepsError: it is nothing like that, or no steps that can be.
    """
    return tuple(_widening(step) for step in text.split())


def overflow_from_text(text: str) -> tuple[OverflowStep, ...]:
    """Read `45:call_back,text danger:video_message`; no step at all is allowed.

    Raises:
        InvalidStepsError: it is nothing like that, or no steps that can be.
    """
    return tuple(_overflow(step) for step in text.split())


def widening_to_text(steps: Iterable[WideningStep]) -> str:
    """Write what `widening_from_text` reads as the same steps."""
    return " ".join(
        _step(step.after_s, [*step.relax, *([RESERVE] if step.reserve else [])])
        for step in steps
    )


def overflow_to_text(steps: Iterable[OverflowStep]) -> str:
    """Write what `overflow_from_text` reads as the same steps."""
    return " ".join(_step(step.after_s, step.ways) for step in steps)


def _widening(step: str) -> WideningStep:
    after_s, words = _read(
        step,
        {*SkillKind, RESERVE},
        "20:topic or danger:reserve",
        {*RELAXABLE, RESERVE},
    )
    return WideningStep(
        after_s,
        frozenset(SkillKind(word) for word in words if word != RESERVE),
        RESERVE in words,
    )


def _overflow(step: str) -> OverflowStep:
    after_s, words = _read(step, {*Overflow}, "45:call_back,text", {*Overflow})
    return OverflowStep(after_s, frozenset(map(Overflow, words)))


def _read(
    step: str, known: set[str], example: str, useful: set[str]
) -> tuple[float | None, list[str]]:
    match = _STEP.fullmatch(step)
    if match is None:
        raise InvalidStepsError(
            f"{step[:80]!r} is no step such as {example}: seconds or `danger`,"
            " a colon, words."
        )
    words = match[2].split(",")
    for word in words:
        if word not in known:
            raise InvalidStepsError(
                f"{word[:32]!r} in {step[:80]!r} is none of {', '.join(sorted(useful))}."
            )
    return None if match[1] == DANGER else float(match[1]), words


def _step(after_s: float | None, words: Iterable[str]) -> str:
    when = DANGER if after_s is None else f"{after_s:.3f}".rstrip("0").rstrip(".")
    return f"{when}:{','.join(sorted(words))}"
