"""Skills, variants, waits, reserves and terms: kept, corrected, refused as a whole."""

from datetime import date
from typing import Any

import pytest

from accounts.errors import (
    InvalidInputError,
    InvalidStepsError,
    SkillInUseError,
    TakenError,
    UnknownServiceError,
    UnknownSkillError,
    UnknownVariantError,
)
from accounts.holidays import Holiday, Region
from accounts.hours import HolidayHours, Interval, OpeningHours
from accounts.model import Need, PersonRole, ServiceId, Topic, Variant
from accounts.routing import (
    Overflow,
    OverflowStep,
    ScarceReserve,
    SkillKind,
    WideningStep,
)
from tests.integration.accounts.house import (
    LSF,
    PASSWORD,
    a_service,
    an_agent,
    refuses,
)

TOPIC = frozenset({SkillKind.TOPIC})
PANNE = Topic("panne", "Une panne", "panne", 1)
CUED = Variant("lfpc", "LfPC", (Need("lfpc", 2),))
WRITTEN = Variant("text", "Par écrit", (Need("text", 1),))


@pytest.fixture
async def service(accounts):
    """A service about breakdowns, a skill of the house's own."""
    await accounts.add_skill("panne", SkillKind.TOPIC, label="Les pannes")
    return (await a_service(accounts, topics=[PANNE])).id


async def test_everything_about_a_wait_is_found_again(accounts, service):
    handling = {
        "priority_s": 2.5,
        "widening": (WideningStep(20.5, TOPIC), WideningStep(40, reserve=True)),
        "overflow": (
            OverflowStep(45, frozenset({Overflow.CALL_BACK, Overflow.VIDEO_MESSAGE})),
        ),
        "cool_down_s": 15.0,
        "wrap_up_s": 60.0,
        "video_message_url": "https://acme.example/lsf",
    }
    await accounts.set_handling(service, **handling)
    await accounts.set_variant(service, CUED)
    await accounts.set_variant(service, WRITTEN)
    await accounts.set_promise(service, target_s=90, share=0.9)

    roster = await accounts.roster()
    (found,) = roster.services
    assert {name: getattr(found.handling, name) for name in handling} == handling
    assert found.variants == (CUED, WRITTEN)
    assert (found.target_s, found.share) == (90, 0.9)
    assert roster.version == await accounts.directory_version()


async def test_what_is_not_named_stays(accounts, service):
    await accounts.set_handling(service, cool_down_s=15, priority_s=5)
    await accounts.set_handling(service, priority_s=0)
    await accounts.set_promise(service, target_s=90)

    found = await accounts.service("aide")
    assert found.handling.cool_down_s == 15
    assert (found.target_s, found.share) == (90, 0.95)


async def test_a_corrected_variant_keeps_its_place(accounts, service):
    for variant in (CUED, WRITTEN, Variant("lfpc", "LfPC !", (Need("lfpc", 1),))):
        await accounts.set_variant(service, variant)
    corrected = (await accounts.service("aide")).variants
    await accounts.remove_variant(service, "lfpc")
    await accounts.set_variant(service, CUED)

    assert [(each.id, each.label) for each in corrected] == [
        ("lfpc", "LfPC !"),
        ("text", "Par écrit"),
    ]
    assert (await accounts.service("aide")).variants == (WRITTEN, CUED)


async def test_a_service_has_no_more_variants_than_a_page_can_show(accounts, service):
    for number in range(8):
        await accounts.set_variant(service, Variant(f"v{number}", "V", CUED.needs))

    one_more = accounts.set_variant(service, Variant("v8", "V", CUED.needs))

    await refuses(InvalidInputError, one_more, nothing_changed=accounts)
    await accounts.set_variant(service, Variant("v7", "W", CUED.needs))


async def test_skills_of_the_house_are_named_corrected_and_removed(accounts):
    await accounts.add_skill("braille", SkillKind.LANGUAGE, label="Braille")
    await accounts.set_skill("braille", kind=SkillKind.MODE)
    corrected = (await accounts.skills())[-1]
    await accounts.remove_skill("braille")

    assert (corrected.word, corrected.kind) == ("braille", SkillKind.MODE)
    assert (corrected.label, corrected.is_built_in) == ("Braille", False)
    assert all(skill.is_built_in for skill in await accounts.skills())


