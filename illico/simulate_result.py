"""What became of a simulated day: figures by the ledger's own rules, in whole numbers.

Pure: the day is played in virtual time, and drawn already.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from illico.simulate_house import House
from ledger.figures.calls import CallBook
from ledger.figures.clocks import Clock
from ledger.figures.counts import Counters, contractual, shown, total
from ledger.figures.slots import Slot, slots
from ledger.figures.waits import EDGES_S, histogram, in_order, waits
from ledger.model import Recorded
from queueing.model import CompanyId
from queueing.twin.playing import Player
from queueing.twin.records import SECOND, Told

HALF_HOUR_S: Final = 1_800
_CENT: Final = 10_000
"""Micro-euros."""

Progress = Callable[[float], None]
"""Is told which part of the day is over."""


class Level(msgspec.Struct, frozen=True):
    """Of a company, or of the house: hundredths of a percent, and seconds.

    ``level`` is the contract's; ``p95_s`` and ``longest_s`` are of those who were
    answered, cut to whole seconds.
    """

    name: str
    calls: int
    level: int | None
    in_time: int
    counted: int
    answered: int
    abandoned: int
    breaches: int
    p50_s: int | None
    p95_s: int | None
    longest_s: int | None


class HalfHour(msgspec.Struct, frozen=True):
    """How much of the day began in a half-hour, and who was there at its begin."""

    begins: int
    calls: int
    in_time: int
    agents: int


class Money(msgspec.Struct, frozen=True):
    """Cents, and shares in hundredths of a percent; pay is gross, of all presence."""

    paid_hours: int
    pay_cents: int
    revenue_cents: int
    pay_share: int | None
    cents_a_call: int | None


class Result(msgspec.Struct, frozen=True):
    """A day that was played."""

    title: str
    agents: int
    reserve: int
    companies: int
    services: int
    house: Level
    by_company: tuple[Level, ...]
    occupancy: int
    """Hundredths of a percent of the presence, from ring to the end of the notes."""
    money: Money
    waits_by_edge: tuple[tuple[int, int], ...]
    """Answered callers by the edge (seconds) that their wait does not exceed; the last
    edge, 0, is none."""
    half_hours: tuple[HalfHour, ...]
    monitor_acted: int
    monitor_helped: int


def simulate(house: House, progress: Progress = lambda _: None) -> Result:
    """Play the day to the end of its last call."""
    player = Player(house.day, monitored=house.monitored)
    book, kinds, told_of = CallBook(), Counter[str](), 0
    for told in player.play():
        for each in told:
            told_of += 1
            kinds[each.kind] += 1
            kinds["helped"] += bool(each.facts.get("helped"))
            if each.call is not None:
                book.add(_recorded(each, told_of))
        progress((player.now - house.opens) / (3_600 * house.hours))
    return _Counting(house, player, book.lines, kinds).result()


def _recorded(told: Told, number: int) -> Recorded:
    return Recorded(
        event_id=f"simulated-{number}",
        kind=told.kind,
        at_us=told.at,
        service=told.service,
        call=told.call,
        facts=dict(told.facts),
    )


class _Counting:
    """From the clocks of a day to its figures."""

    def __init__(
        self,
        house: House,
        player: Player,
        clocks: Iterable[Clock],
        kinds: Counter[str],
    ) -> None:
        self._house, self._player, self._kinds = house, player, kinds
        of = {each.id: each.company for each in house.day.directory.services}
        self._slots: dict[str, list[Slot]] = defaultdict(list)
        for slot in slots(clocks):
            company = next(c for s, c in of.items() if s == slot.service)
            self._slots[company].append(slot)

    def result(self) -> Result:
        directory = self._house.day.directory
        everything = [slot for some in self._slots.values() for slot in some]
        ordered = in_order(slot.waits for slot in everything)
        return Result(
            title=self._house.title,
            agents=sum(not each.reserve for each in directory.agents),
            reserve=sum(each.reserve for each in directory.agents),
            companies=len(self._house.tariffs),
            services=len(directory.services),
            house=_level("all", everything),
            by_company=tuple(
                _level(name, some) for name, some in sorted(self._slots.items())
            ),
            occupancy=self._occupancy(),
            money=self._money(),
            waits_by_edge=tuple(zip((*EDGES_S, 0), histogram(ordered), strict=True)),
            half_hours=tuple(self._half_hours(everything)),
            monitor_acted=self._kinds["monitor_acted"],
            monitor_helped=self._kinds["helped"],
        )

    def _occupancy(self) -> int:
        times = self._player.times
        present = sum(times.present.values())
        return sum(times.busy.values()) * 10_000 // present if present else 0

    def _money(self) -> Money:
        present = self._player.times.present
        hours_us = 3_600 * SECOND
        pay = sum(us * self._house.wages[a] for a, us in present.items()) // hours_us
        revenue = sum(map(self._revenue, self._house.tariffs))
        calls = sum(s.counters.answered for some in self._slots.values() for s in some)
        return Money(
            paid_hours=sum(present.values()) // hours_us,
            pay_cents=pay,
            revenue_cents=revenue,
            pay_share=pay * 10_000 // revenue if revenue else None,
            cents_a_call=pay // calls if calls else None,
        )

    def _revenue(self, company: CompanyId) -> int:
        """Bill the seconds of a company as an invoice does: rounded once, half up."""
        tariff = self._house.tariffs[company]
        billed = (b for slot in self._slots[company] for b in slot.billed)
        micro = sum(each.seconds for each in billed) * tariff.per_minute // 60
        return tariff.fixed_cents + (micro + _CENT // 2) // _CENT

    def _half_hours(self, all_slots: Iterable[Slot]) -> Iterable[HalfHour]:
        came: dict[int, list[Counters]] = defaultdict(list)
        for slot in all_slots:
            came[slot.half].append(slot.counters)
        for half in sorted(came):
            counted = total(came[half])
            begins = half * HALF_HOUR_S
            yield HalfHour(
                begins, counted.offered, counted.in_time, self._there(begins)
            )

    def _there(self, moment: int) -> int:
        shifts = self._house.day.shifts
        return sum(shift.begin <= moment < shift.end for shift in shifts)


def _level(name: str, some: Iterable[Slot]) -> Level:
    some = list(some)
    counters = total(slot.counters for slot in some)
    in_time, counted = contractual([counters])
    found = waits(in_order(slot.waits for slot in some))
    return Level(
        name=name,
        calls=counters.offered,
        level=shown((in_time, counted)),
        in_time=in_time,
        counted=counted,
        answered=counters.answered,
        abandoned=counters.abandoned + counters.short,
        breaches=counters.breaches,
        p50_s=_seconds(found["p50"]),
        p95_s=_seconds(found["p95"]),
        longest_s=_seconds(found["max"]),
    )


def _seconds(wait_us: int | None) -> int | None:
    return None if wait_us is None else wait_us // SECOND
