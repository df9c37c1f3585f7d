"""Histories of calls, drawn at random, for whoever computes figures of them."""

from hypothesis import strategies as st

from ledger import chain
from ledger.alone import illico_verify as alone
from ledger.figures import halves
from ledger.figures.calls import CallBook
from ledger.figures.reports import Report, Scope, report
from ledger.figures.slots import slots
from ledger.model import CompanyId, Event, EventId, Recorded

COMPANY = CompanyId("telecom")
SECOND = 1_000_000
MONTH = "2026-10"
"""With the night in which two o'clock comes twice."""
MONTH_US = 1_790_805_600 * SECOND
DAY = 86_400 * SECOND

SERVICES = st.sampled_from(["a", "b", None])
CALLS = st.sampled_from([f"c{number}" for number in range(6)])
TIMES = st.one_of(
    st.integers(-2 * DAY, 33 * DAY),
    st.integers(0, 200 * SECOND),
    st.integers(23 * DAY + 22 * 3600 * SECOND, 24 * DAY + 4 * 3600 * SECOND),
).map(lambda after: MONTH_US + after)
ODD = st.sampled_from([None, True, 3.0, 2.5, -1, "", "odd", [1], {"a": 1}])


def either(right):
    """Mostly what we write; sometimes what nobody should have written."""
    return st.one_of(right, right, right, ODD)


FORECASTS = st.sampled_from([[], [0] * 336, [1] * 336, [3] * 336, [1, 2]])
TERMS = st.fixed_dictionaries(
    {"version": either(st.integers(1, 3)), "valid_from_us": either(TIMES)},
    optional={
        "target_us": either(st.integers(1, 90 * SECOND)),
        "offer": either(st.sampled_from(["base", "premium"])),
        "per_minute": either(st.integers(0, 600_000)),
        "forecast": either(FORECASTS),
        "share": ODD,
    },
)
REASONS = st.sampled_from(
    [
        *("abandoned", "caller_hung_up", "caller_lost", "lost_waiting", "hung_up"),
        *("left_another_way", "call_back_missed", "no_one_there", "technical_caller"),
        *("agent_lost", ""),
    ]
)
FACTS = {
    "call_queued": {
        "topic": either(st.just("facture")),
        "mode": st.just("video"),
        "adopted": st.booleans(),
    },
    "offer_made": {},
    "call_accepted": {},
    "call_answered": {"evidence": either(st.sampled_from(["presented", "clip"]))},
    "caller_lost": {},
    "caller_back": {},
    "call_left": {"way": either(st.just("call_back"))},
    "call_transferred": {"leg": either(st.just(1)), "to_service": SERVICES},
    "not_understood": {"leg": either(st.just(2))},
    "call_ended": {"reason": REASONS, "ended_at_us": either(TIMES)},
    "call_closed": {},
    "call_refused": {"topic": either(st.just("panne")), "recovered": st.booleans()},
    "superseded": {
        "first": either(st.integers(0, 30)),
        "last": either(st.integers(0, 60)),
        "over": st.booleans(),
        "gone": st.booleans(),
    },
    "eye_counted": {
        "windows": either(st.integers(0, 9)),
        "legible": either(st.just(4)),
    },
    "anything_else": {},
}


@st.composite
def moments(draw):
    """Draw one event; the times of a history go forth and back."""
    if draw(st.integers(0, 9)) == 0:
        return "terms_set", draw(TIMES), draw(SERVICES), None, draw(TERMS)
    kind = draw(st.sampled_from([*FACTS]))
    facts = {name: draw(value) for name, value in FACTS[kind].items()}
    unnamed = kind in {"call_closed", "call_refused", "call_queued"}
    call = draw(st.one_of(CALLS, st.none())) if unnamed else draw(CALLS)
    return kind, draw(TIMES), draw(SERVICES), call, facts


@st.composite
def stories(draw):
    """Draw a call as it goes, so that enough of them are answered, or given up."""
    at, call, service = draw(TIMES), draw(CALLS), draw(SERVICES)
    wait = draw(st.integers(0, 130 * SECOND))
    steps: list[tuple[str, int, str | None, str, dict[str, object]]] = [
        ("call_queued", at, service, call, {"topic": "facture"})
    ]
    if draw(st.booleans()):
        steps.append(("call_accepted", at + wait // 2, service, call, {}))
        seen: dict[str, object] = {"evidence": "presented"}
        steps.append(("call_answered", at + wait, service, call, seen))
        wait += draw(st.integers(0, 300 * SECOND))
    ended: dict[str, object] = {"reason": draw(REASONS)}
    if draw(st.integers(0, 4)) == 0:
        first, gone = draw(st.integers(0, 30)), draw(st.booleans())
        mark: dict[str, object] = {
            "first": first,
            "last": 99,
            "over": False,
            "gone": gone,
        }
        steps.append(("superseded", at + wait, service, call, mark))
        if draw(st.booleans()):
            again: dict[str, object] = {"topic": "facture", "adopted": True}
            steps.append(("call_queued", at, service, call, again))
    if draw(st.integers(0, 4)):
        steps.append(("call_ended", at + wait, service, call, ended))
    return steps


HISTORIES = st.lists(
    st.one_of(stories(), moments().map(lambda one: [one])), max_size=25
).map(lambda parts: [step for part in parts for step in part])


def chained(history):
    """Write a history as links of a chain."""
    events = [
        Event(
            event_id=EventId(f"fr-{number}@{number}-0"),
            kind=kind,
            at_us=at_us,
            pool="fr",
            company=COMPANY,
            service=service,
            call=call,
            facts=facts,
        )
        for number, (kind, at_us, service, call, facts) in enumerate(history)
    ]
    return chain.extend(chain.genesis(COMPANY), events, lambda: "5a" * 32)


def ours(recorded: list[Recorded], service=None, month=MONTH) -> Report:
    """Fold as the ledger does."""
    book = CallBook()
    for event in recorded:
        book.add(event)
    begin, behind = halves.of_month(month)
    inside = [one for one in slots(book.lines) if begin <= one.half < behind]
    as_of_us = max((event.at_us for event in recorded), default=0)
    scope = Scope(COMPANY, service, month, len(recorded), as_of_us)
    return report(scope, inside)


def theirs(bodies, service=None, month=MONTH):
    """Fold as the file does that a company runs."""
    fold = alone.Fold()
    for body in bodies:
        fold.add(body)
    return alone.figures(fold, COMPANY, month, service)
