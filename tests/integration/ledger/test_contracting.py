"""Terms of a contract reach the chain before the calls that they rule, each once."""

import pytest

from accounts.client import AccountsClient
from accounts.model import CompanyId as AccountsCompanyId
from accounts.model import ServiceId
from ledger.client import LedgerClient
from ledger.contracting import Contracting
from ledger.model import CompanyId, Event, EventId
from ledger.model import ServiceId as LedgerServiceId
from ledger.store import Batch
from tests.integration.ledger.houses import NOW_US

SERVICE = ServiceId("telecom-aide")
TELECOM = CompanyId("telecom")
SECOND = 1_000_000


@pytest.fixture
async def accounts(url):
    async with AccountsClient.open(url, clock=lambda: NOW_US / SECOND) as opened:
        await opened.add_company(slug="telecom", name="Télécom")
        await opened.add_service(
            slug=SERVICE,
            company=AccountsCompanyId("telecom"),
            title="Aide",
            needs=[("lsf", 2)],
        )
        yield opened


def contracting(accounts, store):
    return Contracting(accounts, store, lambda: NOW_US / SECOND + 1)


async def answered_after(store, seconds, call, begin_s):
    steps = [
        ("call_queued", begin_s, {}),
        ("call_accepted", begin_s + seconds, {}),
        ("call_answered", begin_s + seconds, {"evidence": "presented"}),
        ("call_ended", begin_s + seconds + 60, {"reason": "hung_up"}),
    ]
    events = [
        Event(
            *(EventId(f"{kind}-{call}"), kind, NOW_US + at * SECOND, "fr", TELECOM),
            service=LedgerServiceId(SERVICE),
            call=call,
            facts=facts,
        )
        for kind, at, facts in steps
    ]
    await store.append(Batch("fr", "1-0", events))


async def test_each_version_is_chained_once_whoever_looks(accounts, store):
    one = contracting(accounts, store)

    assert (await one.chain(), await one.chain()) == (1, 0)
    assert await contracting(accounts, store).chain() == 0
    await accounts.set_tariff(SERVICE, offer="premium", per_minute=600_000)
    assert (await one.chain(), await one.chain()) == (1, 0)

    assert (await store.head(TELECOM)).position == 2


async def test_calls_have_the_terms_that_were_chained_before_them(accounts, store):
    await contracting(accounts, store).chain()
    await answered_after(store, 40, "c1", begin_s=10)
    await accounts.set_promise(SERVICE, target_s=30)
    await accounts.set_tariff(SERVICE, offer="premium", per_minute=600_000)
    await contracting(accounts, store).chain()
    await answered_after(store, 40, "c2", begin_s=20)

    report = await LedgerClient(store).month(TELECOM, "2026-11")

    assert (report.counters.answered, report.counters.in_time) == (2, 1)
    assert [(line.per_minute, line.seconds) for line in report.billed] == [
        (0, 60),
        (600_000, 0),
    ]
