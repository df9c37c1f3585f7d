"""How opening hours are written down: JSON that a person can read."""

from datetime import date, datetime
from typing import Final

import msgspec

from accounts.errors import InvalidHoursError
from accounts.hours import EmergencyClose, Interval, OpeningHours

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Emergency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: datetime
    until: datetime | None = None


class _Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    weekly: dict[str, list[str]]
    exceptions: dict[date, list[str]] = {}
    emergency: _Emergency | None = None


def hours_from_text(text: str | bytes) -> OpeningHours:
    """Read `{"weekly": {"mon": ["08:30-12:00"]}, "exceptions": {"2026-12-25": []}}`.

    A day of the week that is not named is closed.

    Raises:
        InvalidHoursError: no such JSON, or a calendar that contradicts itself.
    """
    try:
        stored = msgspec.json.decode(text, type=_Hours)
        if unknown := set(stored.weekly) - set(DAYS):
            raise InvalidHoursError(f"{min(unknown)[:20]!r} is no day of the week.")
        return OpeningHours(
            weekly=tuple(_day(stored.weekly.get(day, [])) for day in DAYS),
            exceptions={day: _day(texts) for day, texts in stored.exceptions.items()},
            emergency=_emergency(stored.emergency),
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise InvalidHoursError(f"These are no opening hours: {error}") from error


def hours_to_text(hours: OpeningHours) -> str:
    """What `hours_from_text` reads as the same hours."""
    stored = _Hours(
        weekly={
            day: [str(interval) for interval in intervals]
            for day, intervals in zip(DAYS, hours.weekly, strict=True)
        },
        exceptions={
            day: [str(interval) for interval in intervals]
            for day, intervals in hours.exceptions.items()
        },
        emergency=(
            _Emergency(hours.emergency.since, hours.emergency.until)
            if hours.emergency
            else None
        ),
    )
    return msgspec.json.encode(stored).decode()


def _day(texts: list[str]) -> tuple[Interval, ...]:
    return tuple(Interval.parse(text) for text in texts)


def _emergency(stored: _Emergency | None) -> EmergencyClose | None:
    return EmergencyClose(stored.since, stored.until) if stored else None
