"""What the queue forgot is marked, and stands or not by the rule of its name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.figures.days import DayBook
from ledger.model import CallId, ChainEnd, CompanyId, EventId, Outcome, Recorded
from ledger.superseded import Life, Told, has_forgotten, life_of, marks, number_of

COMPANY = CompanyId("telecom")
NINE_US = 1_795_334_400_000_000
"""Nine o'clock in Paris, on the day of the tests."""


def a_life(after=15, number=20):
    return Life(EventId(f"fr-{number + 1}@9-0"), NINE_US, "fr", number, after)


def told(number, kind="offer_made", call="c1", company=COMPANY):
    return Told(company, CallId(call) if call else None, kind, number)


def an_event(number, kind, call="c1", second=None, **facts):
    at_us = NINE_US + 1_000_000 * (number if second is None else second)
    return Recorded(f"fr-{number}@{number}-0", kind, at_us, "demo", call, facts)


def a_mark(first, last, *, call="c1", at=40, over=False, gone=False):
    facts = {"first": first, "last": last, "over": over, "gone": gone}
    at_us = NINE_US + at * 1_000_000
    return Recorded(f"superseded-fr-20-{first}", "superseded", at_us, None, call, facts)


def the_call(*events):
    book = DayBook("telecom", date(2026, 11, 22))
    for event in events:
        book.add(event)
    (row,) = book.sheet(NINE_US + 3_600_000_000, ChainEnd(1, "")).calls
    return row


QUEUED = an_event(1, "call_queued", mode="video")
ACCEPTED = an_event(10, "call_accepted")
ANSWERED = an_event(12, "call_answered", evidence="presented")
ENDED = an_event(30, "call_ended", reason="caller_hung_up")


def test_the_number_of_an_event_stands_in_its_id():
    assert number_of("fr-1795334400000000@1795334400000-3") == 1_795_334_400_000_000
    assert number_of("a-b-7@1-0") == 7
    assert number_of("superseded-fr-20-7") is None


def test_a_life_is_read_from_its_event_and_from_nothing_else():
    said = Recorded("fr-21@9-0", "life_began", 5, facts={"after": 15, "life": 20})

    life = life_of(said, "fr")

    assert life == Life(EventId("fr-21@9-0"), 5, "fr", 20, 15)
    assert life_of(replace(said, kind="call_rated"), "fr") is None
    assert life_of(replace(said, facts={"after": 15}), "fr") is None


def test_each_call_is_marked_once_and_what_is_of_no_call_once_a_chain():
    forgotten = [told(17), told(16), told(18, call="c2"), told(19, "x", None, "")]

    found = marks(a_life(), forgotten, [told(3, "call_queued")])

    assert [(m.company, m.call, m.facts["count"]) for m in found] == [
        ("", None, 1),
        (COMPANY, "c1", 2),
        (COMPANY, "c2", 1),
    ]
    assert found[1].facts == {
        "first": 16,
        "last": 17,
        "count": 2,
        "after": 15,
        "over": False,
        "gone": False,
    }
    assert len({mark.event_id for mark in found}) == 3


def test_a_call_is_gone_when_the_queue_does_not_know_that_it_was_asked_for():
    request = told(16, "call_queued")

    (mark,) = marks(a_life(), [request, told(17)], [request])

    assert (mark.facts["gone"], mark.facts["over"]) == (True, False)


def test_a_call_that_was_over_is_not_gone():
    request, end = told(16, "call_queued"), told(18, "call_ended")

    (mark,) = marks(a_life(), [request, told(17), end], [request, end])

    assert (mark.facts["gone"], mark.facts["over"]) == (False, True)


def test_a_lost_disk_marks_what_was_open_and_not_what_was_over():
    life = a_life(after=0)
    of_calls = [
        *(told(1, "call_queued"), told(5, "call_ended")),
        told(6, "call_queued", "c2"),
    ]
    forgotten = [told(n) for n in (1, 5)] + [
        told(6, "call_queued", "c2"),
        told(8, "x", None),
    ]

    (mark,) = marks(life, forgotten, of_calls)

    assert (mark.call, mark.facts["gone"]) == ("c2", True)


@pytest.mark.parametrize(
    ("number", "forgotten"), [(15, False), (16, True), (20, False)]
)
def test_what_a_slow_writer_brings_is_of_before_a_life_or_not(number, forgotten):
    assert has_forgotten(a_life(after=15, number=20), number) is forgotten


def test_a_forgotten_answer_is_none_until_it_is_brought_back():
    mark = a_mark(10, 12)
    adopted = an_event(50, "call_accepted", adopted=True)
    answered = an_event(51, "call_answered", second=12, evidence="text", adopted=True)

    assert the_call(QUEUED, ACCEPTED, ANSWERED, mark).outcome is Outcome.WAITING
    row = the_call(QUEUED, ACCEPTED, ANSWERED, mark, adopted, answered)

    assert (row.outcome, row.evidence) == (Outcome.ANSWERED, "text")
    assert row.in_time
    assert row.offers == 0


def test_a_forgotten_transfer_gives_the_first_line_back():
    passed_on = an_event(13, "call_transferred", leg=1)

    row = the_call(QUEUED, ACCEPTED, ANSWERED, passed_on, a_mark(13, 13))

    assert (row.leg, row.outcome, row.live) == (0, Outcome.ANSWERED, True)


def test_a_call_that_nobody_brings_back_is_our_failure():
    row = the_call(QUEUED, ACCEPTED, a_mark(1, 10, gone=True))

    assert (row.outcome, row.breach, row.live) == (Outcome.TECHNICAL, True, False)


def test_a_call_that_comes_back_goes_on_with_its_first_clock():
    adopted = an_event(50, "call_queued", second=1, mode="video", adopted=True)
    rest = [an_event(n + 50, k, second=n + 40) for n, k in ((3, "call_accepted"),)]
    answered = an_event(60, "call_answered", second=55, evidence="presented")

    row = the_call(QUEUED, a_mark(1, 1, gone=True), adopted, *rest, answered)

    assert (row.outcome, row.in_time, row.wait_ms) == (Outcome.ANSWERED, True, 54_000)


def test_a_call_that_was_over_stays_as_it_was_told():
    mark = a_mark(12, 30, over=True)

    row = the_call(QUEUED, ACCEPTED, ANSWERED, ENDED, mark)

    assert (row.outcome, row.in_time) == (Outcome.ANSWERED, True)


def test_what_a_server_noted_is_true_whatever_the_queue_forgot():
    counted = an_event(13, "eye_counted", windows=10, legible=9)

    row = the_call(QUEUED, ACCEPTED, ANSWERED, counted, a_mark(10, 13))

    assert (row.outcome, row.watched_s, row.legible_s) == (Outcome.WAITING, 10, 9)


HISTORY = st.lists(
    st.sampled_from(
        ["offer_made", "call_accepted", "caller_lost", "caller_back", "call_answered"]
    ),
    max_size=8,
)


@given(kept=HISTORY, lost=HISTORY, after=HISTORY)
def test_what_was_forgotten_is_as_if_it_had_never_been(kept, lost, after):
    def events(kinds, begin):
        evidence = {"evidence": "presented"}
        return [an_event(begin + n, k, **evidence) for n, k in enumerate(kinds)]

    first, rest = [QUEUED, *events(kept, 2)], events(after, 40)

    forgotten = the_call(*first, *events(lost, 20), a_mark(20, 29), *rest)

    assert forgotten == the_call(*first, *rest)