async def test_a_skill_stays_while_anybody_names_it(accounts, service):
    await accounts.add_skill("braille", SkillKind.MODE, label="Braille")
    agent = await an_agent(accounts)
    braille = ("braille", 1)

    async def stays(word):
        told = await refuses(
            SkillInUseError, accounts.remove_skill(word), nothing_changed=accounts
        )
        assert word in told

    await stays("panne")
    await accounts.set_reserve("braille", 1)
    await stays("braille")
    await accounts.set_reserve("braille", 0)
    await accounts.set_variant(service, Variant("b", "B", (Need(*braille),)))
    await stays("braille")
    await accounts.remove_variant(service, "b")
    await accounts.set_needs(service, needs=[LSF, braille], topics=[PANNE])
    await stays("braille")
    await accounts.set_needs(service, needs=[LSF], topics=[PANNE])
    await accounts.grant_skill(agent.id, skill="braille", level=1)
    await stays("braille")
    await accounts.set_active(agent.id, active=False)
    await stays("braille")
    await accounts.revoke_skill(agent.id, skill="braille")
    await accounts.remove_skill("braille")


async def test_a_skill_that_nobody_has_named_is_refused_everywhere(accounts, service):
    agent = await an_agent(accounts)
    unheard = ("unheard", 1)
    asked: dict[str, Any] = {"company": "telecom", "slug": "x", "title": "X"}

    for change in (
        accounts.add_service(**asked, needs=[unheard]),
        accounts.add_service(**asked, needs=[LSF], topics=[Topic("a", "A", *unheard)]),
        accounts.set_needs(service, needs=[LSF, unheard], topics=()),
        accounts.set_variant(service, Variant("v", "V", (Need(*unheard),))),
        accounts.grant_skill(agent.id, skill="unheard", level=1),
        an_agent(accounts, "other", skills=dict([unheard])),
        accounts.set_reserve("unheard", 1),
        accounts.set_skill("unheard", kind=SkillKind.TOPIC),
        accounts.remove_skill("unheard"),
    ):
        told = await refuses(UnknownSkillError, change, nothing_changed=accounts)
        assert "lsf" in told  # which there are


async def test_a_change_that_leaves_a_step_without_effect_is_refused(accounts, service):
    await accounts.set_handling(service, widening=(WideningStep(20, TOPIC),))

    for change in (
        accounts.set_needs(service, needs=[LSF], topics=()),
        accounts.set_skill("panne", kind=SkillKind.ACCREDITATION),
        accounts.set_handling(
            service, widening=(WideningStep(20, TOPIC), WideningStep(40, TOPIC))
        ),
    ):
        await refuses(InvalidStepsError, change, nothing_changed=accounts)


async def test_the_address_of_video_messages_stays_while_they_are_offered(
    accounts, service
):
    steps = (OverflowStep(45, frozenset({Overflow.VIDEO_MESSAGE})),)
    page = "https://acme.example/lsf"
    await accounts.set_handling(service, overflow=steps, video_message_url=page)

    gone = accounts.set_handling(service, video_message_url=None)

    await refuses(InvalidStepsError, gone, nothing_changed=accounts)
    await accounts.set_handling(service, overflow=(), video_message_url=None)


async def test_nobody_is_served_by_a_way_without_language_or_mode(accounts, service):
    topic_only = (Need("panne", 1),)

    for change in (
        accounts.set_needs(service, needs=topic_only, topics=[PANNE]),
        accounts.set_variant(service, Variant("v", "V", topic_only)),
    ):
        await refuses(InvalidInputError, change, nothing_changed=accounts)


