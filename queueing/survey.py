"""A pool in figures, as the library tells them, and what callers are told of their wait.

Pure: between the library's rows and the words of `competition`, `tallies` and `model`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Final

from queueing.burn import Counted
from queueing.competition import Crew, Outlook, Queue, decode
from queueing.dangers import Endangered, Required
from queueing.estimates import Line
from queueing.inventory import LEVEL_BITS, SKILLS_A_WORD, calls_reserve
from queueing.library import seconds
from queueing.model import AgentState, CallId, CompanyId, ServiceId, Wait
from queueing.rates import Rates
from queueing.tallies import Tally, read_tally

SERVING: Final = frozenset(
    {
        AgentState.READY,
        AgentState.OFFERED,
        AgentState.CONNECTING,
        AgentState.IN_CALL,
        AgentState.WRAP_UP,
    }
)
"""The agents who will take a call without anybody asking them."""

STEPS: Final = ((120.0, 15.0), (600.0, 30.0), (float("inf"), 60.0))
"""Up to so many seconds, a wait is told in steps of so many."""

WORD_BITS: Final = 32


@dataclass(frozen=True, slots=True)
class LineLook:
    """One queue of callers as the library told it; see `competition.Queue`.

    ``oldest`` is the T0 (µs) of its first caller, whose ``service`` it names. ``only``
    names the agent for whom alone its callers wait, for a short time.
    """

    company: str
    signature: str
    only: str
    service: str
    oldest: int
    length: int
    deadlines: tuple[int, ...]

    def queue(self, rates: Rates) -> Queue:
        """Give it with what was learned of its service."""
        return Queue(
            name=f"{self.company} {self.signature}",
            company=self.company,
            needs=mask(self.signature),
            reserve=calls_reserve(self.signature),
            dropped=first_levels(self.signature.partition("/")[2].split(",")),
            deadlines=self.deadlines,
            each=self.length / len(self.deadlines),
            handle=rates.handle(self.service),
            patience=rates.patience(self.service),
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What a pool counts. Times are seconds since the epoch.

    ``scarce`` are the skills that are kept for who needs them, as bits; ``overdue`` is how long the lease that is first due has been due (0: none is).
    """

    now: float = 0.0
    violations: int = 0
    scarce: int = 0
    companies: tuple[str, ...] = ()
    leases: int = 0
    overdue: float = 0.0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Survey:
    """A pool in figures: not one moment, but all of it within a second.

    ``crews`` are the agents who take calls, ``ready`` those of them who are free now.
    """

    figures: Figures
    lines: tuple[LineLook, ...]
    crews: tuple[Crew, ...]
    ready: tuple[Crew, ...]
    states: Mapping[str, int]

    def counted(self) -> dict[str, Counted]:
        """Give what alerts and forecasts follow, of every service."""
        return {
            service: Counted(
                queued=counts.get("call_queued", 0),
                over=self._over(service),
                broken=counts.get("promise_broken", 0),
            )
            for service, counts in self.figures.counts.items()
        }

    def _over(self, service: str) -> int:
        tally = self.figures.tallies.get(service)
        return tally.answered_by[-1] + tally.left if tally else 0

    def oldest(self) -> dict[str, float]:
        """Give how long the first caller of each service has waited, in seconds."""
        found: dict[str, float] = {}
        for line in self.lines:
            waited = self.figures.now - seconds(line.oldest)
            found[line.service] = max(waited, found.get(line.service, 0.0))
        return found


def mask(signature: str) -> int:
    """Read a mask of levels as one number."""
    text = signature.partition("/")[0].rstrip("r")
    words = [int(word) for word in text.split(".") if word]
    return sum(word << WORD_BITS * place for place, word in enumerate(words))


def first_levels(places: Iterable[str]) -> int:
    """Give the bits that every level of these skills has."""
    found = 0
    for place in filter(None, places):
        word, skill = divmod(int(place), SKILLS_A_WORD)
        found |= 1 << WORD_BITS * word + LEVEL_BITS * skill
    return found


def read_figures(rows: Iterable[Sequence[str]]) -> Figures:
    """Read the library's counters."""
    alone: dict[str, list[str]] = {}
    counts: dict[str, dict[str, int]] = {}
    tallies: dict[str, Tally] = {}
    for kind, *row in rows:
        if kind == "count":
            numbers = zip(row[1::2], map(int, row[2::2]), strict=True)
            counts[row[0]] = dict(numbers)
        elif kind == "tally":
            tallies[row[0]] = read_tally(row[1:])
        else:
            alone[kind] = row
    now = int(alone["now"][0])
    meta = dict(zip(alone["meta"][::2], alone["meta"][1::2], strict=True))
    number, *first = alone["leases"]
    due = [seconds(now - int(float(each))) for each in first]
    return Figures(
        now=seconds(now),
        violations=int(meta.get("violations", 0)),
        scarce=first_levels(
            each.partition(":")[0] for each in meta.get("scarce", "").split()
        ),
        companies=tuple(alone["companies"]),
        leases=int(number),
        overdue=max([0.0, *due]),
        counts=counts,
        tallies=tallies,
    )


