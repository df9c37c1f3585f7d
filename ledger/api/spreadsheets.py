"""Figures and lines as CSV that a French spreadsheet opens with a double click.

UTF-8 with its mark, semicolons, decimal commas; nothing that a cell begins with is
taken for a formula.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from ledger import paris
from ledger.figures.reports import DayLine
from ledger.model import CallRow

MARK: Final = "\ufeff"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

DAYS: Final = {
    "fr": (
        "jour",
        "niveau de service (%)",
        "à temps",
        "comptés",
        "reçus",
        "répondus",
        "abandonnés",
        "courts",
        "autre suite",
        "personne en poste",
        "pannes chez nous",
        "réseau de l’appelant",
        "refusés",
        "hors horaires",
        "promesses manquées",
    ),
    "en": (
        "day",
        "service level (%)",
        "in time",
        "counted",
        "received",
        "answered",
        "abandoned",
        "short",
        "another way",
        "nobody on duty",
        "our failures",
        "caller’s network",
        "refused",
        "outside hours",
        "promises broken",
    ),
}
CALLS: Final = {
    "fr": (
        "arrivée",
        "service",
        "motif",
        "mode",
        "attente (s)",
        "résultat",
        "à temps",
        "conversation (s)",
        "après transfert",
        "appel",
    ),
    "en": (
        "arrived",
        "service",
        "topic",
        "mode",
        "wait (s)",
        "result",
        "in time",
        "talk (s)",
        "after a transfer",
        "call",
    ),
}
YES: Final = {"fr": ("non", "oui"), "en": ("no", "yes")}


def days(lines: Iterable[DayLine], language: str) -> str:
    """Lay a month out day by day."""
    return MARK + _lines([DAYS[language], *map(_day, lines)])


def calls_head(language: str) -> str:
    return MARK + _lines([CALLS[language]])


def calls(rows: Iterable[CallRow], language: str) -> str:
    """Lay calls out line by line."""
    return _lines(_call(row, YES[language]) for row in rows)


def _day(line: DayLine) -> Sequence[str]:
    c = line.counters
    shown = "" if line.level.shown is None else _decimal(line.level.shown, 100)
    counts = (
        line.level.part,
        line.level.whole,
        c.offered,
        c.answered,
        c.abandoned,
        c.short,
        c.left_another_way,
        c.no_one_there,
        c.technical,
        c.technical_caller,
        c.refused,
        c.closed,
        c.breaches,
    )
    return line.date, shown, *map(str, counts)


def _call(row: CallRow, yes: Sequence[str]) -> Sequence[str]:
    begun = datetime.fromtimestamp(row.t0_ms / 1000, UTC)
    return (
        begun.astimezone(ZoneInfo(paris.ZONE_NAME)).strftime("%Y-%m-%d %H:%M:%S"),
        row.service,
        row.topic or "",
        row.mode or "",
        "" if row.wait_ms is None else _decimal(row.wait_ms, 1000),
        row.outcome.value,
        yes[row.in_time],
        "" if row.talk_ms is None else _decimal(row.talk_ms, 1000),
        yes[row.leg > 0],
        row.call,
    )


def _decimal(number: int, parts: int) -> str:
    """Write a whole number of parts with a decimal comma, exactly."""
    whole, rest = divmod(number, parts)
    return f"{whole},{rest:0{len(str(parts)) - 1}d}"


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return "".join(";".join(map(_cell, row)) + "\r\n" for row in rows)


def _cell(text: str) -> str:
    """Quote a cell; one that would be a formula is text."""
    safe = f"'{text}" if text.startswith(FORMULA) else text
    if any(sign in safe for sign in ';"\r\n'):
        return '"' + safe.replace('"', '""') + '"'
    return safe