async def test_what_is_not_there_or_taken_or_built_in_is_refused(accounts, service):
    nothing = ServiceId("nothing")

    for error, change in (
        (UnknownVariantError, accounts.remove_variant(service, "nothing")),
        (UnknownServiceError, accounts.set_variant(nothing, CUED)),
        (UnknownServiceError, accounts.remove_variant(nothing, "lfpc")),
        (UnknownServiceError, accounts.set_handling(nothing, priority_s=1)),
        (UnknownServiceError, accounts.set_promise(nothing, share=0.9)),
        (UnknownServiceError, accounts.set_holidays(nothing, None)),
        (TakenError, accounts.add_skill("lsf", SkillKind.TOPIC, label="L")),
        (TakenError, accounts.add_skill("panne", SkillKind.TOPIC, label="P")),
        (InvalidInputError, accounts.add_skill("P P", SkillKind.TOPIC, label="P")),
        (InvalidInputError, accounts.set_skill("lsf", label="L")),
        (InvalidInputError, accounts.remove_skill("lsf")),
        (InvalidInputError, accounts.set_reserve("lfpc", 1001)),
    ):
        await refuses(error, change, nothing_changed=accounts)


async def test_a_reserve_is_kept_replaced_and_ended(accounts):
    await accounts.set_reserve("lfpc", 2)
    await accounts.set_reserve("lfpc", 1)
    kept = await accounts.reserves()
    await accounts.set_reserve("lfpc", 0)

    assert kept == (ScarceReserve("lfpc", 1),)
    assert await accounts.reserves() == ()


async def test_the_terms_of_an_agent_are_corrected_one_by_one(accounts):
    agent = await an_agent(accounts, reserve=True)
    await accounts.set_terms(agent.id, independent=True)
    (both,) = await accounts.staff()
    await accounts.set_terms(agent.id, reserve=False)
    (one,) = await accounts.staff()

    assert (both.reserve, both.independent) == (True, True)
    assert (one.reserve, one.independent) == (False, True)


async def test_only_agents_are_in_reserve_or_independent(accounts):
    chief = {"login": "chef", "password": PASSWORD, "name": "Chef"}
    role = PersonRole.SUPERVISOR
    added = await accounts.add_person(**chief, role=role)

    for change in (
        accounts.add_person(**chief, role=role, independent=True),
        accounts.add_person(**chief, role=role, reserve=True),
        accounts.set_terms(added.id, reserve=True),
    ):
        await refuses(InvalidInputError, change, nothing_changed=accounts)


async def test_a_calendar_is_corrected_piece_by_piece(accounts, service):
    morning = (Interval.parse("08:30-12:00"),)
    holidays = HolidayHours(
        regions=frozenset({Region.MAYOTTE}), own={Holiday.WHIT_MONDAY: None}
    )
    await accounts.set_week(service, days=range(5), hours=morning)
    await accounts.set_day(service, date(2026, 12, 24), ())
    await accounts.set_holidays(service, holidays)
    found = (await accounts.service("aide")).hours
    await accounts.set_day(service, date(2026, 12, 24), None)
    await accounts.set_holidays(service, None)

    days = (morning,) * 5 + ((),) * 2
    assert found == OpeningHours(days, {date(2026, 12, 24): ()}, holidays=holidays)
    assert (await accounts.service("aide")).hours == OpeningHours(days)


async def test_every_change_of_a_wait_is_a_line_of_the_journal_and_a_new_version(
    accounts, service
):
    agent = await an_agent(accounts)
    versions = [await accounts.directory_version()]
    kinds = []

    for change in (
        accounts.add_skill("braille", SkillKind.MODE, label="Braille"),
        accounts.set_skill("braille", label="B"),
        accounts.remove_skill("braille"),
        accounts.set_variant(service, CUED),
        accounts.remove_variant(service, "lfpc"),
        accounts.set_promise(service, share=0.9),
        accounts.set_handling(service, priority_s=1),
        accounts.set_reserve("lfpc", 1),
        accounts.set_terms(agent.id, reserve=True),
        accounts.set_holidays(service, HolidayHours()),
    ):
        await change
        versions.append(await accounts.directory_version())
        kinds.append((await accounts.journal(limit=1))[0].kind.value)

    assert versions == sorted(set(versions))
    assert kinds == [
        *("skill_added", "skill_changed", "skill_removed"),
        *("variant_changed", "variant_removed", "promise_changed"),
        *("handling_changed", "reserve_changed", "terms_changed", "hours_changed"),
    ]
