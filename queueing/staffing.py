"""How many agents a promise takes: Erlang's B, C and A, and their inverse.

Pure. Rates are per second, times in seconds, loads in erlangs (calls a second times
seconds a call). B: who finds everybody busy leaves. C: who finds everybody busy waits
for ever. A: who waits leaves after an exponential time (Palm; Garnett, Mandelbaum and
Reiman 2002). Arrivals are Poisson, times of handling exponential.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from queueing.errors import BadDemandError

MOST_AGENTS: Final = 1_000_000
"""Beyond it the question is wrong, not the centre too small."""

_NEGLIGIBLE: Final = math.log(1e-18)


@dataclass(frozen=True, slots=True)
class Demand:
    """What comes in: ``rate`` calls a second that take ``handle`` seconds each.

    ``patience`` is the mean time after which who waits leaves; ``None``: nobody leaves.

    Raises:
        BadDemandError: a figure is not positive.
    """

    rate: float
    handle: float
    patience: float | None = None

    def __post_init__(self) -> None:
        figures = [self.rate, self.handle, self.patience or 1.0]
        if self.patience == 0 or not all(0 < each < math.inf for each in figures):
            raise BadDemandError(f"no demand can be like this: {self}")

    @property
    def load(self) -> float:
        """The erlangs: how many agents it keeps busy."""
        return self.rate * self.handle


@dataclass(frozen=True, slots=True)
class Outlook:
    """What so many agents make of it.

    ``waiting`` is the share of calls that find everybody busy; ``in_time`` the share of
    all calls that somebody answers within the target; ``abandoned`` the share that
    leaves; ``mean_wait`` (seconds) is that of all calls, those who leave included;
    ``occupancy`` the share of their time in which agents handle calls.
    """

    waiting: float
    in_time: float
    abandoned: float
    mean_wait: float
    occupancy: float


def erlang_b(load: float, agents: int) -> float:
    """Give the share of calls that finds all agents busy and leaves."""
    blocked = 1.0
    for each in range(1, agents + 1):
        blocked = load * blocked / (each + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """Give the share of calls that waits; 1 where the agents cannot keep up."""
    if agents <= load:
        return 1.0
    blocked = erlang_b(load, agents)
    return agents * blocked / (agents - load * (1 - blocked))


def outlook(demand: Demand, agents: int, *, target: float) -> Outlook:
    """Say how many agents fare against a target of so many seconds."""
    if demand.patience is None:
        return _patient(demand, agents, target)
    return _impatient(demand, demand.patience, agents, target)


def agents_needed(demand: Demand, *, target: float, share: float) -> int:
    """Find the fewest agents who answer ``share`` of all calls within ``target``.

    Raises:
        BadDemandError: the share is not between 0 and 1, the target is negative, or
            no number of agents up to `MOST_AGENTS` is enough.
    """
    if not 0 < share < 1 or target < 0:
        raise BadDemandError(f"{share:.0%} within {target:g} s is no service level")

    def is_enough(agents: int) -> bool:
        return outlook(demand, agents, target=target).in_time >= share

    # nobody answers more calls than they have time for
    fewest = math.ceil(demand.load * share) - 1
    most = fewest + 1
    while not is_enough(most):
        fewest, most = most, 2 * most
        if most > MOST_AGENTS:
            raise BadDemandError(f"{demand} needs more than {MOST_AGENTS} agents")
    while most - fewest > 1:
        middle = (fewest + most) // 2
        fewest, most = (fewest, middle) if is_enough(middle) else (middle, most)
    return most


def square_root_agents(load: float, comfort: float) -> int:
    """Estimate agents as the load and ``comfort`` times its square root (0 to 2)."""
    return math.ceil(load + comfort * math.sqrt(load))


def rostered(agents: int, shrinkage: float) -> int:
    """Say how many people a plan needs for so many at work.

    ``shrinkage`` is the share of paid time away from calls: leave, breaks, training.

    Raises:
        BadDemandError: the shrinkage is negative, or nobody is ever at work.
    """
    if not 0 <= shrinkage < 1:
        raise BadDemandError(f"a shrinkage of {shrinkage:g} is not from 0 to below 1")
    return math.ceil(agents / (1 - shrinkage))


def _patient(demand: Demand, agents: int, target: float) -> Outlook:
    waiting = erlang_c(demand.load, agents)
    if agents <= demand.load:
        return Outlook(1.0, 0.0, 0.0, math.inf, 1.0)
    relief = (agents - demand.load) / demand.handle
    return Outlook(
        waiting=waiting,
        in_time=1 - waiting * math.exp(-relief * target),
        abandoned=0.0,
        mean_wait=waiting / relief,
        occupancy=demand.load / agents,
    )


def _impatient(demand: Demand, patience: float, agents: int, target: float) -> Outlook:
    """Weigh every length of queue that a call may find, those before it included.

    Relative to the state in which all agents are busy and nobody waits: the states
    below it weigh one over Erlang B in all, each one above is a step further.
    """
    service, leaving = agents / demand.handle, 1 / patience
    below = _log_inverse_b(demand.load, agents)
    weights = list(_queue_weights(demand.rate, service, leaving, below))
    top = max(below, *weights)
    queues = [math.exp(each - top) for each in weights]
    total = math.exp(below - top) + sum(queues[1:])
    # a call that finds `ahead` others is answered after as many steps and one more
    late = _late(service / leaving, math.exp(-leaving * target))
    found = zip(count(), queues, late, strict=False)
    answered_of_waiting = sum(
        weight * service / (service + (ahead + 1) * leaving) * (1 - is_late)
        for ahead, weight, is_late in found
    )
    waiting = sum(queues) / total
    queue_length = sum(n * weight for n, weight in enumerate(queues)) / total
    abandoned = leaving * queue_length / demand.rate
    return Outlook(
        waiting=waiting,
        in_time=1 - waiting + answered_of_waiting / total,
        abandoned=abandoned,
        mean_wait=queue_length / demand.rate,
        occupancy=demand.load * (1 - abandoned) / agents,
    )


def _log_inverse_b(load: float, agents: int) -> float:
    """Give log(1 / Erlang B), which no number of agents lets overflow."""
    inverse = 0.0
    for each in range(1, agents + 1):
        step = inverse + math.log(each / load)
        inverse = max(step, 0.0) + math.log1p(math.exp(-abs(step)))
    return inverse


def _queue_weights(
    rate: float, service: float, leaving: float, below: float
) -> Iterator[float]:
    """Give the log weights of 0, 1, 2 … callers who wait, until they do not matter."""
    weight, top = 0.0, below
    for waiting in count(1):
        yield weight
        step = math.log(rate / (service + waiting * leaving))
        top = max(top, weight)
        if step < 0 and weight - top < _NEGLIGIBLE:
            return
        weight += step


def _late(steps: float, left: float) -> Iterator[float]:
    """Of those still there when their turn comes: how many come to it too late.

    For 0, 1, 2 … others ahead; the incomplete beta function of `left` with the
    parameters ``steps + 1`` and one more than those ahead, as its finite sum.
    """
    if left == 1.0:
        yield from (1.0 for _ in count())
    log_term, total = (steps + 1) * math.log(left), 0.0
    for ahead in count():
        total += math.exp(log_term)
        yield min(total, 1.0)
        log_term += math.log((steps + 1 + ahead) / (ahead + 1) * (1 - left))
