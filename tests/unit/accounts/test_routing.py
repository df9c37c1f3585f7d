"""Who may answer, and what happens while nobody does: what can be, and what cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidInputError, InvalidStepsError
from accounts.routing import (
    BUILT_IN_SKILLS,
    RELAXABLE,
    Asked,
    Handling,
    Need,
    Overflow,
    OverflowStep,
    ScarceReserve,
    SkillKind,
    Variant,
    WideningStep,
)
from accounts.routing_text import (
    overflow_from_text,
    overflow_to_text,
    widening_from_text,
    widening_to_text,
)

TOPIC = frozenset({SkillKind.TOPIC})
KINDS = {word: skill.kind for word, skill in BUILT_IN_SKILLS.items()} | {
    "panne": SkillKind.TOPIC,
    "maison": SkillKind.ACCREDITATION,
    "master": SkillKind.QUALIFICATION,
}
LSF = (Need("lsf", 2),)
PANNE = (Need("panne", 1),)


def asked(needs=LSF, topics=PANNE, variants=(), widening=()):
    return Asked(KINDS, needs, topics, variants, widening)


@pytest.mark.parametrize(
    "kind", [SkillKind.LANGUAGE, SkillKind.MODE, SkillKind.QUALIFICATION]
)
def test_no_step_lowers_language_mode_or_qualification(kind):
    with pytest.raises(InvalidStepsError, match=kind) as refused:
        WideningStep(20, frozenset({kind}))

    assert refused.value.code == "invalid_steps"


@pytest.mark.parametrize("after", [0, -1, 3601, float("nan"), float("inf")])
def test_a_step_has_a_time_that_comes(after):
    with pytest.raises(InvalidStepsError):
        WideningStep(after, TOPIC)
    with pytest.raises(InvalidStepsError):
        OverflowStep(after, frozenset({Overflow.TEXT}))


def test_a_step_that_never_widens_or_offers_nothing_is_refused():
    with pytest.raises(InvalidStepsError, match="widens nothing"):
        WideningStep(20)
    with pytest.raises(InvalidStepsError, match="offers nothing"):
        OverflowStep(20, frozenset())
    with pytest.raises(InvalidStepsError, match="widens nothing"):
        asked(widening=(WideningStep(20, frozenset({SkillKind.ACCREDITATION})),))
    with pytest.raises(InvalidStepsError, match="after 40 s widens nothing"):
        asked(widening=(WideningStep(20, TOPIC), WideningStep(40, TOPIC)))
    called = WideningStep(20, reserve=True), WideningStep(40, reserve=True)
    with pytest.raises(InvalidStepsError, match="widens nothing"):
        asked(widening=called)


def test_a_step_that_relaxes_a_topic_or_calls_the_reserve_is_accepted():
    asked(widening=(WideningStep(20, TOPIC), WideningStep(40, TOPIC, reserve=True)))


def test_whoever_asks_for_no_language_and_no_mode_would_be_served_by_anybody():
    with pytest.raises(InvalidInputError, match="language or mode"):
        asked(needs=(Need("panne", 1),))
    with pytest.raises(InvalidInputError, match="'late' asks"):
        asked(variants=(Variant("late", "Tard", (Need("master", 1),)),))


@pytest.mark.parametrize(
    "numbers",
    [
        {"priority_s": -1},
        {"priority_s": 31},
        {"priority_s": float("nan")},
        {"cool_down_s": -1},
        {"wrap_up_s": 0},
        {"wrap_up_s": 10, "cool_down_s": 20},
    ],
)
def test_numbers_of_the_handling_that_cannot_be_are_refused(numbers):
    with pytest.raises(InvalidInputError):
        Handling(**numbers)


@pytest.mark.parametrize(
    "steps",
    [
        {"widening": (WideningStep(40, TOPIC), WideningStep(20, TOPIC))},
        {"overflow": (OverflowStep(20, frozenset({Overflow.TEXT})),) * 2},
        {"overflow": (OverflowStep(9, frozenset({Overflow.VIDEO_MESSAGE})),)},
    ],
)
def test_steps_out_of_order_or_towards_no_address_are_refused(steps):
    with pytest.raises(InvalidStepsError):
        Handling(**steps)


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.fr/message",
        "javascript:alert(1)",
        "//acme.fr",
        "https://",
        "https://acme.fr/a b",
        "https://acme.fr\\@evil.fr",
        "https://user:word@acme.fr",
        "https://acme.fr:0/",
        "https://acme.fr:99999/",
        "https://[::1",
        "https://acme.fr/\n",
        "https://é.fr/",
        "https://acme.fr/" + "x" * 500,
        "",
    ],
)
def test_the_address_for_video_messages_is_a_plain_https_address(url):
    with pytest.raises(InvalidInputError, match="https"):
        Handling(video_message_url=url)


def test_video_messages_are_offered_where_there_is_an_address_for_them():
    steps = (OverflowStep(9, frozenset({Overflow.VIDEO_MESSAGE})),)

    assert Handling(overflow=steps, video_message_url="https://acme.fr/m?x=1").overflow


@pytest.mark.parametrize("keep", [0, -1, 51, 1000, True])
def test_a_reserve_keeps_1_to_50_agents_and_says_so(keep):
    with pytest.raises(InvalidInputError, match="1 to 50 agents"):
        ScarceReserve("lfpc", keep)


def test_a_reserve_may_be_as_large_as_50():
    assert ScarceReserve("lfpc", 50).keep == 50


@pytest.mark.parametrize(
    "text",
    [
        "20",
        "20:",
        ":topic",
        "20:topic,",
        "20:nothing",
        "x:topic",
        "-5:topic",
        "1e3:topic",
        "٢٠:topic",
        "20:topic;40:reserve",
        "20:language",
        "0:topic",
        "danger",
        "danger:",
        "peril:reserve",
    ],
)
def test_words_that_are_no_steps_are_refused(text):
    with pytest.raises(InvalidStepsError) as refused:
        widening_from_text(text)

    assert "\n" not in str(refused.value)


def test_words_that_are_no_ways_are_refused_with_the_ways_there_are():
    with pytest.raises(InvalidStepsError, match="call_back, text, video_message"):
        overflow_from_text("45:pigeon")


def test_a_step_for_danger_has_no_time_and_is_the_last():
    steps = widening_from_text("20:topic danger:reserve")

    assert [step.after_s for step in steps] == [20, None]
    assert Handling(widening=steps).widening == steps
    for text in ("danger:reserve 20:topic", "danger:topic danger:reserve"):
        with pytest.raises(InvalidStepsError, match="danger comes last"):
            Handling(widening=widening_from_text(text))


times = st.none() | st.integers(1, 3_600_000).map(lambda ms: ms / 1000)
widenings = st.builds(
    WideningStep, times, st.frozensets(st.sampled_from(sorted(RELAXABLE)), min_size=1)
) | st.builds(WideningStep, times, st.just(frozenset()), st.just(True))
overflows = st.builds(
    OverflowStep, times, st.frozensets(st.sampled_from(Overflow), min_size=1)
)


@given(st.lists(widenings, max_size=5), st.lists(overflows, max_size=5))
def test_steps_come_back_from_their_text(widening, overflow):
    assert widening_from_text(widening_to_text(widening)) == tuple(widening)
    assert overflow_from_text(overflow_to_text(overflow)) == tuple(overflow)
