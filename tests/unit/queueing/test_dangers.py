"""When something is done for a caller in danger, and what."""

from dataclasses import replace
from typing import Any

import pytest

from queueing.competition import Crew
from queueing.dangers import Deeds, Endangered, Required, Thresholds, hands, trigger_of
from queueing.model import Act, CallId, CompanyId, ServiceId, Trigger

LSF, TOPIC = 0b1, 0b1000
HERE = frozenset({"telecom"})
KNOWING = Crew(HERE, LSF | TOPIC, reserve=False, agents=2)
SIGNING = Crew(HERE, LSF, reserve=False, agents=3)
SPARE = Crew(HERE, LSF, reserve=True, agents=1)


def a_call(name="c1", waited=31.0, **words):
    facts: dict[str, Any] = {
        "company": CompanyId("telecom"),
        "service": ServiceId("telecom-demo"),
        "leg": 0,
        "target": 60.0,
        "deadline": 0,
        "line": "telecom 9",
        "before": Required(LSF | TOPIC, reserve=False, dropped=0),
        "after": Required(LSF, reserve=True, dropped=0),
        "offers": False,
    }
    return Endangered(call=CallId(name), waited=waited, **facts | words)


@pytest.mark.parametrize(
    ("waited", "breach", "is_known", "expected"),
    [
        (1, 0.51, True, Trigger.PREDICTED),
        (1, 0.50, True, None),
        (1, 0.99, False, None),
        (29.9, 0.40, True, None),
        (30, 0.26, False, Trigger.AT_30),
        (30, 0.25, False, None),
        (45, 0.11, False, Trigger.AT_45),
        (45, 0.10, True, None),
        (45, 0.99, True, Trigger.AT_45),
        (60, 1.00, True, None),
        (61, 1.00, True, None),
    ],
)
def test_the_less_time_is_left_the_less_doubt_is_allowed(
    waited, breach, is_known, expected
):
    one = a_call(waited=waited)

    assert trigger_of(one, breach, Thresholds(), is_known=is_known) == expected


def test_of_another_target_the_same_parts_count():
    one = a_call(waited=50.0, target=100.0)

    assert trigger_of(one, 0.3, Thresholds(), is_known=True) == Trigger.AT_30
    earlier = replace(one, waited=49.0)
    assert trigger_of(earlier, 0.3, Thresholds(), is_known=True) is None


def test_hands_are_those_who_may_be_offered_the_call():
    crews = [KNOWING, SIGNING, SPARE, Crew(frozenset({"bank"}), 0b1001, False, 9)]

    assert hands(crews, "telecom", Required(LSF | TOPIC, False, 0)) == 2
    assert hands(crews, "telecom", Required(LSF, False, 0)) == 5
    assert hands(crews, "telecom", Required(LSF, True, 0)) == 6


def test_a_step_that_adds_hands_is_taken_and_the_reserve_who_is_ready_called():
    deeds = Deeds([KNOWING, SIGNING, SPARE], [SPARE], Thresholds())

    deed = deeds.deed(a_call(), 0.9)

    assert deed is not None
    assert deed.acts == {Act.WIDEN, Act.RESERVE}
    assert deed.trigger == Trigger.AT_30


def test_a_step_that_adds_nobody_is_not_taken():
    deeds = Deeds([KNOWING, SPARE], [], Thresholds())

    assert deeds.deed(a_call(), 0.9) is None


def test_no_more_calls_than_reserves_who_are_ready_and_fit():
    elsewhere = Crew(frozenset({"bank"}), LSF, reserve=True, agents=5)
    deeds = Deeds([KNOWING, SPARE], [elsewhere, SPARE, SIGNING], Thresholds())

    first, second = (deeds.deed(a_call(name), 0.9) for name in ("c1", "c2"))

    assert first is not None
    assert first.acts == {Act.RESERVE}
    assert second is None


def test_other_ways_are_offered_also_where_nobody_can_be_added():
    deeds = Deeds([KNOWING], [], Thresholds())

    deed = deeds.deed(a_call(after=None, offers=True), 0.9)

    assert deed is not None
    assert deed.acts == {Act.OFFER}


def test_a_caller_who_cannot_be_saved_any_more_in_time_is_helped_all_the_same():
    """Nobody is left waiting because a figure would not change."""
    deeds = Deeds([KNOWING, SPARE], [SPARE], Thresholds())

    assert deeds.deed(a_call(waited=59.9), 1.0) is not None
