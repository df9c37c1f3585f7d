"""The rules of the promise, each under its own name."""

from datetime import date

import pytest

from ledger.figures.days import LISTED_ROWS, DayBook
from ledger.figures.rules import SHORT_US, VERSION
from ledger.figures.terms import STANDARD
from ledger.model import CallRow, ChainEnd, DaySheet, Outcome, Recorded

DAY = date(2026, 11, 22)
NINE_US = 1_795_334_400_000_000  # 2026-11-22 09:00 in Paris
SECOND_US = 1_000_000
NOW_US = NINE_US + 3600 * SECOND_US


def an_event(kind, after_s, call="c1", service="telecom-demo", **facts) -> Recorded:
    return Recorded(
        event_id=f"{kind}-{call}-{after_s}",
        kind=kind,
        at_us=NINE_US + round(after_s * SECOND_US),
        service=service,
        call=call,
        facts=facts,
    )


def a_call(answered_after_s, call="c1", evidence="presented") -> list[Recorded]:
    return [
        an_event("call_queued", 0, call, mode="video", topic="facture"),
        an_event("offer_made", 0.1, call),
        an_event("call_accepted", answered_after_s - 0.5, call),
        an_event("call_answered", answered_after_s, call, evidence=evidence),
        an_event("call_ended", answered_after_s + 120, call, reason="caller_hung_up"),
    ]


def a_call_that_ends(after_s, reason, call="c1") -> list[Recorded]:
    return [
        an_event("call_queued", 0, call),
        an_event("call_ended", after_s, call, reason=reason),
    ]


def sheet_of(*events: Recorded, now_us=NOW_US, day=DAY) -> DaySheet:
    book = DayBook("telecom", day)
    for event in events:
        book.add(event)
    return book.sheet(now_us, ChainEnd(len(events), "00"))


def only_call(*events: Recorded, now_us=NOW_US) -> CallRow:
    (row,) = sheet_of(*events, now_us=now_us).calls
    return row


def test_t0_is_the_moment_of_queueing_and_stays_when_the_call_is_queued_again():
    events = [*a_call(30)]
    events.insert(2, an_event("call_queued", 20, mode="video"))

    row = only_call(*events)

    assert row.t0_ms == NINE_US // 1000
    assert row.wait_ms == 30_000


def test_t1_is_the_first_evidence_and_a_second_answer_changes_nothing():
    again = an_event("call_answered", 100, evidence="delivered")

    row = only_call(*a_call(30)[:4], again)

    assert (row.wait_ms, row.evidence) == (30_000, "presented")


@pytest.mark.parametrize("evidence", ["presented", "delivered", "text"])
def test_each_step_of_the_evidence_ladder_stops_the_clock(evidence):
    assert only_call(*a_call(30, evidence=evidence)).outcome is Outcome.ANSWERED


def test_accept_is_no_evidence():
    row = only_call(*a_call(30)[:3])

    assert row.outcome is Outcome.WAITING


def test_a_clip_is_no_evidence():
    row = only_call(*a_call(30, evidence="clip"))

    assert row.outcome is Outcome.ABANDONED


@pytest.mark.parametrize(
    ("after_s", "in_time"),
    [(59.999999, True), (60.0, True), (60.000001, False), (60.001, False)],
)
def test_in_time_is_up_to_sixty_seconds_sharp(after_s, in_time):
    row = only_call(*a_call(after_s))

    assert row.in_time is in_time
    assert row.breach is not in_time


def test_in_time_asks_that_a_human_accepted():
    events = [event for event in a_call(30) if event.kind != "call_accepted"]

    sheet = sheet_of(*events)

    assert (sheet.figures.answered, sheet.figures.in_time) == (1, 0)


def test_breach_happens_while_the_call_still_waits():
    waiting = an_event("call_queued", 0)

    before = only_call(waiting, now_us=NINE_US + 60 * SECOND_US)
    after = only_call(waiting, now_us=NINE_US + 60 * SECOND_US + 1)

    assert (before.breach, after.breach) == (False, True)


