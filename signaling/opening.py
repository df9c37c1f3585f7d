"""Whether a service is open now, and when it opens, in Paris's time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from accounts.model import Service
from signaling.protocol import ClosedReason

PARIS: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Opening:
    """What pages say of the hours; ``opens_at`` (ISO 8601) only of a closed service.

    ``reason`` says why it is closed, where it is not simply outside its hours.
    """

    is_open: bool
    opens_at: str | None = None
    reason: ClosedReason | None = None


def opening(service: Service, now: float) -> Opening:
    """Look at the calendar at ``now`` (seconds since the epoch)."""
    moment = datetime.fromtimestamp(now, PARIS)
    if service.hours.is_open(moment):
        return Opening(is_open=True)
    is_holiday = service.hours.is_closed_for_holiday(moment)
    opens = service.hours.next_opening(moment)
    return Opening(
        is_open=False,
        opens_at=opens.astimezone(PARIS).isoformat() if opens else None,
        reason=ClosedReason.HOLIDAY if is_holiday else None,
    )
