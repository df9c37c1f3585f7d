"""Whose promise is likely to break, and what the service's own rules allow to do about it.

Pure. A call is in danger when the wait that is left to it, less the seconds that ringing
and the first picture take, will probably not be enough: surely so at first, with less and
less doubt allowed as half and three quarters of its time are gone (30 and 45 s of 60).

What helps is more hands, and they are counted: a step that adds nobody is not taken, and
no more calls are taken to the reserve than agents in reserve are ready. Nothing is done
for a call whose promise is broken: it keeps its place and gains no boost. Whether one can
still be saved is not asked: callers are not sorted by what they do to a figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from queueing.competition import Crew, fits
from queueing.model import Act, CallId, CompanyId, ServiceId, Trigger

MOST_WATCHED: Final = 200
"""Callers of a company who are looked at each time: those with the earliest deadlines."""


@dataclass(frozen=True, slots=True)
class Required:
    """What a call requires of whoever serves it, as a `competition.Queue` says it."""

    needs: int
    reserve: bool
    dropped: int


@dataclass(frozen=True, slots=True)
class Endangered:
    """A call that waits and has a step for danger left. Times are seconds.

    ``line`` names its queue; ``after`` is what it requires once its steps are taken, or
    nothing where none is left; ``offers`` says that other ways are left to be offered.
    """

    call: CallId
    company: CompanyId
    service: ServiceId
    leg: int
    waited: float
    target: float
    deadline: int
    line: str
    before: Required
    after: Required | None
    offers: bool

    @property
    def left(self) -> float:
        """Until the promise breaks."""
        return self.target - self.waited


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The probability of a breach above which something is done.

    ``react`` is how long a ringing agent and the first picture take; ``at_half`` and
    ``at_three_quarters`` hold from these parts of the target on.
    """

    react: float = 5.0
    predicted: float = 0.5
    at_half: float = 0.25
    at_three_quarters: float = 0.1


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do for one call, and why."""

    one: Endangered
    acts: frozenset[Act]
    trigger: Trigger
    breach: float


def trigger_of(
    one: Endangered, breach: float, thresholds: Thresholds, *, is_known: bool
) -> Trigger | None:
    """Say why something is to be done for a call now, if it is.

    ``is_known``: enough calls were seen for a prediction; before that it is a guess.
    """
    if one.left <= 0:
        return None
    waited = one.waited / one.target
    if waited >= 0.75 and breach > thresholds.at_three_quarters:
        return Trigger.AT_45
    if waited >= 0.5 and breach > thresholds.at_half:
        return Trigger.AT_30
    return Trigger.PREDICTED if is_known and breach > thresholds.predicted else None


def hands(crews: Iterable[Crew], company: str, required: Required) -> int:
    """Count the agents who may be offered a call that requires this."""
    return sum(crew.agents for crew in crews if _serves(crew, company, required))


@dataclass
class _Spare:
    crew: Crew
    left: int


class Deeds:
    """What is done at one look: each act is counted before the next one is chosen."""

    def __init__(
        self, crews: Sequence[Crew], ready: Iterable[Crew], thresholds: Thresholds
    ) -> None:
        self._crews = crews
        self._thresholds = thresholds
        self._spare = [_Spare(crew, crew.agents) for crew in ready if crew.reserve]

    def deed(
        self, one: Endangered, breach: float, *, is_known: bool = True
    ) -> Deed | None:
        """Choose for the caller with the earliest deadline of those who are left."""
        trigger = trigger_of(one, breach, self._thresholds, is_known=is_known)
        if trigger is None:
            return None
        acts = self._widening(one)
        if one.offers:
            acts |= {Act.OFFER}
        return Deed(one, acts, trigger, breach) if acts else None

    def _widening(self, one: Endangered) -> frozenset[Act]:
        if one.after is None:
            return frozenset()
        now = hands(self._crews, one.company, one.before)
        alone = Required(one.after.needs, one.before.reserve, one.after.dropped)
        acts = {Act.WIDEN} if hands(self._crews, one.company, alone) > now else set()
        if one.after.reserve and not one.before.reserve and self._call(one, one.after):
            acts.add(Act.RESERVE)
        return frozenset(acts)

    def _call(self, one: Endangered, after: Required) -> bool:
        """Take one of the reserve who is ready and fits, if there is any."""
        for spare in self._spare:
            if spare.left and _serves(spare.crew, one.company, after):
                spare.left -= 1
                return True
        return False


def _serves(crew: Crew, company: str, required: Required) -> bool:
    return company in crew.companies and fits(
        crew, required.needs, required.dropped, reserve=required.reserve
    )