def test_who_waits_too_long_counts_at_once_and_not_only_when_the_wait_ends():
    queued = an_event("call_queued", 0)

    before = sheet_of(queued, now_us=NINE_US + 60 * SECOND_US).figures
    after = sheet_of(queued, now_us=NINE_US + 60 * SECOND_US + 1).figures

    assert (before.breaches, before.service_level) == (0, None)
    assert (after.breaches, after.service_level) == (1, 0.0)


def test_a_call_has_the_terms_that_were_chained_before_it():
    terms = {"version": 1, "valid_from_us": 0, "target_us": 20 * SECOND_US}
    told = an_event("terms_set", 0, call=None, **terms)

    before = only_call(*a_call(30), told)
    behind = only_call(told, *a_call(30))

    assert (before.in_time, behind.in_time) == (True, False)


def test_closed_is_listed_without_a_clock():
    sheet = sheet_of(an_event("call_closed", 0))

    (row,) = sheet.calls
    assert (row.outcome, row.wait_ms, row.breach) == (Outcome.CLOSED, None, False)
    assert (sheet.figures.closed, sheet.figures.offered) == (1, 0)
    assert sheet.figures.service_level is None


def test_no_one_there_is_a_breach_even_when_the_caller_left_at_once():
    sheet = sheet_of(*a_call_that_ends(2, "no_one_there"))

    assert sheet.figures.no_one_there == 1
    assert sheet.figures.breaches == 1
    assert sheet.figures.denominator == 1


def test_a_refusal_inside_the_hours_is_a_breach():
    sheet = sheet_of(an_event("call_refused", 0, reason="unavailable"))

    assert (sheet.figures.refused, sheet.figures.breaches) == (1, 1)
    assert (sheet.figures.offered, sheet.figures.denominator) == (1, 1)


@pytest.mark.parametrize(
    ("after_s", "outcome"),
    [(4.999999, Outcome.SHORT), (5.0, Outcome.ABANDONED)],
)
def test_short_is_under_five_seconds(after_s, outcome):
    assert only_call(*a_call_that_ends(after_s, "abandoned")).outcome is outcome


def test_short_is_listed_but_counts_neither_as_abandoned_nor_in_the_formula():
    sheet = sheet_of(*a_call_that_ends(3, "abandoned"))

    assert (sheet.figures.short, sheet.figures.abandoned) == (1, 0)
    assert (sheet.figures.offered, sheet.figures.denominator) == (1, 0)
    assert sheet.calls_total == 1


@pytest.mark.parametrize(("after_s", "breach"), [(59, False), (61, True)])
def test_abandoned_is_in_the_denominator_and_breaches_only_after_the_target(
    after_s,
    breach,
):
    sheet = sheet_of(*a_call_that_ends(after_s, "abandoned"))

    assert (sheet.figures.abandoned, sheet.figures.denominator) == (1, 1)
    assert sheet.calls[0].breach is breach


@pytest.mark.parametrize("reason", ["left_another_way", "call_back_missed"])
def test_left_another_way_is_in_the_denominator_and_not_in_time(reason):
    figures = sheet_of(*a_call_that_ends(20, reason)).figures

    assert (figures.left_another_way, figures.denominator, figures.in_time) == (1, 1, 0)


def test_leaving_another_way_is_not_in_time_even_if_somebody_answers_in_time():
    left = an_event("call_left", 10, way="text")
    queued, *answered = a_call(30)

    sheet = sheet_of(queued, left, *answered)

    (row,) = sheet.calls
    assert (row.outcome, row.in_time, row.breach) == ("left_another_way", False, False)
    assert (row.way, row.wait_ms) == ("text", 30_000)
    assert (sheet.figures.answered, sheet.figures.denominator) == (0, 1)


