"""Who waits for the same agents, and how much of them each line may count on.

Pure. The line of one caller is made of those with an earlier deadline whom the same
agents may serve. An agent of many skills is not there for one line alone, so the work
of the whole pool is poured over its crews in the order of the deadlines: each caller
takes those of the crews that fit who would be free first, and their level rises by the
caller's work. Where a caller finds them is the length of their line.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from queueing.estimates import Line

POINTS: Final = 12
"""At how many deadlines a line's estimate is kept; those between are interpolated."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Agents with one profile who take calls. ``skills`` is their mask as one number.

    ``held`` are the scarce skills of it: while anybody waits for these agents, so few
    are idle that they are kept for the calls that need one.
    """

    companies: frozenset[str]
    skills: int
    reserve: bool
    agents: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """Callers who require the same of the same company, in the order of deadlines.

    ``deadlines`` (µs) are evenly chosen where there are many; each then stands for
    ``each`` callers. ``handle`` (seconds) is what one of their calls takes an agent,
    ``patience`` after how many one of them leaves. ``dropped`` are the scarce skills
    that were needed before widening.
    """

    name: str
    company: str
    needs: int
    reserve: bool
    deadlines: tuple[int, ...]
    each: float
    handle: float
    patience: float
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """The line that a caller with this deadline (µs) stands in."""

    deadline: int
    rate: float
    ahead: float

    @property
    def time(self) -> float:
        """The wait in seconds if nobody lost patience."""
        return (self.ahead + 1) / self.rate


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one queue's callers may expect. Without points: nobody is there for them."""

    leaving: float
    points: tuple[Point, ...]

    def line(self, deadline: int) -> Line:
        """Find the line of a caller, who may have come after the last look."""
        if not self.points:
            return Line(0.0, self.leaving, 0.0)
        after = bisect_right(self.points, deadline, key=lambda point: point.deadline)
        if after == 0:
            first = self.points[0]
            return Line(first.rate, self.leaving, first.ahead)
        here = self.points[after - 1]
        if after == len(self.points):
            came_later = deadline > here.deadline
            return Line(here.rate, self.leaving, here.ahead + came_later)
        there = self.points[after]
        share = (deadline - here.deadline) / (there.deadline - here.deadline)
        rate = here.rate + share * (there.rate - here.rate)
        # not those ahead: of other agents there may be fewer, and the wait longer
        time = here.time + share * (there.time - here.time)
        return Line(rate, self.leaving, max(0.0, time * rate - 1))


def compete(crews: Sequence[Crew], queues: Sequence[Queue]) -> dict[str, Outlook]:
    """Pour all callers over the crews; give what each queue may expect."""
    by_company: dict[str, list[int]] = {}
    for number, crew in enumerate(crews):
        for company in crew.companies:
            by_company.setdefault(company, []).append(number)
    fits = [
        [
            number
            for number in by_company.get(queue.company, ())
            if _fits(crews[number], queue)
        ]
        for queue in queues
    ]
    callers = sorted(
        (deadline, number)
        for number, queue in enumerate(queues)
        for deadline in queue.deadlines
        if fits[number]
    )
    levels = [0.0] * len(crews)  # seconds of work for each agent of a crew
    points: list[list[Point]] = [[] for _ in queues]
    for deadline, number in callers:
        queue = queues[number]
        agents, backlog = _pour(
            crews, levels, fits[number], queue.handle, queue.each * queue.handle
        )
        points[number].append(
            Point(deadline, agents / queue.handle, backlog / queue.handle)
        )
    return {
        queue.name: Outlook(1 / queue.patience, _thinned(points[number]))
        for number, queue in enumerate(queues)
    }


def _fits(crew: Crew, queue: Queue) -> bool:
    return fits(crew, queue.needs, queue.dropped, reserve=queue.reserve)


def fits(crew: Crew, needs: int, dropped: int, *, reserve: bool) -> bool:
    """Say whether these agents may be offered a call that requires this."""
    if crew.skills & needs != needs:
        return False
    if reserve:
        return True
    is_kept = crew.held and not crew.held & (needs | dropped)
    return not crew.reserve and not is_kept


def _pour(
    crews: Sequence[Crew],
    levels: list[float],
    fits: Sequence[int],
    first: float,
    work: float,
) -> tuple[int, float]:
    """Give the agents whom the first of them waits for, and the work before it.

    Those are the crews whose level is below the one that all would reach together with
    that first call's work; then all the work is poured.
    """
    ordered = sorted(fits, key=levels.__getitem__)
    agents, backlog, _ = _level(crews, levels, ordered, first)
    _, _, height = _level(crews, levels, ordered, work)
    for number in ordered:
        if levels[number] >= height:
            break
        levels[number] = height
    return agents, backlog


def _level(
    crews: Sequence[Crew], levels: Sequence[float], ordered: Sequence[int], work: float
) -> tuple[int, float, float]:
    agents, backlog, height = 0, 0.0, 0.0
    for number in ordered:
        if agents and levels[number] >= height:
            break
        agents += crews[number].agents
        backlog += levels[number] * crews[number].agents
        height = (backlog + work) / agents
    return agents, backlog, height


def _thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Keep at most so many, the first and the last among them, each deadline once."""
    once = list({point.deadline: point for point in reversed(points)}.values())[::-1]
    if len(once) <= POINTS:
        return tuple(once)
    step = (len(once) - 1) / (POINTS - 1)
    return tuple(once[round(number * step)] for number in range(POINTS))


def encode(outlook: Outlook) -> str:
    """Write an outlook, rounded so that it changes only when it matters."""
    points = (
        f"{point.deadline},{point.rate:.3g},{point.ahead:.3g}"
        for point in outlook.points
    )
    return ";".join([f"{outlook.leaving:.3g}", *points])


def decode(text: str) -> Outlook:
    """Read what `encode` wrote."""
    leaving, *points = text.split(";")
    return Outlook(float(leaving), tuple(_point(each) for each in points))


def _point(text: str) -> Point:
    deadline, rate, ahead = text.split(",")
    return Point(int(deadline), float(rate), float(ahead))


def changed(
    before: Mapping[str, str], after: Mapping[str, Outlook]
) -> tuple[dict[str, str], list[str]]:
    """Say what is to be announced, given what was: all lines now, words to send."""
    now = {name: encode(outlook) for name, outlook in after.items()}
    words: list[str] = []
    for name, text in now.items():
        if before.get(name) != text:
            words += [name, text]
    for name in before.keys() - now.keys():
        words += [name, ""]
    return now, words
