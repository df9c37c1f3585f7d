"""A directory that contradicts itself is never built."""

import pytest

from queueing.catalogue import (
    AgentEntry,
    Directory,
    Need,
    OverflowStep,
    ScarceReserve,
    ServiceEntry,
    SkillKind,
    WideningStep,
)
from queueing.errors import BadDirectoryError
from queueing.model import AgentId, CompanyId, Overflow, ServiceId, TopicId

LSF = Need("lsf", 2)
BILLS = {TopicId("bill"): Need("billing", 1)}


def a_service(**words):
    return ServiceEntry(
        ServiceId("telecom-demo"), CompanyId("telecom"), words.pop("needs", (LSF,)), **words
    )  # fmt: skip


def a_directory(service, *agents, **words):
    words.setdefault("skills", {"billing": SkillKind.TOPIC})
    return Directory(1, (service,), agents, **words)


@pytest.mark.parametrize("level", [0, 4, -1, True])
def test_a_level_that_does_not_exist_is_refused(level):
    with pytest.raises(BadDirectoryError):
        Need("lsf", level)
    with pytest.raises(BadDirectoryError):
        AgentEntry(AgentId("a1"), frozenset(), {"lsf": level})


def test_a_skill_without_a_name_is_refused():
    with pytest.raises(BadDirectoryError):
        Need("", 1)


def test_a_list_that_nobody_could_read_in_one_piece_is_refused():
    words = [f"w{n}" for n in range(501)]
    many = [
        lambda: a_service(topics=dict.fromkeys(map(TopicId, words), LSF)),
        lambda: AgentEntry(AgentId("a1"), frozenset(map(CompanyId, words)), {"lsf": 1}),
        lambda: a_directory(a_service(), skills=dict.fromkeys(words, SkillKind.TOPIC)),
        lambda: Directory(1, (a_service(),) * 4_001, ()),
    ]

    for make in many:
        with pytest.raises(BadDirectoryError, match="more than"):
            make()


def test_the_step_for_danger_is_the_last_one_and_there_is_one():
    timed, topic = WideningStep(20.0, reserve=True), frozenset({SkillKind.TOPIC})
    danger = WideningStep(None, relax=topic)

    assert a_service(widening=(timed, danger)).widening[-1].after is None
    for steps in ((danger, timed), (danger, WideningStep(None, reserve=True))):
        with pytest.raises(BadDirectoryError, match="follow each other"):
            a_service(widening=steps)


def test_an_agent_without_a_skill_is_refused():
    with pytest.raises(BadDirectoryError, match="no skill"):
        AgentEntry(AgentId("a1"), frozenset(), {})


def test_a_need_of_a_skill_that_nobody_knows_is_refused():
    with pytest.raises(BadDirectoryError, match="juggling"):
        a_directory(a_service(needs=(LSF, Need("juggling", 1))))


@pytest.mark.parametrize("name", ["a\x1fb", "a\x1eb", "two\nlines", "a\x00"])
def test_an_agent_whose_name_cannot_be_printed_is_refused(name):
    with pytest.raises(BadDirectoryError, match="printed"):
        AgentEntry(AgentId("a1"), frozenset(), {"lsf": 3}, name=name)


def test_an_agent_with_a_skill_that_nobody_knows_is_refused():
    agent = AgentEntry(AgentId("a1"), frozenset(), {"juggling": 1})

    with pytest.raises(BadDirectoryError, match="juggling"):
        a_directory(a_service(), agent)


def test_a_built_in_skill_keeps_its_kind():
    with pytest.raises(BadDirectoryError, match="lsf"):
        a_directory(a_service(), skills={"lsf": SkillKind.TOPIC})


@pytest.mark.parametrize("priority", [-1, 30.5])
def test_a_priority_is_a_bounded_offset(priority):
    with pytest.raises(BadDirectoryError, match="priority"):
        a_service(priority=priority)


@pytest.mark.parametrize(
    "kind", [SkillKind.MODE, SkillKind.LANGUAGE, SkillKind.QUALIFICATION]
)
def test_a_step_that_lowers_a_floor_is_refused(kind):
    with pytest.raises(BadDirectoryError, match=kind):
        WideningStep(20, frozenset({SkillKind.TOPIC, kind}))


@pytest.mark.parametrize("after", [0, -5])
def test_a_step_begins_after_the_call(after):
    with pytest.raises(BadDirectoryError):
        WideningStep(after, reserve=True)
    with pytest.raises(BadDirectoryError):
        OverflowStep(after, frozenset({Overflow.TEXT}))


@pytest.mark.parametrize(
    "steps",
    [
        (WideningStep(20),),
        (WideningStep(20, frozenset({SkillKind.ACCREDITATION})),),
        (WideningStep(20, reserve=True), WideningStep(30, reserve=True)),
        (
            WideningStep(20, frozenset({SkillKind.TOPIC})),
            WideningStep(30, frozenset({SkillKind.TOPIC})),
        ),
    ],
    ids=["empty", "no such need", "reserve twice", "topic twice"],
)
def test_a_step_that_never_widens_is_refused(steps):
    with pytest.raises(BadDirectoryError, match="widens nothing"):
        a_directory(a_service(topics=BILLS, widening=steps))


def test_steps_follow_each_other():
    late, early = WideningStep(30, reserve=True), WideningStep(20, reserve=True)

    with pytest.raises(BadDirectoryError, match="follow"):
        a_service(widening=(late, early))


def test_an_overflow_step_offers_something():
    with pytest.raises(BadDirectoryError, match="nothing"):
        OverflowStep(45, frozenset())


def test_a_reserve_keeps_somebody():
    with pytest.raises(BadDirectoryError, match="reserve"):
        ScarceReserve("lfpc", 0)


@pytest.mark.parametrize(
    "words",
    [{"target": 0}, {"cool_down": -1}, {"wrap_up": 0}, {"wrap_up": 5, "cool_down": 10}],
)
def test_times_that_cannot_be_are_refused(words):
    with pytest.raises(BadDirectoryError):
        a_service(**words)


def test_a_directory_of_every_part_is_accepted():
    service = a_service(
        topics=BILLS,
        widening=(
            WideningStep(20, frozenset({SkillKind.TOPIC})),
            WideningStep(35, reserve=True),
        ),
        overflow=(OverflowStep(45, frozenset(Overflow)),),
        priority=10,
        cool_down=5,
        wrap_up=40,
    )
    agent = AgentEntry(AgentId("a1"), frozenset(), {"lsf": 3, "billing": 1})

    directory = a_directory(service, agent, reserves=(ScarceReserve("lfpc", 1),))

    assert directory.kind("billing") is SkillKind.TOPIC
