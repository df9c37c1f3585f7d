"""The four pillars of the label "Numéro Illico", and the hours that the law asks for.

Each says where its figures come from: `computed` from the chain, `configured`,
`declared` or `imported`. Without figures a pillar is `unknown`, which is not kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from ledger.chain import canonical
from ledger.figures.counts import is_kept
from ledger.figures.reports import Level, Report
from ledger.figures.terms import STANDARD, Terms

CEILING: Final = 600_000
"""Millionths of a euro a minute, without VAT."""

PAY_SHARE: Final = 6_000
"""Hundredths of a percent of revenue."""


class State(StrEnum):
    """Whether a pillar stands."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class ServicePromise(msgspec.Struct, frozen=True):
    """One service's month against its contract."""

    service: str
    level: Level
    share_permille: int
    target_us: int
    state: State


class Answered(msgspec.Struct, frozen=True):
    """Within 60 seconds: computed from the chain."""

    state: State
    services: Sequence[ServicePromise]
    evidence: str = "computed"


class Price(msgspec.Struct, frozen=True):
    """At most 0.60 € a minute, and never paid by a caller: the terms in the chain."""

    state: State
    highest: int
    ceiling: int = CEILING
    payer: str = "company"
    evidence: str = "computed"


class PaidOut(msgspec.Struct, frozen=True):
    """60 % of revenue to agents: pay is imported, revenue counted."""

    state: State
    share: int | None
    people: int
    months: Sequence[str]
    evidence: str = "imported"


class Hours(msgspec.Struct, frozen=True):
    """One service's hours beside the company's ordinary ones, by today's calendars."""

    service: str
    state: State
    covered: int
    ordinary: int | None
    unauthorised: Mapping[str, int]
    evidence: str = "configured"


class Label(msgspec.Struct, frozen=True):
    """The label of a company, in a month."""

    company: str
    month: str
    answered: Answered
    france: State
    """Unknown until shifts are declared."""
    price: Price
    pay: PaidOut
    hours: Sequence[Hours]


def to_text(label: Label) -> str:
    """Write a label as one line of canonical JSON."""
    return canonical(msgspec.to_builtins(label))


def answered(reports: Sequence[Report], terms: Mapping[str, Terms]) -> Answered:
    """Hold each service against its own contract; a month without a call is unknown."""
    services = [
        _promise(each, terms.get(each.service or "", STANDARD)) for each in reports
    ]
    return Answered(_all(each.state for each in services), services)


def price(terms: Mapping[str, Terms]) -> Price:
    highest = max((each.per_minute for each in terms.values()), default=0)
    return Price(State.KEPT if highest <= CEILING else State.BROKEN, highest)


def paid_out(share: int | None, people: int, months: Sequence[str]) -> PaidOut:
    if share is None:
        return PaidOut(State.UNKNOWN, None, people, months)
    state = State.KEPT if share >= PAY_SHARE else State.BROKEN
    return PaidOut(state, share, people, months)


def hours(
    service: str, covered: int, ordinary: int | None, unauthorised: Mapping[str, int]
) -> Hours:
    """Every ordinary minute is covered, and every Sunday and night is authorised."""
    if unauthorised or (ordinary is not None and covered < ordinary):
        state = State.BROKEN
    else:
        state = State.UNKNOWN if ordinary is None else State.KEPT
    return Hours(service, state, covered, ordinary, unauthorised)


def _promise(report: Report, terms: Terms) -> ServicePromise:
    level = report.level
    kept = is_kept((level.part, level.whole), terms.share_permille)
    state = State.KEPT if kept else State.BROKEN
    return ServicePromise(
        report.service or "",
        level,
        terms.share_permille,
        terms.target_us,
        state if level.whole else State.UNKNOWN,
    )


def _all(states: Iterable[State]) -> State:
    found = {*states}
    for state in (State.BROKEN, State.KEPT):
        if state in found:
            return state
    return State.UNKNOWN