def read_lines(company: str, rows: Iterable[Sequence[str]]) -> list[LineLook]:
    """Read the lines of one company."""
    return [
        LineLook(
            company=company,
            signature=name.partition("@")[0],
            only=name.partition("@")[2],
            service=service,
            oldest=int(oldest),
            length=int(length),
            deadlines=tuple(int(float(each)) for each in deadlines),
        )
        for name, service, oldest, length, *deadlines in rows
    ]


def read_states(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    """Read how many agents are in each state."""
    states: dict[str, int] = {}
    for _, _, state, number in rows:
        states[state] = states.get(state, 0) + int(number)
    return states


def read_crews(
    rows: Iterable[Sequence[str]], scarce: int, within: AbstractSet[str] = SERVING
) -> tuple[Crew, ...]:
    """Read how many agents of each profile there are in these states."""
    serving: dict[tuple[str, str], int] = {}
    for profile, companies, state, number in rows:
        if state in within:
            kind = (profile, companies)
            serving[kind] = serving.get(kind, 0) + int(number)
    return tuple(
        _crew(profile, companies, number, scarce)
        for (profile, companies), number in serving.items()
    )


def read_staff(
    rows: Iterable[Sequence[str]],
) -> dict[CompanyId, dict[AgentState, int]]:
    """Read how many agents of each company are in each state; of several, in each."""
    found: dict[CompanyId, dict[AgentState, int]] = {}
    for _, companies, state, number in rows:
        for company in filter(None, companies.split(",") if state else ()):
            states = found.setdefault(CompanyId(company), {})
            states[AgentState(state)] = states.get(AgentState(state), 0) + int(number)
    return found


def _crew(profile: str, companies: str, number: int, scarce: int) -> Crew:
    _, _, skills = profile.partition("|")
    return Crew(
        companies=frozenset(companies.split(",")),
        skills=mask(skills),
        reserve=calls_reserve(skills),
        agents=number,
        held=mask(skills) & scarce,
    )


def read_endangered(company: str, rows: Iterable[Sequence[str]]) -> list[Endangered]:
    """Read who waits with something left to do, the earliest deadline first."""
    ((_, now), *calls) = rows
    return [_endangered(company, int(now), row[1:]) for row in calls]


def _endangered(company: str, now: int, row: Sequence[str]) -> Endangered:
    call, service, leg, leg_t0, target, deadline, line, widest, offers = row
    signature = line.partition("@")[0]
    return Endangered(
        call=CallId(call),
        company=CompanyId(company),
        service=ServiceId(service),
        leg=int(leg),
        waited=seconds(now - int(leg_t0)),
        target=seconds(int(target or 0)),
        deadline=int(float(deadline)),
        line=f"{company} {line}",
        before=_required(signature),
        after=_required(widest) if widest else None,
        offers=offers == "1",
    )


def _required(signature: str) -> Required:
    return Required(
        needs=mask(signature),
        reserve=calls_reserve(signature),
        dropped=first_levels(signature.partition("/")[2].split(",")),
    )


def read_waits(rows: Iterable[Sequence[str]]) -> dict[CallId, Wait]:
    """Read where calls stand, and say how long each will probably wait."""
    now = 0
    calls: list[Sequence[str]] = []
    outlooks: dict[str, Outlook] = {}
    for kind, *row in rows:
        if kind == "now":
            now = int(row[0])
        elif kind == "call":
            calls.append(row)
        elif row[1]:
            outlooks[row[0]] = decode(row[1])
    found = {}
    for call, position, nobody, line, deadline, promise in calls:
        outlook = outlooks.get(line)
        found[CallId(call)] = _wait(
            int(position),
            nobody == "1",
            outlook.line(int(deadline)) if outlook else None,
            seconds(int(promise) - now),
        )
    return found


def _wait(position: int, nobody: bool, line: Line | None, left: float) -> Wait:  # noqa: FBT001  as told
    if nobody or line is None or not line.is_moving:
        return Wait(position, nobody, None, None, 1.0 if left <= 0 else None)
    low, high = line.between
    return Wait(
        position=position,
        nobody=nobody,
        low=_stepped(low, floor),
        high=_stepped(high, ceil),
        breach=round(line.beyond(left), 2),
    )


def _stepped(wait: float, rounding: Callable[[float], int]) -> float:
    step = next(step for most, step in STEPS if wait <= most)
    return step * rounding(wait / step)
