"""The words and tables of a simulated day. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from illico.simulate_plots import PARIS, percent
from illico.simulate_result import Level, Result

Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Its columns, and its rows."""

NONE = "–"


def compared(pooled: Result, dedicated: Result) -> Table:
    """Put the house pooled beside the house in which each agent serves one company."""
    rows = [
        (name, one, two)
        for (name, one), (_, two) in zip(_facts(pooled), _facts(dedicated), strict=True)
    ]
    return ("", "pooled", "dedicated"), rows


def companies(pooled: Result, dedicated: Result) -> Table:
    """Tell of each company how it was served."""
    other = {each.name: each for each in dedicated.by_company}
    heads = ("company", "calls", "level", "p95", "late", "dedicated", "p95")
    rows = []
    for each in pooled.by_company:
        alone = other.get(each.name)
        rows.append(
            (
                each.name,
                str(each.calls),
                _percent(each.level),
                _seconds(each.p95_s),
                str(each.breaches),
                _percent(alone.level if alone else None),
                _seconds(alone.p95_s if alone else None),
            )
        )
    return heads, rows


def report(pooled: Result, dedicated: Result) -> str:
    """Write the report that stands beside the plots."""
    halves = [
        (
            datetime.fromtimestamp(each.begins, PARIS).strftime("%H:%M"),
            str(each.calls),
            str(each.in_time),
            str(each.agents),
        )
        for each in pooled.half_hours
    ]
    waits = [
        (f"≤ {edge} s" if edge else "more", str(count))
        for edge, count in pooled.waits_by_edge
    ]
    return "\n".join(
        [
            f"# {pooled.title}",
            "",
            (
                f"{pooled.agents} agents and {pooled.reserve} in reserve serve"
                f" {pooled.companies} companies with {pooled.services} services. Played by"
                " `illico simulate` in virtual time, with the queue's own rules."
            ),
            "",
            *_markdown(compared(pooled, dedicated)),
            "",
            (
                "*Dedicated* is the same day with the same people, each of whom serves one"
                " company alone. Pay is gross pay for all time present. Revenue is by the"
                " second from the first picture to the end, at the companies' rates; a call"
                " that was late is not billed."
            ),
            "",
            "![Calls and agents through the day](day.svg)",
            "",
            *_markdown((("half-hour", "calls", "in time", "agents"), halves)),
            "",
            "![Waits of answered callers](waits.svg)",
            "",
            *_markdown((("wait", "callers"), waits)),
            "",
            "![Service level, pooled and dedicated](levels.svg)",
            "",
            *_markdown(companies(pooled, dedicated)),
            "",
        ]
    )


def _facts(result: Result) -> Iterable[tuple[str, str]]:
    house, money = result.house, result.money
    yield "calls", str(house.calls)
    yield "service level (contract)", _percent(house.level)
    yield "worst company", _percent(_worst(result.by_company))
    yield "answered", str(house.answered)
    yield "left", str(house.abandoned)
    yield "late", str(house.breaches)
    yield "wait, half of them", _seconds(house.p50_s)
    yield "wait, 95 of 100", _seconds(house.p95_s)
    yield "longest wait", _seconds(house.longest_s)
    yield "occupancy", _percent(result.occupancy)
    yield "hours paid", str(money.paid_hours)
    yield "gross pay", _euros(money.pay_cents)
    yield "pay for an answered call", _euros(money.cents_a_call)
    yield "revenue", _euros(money.revenue_cents)
    yield "pay of revenue (at least 60 %)", _percent(money.pay_share)
    yield "acts in danger", str(result.monitor_acted)
    yield "of them helped", str(result.monitor_helped)


def _worst(by_company: Iterable[Level]) -> int | None:
    known = [each.level for each in by_company if each.level is not None]
    return min(known, default=None)


def _markdown(table: Table) -> Iterable[str]:
    heads, rows = table
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join(['---', *['---:'] * (len(heads) - 1)])} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _percent(hundredths: int | None) -> str:
    return NONE if hundredths is None else percent(hundredths)


def _seconds(seconds: int | None) -> str:
    return NONE if seconds is None else f"{seconds} s"


def _euros(cents: int | None) -> str:
    return NONE if cents is None else f"{cents // 100:,}.{cents % 100:02} €"
