"""What happened on one leg beside plain forwarding, counted."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Packets dropped, by reason, and packets sent again."""

    malformed: int = 0
    unknown: int = 0
    duplicates: int = 0
    resent: int = 0
    excess: int = 0
