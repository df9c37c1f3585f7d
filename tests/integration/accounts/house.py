"""A house to try things in: a company, a service, an agent; and refusals that hold."""

import pytest

from accounts.model import PersonRole, Topic

LSF = ("lsf", 2)
PASSWORD = "ten-letters-or-more"
TOPIC = Topic("ecrit", "Par écrit", "text", 1)


async def a_company(accounts, slug="telecom"):
    return await accounts.add_company(slug=slug, name="Télécom")


async def a_service(accounts, **given):
    company = await a_company(accounts)
    asked = {"slug": "aide", "title": "Aide", "needs": [LSF], "topics": [TOPIC]}
    return await accounts.add_service(**{**asked, "company": company.id, **given})


async def an_agent(accounts, login="agent", **given):
    asked = {"name": "Agent", "role": PersonRole.AGENT, "skills": {"lsf": 2}}
    return await accounts.add_person(
        **{"login": login, "password": PASSWORD, **asked, **given}
    )


async def refuses(error, change, *, nothing_changed):
    """The change is refused, and neither directory nor journal has moved."""
    accounts = nothing_changed
    before = await accounts.directory_version(), await accounts.journal()

    with pytest.raises(error) as refused:
        await change

    assert (await accounts.directory_version(), await accounts.journal()) == before
    assert refused.type is error
    return str(refused.value)
