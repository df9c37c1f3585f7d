"""How many agents the next half hours take, beside those who are at work.

Pure. Erlang A with what the queue has learned: how often calls come, how long they take an
agent, how long callers have patience. It takes the house for one pool in which everybody
can serve everybody: with skills it takes more, so the figure is the least that is needed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from queueing.errors import BadDemandError
from queueing.staffing import Demand, agents_needed, outlook

HALF_HOUR_S: Final = 1_800
HALF_HOURS: Final = 4
SEEN_S: Final = 900.0
"""How much of the past says how often calls come, where nobody has told."""

REACT_S: Final = 5.0
"""Of the target, what ringing and the first picture take."""

TARGET_S: Final = 60.0
SHARE: Final = 0.95
ENOUGH_SEEN_S: Final = 60.0
FEWEST_CALLS: Final = 3
"""Of a shorter past, and of fewer calls in it, nothing is foretold."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one service brings: calls a second, seconds of handling and of patience."""

    rate: float
    handle: float
    patience: float


class HalfHour(msgspec.Struct, frozen=True):
    """What one of the next half hours will be like, by what is known now.

    ``calls`` are expected in it, ``needed`` agents answer `SHARE` of them in time,
    ``in_time_permille`` is what those who are at work now would.
    """

    begins: int
    calls: int
    needed: int
    at_work: int
    in_time_permille: int


class Forecast(msgspec.Struct, frozen=True):
    """The next half hours; ``missing`` is the most agents that any of them lacks."""

    made_at: int
    half_hours: tuple[HalfHour, ...]

    @property
    def missing(self) -> int:
        return max((max(0, h.needed - h.at_work) for h in self.half_hours), default=0)


def together(services: Iterable[Traffic]) -> Demand | None:
    """Take all services for one: rates add up, times are means by calls."""
    known = [each for each in services if each.rate > 0]
    rate = sum(each.rate for each in known)
    if rate == 0:
        return None
    return Demand(
        rate=rate,
        handle=sum(each.rate * each.handle for each in known) / rate,
        patience=sum(each.rate * each.patience for each in known) / rate,
    )


def forecast(
    now: float, demand: Demand, at_work: int, factors: Sequence[float] = ()
) -> Forecast:
    """Say what the next half hours take.

    Args:
        now: seconds since the epoch; half hours begin on the clock's.
        demand: how it is now.
        at_work: agents who take calls, those in reserve who are ready included.
        factors: by what each half hour's calls differ from now's; without, by nothing.
    """
    first = (int(now) // HALF_HOUR_S + 1) * HALF_HOUR_S
    shape = [*factors, *([1.0] * HALF_HOURS)][:HALF_HOURS]
    return Forecast(
        made_at=int(now),
        half_hours=tuple(
            _half_hour(first + n * HALF_HOUR_S, demand, factor, at_work)
            for n, factor in enumerate(shape)
        ),
    )


def _half_hour(begins: int, now: Demand, factor: float, at_work: int) -> HalfHour:
    target = TARGET_S - REACT_S
    try:
        demand = Demand(now.rate * factor, now.handle, now.patience)
        needed = agents_needed(demand, target=target, share=SHARE)
        level = outlook(demand, at_work, target=target).in_time if at_work else 0.0
    except BadDemandError:
        return HalfHour(begins, 0, 0, at_work, 1_000)
    return HalfHour(
        begins=begins,
        calls=round(demand.rate * HALF_HOUR_S),
        needed=needed,
        at_work=at_work,
        in_time_permille=int(1_000 * level),
    )
