"""A database of an earlier Illico is brought up to date with everything in it."""

from contextlib import asynccontextmanager

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

import accounts
from accounts.client import AccountsClient
from accounts.hours import OpeningHours
from accounts.hours_text import hours_to_text
from accounts.model import PersonId, ServiceId
from accounts.routing import Handling, SkillKind

FOLDER = f"{accounts.__path__[0]}/migrations"
A_HOUSE = (
    "INSERT INTO accounts_company VALUES ('acme', 'Acme')",
    "INSERT INTO accounts_service VALUES ('aide', 'acme', 'Aide', :hours, 60, 0.95)",
    "INSERT INTO accounts_service_need VALUES ('aide', 'lsf', 2)",
    "INSERT INTO accounts_service_need VALUES ('aide', 'habilité', 1)",
    "INSERT INTO accounts_topic VALUES ('aide', 'panne', 0, 'Une panne', 'panne', 1)",
    "INSERT INTO accounts_person VALUES ('p1', 'agent', 'A', 'agent', NULL, false, true, 'x')",
    "INSERT INTO accounts_skill VALUES ('p1', 'lsf', 3)",
    "INSERT INTO accounts_skill VALUES ('p1', 'braille', 1)",
    "INSERT INTO accounts_grant VALUES ('p1', 'acme')",
)


@asynccontextmanager
async def at_step(url, step):
    """A database as the code of this step left it, to write to."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as sql:
            await sql.run_sync(lambda connection: _upgrade(connection, step))
            yield sql
    finally:
        await engine.dispose()


def _upgrade(connection, step):
    config = Config()
    config.set_main_option("script_location", FOLDER)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, step)


@pytest.fixture
async def first(url):
    """The URL of a database of the first step, with a house in it."""
    async with at_step(url, "a0001") as sql:
        for statement in A_HOUSE:
            given = {"hours": hours_to_text(OpeningHours.always())}
            wanted = given if ":hours" in statement else {}
            await sql.execute(text(statement), wanted)
    return url


async def test_everything_of_the_first_step_is_found_again(first):
    async with AccountsClient.open(first) as client:
        (service,) = await client.services()
        (member,) = await client.staff()

    assert dict(service.needs) == {"lsf": 2, "habilité": 1}
    assert service.hours == OpeningHours.always()
    assert service.variants == ()
    assert service.handling == Handling()
    assert member.skills == {"lsf": 3, "braille": 1}
    assert not member.independent


async def test_skills_that_had_no_kind_are_topics_until_somebody_says_otherwise(first):
    async with AccountsClient.open(first) as client:
        own = [skill for skill in await client.skills() if not skill.is_built_in]
        await client.set_skill("braille", kind=SkillKind.MODE, label="Braille")
        changed = {skill.word: skill.kind for skill in await client.skills()}

    assert {skill.word: skill.kind for skill in own} == dict.fromkeys(
        ("braille", "habilité", "panne"), SkillKind.TOPIC
    )
    assert changed["braille"] is SkillKind.MODE


async def test_what_came_later_can_be_set_in_a_database_of_the_first_step(first):
    async with AccountsClient.open(first) as client:
        await client.set_handling(ServiceId("aide"), priority_s=5)
        await client.set_terms(PersonId("p1"), independent=True)

    async with AccountsClient.open(first) as again:
        roster = await again.roster()

    assert roster.services[0].handling.priority_s == 5
    assert roster.staff[0].independent


async def test_a_reserve_that_was_too_large_keeps_fifty(url):
    async with at_step(url, "a0002") as sql:
        await sql.execute(text("INSERT INTO accounts_reserve VALUES ('lfpc', 1000)"))
        await sql.execute(text("INSERT INTO accounts_reserve VALUES ('slow', 2)"))

    async with AccountsClient.open(url) as client:
        roster = await client.roster()

    assert {one.skill: one.keep for one in roster.reserves} == {"lfpc": 50, "slow": 2}


async def test_what_was_promised_before_contracts_is_their_first_version(first):
    async with AccountsClient.open(first) as client:
        (contract,) = await client.contracts()

    assert (contract.service, contract.version, contract.since_us) == ("aide", 1, 0)
    assert (contract.target_us, contract.share_permille) == (60_000_000, 950)
