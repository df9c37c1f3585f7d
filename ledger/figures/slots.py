"""Half-hours of one service, which carry their waits: a month is made of them.

A percentile of percentiles is wrong, and so is a count of open calls that was made
before: a slot keeps each wait, and each call that was still open, until it is made anew.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from ledger.figures import halves
from ledger.figures.clocks import Clock
from ledger.figures.counts import Counters, total
from ledger.figures.judging import Judged, judge
from ledger.figures.rules import BAND_PERCENT
from ledger.model import Outcome

_SECOND: Final = 1_000_000
_LEFT: Final = frozenset({Outcome.ABANDONED, Outcome.SHORT})


class Open(msgspec.Struct, frozen=True, array_like=True):
    """A clock that runs: a first one or a later one, within the band or not."""

    t0_us: int
    target_us: int
    is_first: bool
    is_excess: bool
    is_waiting: bool
    """Not so who left another way before the call ended: that stops no clock."""


class Billed(msgspec.Struct, frozen=True, array_like=True):
    """What is paid by the same tariff: seconds of lines that kept their promise."""

    offer: str
    per_minute: int
    lines: int
    seconds: int
    free_lines: int
    """Answered, and not billed: a breach."""


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """A half-hour of one service."""

    service: str
    half: int
    counters: Counters
    """All that happened, but for whose promise broke since: `open` tells."""
    excess: Counters
    """Of it, what came beyond the volume band of the contract."""
    waits: bytes
    """Of answered first clocks, µs, 8 bytes each."""
    left: bytes
    """Of callers who left before an answer."""
    others: bytes
    """Of all others whose first clock stopped."""
    open: tuple[Open, ...]
    billed: tuple[Billed, ...]
    topics: Mapping[str, int]


def slots(clocks: Iterable[Clock]) -> list[Slot]:
    """Make the slots of all half-hours and services in which these clocks began."""
    by_place: defaultdict[tuple[str, int], list[Clock]] = defaultdict(list)
    for clock in clocks:
        by_place[clock.service, halves.of(clock.t0_us)].append(clock)
    return [slot(*place, by_place[place]) for place in sorted(by_place)]


def slot(service: str, half: int, clocks: Iterable[Clock]) -> Slot:
    """Make a half-hour from all clocks of a service that began in it."""
    making = _Making()
    for clock in sorted(clocks, key=lambda one: (one.t0_us, one.call, one.leg)):
        making.add(clock, judge(clock, clock.t0_us), half)
    return Slot(
        service,
        half,
        Counters(**making.counters),
        Counters(**making.excess),
        making.waits.tobytes(),
        making.left.tobytes(),
        making.others.tobytes(),
        tuple(making.open),
        tuple(Billed(*who, *sums) for who, sums in sorted(making.billed.items())),
        dict(sorted(making.topics.items())),
    )


class _Making:
    """A slot while its clocks are counted, in the order of their T0."""

    def __init__(self) -> None:
        self.counters: defaultdict[str, int] = defaultdict(int)
        self.excess: defaultdict[str, int] = defaultdict(int)
        self.topics: defaultdict[str, int] = defaultdict(int)
        self.billed: defaultdict[tuple[str, int], list[int]] = defaultdict(
            lambda: [0, 0, 0]
        )
        self.open: list[Open] = []
        self.waits, self.left, self.others = array("q"), array("q"), array("q")

    def add(self, clock: Clock, judged: Judged, half: int) -> None:
        is_excess = self._is_beyond(clock, judged, half)
        counted = _first(clock, judged) if clock.leg == 0 else _later(judged)
        counted |= _seen(clock)
        for counters in (self.counters, self.excess)[: 1 + is_excess]:
            for name, count in counted.items():
                counters[name] += count
        if clock.is_running:
            self.open.append(_open(clock, judged, is_excess=is_excess))
        elif clock.leg == 0:
            self._wait(judged)
        if clock.leg == 0 and clock.topic:
            self.topics[clock.topic] += 1
        self._bill(clock, judged)

    def _is_beyond(self, clock: Clock, judged: Judged, half: int) -> bool:
        """Tell whether a call came beyond the band; later clocks are in no volume."""
        if not clock.terms.forecast or clock.leg or judged.outcome is Outcome.CLOSED:
            return False
        expected = clock.terms.forecast[halves.in_week(half)]
        return self.counters["offered"] >= expected * BAND_PERCENT // 100

    def _wait(self, judged: Judged) -> None:
        if judged.outcome is Outcome.ANSWERED:
            self.waits.append(judged.wait_us)
        elif judged.outcome in _LEFT:
            self.left.append(judged.wait_us)
        elif judged.outcome is not Outcome.CLOSED:
            self.others.append(judged.wait_us)

    def _bill(self, clock: Clock, judged: Judged) -> None:
        if judged.talk_us is None or clock.ended_us is None:
            return
        sums = self.billed[clock.terms.offer, clock.terms.per_minute]
        if judged.breach or clock.is_free:
            sums[2] += 1
        else:
            sums[0] += 1
            sums[1] += judged.talk_us // _SECOND


def _open(clock: Clock, judged: Judged, *, is_excess: bool) -> Open:
    is_waiting = judged.outcome is Outcome.WAITING
    target_us = clock.terms.target_us
    return Open(clock.t0_us, target_us, clock.leg == 0, is_excess, is_waiting)


def _first(clock: Clock, judged: Judged) -> dict[str, int]:
    outcome = judged.outcome
    in_target = outcome in _LEFT and judged.wait_us <= clock.terms.target_us
    return {
        "offered": outcome is not Outcome.CLOSED,
        outcome.value: 1,
        "in_time": judged.in_time,
        "left_in_target": in_target,
        "breaches": judged.breach,
        "reoffers": max(0, clock.offers - 1),
    }


def _later(judged: Judged) -> dict[str, int]:
    return {
        "later_legs": 1,
        "later_answered": judged.outcome is Outcome.ANSWERED,
        "later_in_time": judged.in_time,
        "later_breaches": judged.breach,
    }


def _seen(clock: Clock) -> dict[str, int]:
    return {
        "watched": clock.watched_s > 0,
        "watched_s": clock.watched_s,
        "legible_s": clock.legible_s,
    }


def settled(slot: Slot, as_of_us: int) -> tuple[Counters, Counters, list[int]]:
    """Count a slot as it stands at a moment: all, the excess, and waits of who waits."""
    late = [one for one in slot.open if as_of_us - one.t0_us > one.target_us]
    excess = [one for one in late if one.is_excess]
    waits = [max(0, as_of_us - one.t0_us) for one in slot.open if one.is_first]
    return _with_late(slot.counters, late), _with_late(slot.excess, excess), waits


def _with_late(counters: Counters, late: list[Open]) -> Counters:
    first = [one for one in late if one.is_first]
    more = Counters(
        waiting_late=sum(one.is_waiting for one in first),
        breaches=len(first),
        later_breaches=len(late) - len(first),
    )
    return total((counters, more)) if late else counters
