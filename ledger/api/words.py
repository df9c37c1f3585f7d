"""What the interface is asked, and what it answers: the types behind its OpenAPI file."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from accounts.model import Scope
from ledger.api.rhythm import Cell, DayWaits, HalfHour
from ledger.model import CallRow, ChainEnd, Figures

Date = Annotated[date, Meta(description="A day in Paris.")]
Month = Annotated[
    str,
    Meta(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$",
        description="A month in Paris, as YYYY-MM.",
    ),
]
ServiceWord = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]{1,64}$",
        description="A service, by the word in its address.",
    ),
]
Cursor = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,15}\.[0-9]{1,4}\.[A-Za-z0-9_.:@-]{1,128}$",
        description="`next` of the page before; without it, the first page.",
    ),
]
Limit = Annotated[int, Meta(ge=1, le=1000, description="Lines of a page at most.")]
First = Annotated[
    int, Meta(ge=1, le=2**53 - 1, description="The link to begin with; 1 is the first.")
]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No parameter."""


class OneDay(Struct, frozen=True, forbid_unknown_fields=True):
    """Which day."""

    date: Date


class CallsOf(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of the lines of which day."""

    date: Date
    cursor: Cursor | None = None
    limit: Limit = 100


class OneMonth(Struct, frozen=True, forbid_unknown_fields=True):
    """Which month, and which service of the company; without it, all of them."""

    month: Month
    service: ServiceWord | None = None


class LinksFrom(Struct, frozen=True, forbid_unknown_fields=True):
    """Where in the chain."""

    first: First = 1


class ServiceFacts(Struct, frozen=True):
    """A service of the company, and its topics by their words."""

    id: str
    title: str
    topics: dict[str, str]


class Me(Struct, frozen=True):
    """Whom the key belongs to, and what it opens."""

    company: str
    name: str
    scopes: tuple[Scope, ...]
    services: tuple[ServiceFacts, ...]


class Day(Struct, frozen=True):
    """The figures of a day in Paris."""

    date: str
    timezone: str
    is_today: bool
    as_of_ms: int | None
    """Milliseconds since 1970; none of a day that is over."""
    rules: int
    target_ms: int
    figures: Figures


class Calls(Struct, frozen=True):
    """A page of a day's lines, newest first."""

    date: str
    calls: tuple[CallRow, ...]
    total: int
    """Lines of the whole day."""
    next: str | None
    """The cursor of the next page; none on the last one."""


class HalfHours(Struct, frozen=True):
    """The half-hours of a day in which calls began."""

    date: str
    half_hours: tuple[HalfHour, ...]


class MonthWaits(Struct, frozen=True):
    """How long callers waited, day by day."""

    month: str
    days: tuple[DayWaits, ...]


class MonthWeek(Struct, frozen=True):
    """The hours of each weekday: seven rows from Monday, 24 cells each."""

    month: str
    week: tuple[tuple[Cell, ...], ...]


class GivenHeadFacts(Struct, frozen=True):
    """A daily head as it was signed; binary values are hexadecimal."""

    day: str
    position: int
    digest: str
    previous: str
    key: str
    signature: str


class KeyFacts(Struct, frozen=True):
    """A key that signs heads."""

    id: str
    public: str
    since_us: int
    signature: str


class Heads(Struct, frozen=True):
    """The chain's end now, every head that was given, and the keys that signed them."""

    illico_heads: int
    company: str
    end: ChainEnd
    heads: tuple[GivenHeadFacts, ...]
    keys: tuple[KeyFacts, ...]


class Problem(Struct, frozen=True):
    """What went wrong, by RFC 9457; `code` is stable, the texts are not."""

    type: str
    title: str
    status: int
    code: str
