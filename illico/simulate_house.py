"""A house on one day: what is played, and what it is paid by. Pure."""

from dataclasses import dataclass

from queueing.model import AgentId, CompanyId
from queueing.twin.playing import Day


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a company pays: micro-euros a minute, and cents a day whatever comes."""

    per_minute: int
    fixed_cents: int


@dataclass(frozen=True, slots=True)
class House:
    """The day that is played, and what it is paid by."""

    title: str
    day: Day
    opens: int
    hours: int
    monitored: bool
    tariffs: dict[CompanyId, Tariff]
    wages: dict[AgentId, int]
    """Cents an hour."""
