"""What passes the socket of one leg, counted."""

from dataclasses import dataclass


@dataclass(slots=True)
class Wire:
    """Datagrams in and out, and those dropped, by reason."""

    packets_in: int = 0
    packets_out: int = 0
    malformed: int = 0
    undecipherable: int = 0
    strangers: int = 0
    unknown: int = 0
    excess: int = 0
    refused: int = 0
    broken: int = 0
    unsent: int = 0
