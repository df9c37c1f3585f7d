"""What the pool knows of one person."""

import pytest

from relay.eye.model import Counts, Legibility, Verdict
from relay.eye.reasons import Reason
from relay.eye.stream import LONGEST_ASK_S, Stream
from relay.eye.thresholds import read_thresholds

RULE = read_thresholds()
DARK = Verdict(Legibility.AT_RISK, (Reason.TOO_DARK,))


def a_stream():
    return Stream(1, "call-1", "caller")


def legible(at):
    return Verdict(Legibility.LEGIBLE, at=at)


def test_windows_end_each_second_once_there_is_one():
    stream = a_stream()

    ends = [at for n in range(180) for at in stream.arrive(n / 30, RULE)]

    assert ends == [0.0, 3.0, 4.0, 5.0]
    assert stream.frames == 180


def test_after_a_gap_only_the_last_window_is_judged():
    stream = a_stream()
    list(stream.arrive(0.0, RULE))

    assert list(stream.arrive(60.5, RULE)) == [60.0]


@pytest.mark.parametrize(
    ("since", "counted"), [(None, 0), (10.0, 2), (9.5, 3), (99.0, 0)]
)
def test_only_windows_that_begin_in_the_conversation_count(since, counted):
    stream = a_stream()
    stream.counted_from = since

    for at in (11.0, 12.0, 12.9, 13.0, 14.0):
        stream.judged(legible(at), RULE)

    assert stream.counts == Counts(windows=counted, legible=counted)


@pytest.mark.parametrize(
    "reason",
    [Reason.FROZEN, Reason.LOW_FRAME_RATE, Reason.LOW_RESOLUTION, Reason.BLURRED],
)
def test_what_a_wait_does_to_a_picture_is_told_to_nobody(reason):
    stream = a_stream()
    stream.counted_from = 10.0
    thin = (reason, Reason.HANDS_CUT)

    told = [
        stream.judged(Verdict(Legibility.AT_RISK, thin, at), RULE)
        for at in (11.0, 12.9, 13.0)
    ]

    assert [news and news.reasons for news in told] == [(Reason.HANDS_CUT,), None, thin]


def test_who_waits_with_a_thin_picture_is_legible():
    stream = a_stream()
    stream.counted_from = None

    frozen = Verdict(Legibility.LOST, (Reason.FROZEN,), 3.0)

    assert stream.judged(frozen, RULE) == legible(3.0)


def test_a_verdict_is_news_once():
    stream = a_stream()

    assert stream.judged(legible(3.0), RULE)
    assert not stream.judged(legible(4.0), RULE)
    assert stream.judged(DARK, RULE)


def test_advice_that_is_not_confirmed_is_taken_back_once_and_not_counted():
    stream = a_stream()
    stream.judged(DARK, RULE)

    taken_back = [stream.withdraws(after_rounds=3) for _ in range(6)]

    unjudged = Verdict(Legibility.UNJUDGED)
    assert taken_back == [None, None, unjudged, None, None, None]
    assert stream.counts == Counts(windows=1, at_risk=1)
    assert stream.judged(legible(9.0), RULE), "only now all is right"


def test_what_is_legible_needs_no_confirmation():
    stream = a_stream()
    stream.judged(legible(3.0), RULE)

    assert not any(stream.withdraws(after_rounds=3) for _ in range(6))


def test_advice_that_is_confirmed_stays():
    stream = a_stream()

    for _ in range(9):
        stream.judged(DARK, RULE)
        assert stream.withdraws(after_rounds=2) is None


def test_wishes_for_a_key_frame_grow_rare_until_one_helps():
    stream = a_stream()
    wished = [at for at in range(300) if stream.wishes(at, sparing=False)]
    assert wished == [0, 10, 30, 70, 130, 190, 250]
    assert wished[-1] - wished[-2] == LONGEST_ASK_S

    stream.judged(legible(300.0), RULE)

    assert not stream.wishes(265, sparing=True)
    assert stream.wishes(265, sparing=False)
