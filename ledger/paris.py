"""The portal's calendar: a day is a day in Paris, 23 to 25 hours long."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE_NAME: Final = "Europe/Paris"
_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def day_at(at_us: int) -> date:
    """Name the day in Paris of a moment in microseconds since the epoch."""
    moment = _EPOCH + timedelta(microseconds=at_us)
    return moment.astimezone(ZoneInfo(ZONE_NAME)).date()


def bounds_us(day: date) -> tuple[int, int]:
    """Begin and end of a day, in microseconds since the epoch; the end is outside."""
    return _midnight_us(day), _midnight_us(day + timedelta(days=1))


def _midnight_us(day: date) -> int:
    midnight = datetime.combine(day, time.min, ZoneInfo(ZONE_NAME))
    return (midnight.astimezone(UTC) - _EPOCH) // _MICROSECOND
