import time

import pytest

from accounts.client import AccountsClient
from accounts.errors import BadCredentialsError
from accounts.model import Audience
from illico.folder import prepare
from tests.integration.illico.terminal import said

PASSWORD = "long enough, surely"


async def signed_in(data, login, password=PASSWORD):
    async with AccountsClient.open(prepare(data).database_url) as accounts:
        signed = await accounts.sign_in(
            login=login,
            password=password,
            audience=Audience.CONSOLE,
            now=time.time(),
            address="",
        )
    return signed.person


async def test_a_house_is_set_up_at_the_terminal(tmp_path):
    for words in (
        ("add-company", "acme", "Acme SA"),
        (
            *("add-service", "acme-aide", "acme", "Aide", "--skill", "lsf:2"),
            *("--topic", "panne:Une panne:panne:1", "--hours", "always"),
        ),
        ("add-agent", "agent1", "Agent 1", "--skill", "lsf:3", "--company", "acme"),
    ):
        code, told = await said("admin", *words, data=tmp_path, answer=PASSWORD + "\n")
        assert code == 0, told

    assert (await signed_in(tmp_path, "agent1")).name == "Agent 1"
    async with AccountsClient.open(prepare(tmp_path).database_url) as accounts:
        service = await accounts.service("acme-aide")
    assert service is not None
    assert service.needs == (("lsf", 2),)
    assert service.topics[0].label == "Une panne"


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
        ("set-password", "nobody"),
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