def test_choosing_a_call_back_stops_no_clock():
    left = an_event("call_left", 45, way="call_back")
    waiting = sheet_of(an_event("call_queued", 0), left).calls[0]
    early = only_call(an_event("call_queued", 0), left, now_us=NINE_US + 50 * SECOND_US)

    assert (early.outcome, early.live, early.breach) == (
        "left_another_way",
        True,
        False,
    )
    assert (waiting.wait_ms, waiting.breach) == (3_600_000, True)


def test_a_message_in_signs_ends_the_wait_of_its_caller():
    row = only_call(
        an_event("call_queued", 0),
        an_event("call_left", 45, way="video_message"),
        an_event("call_ended", 45, reason="left_another_way"),
    )

    assert (row.outcome, row.wait_ms, row.breach) == ("left_another_way", 45_000, False)


def test_the_first_answer_stands_when_its_caller_leaves_another_way_later():
    lost = [
        an_event("call_requeued", 40, reason="agent_lost"),
        an_event("call_left", 90, way="video_message"),
        an_event("call_ended", 90, reason="left_another_way"),
    ]

    row = only_call(*a_call(30)[:4], *lost)

    assert (row.outcome, row.in_time) == (Outcome.ANSWERED, True)


def test_a_call_that_passed_to_another_relay_is_one_call_with_the_same_times():
    *talk, end = a_call(10)
    moved = an_event("call_moved", 30, **{"from": "r1", "relay": "r2"})

    assert only_call(*talk, moved, end) == only_call(*talk, end)


def counted(after_s, call="c1", **windows) -> Recorded:
    return an_event("eye_counted", after_s, call, **windows)


def test_the_share_of_conversation_that_was_legible_is_of_all_calls_together():
    figures = sheet_of(
        *a_call(30),
        counted(152, windows=100, legible=90, at_risk=6, lost=4),
        *a_call(30, "c2"),
        counted(152, "c2", windows=300, legible=300),
        *a_call(30, "c3"),
    ).figures

    assert (figures.watched_calls, figures.watched_s) == (2, 400)
    assert figures.legible_share == 390 / 400


def test_what_two_relays_counted_of_one_call_is_added():
    row = only_call(
        *a_call(30),
        counted(90, windows=50, legible=50),
        counted(152, windows=60, legible=30),
    )

    assert (row.watched_s, row.legible_s) == (110, 80)


def test_where_nobody_was_looked_at_there_is_no_share():
    figures = sheet_of(*a_call(30), counted(152, windows=0, legible=0)).figures

    assert (figures.watched_calls, figures.legible_share) == (0, None)


@pytest.mark.parametrize(
    ("facts", "share"),
    [
        ({"windows": 10, "legible": 99}, 1.0),
        ({"windows": -5, "legible": -9}, None),
        ({"windows": "many", "legible": None}, None),
        ({"legible": 3}, None),
    ],
)
def test_a_count_that_cannot_be_makes_no_share_beyond_the_whole(facts, share):
    sheet = sheet_of(*a_call(30), counted(152, **facts))

    assert sheet.figures.legible_share == share


def test_a_call_that_was_passed_on_is_one_call_that_was_looked_at():
    figures = sheet_of(
        *a_later_leg(),
        counted(90, windows=20, legible=20),
        counted(200, windows=20, legible=10),
    ).figures

    assert (figures.watched_calls, figures.watched_s) == (1, 40)


def a_later_leg(kind="call_transferred", answered_after_s=70.0, **facts):
    """A call answered after 10 s and passed on at 100 s, to be answered again."""
    return [
        *a_call(10)[:4],
        an_event(kind, 100, leg=1, **facts),
        an_event("call_requeued", 100, reason="transferred"),
        an_event("call_accepted", 100 + answered_after_s - 1),
        an_event(
            "call_answered", 100 + answered_after_s, evidence="presented", again=True
        ),
        an_event("call_ended", 300, reason="caller_hung_up"),
    ]


