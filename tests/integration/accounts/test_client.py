"""The door of accounts, on real databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.client import AccountsClient
from accounts.errors import (
    AccountsError,
    InvalidHoursError,
    InvalidInputError,
    LastSkillError,
    TakenError,
    UnknownCompanyError,
    UnknownPersonError,
    UnknownServiceError,
)
from accounts.hours import Interval, OpeningHours
from accounts.model import CompanyId, JournalKind, PersonRole, ServiceId, Topic
from tests.integration.accounts.house import (
    LSF,
    PASSWORD,
    TOPIC,
    a_company,
    a_service,
    an_agent,
    refuses,
)


async def test_a_service_is_found_by_its_slug_and_by_its_company(accounts):
    service = await a_service(accounts)

    assert await accounts.service("aide") == service
    assert await accounts.services() == (service,)
    assert await accounts.services(CompanyId("telecom")) == (service,)
    assert await accounts.services(CompanyId("assurance")) == ()
    assert service.company_name == "Télécom"
    assert service.needs == (LSF,)
    assert service.topics == (TOPIC,)
    assert (service.target_s, service.share) == (60, 0.95)


async def test_a_slug_that_nobody_has_is_no_service(accounts):
    for slug in (
        "nothing",
        "",
        "'; DROP TABLE accounts_service; --",
        "é" * 1000,
        "\x00",
        "\ud800",
    ):
        assert await accounts.service(slug) is None


async def test_a_new_service_is_closed_until_it_has_hours(accounts):
    service = await a_service(accounts)
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)

    before = service.hours.is_open(at)
    await accounts.set_hours(service.id, OpeningHours(((Interval(0, 1440),),) * 7))
    after = await accounts.service("aide")

    assert not before
    assert after is not None
    assert after.hours.is_open(at)


async def test_an_emergency_close_keeps_the_calendar_for_later(accounts):
    service = await a_service(accounts, hours=OpeningHours.always())
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)

    await accounts.close_service(service.id, since=at, until=at + timedelta(hours=1))
    closed = await accounts.service("aide")
    await accounts.reopen_service(service.id)

    assert closed.hours.next_opening(at) == at + timedelta(hours=1)
    assert await accounts.service("aide") == service


async def test_what_a_service_needs_is_replaced_whole(accounts):
    service = await a_service(accounts)

    await accounts.set_needs(service.id, needs=[("lsf", 3), ("lfpc", 1)], topics=())
    changed = await accounts.service("aide")

    assert changed.needs == (("lfpc", 1), ("lsf", 3))
    assert changed.topics == ()


async def test_staff_are_the_agents_with_their_skills_and_companies(accounts):
    company = await a_company(accounts)
    agent = await an_agent(accounts, companies=[company.id], reserve=True)
    await accounts.add_person(
        login="chef", password=PASSWORD, name="Chef", role=PersonRole.SUPERVISOR
    )

    (member,) = await accounts.staff()

    assert member.person == agent
    assert member.companies == {company.id}
    assert member.skills == {"lsf": 2}
    assert member.reserve


async def test_whose_account_is_closed_is_no_staff(accounts):
    agent = await an_agent(accounts)

    await accounts.set_active(agent.id, active=False)
    closed = await accounts.staff()
    await accounts.set_active(agent.id, active=True)

    assert closed == ()
    assert len(await accounts.staff()) == 1


async def test_skills_and_companies_are_granted_and_revoked(accounts):
    company = await a_company(accounts)
    agent = await an_agent(accounts)

    await accounts.grant_skill(agent.id, skill="text", level=3)
    await accounts.grant_skill(agent.id, skill="lsf", level=3)
    await accounts.grant_company(agent.id, company=company.id)
    (granted,) = await accounts.staff()
    await accounts.revoke_skill(agent.id, skill="text")
    await accounts.revoke_company(agent.id, company=company.id)
    (revoked,) = await accounts.staff()

    assert granted.skills == {"lsf": 3, "text": 3}
    assert granted.companies == {company.id}
    assert await accounts.companies_of(agent.id) == frozenset()
    assert revoked.skills == {"lsf": 3}
    assert revoked.companies == frozenset()


async def test_granting_twice_or_revoking_what_is_not_there_changes_nothing(accounts):
    company = await a_company(accounts)
    agent = await an_agent(accounts, companies=[company.id])
    before = await accounts.directory_version(), await accounts.journal()

    await accounts.grant_company(agent.id, company=company.id)
    await accounts.revoke_skill(agent.id, skill="text")
    await accounts.revoke_company(agent.id, company=CompanyId("none"))

    assert (await accounts.directory_version(), await accounts.journal()) == before


async def test_an_agent_keeps_the_last_skill(accounts):
    agent = await an_agent(accounts)

    revoking = accounts.revoke_skill(agent.id, skill="lsf")

    await refuses(LastSkillError, revoking, nothing_changed=accounts)
    assert (await accounts.staff())[0].skills == {"lsf": 2}


async def test_every_change_of_who_may_serve_whom_gives_the_directory_a_new_version(
    accounts,
):
    agent_id, company = None, CompanyId("telecom")
    versions = [await accounts.directory_version()]

    service = await a_service(accounts)
    versions.append(await accounts.directory_version())
    agent_id = (await an_agent(accounts)).id
    versions.append(await accounts.directory_version())
    for change in (
        accounts.grant_skill(agent_id, skill="text", level=1),
        accounts.revoke_skill(agent_id, skill="text"),
        accounts.grant_company(agent_id, company=company),
        accounts.revoke_company(agent_id, company=company),
        accounts.set_active(agent_id, active=False),
        accounts.set_needs(service.id, needs=[LSF], topics=()),
        accounts.set_hours(service.id, OpeningHours.always()),
    ):
        await change
        versions.append(await accounts.directory_version())

    assert versions == sorted(set(versions))


async def test_the_directory_of_a_database_made_anew_is_newer(accounts, clock):
    clock.now += 3600

    await a_service(accounts)

    assert await accounts.directory_version() >= clock.now * 1000


async def test_what_cannot_be_is_refused_and_changes_nothing(accounts):
    company = await a_company(accounts)
    impossible: list[dict[str, Any]] = [
        {"slug": "agent"},
        {"slug": "Aide"},
        {"title": ""},
        {"needs": []},
        {"needs": [("lsf", 0)]},
        {"needs": [("lsf", 4)]},
        {"needs": [LSF, LSF]},
        {"topics": [TOPIC, TOPIC]},
        {"topics": [Topic("a b", "x", "y", 1)]},
        {"target_s": 0},
        {"share": 1.5},
        {"share": float("nan")},
    ]

    for given in impossible:
        asked = {"slug": "aide", "title": "Aide", "needs": [LSF]} | given
        adding = accounts.add_service(company=company.id, **asked)
        await refuses(InvalidInputError, adding, nothing_changed=accounts)

    assert await accounts.services() == ()


async def test_people_who_cannot_be_are_refused_and_change_nothing(accounts):
    company = await a_company(accounts)
    impossible: list[dict[str, Any]] = [
        {"login": "a b"},
        {"password": "short"},
        {"name": " "},
        {"skills": {}},
        {"skills": {"lsf": 4}},
        {"company": company.id},
        {"role": PersonRole.VIEWER, "skills": {}},
        {"role": PersonRole.SUPERVISOR},
        {"role": PersonRole.ADMIN, "skills": {}, "companies": [company.id]},
    ]

    for given in impossible:
        adding = an_agent(accounts, **given)
        await refuses(InvalidInputError, adding, nothing_changed=accounts)

    assert await accounts.people() == ()


async def test_names_that_are_taken_are_refused(accounts):
    await a_service(accounts)
    await an_agent(accounts)

    adding = accounts.add_service(
        slug="aide", company=CompanyId("telecom"), title="Aide", needs=[LSF]
    )
    await refuses(TakenError, adding, nothing_changed=accounts)
    await refuses(TakenError, a_company(accounts), nothing_changed=accounts)
    adding = an_agent(accounts, login="AGENT")
    await refuses(TakenError, adding, nothing_changed=accounts)


async def test_what_is_not_there_is_refused_by_its_name(accounts):
    agent = await an_agent(accounts)
    nobody, nothing = "nobody", ServiceId("nothing")
    at = datetime(2026, 11, 23, tzinfo=UTC)

    for error, change in (
        (UnknownPersonError, accounts.grant_skill(nobody, skill="lsf", level=1)),
        (UnknownPersonError, accounts.set_active(nobody, active=False)),
        (UnknownPersonError, accounts.set_password(nobody, password=PASSWORD)),
        (UnknownCompanyError, accounts.grant_company(agent.id, company="none")),
        (UnknownServiceError, accounts.set_hours(nothing, OpeningHours.always())),
        (UnknownServiceError, accounts.close_service(nothing, since=at)),
        (UnknownServiceError, accounts.reopen_service(nothing)),
        (UnknownServiceError, accounts.set_needs(nothing, needs=[LSF], topics=())),
    ):
        await refuses(error, change, nothing_changed=accounts)


async def test_an_emergency_that_ends_before_it_starts_is_refused(accounts):
    service = await a_service(accounts)
    at = datetime(2026, 11, 23, tzinfo=UTC)

    closing = accounts.close_service(service.id, since=at, until=at)

    await refuses(InvalidHoursError, closing, nothing_changed=accounts)


async def test_a_viewer_belongs_to_a_company_that_exists(accounts):
    viewer = {"login": "v", "password": PASSWORD, "name": "V"}

    with pytest.raises(AccountsError):
        await accounts.add_person(
            **viewer, role=PersonRole.VIEWER, company=CompanyId("none")
        )


async def test_the_journal_tells_who_changed_what_and_no_secret(accounts, clock):
    company = await a_company(accounts)
    boss = await accounts.add_person(
        login="admin", password=PASSWORD, name="Admin", role=PersonRole.ADMIN
    )
    clock.now += 1
    agent = await an_agent(accounts, by=boss.id)
    await accounts.set_password(agent.id, password=PASSWORD + "2", by=boss.id)

    newest = await accounts.journal(limit=3)
    everything = await accounts.journal()

    assert [(one.kind, one.by, one.subject, one.at) for one in newest] == [
        (JournalKind.PASSWORD_CHANGED, boss.id, agent.id, clock.now),
        (JournalKind.SKILL_GRANTED, boss.id, agent.id, clock.now),
        (JournalKind.PERSON_ADDED, boss.id, agent.id, clock.now),
    ]
    assert everything[-1].subject == company.id
    assert everything[-1].by is None
    assert await accounts.journal(before=everything[-2].number) == everything[-1:]
    assert PASSWORD not in repr(everything)
    assert "argon2" not in repr(everything)


async def test_a_page_of_the_journal_has_a_bound(accounts):
    with pytest.raises(InvalidInputError):
        await accounts.journal(limit=501)


async def test_a_restart_finds_everything_again(url):
    async with AccountsClient.open(url) as before:
        made = await before.seed_demo()
        services, staff = await before.services(), await before.staff()

    async with AccountsClient.open(url) as after:
        again = await after.seed_demo()

        assert made is not None
        assert again is None
        assert await after.services() == services
        assert await after.staff() == staff
