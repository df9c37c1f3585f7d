import time
from datetime import UTC, datetime, timedelta

import pytest

from accounts.client import AccountsClient
from accounts.errors import BadCredentialsError
from accounts.model import Audience, PersonRole
from illico.folder import prepare
from tests.integration.illico.terminal import said

PASSWORD = "long enough, surely"


CALENDAR = '{"weekly": {"mon": ["08:30-12:00"]}}'
A_MONDAY_MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def typed_in_turn(data, *commands):
    """Type `illico admin` commands; each must succeed."""
    for words in commands:
        code, told = await said("admin", *words, data=data, answer=PASSWORD + "\n")
        assert code == 0, told


async def the_service(data, slug="acme-aide"):
    async with AccountsClient.open(prepare(data).database_url) as accounts:
        service = await accounts.service(slug)
    assert service is not None
    return service


async def signed_in(data, login, password=PASSWORD, audience=Audience.CONSOLE):
    async with AccountsClient.open(prepare(data).database_url) as accounts:
        signed = await accounts.sign_in(
            login=login,
            password=password,
            audience=audience,
            now=time.time(),
            address="",
        )
    return signed.person


async def test_a_house_is_set_up_at_the_terminal(tmp_path):
    await typed_in_turn(
        tmp_path,
        ("add-company", "acme", "Acme SA"),
        ("add-skill", "panne", "topic", "Les pannes"),
        (
            *("add-service", "acme-aide", "acme", "Aide", "--skill", "lsf:2"),
            *("--topic", "panne:Une panne:panne:1", "--hours", "always"),
        ),
        ("add-agent", "agent1", "Agent 1", "--skill", "lsf:3", "--company", "acme"),
        ("add-supervisor", "superviseur", "Superviseur", "--company", "acme"),
        ("add-viewer", "acme", "Acme SA", "acme"),
    )

    assert (await signed_in(tmp_path, "agent1")).name == "Agent 1"
    assert (await signed_in(tmp_path, "superviseur")).role is PersonRole.SUPERVISOR
    viewer = await signed_in(tmp_path, "acme", audience=Audience.PORTAL)
    assert (viewer.role, viewer.company) == (PersonRole.VIEWER, "acme")
    service = await the_service(tmp_path)
    assert service.needs == (("lsf", 2),)
    assert service.topics[0].label == "Une panne"


async def test_a_service_gets_hours_closes_at_once_and_opens_again(tmp_path):
    await typed_in_turn(
        tmp_path,
        ("add-company", "acme", "Acme SA"),
        ("add-service", "acme-aide", "acme", "Aide", "--skill", "lsf:2"),
        ("set-hours", "acme-aide", CALENDAR),
    )
    hours = (await the_service(tmp_path)).hours
    assert hours.is_open(A_MONDAY_MORNING)
    assert not hours.is_open(A_MONDAY_MORNING + timedelta(days=1))

    await typed_in_turn(tmp_path, ("set-hours", "acme-aide", "always"))
    await typed_in_turn(tmp_path, ("close-service", "acme-aide"))
    assert not (await the_service(tmp_path)).hours.is_open(datetime.now(UTC))
    await typed_in_turn(tmp_path, ("reopen-service", "acme-aide"))
    assert (await the_service(tmp_path)).hours.is_open(datetime.now(UTC))


async def test_a_close_may_end_by_itself_on_the_clocks_of_paris(tmp_path):
    await typed_in_turn(
        tmp_path,
        ("add-company", "acme", "Acme SA"),
        ("add-service", "acme-aide", "acme", "Aide", "--skill", "lsf:2"),
        ("set-hours", "acme-aide", "always"),
        ("close-service", "acme-aide", "--until", "2099-07-01 08:30:00"),
    )

    emergency = (await the_service(tmp_path)).hours.emergency
    assert emergency is not None
    assert emergency.until == datetime(2099, 7, 1, 6, 30, tzinfo=UTC)


async def test_a_new_password_replaces_the_old_one(tmp_path):
    add = ("add-agent", "agent1", "Agent 1", "--skill", "lsf:3")
    await said("admin", *add, data=tmp_path, answer=PASSWORD + "\n")

    change = ("admin", "set-password", "Agent1")
    code, words = await said(*change, data=tmp_path, answer="another one, as long\n")

    assert code == 0, words
    assert await signed_in(tmp_path, "agent1", "another one, as long")
    with pytest.raises(BadCredentialsError):
        await signed_in(tmp_path, "agent1")


@pytest.mark.parametrize(
    "words",
    [
        ("add-company", "No Slug", "Acme"),
        ("add-service", "aide", "nobody", "Aide", "--skill", "lsf:2"),
        ("add-agent", "agent1", "Agent 1", "--skill", "lsf:9"),
        ("add-viewer", "viewer1", "Viewer 1", "nobody"),
        ("add-supervisor", "superviseur", "Superviseur", "--company", "nobody"),
        ("add-skill", "lsf", "language"),
        ("set-skill", "lsf", "--kind", "topic"),
        ("remove-skill", "nothing"),
        ("set-reserve", "nothing", "1"),
        ("set-reserve", "lfpc", "1001"),
        ("set-password", "nobody"),
        ("set-hours", "nobody", "always"),
        ("close-service", "nobody"),
        ("close-service", "nobody", "--until", "2001-01-01"),
        ("reopen-service", "nobody"),
    ],
)
async def test_what_the_accounts_refuse_is_one_sentence(tmp_path, words):
    code, words = await said("admin", *words, data=tmp_path, answer=PASSWORD + "\n")

    assert code == 1
    assert len(words.strip().splitlines()) == 1


async def test_a_skill_without_a_level_is_explained(tmp_path):
    words = ("add-agent", "agent1", "Agent 1", "--skill", "lsf")

    code, words = await said("admin", *words, data=tmp_path, answer=PASSWORD + "\n")

    assert code == 2
    assert "lsf:3" in words