@pytest.mark.parametrize("kind", ["call_transferred", "not_understood"])
def test_a_later_leg_has_a_clock_and_a_line_of_its_own(kind):
    sheet = sheet_of(*a_later_leg(kind))

    later, first = sheet.calls
    assert (first.leg, first.in_time, first.talk_ms) == (0, True, 90_000)
    assert (later.leg, later.wait_ms, later.breach) == (1, 70_000, True)
    assert (later.t0_ms - first.t0_ms, later.talk_ms) == (100_000, 130_000)
    assert (first.live, first.end_reason) == (False, kind)


def test_later_legs_are_counted_apart_from_the_contractual_service_level():
    figures = sheet_of(*a_later_leg()).figures

    assert (figures.offered, figures.denominator, figures.service_level) == (1, 1, 1.0)
    assert (figures.breaches, figures.later_breaches) == (0, 1)
    assert (figures.later_legs, figures.later_answered) == (1, 1)
    assert figures.later_in_time == 0


def test_a_later_leg_is_of_the_service_that_it_was_passed_to():
    later, first = sheet_of(*a_later_leg(to_service="bills", topic="refund")).calls
    same = sheet_of(*a_later_leg(to_agent="agent2")).calls[0]

    assert (first.service, first.topic) == ("telecom-demo", "facture")
    assert (later.service, later.topic, later.mode) == ("bills", "refund", "video")
    assert (same.service, same.topic) == ("telecom-demo", "facture")


def test_a_later_leg_is_of_the_day_that_it_began():
    evening = 14.5 * 3600 + 1800 - 60  # a minute before midnight, in Paris
    queued = an_event("call_queued", evening)
    answered = [
        an_event("call_accepted", evening + 5),
        an_event("call_answered", evening + 6, evidence="presented"),
    ]
    passed = an_event("call_transferred", evening + 90, leg=1, to_service="bills")
    end = an_event("call_ended", evening + 100, reason="caller_hung_up")
    now = NINE_US + 86_400 * SECOND_US

    today = sheet_of(queued, *answered, passed, end, now_us=now)
    tomorrow = sheet_of(
        queued, *answered, passed, end, now_us=now, day=date(2026, 11, 23)
    )

    assert [(row.leg, row.outcome) for row in today.calls] == [(0, Outcome.ANSWERED)]
    assert [(row.leg, row.outcome) for row in tomorrow.calls] == [
        (1, Outcome.ABANDONED)
    ]


def test_a_caller_who_leaves_a_later_leg_abandons_that_line_alone():
    events = a_later_leg()[:6]
    end = an_event("call_ended", 130, reason="caller_hung_up")

    later, first = sheet_of(*events, end).calls

    assert (later.outcome, later.breach) == (Outcome.ABANDONED, False)
    assert first.outcome is Outcome.ANSWERED


def test_the_callers_network_is_excused_up_to_two_percent_of_a_days_calls():
    answered = [event for n in range(98) for event in a_call(10, f"a{n}")]
    lost = [a_call_that_ends(20, "technical_caller", f"t{n}") for n in range(3)]

    two = sheet_of(*answered, *lost[0], *lost[1]).figures
    three = sheet_of(*answered, *lost[0], *lost[1], *lost[2]).figures

    assert (two.technical_caller, two.denominator) == (2, 98)
    assert (three.technical_caller, three.denominator) == (3, 99)


@pytest.mark.parametrize(
    "reason", ["technical", "agent_hung_up", "something_new", None]
)
def test_an_unknown_cause_is_ours(reason):
    row = only_call(*a_call_that_ends(20, reason))

    assert (row.outcome, row.breach) == (Outcome.TECHNICAL, True)


def test_lost_while_waiting_is_abandoned_at_the_moment_of_loss():
    row = only_call(
        an_event("call_queued", 0),
        an_event("caller_lost", 20),
        an_event("call_ended", 140, reason="lost_waiting"),
    )

    assert (row.outcome, row.wait_ms, row.breach) == (Outcome.ABANDONED, 20_000, False)


