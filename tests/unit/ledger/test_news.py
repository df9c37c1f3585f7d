"""What is new of a day since its sheet before, for a thousand pages."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger import news
from ledger.figures.days import DayBook
from ledger.model import ChainEnd, Recorded

MIDNIGHT = 1_795_302_000_000_000
"""22 November 2026 in Paris, in microseconds."""
DAY = date(2026, 11, 22)


def a_sheet(now_s, *told):
    """The sheet of a day at a second of it, after these (kind, call, second, facts)."""
    book = DayBook("telecom", DAY)
    for number, (kind, call, second, facts) in enumerate(told):
        at_us = MIDNIGHT + second * 1_000_000
        book.add(Recorded(f"e{number}", kind, at_us, "telecom-demo", call, facts))
    return book.sheet(MIDNIGHT + now_s * 1_000_000, ChainEnd(len(told), "ab"))


Told = tuple[str, str, int, dict[str, Any]]

QUEUED: Told = ("call_queued", "c1", 10, {})
TALKS: tuple[Told, ...] = (
    QUEUED,
    ("call_accepted", "c1", 15, {}),
    ("call_answered", "c1", 20, {"evidence": "presented"}),
)


def names(rows):
    return [(row.call, row.outcome) for row in rows]


def test_the_first_sheet_is_sent_whole():
    assert news.changed(None, a_sheet(12, QUEUED)) is None


def test_another_day_is_sent_whole():
    before = replace(a_sheet(12, QUEUED), date="2026-11-21")

    assert news.changed(before, a_sheet(13, QUEUED)) is None


def test_a_new_line_is_news_and_an_old_one_is_not():
    before = a_sheet(12, QUEUED)
    after = a_sheet(13, QUEUED, ("call_queued", "c2", 13, {}))

    assert names(news.changed(before, after)) == [("c2", "waiting")]


@pytest.mark.parametrize("told", [(QUEUED,), TALKS])
def test_what_time_alone_changes_is_no_news(told):
    assert news.changed(a_sheet(30, *told), a_sheet(40, *told)) == ()


def test_an_answer_an_end_and_a_broken_promise_are_news():
    waits, talks = a_sheet(19, QUEUED), a_sheet(21, *TALKS)
    ended = a_sheet(50, *TALKS, ("call_ended", "c1", 50, {"reason": "caller_hung_up"}))

    assert names(news.changed(waits, talks)) == [("c1", "answered")]
    assert names(news.changed(talks, ended)) == [("c1", "answered")]
    late = news.changed(waits, a_sheet(71, QUEUED)) or ()
    assert [row.breach for row in late] == [True]


def test_with_too_many_lines_the_sheet_is_sent_whole():
    many: list[Told] = [
        ("call_queued", f"c{n}", 10, {}) for n in range(news.MOST_ROWS + 1)
    ]

    assert news.changed(a_sheet(11), a_sheet(12, *many)) is None


def test_the_next_turn_is_the_first_promise_that_breaks():
    two: tuple[Told, ...] = (QUEUED, ("call_queued", "c2", 30, {}))

    assert news.next_turn_ms(a_sheet(40, *two)) == 30_000
    assert news.next_turn_ms(a_sheet(71, *two)) == 19_000
    assert news.next_turn_ms(a_sheet(95, *two)) is None
    assert news.next_turn_ms(a_sheet(40)) is None
