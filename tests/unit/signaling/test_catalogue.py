"""What accounts accept, the queue accepts: in words of its own, with nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import routing
from accounts.errors import InvalidInputError
from accounts.hours import OpeningHours
from accounts.model import (
    Person,
    PersonId,
    PersonRole,
    Roster,
    Service,
    StaffMember,
    Topic,
)
from queueing import catalogue as queue
from queueing.errors import BadDirectoryError
from queueing.model import (
    AgentId,
    CompanyId,
    Overflow,
    ServiceId,
    TopicId,
    VariantId,
)
from signaling.catalogue import directory

OWN = (
    routing.Skill("panne", routing.SkillKind.TOPIC, "Les pannes"),
    routing.Skill("maison", routing.SkillKind.ACCREDITATION, "La maison"),
    routing.Skill("master", routing.SkillKind.QUALIFICATION, "Master"),
)
SKILLS = (*routing.BUILT_IN_SKILLS.values(), *OWN)


def a_service(**given):
    asked = {
        "id": "aide",
        "company": "acme",
        "company_name": "Acme",
        "title": "Aide",
        "needs": (routing.Need("lsf", 2),),
        "topics": (Topic("panne", "Une panne", "panne", 1),),
        "hours": OpeningHours.always(),
    }
    return Service(**{**asked, **given})


def a_member(**given):
    person = Person(PersonId("p1"), "agent", "Agent", PersonRole.AGENT)
    asked = {"companies": frozenset({"acme"}), "skills": {"lsf": 3}}
    return StaffMember(person, **{**asked, **given})


def a_roster(*services, staff=(), reserves=()):
    return Roster(7, services, staff, SKILLS, reserves)


def test_both_rooms_know_the_same_words():
    built_in = {
        word: str(skill.kind) for word, skill in routing.BUILT_IN_SKILLS.items()
    }

    assert built_in == {word: str(kind) for word, kind in queue.BUILT_IN_SKILLS.items()}
    assert set(map(str, routing.SkillKind)) == set(map(str, queue.SkillKind))
    assert set(map(str, routing.RELAXABLE)) == set(map(str, queue.RELAXABLE))
    assert set(map(str, routing.Overflow)) == set(map(str, Overflow))
    assert routing.HIGHEST_PRIORITY_S == queue.HIGHEST_PRIORITY
    assert routing.TEXT == queue.TEXT


def test_everything_that_is_set_reaches_the_queue():
    topic = frozenset({routing.SkillKind.TOPIC})
    service = a_service(
        target_s=90.0,
        variants=(routing.Variant("lfpc", "LfPC", (routing.Need("lfpc", 2),)),),
        handling=routing.Handling(
            priority_s=5,
            widening=(routing.WideningStep(20, topic, reserve=True),),
            overflow=(
                routing.OverflowStep(40, frozenset({routing.Overflow.VIDEO_MESSAGE})),
            ),
            cool_down_s=15,
            wrap_up_s=45,
            video_message_url="https://acme.example/message",
        ),
    )
    member = a_member(reserve=True, independent=True)

    made = directory(
        a_roster(service, staff=[member], reserves=[routing.ScarceReserve("lfpc", 2)])
    )

    assert made == queue.Directory(
        version=7,
        services=(
            queue.ServiceEntry(
                id=ServiceId("aide"),
                company=CompanyId("acme"),
                needs=(queue.Need("lsf", 2),),
                topics={TopicId("panne"): queue.Need("panne", 1)},
                variants={VariantId("lfpc"): (queue.Need("lfpc", 2),)},
                target=90.0,
                priority=5,
                widening=(
                    queue.WideningStep(
                        20, frozenset({queue.SkillKind.TOPIC}), reserve=True
                    ),
                ),
                overflow=(queue.OverflowStep(40, frozenset({Overflow.VIDEO_MESSAGE})),),
                cool_down=15,
                wrap_up=45,
            ),
        ),
        agents=(
            queue.AgentEntry(
                id=AgentId("p1"),
                name="Agent",
                companies=frozenset({CompanyId("acme")}),
                skills={"lsf": 3},
                reserve=True,
                independent=True,
            ),
        ),
        skills={skill.word: queue.SkillKind(skill.kind) for skill in OWN},
        reserves=(queue.ScarceReserve("lfpc", 2),),
    )


words = st.sampled_from([skill.word for skill in SKILLS])
needs = st.builds(routing.Need, words, st.integers(1, 3))
asking = st.lists(needs, min_size=1, max_size=3).map(tuple)
steps = st.lists(
    st.tuples(
        st.integers(1, 90),
        st.frozensets(st.sampled_from(routing.SkillKind)),
        st.booleans(),
    ),
    max_size=3,
)
numbers = st.tuples(*[st.integers(-1, 40)] * 3)


@given(asking, st.lists(needs, max_size=2), asking, steps, numbers)
def test_whatever_accounts_accept_makes_a_directory(
    asked, about, instead, later, given
):
    priority_s, cool_down_s, wrap_up_s = given
    variant = routing.Variant("other", "Other", instead)
    try:
        handling = routing.Handling(
            priority_s=priority_s,
            widening=tuple(routing.WideningStep(*step) for step in later),
            cool_down_s=cool_down_s,
            wrap_up_s=wrap_up_s or None,
        )
        routing.Asked(
            {skill.word: skill.kind for skill in SKILLS},
            asked,
            tuple(about),
            (variant,),
            handling.widening,
        )
    except InvalidInputError:
        return
    service = a_service(
        needs=asked,
        topics=tuple(Topic(f"t{n}", "T", *need) for n, need in enumerate(about)),
        variants=(variant,),
        handling=handling,
    )

    assert directory(a_roster(service)).services[0].priority == priority_s


def test_a_service_that_never_went_through_accounts_is_refused_by_the_queue():
    with pytest.raises(BadDirectoryError):
        directory(a_roster(a_service(needs=(routing.Need("unheard", 1),))))
