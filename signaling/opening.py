"""Whether a service is open now, and when it opens, in Paris's time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from accounts.model import Service

PARIS: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Opening:
    """What pages say of the hours; ``opens_at`` (ISO 8601) only of a closed service."""

    is_open: bool
    opens_at: str | None


def opening(service: Service, now: float) -> Opening:
    """Look at the calendar at ``now`` (seconds since the epoch)."""
    moment = datetime.fromtimestamp(now, PARIS)
    if service.hours.is_open(moment):
        return Opening(is_open=True, opens_at=None)
    opens = service.hours.next_opening(moment)
    return Opening(
        is_open=False,
        opens_at=opens.astimezone(PARIS).isoformat() if opens else None,
    )
