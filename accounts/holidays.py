"""The public holidays of France: which days, in which year, in which part of it.

Pure. The national ones are those of the Code du travail, article L3133-1; those of
Alsace and Moselle L3134-13 (Good Friday, in law, only where there is a Protestant or
shared church); the days of the abolition of slavery décret 83-1003 and L3422-2. A
region says where a company's customers are, not which clocks: those are of Paris.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final


class Region(StrEnum):
    """Where there are holidays besides the national ones."""

    ALSACE_MOSELLE = "alsace_moselle"
    GUADELOUPE = "guadeloupe"
    GUYANE = "guyane"
    LA_REUNION = "la_reunion"
    MARTINIQUE = "martinique"
    MAYOTTE = "mayotte"
    SAINT_BARTHELEMY = "saint_barthelemy"
    SAINT_MARTIN = "saint_martin"


class Holiday(StrEnum):
    """A public holiday by its name, whatever its date."""

    NEW_YEAR = "new_year"
    EASTER_MONDAY = "easter_monday"
    LABOUR_DAY = "labour_day"
    VICTORY_DAY = "victory_day"
    ASCENSION = "ascension"
    WHIT_MONDAY = "whit_monday"
    BASTILLE_DAY = "bastille_day"
    ASSUMPTION = "assumption"
    ALL_SAINTS = "all_saints"
    ARMISTICE = "armistice"
    CHRISTMAS = "christmas"
    GOOD_FRIDAY = "good_friday"
    SAINT_STEPHEN = "saint_stephen"
    ABOLITION = "abolition"


_FIXED: Final[Mapping[Holiday, tuple[int, int]]] = MappingProxyType(
    {
        Holiday.NEW_YEAR: (1, 1),
        Holiday.LABOUR_DAY: (5, 1),
        Holiday.VICTORY_DAY: (5, 8),
        Holiday.BASTILLE_DAY: (7, 14),
        Holiday.ASSUMPTION: (8, 15),
        Holiday.ALL_SAINTS: (11, 1),
        Holiday.ARMISTICE: (11, 11),
        Holiday.CHRISTMAS: (12, 25),
    }
)
_AFTER_EASTER: Final[Mapping[Holiday, int]] = MappingProxyType(
    {Holiday.EASTER_MONDAY: 1, Holiday.ASCENSION: 39, Holiday.WHIT_MONDAY: 50}
)
_ABOLITION: Final[Mapping[Region, tuple[int, int]]] = MappingProxyType(
    {
        Region.GUADELOUPE: (5, 27),
        Region.GUYANE: (6, 10),
        Region.LA_REUNION: (12, 20),
        Region.MARTINIQUE: (5, 22),
        Region.MAYOTTE: (4, 27),
        Region.SAINT_BARTHELEMY: (10, 9),
        Region.SAINT_MARTIN: (5, 28),
    }
)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    The anonymous algorithm of Nature (1876), as Meeus prints it (Astronomical
    Algorithms, chapter 8); its letters are kept.
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741 - its name in the book
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return date(year, month, day + 1)


def public_holidays(
    year: int, regions: Iterable[Region] = ()
) -> Mapping[date, Holiday]:
    """The holidays of a year, in order of time.

    Where two fall on one day (Ascension may be 1 or 8 May), it is the one with the
    fixed date.
    """
    return _public_holidays(year, frozenset(regions))


@lru_cache(maxsize=1024)
def _public_holidays(year: int, regions: frozenset[Region]) -> Mapping[date, Holiday]:
    sunday = easter(year)
    days = {sunday + timedelta(days): one for one, days in _AFTER_EASTER.items()}
    if Region.ALSACE_MOSELLE in regions:
        days[sunday - timedelta(2)] = Holiday.GOOD_FRIDAY
        days[date(year, 12, 26)] = Holiday.SAINT_STEPHEN
    for region in regions - {Region.ALSACE_MOSELLE}:
        days[date(year, *_ABOLITION[region])] = Holiday.ABOLITION
    for one, (month, day) in _FIXED.items():
        days[date(year, month, day)] = one
    return MappingProxyType({day: days[day] for day in sorted(days)})
