"""Contracts: a new version for each change, and no version is ever edited."""

import pytest

from accounts.errors import TariffTooHighError, UnknownServiceError
from accounts.model import ServiceId
from accounts.tariffs import Offer, Tariff

SERVICE = ServiceId("telecom-aide")


@pytest.fixture
async def service(accounts):
    await accounts.add_company(slug="telecom", name="Télécom")
    return await accounts.add_service(
        slug=SERVICE, company="telecom", title="Aide", needs=[("lsf", 2)]
    )


async def test_a_service_has_a_contract_with_its_promise_from_the_first_moment(
    accounts, service
):
    (first,) = await accounts.contracts()

    assert (first.service, first.company, first.version) == (SERVICE, "telecom", 1)
    assert (first.target_us, first.share_permille) == (60_000_000, 950)
    assert (first.tariff, first.forecast) == (Tariff(), ())


async def test_each_change_is_another_version_and_keeps_the_rest(accounts, service):
    await accounts.set_tariff(
        SERVICE, offer="premium", per_minute=450_000, fixed_cents=20_000
    )
    await accounts.set_forecast(SERVICE, [2] * 336)
    await accounts.set_promise(SERVICE, target_s=30, share=0.9)

    versions = await accounts.contracts()

    assert [each.version for each in versions] == [1, 2, 3, 4]
    assert await accounts.contract_count() == 4
    last = versions[-1]
    assert (last.target_us, last.share_permille) == (30_000_000, 900)
    assert (last.tariff, sum(last.forecast)) == (
        Tariff(Offer.PREMIUM, 450_000, 20_000),
        672,
    )
    assert [each.since_us for each in versions] == sorted(
        each.since_us for each in versions
    )
    assert versions[0].target_us == 60_000_000


async def test_a_tariff_that_is_refused_changes_nothing(accounts, service):
    with pytest.raises(TariffTooHighError):
        await accounts.set_tariff(SERVICE, offer="base", per_minute=600_001)

    assert await accounts.contract_count() == 1


async def test_who_has_no_service_has_no_contract(accounts):
    with pytest.raises(UnknownServiceError):
        await accounts.set_tariff(ServiceId("nobody"), offer="base", per_minute=1)


async def test_the_journal_says_what_was_agreed(accounts, service):
    await accounts.set_tariff(SERVICE, offer="base", per_minute=100_000)

    entry = (await accounts.journal(limit=1))[0]

    assert entry.kind == "contract_changed"
    assert entry.facts["per_minute"] == "100000"
