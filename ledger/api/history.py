"""Answers what programs ask of months and half-hours, from the read models."""

import asyncio

from ledger import paris
from ledger.api import rhythm
from ledger.api.asking import Principal
from ledger.api.reading import known_day
from ledger.api.words import HalfHours, MonthWaits, MonthWeek, OneDay, OneMonth
from ledger.errors import NoSuchDayError
from ledger.figures import halves
from ledger.figures.reports import Report
from ledger.figures.slots import Slot
from ledger.rooms import Rooms


async def month(rooms: Rooms, who: Principal, asked: OneMonth) -> Report:
    name = _known_month(rooms, asked.month)
    return await rooms.projector.month(who.company, name, asked.service)


async def waits(rooms: Rooms, who: Principal, asked: OneMonth) -> MonthWaits:
    slots, _ = await _slots(rooms, who, asked)
    days = await asyncio.to_thread(rhythm.days, slots)
    return MonthWaits(asked.month, tuple(days))


async def week(rooms: Rooms, who: Principal, asked: OneMonth) -> MonthWeek:
    slots, as_of_us = await _slots(rooms, who, asked)
    rows = await asyncio.to_thread(rhythm.week, slots, as_of_us)
    return MonthWeek(asked.month, tuple(map(tuple, rows)))


async def half_hours(rooms: Rooms, who: Principal, asked: OneDay) -> HalfHours:
    day = known_day(rooms, asked.date)
    begin, behind = map(halves.of, paris.bounds_us(day))
    made, stored = await rooms.projector.slots(who.company, begin, behind)
    found = rhythm.half_hours([each.slot for each in stored], made.as_of_us)
    return HalfHours(day.isoformat(), tuple(found))


async def _slots(
    rooms: Rooms, who: Principal, asked: OneMonth
) -> tuple[list[Slot], int]:
    bounds = halves.of_month(_known_month(rooms, asked.month))
    made, stored = await rooms.projector.slots(who.company, *bounds)
    slots = await asyncio.to_thread(lambda: [each.slot for each in stored])
    mine = [each for each in slots if asked.service in {None, each.service}]
    return mine, made.as_of_us


def _known_month(rooms: Rooms, month: str) -> str:
    """Check that there can be figures of a month.

    Raises:
        NoSuchDayError: it is yet to come.
    """
    if month > rooms.desk.today().isoformat()[:7]:
        raise NoSuchDayError
    return month
