"""Answers what programs ask of a company's figures, lines and chain."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from accounts.model import CompanyId as AccountsCompanyId
from ledger.api.asking import File, Principal
from ledger.api.words import (
    Calls,
    CallsOf,
    Day,
    GivenHeadFacts,
    Heads,
    KeyFacts,
    LinksFrom,
    Me,
    Nothing,
    OneDay,
    ServiceFacts,
)
from ledger.client import LedgerClient
from ledger.errors import NoSuchDayError, NoSuchLinkError
from ledger.head_texts import FORMAT, head_facts, key_facts
from ledger.model import CallRow, ChainEnd
from ledger.rooms import Rooms

FIRST_DAY: Final = date(2000, 1, 1)


async def me(rooms: Rooms, who: Principal, _: Nothing) -> Me:
    services = await rooms.accounts.services(AccountsCompanyId(who.company))
    return Me(
        company=who.company,
        name=services[0].company_name if services else who.company,
        scopes=tuple(sorted(who.scopes)),
        services=tuple(
            ServiceFacts(
                service.id,
                service.title,
                {topic.slug: topic.label for topic in service.topics},
            )
            for service in services
        ),
    )


async def day(rooms: Rooms, who: Principal, asked: OneDay) -> Day:
    copy = await rooms.desk.copy(who.company, known_day(rooms, asked.date))
    sheet = copy.sheet
    return Day(
        date=sheet.date,
        timezone=sheet.timezone,
        is_today=sheet.is_today,
        as_of_ms=sheet.as_of_ms if sheet.is_today else None,
        rules=sheet.rules,
        target_ms=sheet.target_ms,
        figures=sheet.figures,
    )


async def calls(rooms: Rooms, who: Principal, asked: CallsOf) -> Calls:
    copy = await rooms.desk.copy(who.company, known_day(rooms, asked.date))
    begin = _place(copy.rows, asked.cursor)
    page = copy.rows[begin : begin + asked.limit]
    is_last = begin + asked.limit >= len(copy.rows)
    return Calls(
        date=copy.sheet.date,
        calls=tuple(page),
        total=len(copy.rows),
        next=None if is_last else cursor_of(page[-1]),
    )


async def heads(rooms: Rooms, who: Principal, _: Nothing) -> Heads:
    found = await LedgerClient(rooms.store).heads(who.company)
    facts = {"heads": head_facts(found.given), "keys": key_facts(found.keys)}
    ids = [key.id for key in found.keys]
    return Heads(
        illico_heads=FORMAT,
        company=who.company,
        end=ChainEnd(found.end.position, found.end.digest.hex()),
        heads=msgspec.convert(facts["heads"], tuple[GivenHeadFacts, ...]),
        keys=tuple(
            msgspec.convert({"id": name, **key}, KeyFacts)  # type: ignore[dict-item]
            for name, key in zip(ids, facts["keys"], strict=True)
        ),
    )


async def export(rooms: Rooms, who: Principal, asked: LinksFrom) -> File:
    """Send the chain from a link on; an empty chain has none to begin with."""
    client = LedgerClient(rooms.store)
    end = (await client.heads(who.company)).end
    if asked.first > end.position:
        raise NoSuchLinkError(who.company, asked.first)
    pieces = client.export(who.company, first=asked.first)
    return File(f"illico-{who.company}-{asked.first}.jsonl", pieces)


def known_day(rooms: Rooms, asked: date) -> date:
    """Check that there can be figures of a day.

    Raises:
        NoSuchDayError: it is not over the horizon, but behind it.
    """
    if not FIRST_DAY <= asked <= rooms.desk.today():
        raise NoSuchDayError
    return asked


def cursor_of(row: CallRow) -> str:
    return f"{row.t0_ms}.{row.leg}.{row.call}"


def _place(rows: Sequence[CallRow], cursor: str | None) -> int:
    """Find the line behind a cursor; where its line is not there, those before it."""
    if cursor is None:
        return 0
    t0_text, leg_text, call = cursor.split(".", 2)
    t0_ms, leg = int(t0_text), int(leg_text)
    for place, row in enumerate(rows):
        if row.t0_ms < t0_ms:
            return place
        if (row.call, row.leg, row.t0_ms) == (call, leg, t0_ms):
            return place + 1
    return len(rows)
