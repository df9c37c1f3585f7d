"""Answers what programs ask of months and half-hours, from the read models."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

from ledger import paris
from ledger.api import rhythm, spreadsheets
from ledger.api.asking import File, Principal
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


async def days_csv(rooms: Rooms, who: Principal, asked: OneMonth) -> File:
    report = await month(rooms, who, asked)

    async def pieces() -> AsyncIterator[str]:
        yield spreadsheets.days(report.days, who.language)

    return File(f"illico-{asked.month}-jours.csv", pieces())


async def calls_csv(rooms: Rooms, who: Principal, asked: OneMonth) -> File:
    """Send a month line by line, a day after the other."""
    first = date.fromisoformat(f"{_known_month(rooms, asked.month)}-01")
    known_day(rooms, first)

    async def pieces() -> AsyncIterator[str]:
        yield spreadsheets.calls_head(who.language)
        day = first
        while day.isoformat()[:7] == asked.month and day <= rooms.desk.today():
            rows = (await rooms.desk.copy(who.company, day)).rows
            mine = [one for one in rows if asked.service in {None, one.service}]
            yield await asyncio.to_thread(spreadsheets.calls, mine[::-1], who.language)
            day += timedelta(days=1)

    return File(f"illico-{asked.month}-appels.csv", pieces())


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