def test_lost_while_nobody_was_there_is_a_breach_at_the_moment_of_loss():
    row = only_call(
        an_event("call_queued", 0),
        an_event("caller_lost", 20),
        an_event("call_ended", 140, reason="no_one_there"),
    )

    assert (row.outcome, row.wait_ms) == (Outcome.NO_ONE_THERE, 20_000)
    assert row.breach


def test_a_talk_whose_caller_is_lost_waiting_again_ends_at_the_moment_of_loss():
    row = only_call(
        *a_call(10)[:-1],
        an_event("call_requeued", 40, reason="agent_lost"),
        an_event("caller_lost", 45),
        an_event(
            "call_ended",
            165,
            reason="caller_lost",
            ended_at_us=NINE_US + 45 * SECOND_US,
        ),
    )

    assert (row.outcome, row.talk_ms) == (Outcome.ANSWERED, 35_000)


def test_a_caller_who_came_back_in_time_waits_with_the_same_t0():
    row = only_call(
        an_event("call_queued", 0),
        an_event("caller_lost", 20),
        an_event("caller_back", 50),
        an_event("call_ended", 70, reason="abandoned"),
    )

    assert (row.wait_ms, row.breach) == (70_000, True)


def test_longest_wait_counts_who_waits_now_and_who_left():
    now_us = NINE_US + 200 * SECOND_US

    waiting = sheet_of(*a_call(30), an_event("call_queued", 0, "c2"), now_us=now_us)
    left = sheet_of(*a_call(30), *a_call_that_ends(90, "abandoned", "c2"))

    assert waiting.figures.longest_wait_ms == 200_000
    assert left.figures.longest_wait_ms == 90_000


def test_the_service_level_of_the_contract_leaves_short_calls_out():
    events = [event for n in range(8) for event in a_call(10, f"a{n}")]
    events += a_call(61, "late")
    events += a_call_that_ends(30, "abandoned", "left")
    events += a_call_that_ends(2, "abandoned", "short")

    figures = sheet_of(*events).figures

    assert (figures.offered, figures.denominator) == (11, 10)
    assert figures.service_level == 0.8


def test_a_live_call_is_neither_in_the_denominator_nor_lost():
    figures = sheet_of(an_event("call_queued", 0), now_us=NINE_US).figures

    assert (figures.waiting, figures.offered, figures.denominator) == (1, 1, 0)


def test_a_call_belongs_to_the_day_of_its_t0_in_paris():
    just_before = Recorded(
        "e1", "call_queued", NINE_US - 9 * 3600 * SECOND_US - 1, call="b"
    )
    midnight = Recorded("e2", "call_queued", NINE_US - 9 * 3600 * SECOND_US, call="m")

    sheet = sheet_of(just_before, midnight)

    assert [row.call for row in sheet.calls] == ["m"]


def test_a_call_over_midnight_keeps_its_day():
    events = [
        an_event("call_queued", 15 * 3600 - 10),
        an_event("call_accepted", 15 * 3600 + 5),
        an_event("call_answered", 15 * 3600 + 6, evidence="presented"),
    ]

    row = only_call(*events)

    assert (row.wait_ms, row.in_time) == (16_000, True)


def test_an_unknown_event_changes_no_figure():
    events = a_call(30)

    with_it = sheet_of(*events, an_event("call_praised", 40))

    assert with_it.figures == sheet_of(*events).figures
    assert with_it.calls == sheet_of(*events).calls


def test_a_sheet_lists_the_newest_calls_and_counts_all():
    count = LISTED_ROWS + 5
    events = [an_event("call_queued", n / 10, f"c{n}") for n in range(count)]

    sheet = sheet_of(*events)

    assert (len(sheet.calls), sheet.calls_total) == (LISTED_ROWS, count)
    assert sheet.calls[0].call == f"c{count - 1}"
    assert sheet.figures.offered == count


def test_the_rules_have_a_version_and_the_contracts_number():
    assert (VERSION, STANDARD.target_us, SHORT_US) == (1, 60_000_000, 5_000_000)
