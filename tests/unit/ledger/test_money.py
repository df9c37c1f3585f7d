"""What a month costs, to the cent."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.figures.calls import CallBook
from ledger.figures.money import invoice, price
from ledger.figures.reports import Scope, report
from ledger.figures.slots import slots
from ledger.figures.terms import TermsBook
from ledger.model import Recorded
from tests.unit.ledger.figure_histories import MONTH, MONTH_US, SECOND


@pytest.mark.parametrize(
    ("seconds", "per_minute", "cents"),
    [
        (60, 600_000, 60),
        (1, 600_000, 1),
        (1, 450_000, 1),  # 0.75 cents
        (1, 299_999, 0),  # just under half a cent
        (1, 300_000, 1),  # half a cent goes up
        (3, 100_000, 1),  # half a cent, of three seconds
        (0, 600_000, 0),
        (7, 0, 0),
    ],
)
def test_a_line_is_rounded_once_and_half_a_cent_goes_up(seconds, per_minute, cents):
    assert price(seconds, per_minute) == cents


@given(st.integers(0, 10**9), st.integers(0, 600_000))
def test_no_price_is_further_than_half_a_cent_from_the_exact_one(seconds, per_minute):
    exact = Fraction(seconds * per_minute, 60 * 10_000)

    assert Fraction(-1, 2) < price(seconds, per_minute) - exact <= Fraction(1, 2)


def an_event(kind, after_s, call="c1", **facts):
    at_us = MONTH_US + round(after_s * SECOND)
    return Recorded(f"{kind}-{call}", kind, at_us, "a", call, facts)


def a_talk(call, begin_s, wait_s, talk_s):
    seen = begin_s + wait_s
    return [
        an_event("call_queued", begin_s, call),
        an_event("call_accepted", seen, call),
        an_event("call_answered", seen, call, evidence="presented"),
        an_event("call_ended", seen + talk_s, call, reason="hung_up"),
    ]


def terms(version, after_s, **facts):
    at_us = MONTH_US + after_s * SECOND
    words = {"version": version, "valid_from_us": at_us, **facts}
    return an_event("terms_set", after_s, None, **words)


def invoiced(*events):
    book = CallBook(told := TermsBook())
    for event in events:
        book.add(event)
    scope = Scope("telecom", None, MONTH, len(events), MONTH_US)
    return invoice(report(scope, slots(book.lines)), told)


def test_a_breached_call_costs_nothing_and_the_others_by_the_second():
    bill = invoiced(
        terms(1, 0, per_minute=600_000),
        *a_talk("c1", 10, 10, 61.9),
        *a_talk("c2", 20, 60, 30),
        *a_talk("c3", 30, 60.1, 600),
    )

    (line,) = bill.usage
    assert (line.lines, line.seconds, line.free_lines, line.cents) == (2, 91, 1, 91)


def test_a_tariff_that_changed_gives_two_lines_and_the_last_one_sets_the_fee():
    bill = invoiced(
        terms(1, 0, per_minute=600_000, offer="premium", fixed_cents=10_000),
        *a_talk("c1", 10, 10, 60),
        terms(2, 1_000, per_minute=300_000, fixed_cents=5_000),
        *a_talk("c2", 2_000, 10, 60),
    )

    assert [(line.offer, line.cents) for line in bill.usage] == [
        ("base", 30),
        ("premium", 60),
    ]
    assert [(line.version, line.cents) for line in bill.fixed] == [(2, 5_000)]
    assert bill.cents == 5_090


def test_a_call_that_was_passed_on_is_paid_for_what_people_saw_of_each_other():
    bill = invoiced(
        terms(1, 0, per_minute=600_000),
        *a_talk("c1", 0, 10, 600)[:3],
        an_event("call_transferred", 70, "c1", leg=1),
        an_event("call_accepted", 80, "c1"),
        an_event("call_answered", 100, "c1", evidence="presented"),
        an_event("call_ended", 130, "c1", reason="hung_up"),
    )

    (line,) = bill.usage
    assert (line.lines, line.seconds) == (2, 60 + 30)  # the second wait is no talk


def test_after_a_broken_promise_nothing_of_a_call_is_billed():
    bill = invoiced(
        terms(1, 0, per_minute=600_000),
        *a_talk("c1", 0, 61, 600)[:3],
        an_event("call_transferred", 70, "c1", leg=1),
        an_event("call_accepted", 80, "c1"),
        an_event("call_answered", 81, "c1", evidence="presented"),
        an_event("call_ended", 130, "c1", reason="hung_up"),
    )

    assert [(line.lines, line.free_lines, line.cents) for line in bill.usage] == [
        (0, 2, 0)
    ]
