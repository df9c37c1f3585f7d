"""Half-hours: of all time, and of a week in Paris."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ledger import paris
from ledger.errors import NoSuchMonthError

LONG_US: Final = 1_800_000_000
IN_A_WEEK: Final = 7 * 48
_MONTH: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def of(at_us: int) -> int:
    """Number the half-hour of a moment; Paris is always whole ones away from UTC."""
    return at_us // LONG_US


def in_week(half: int) -> int:
    """Tell which one of a week in Paris it is: 0 is Monday, 0:00 to 0:30."""
    moment = _EPOCH + timedelta(microseconds=half * LONG_US)
    there = moment.astimezone(ZoneInfo(paris.ZONE_NAME))
    return there.weekday() * 48 + there.hour * 2 + there.minute // 30


def day(half: int) -> date:
    """Name the day in Paris that a half-hour is of."""
    return paris.day_at(half * LONG_US)


def of_month(month: str) -> tuple[int, int]:
    """Find the first half-hour of a month (`YYYY-MM`) and the first behind it.

    Raises:
        NoSuchMonthError: it is no month.
    """
    if not _MONTH.fullmatch(month):
        raise NoSuchMonthError(month)
    year, number = int(month[:4]), int(month[5:])
    first = date(year, number, 1)
    behind = date(year + number // 12, number % 12 + 1, 1)
    return of(paris.bounds_us(first)[0]), of(paris.bounds_us(behind)[0])
