"""The label: each pillar from its own figures, and unknown is not kept."""

import json
from datetime import date

import pytest

from accounts.client import AccountsClient
from accounts.hours import Interval, OpeningHours
from accounts.legal import Authorisation, WorkKind
from accounts.model import CompanyId, ServiceId
from ledger.client import LedgerClient
from ledger.contracting import Contracting
from ledger.figures.pillars import State, to_text
from tests.integration.ledger.houses import NOW_US, TELECOM
from tests.integration.ledger.test_books import MONTH, SECOND, chained, told

SERVICE, COMPANY = ServiceId("a"), CompanyId("telecom")
OFFICE = OpeningHours.never().on_days(range(5), [Interval.parse("09:00-17:00")])


@pytest.fixture
async def accounts(url, store):
    async with AccountsClient.open(url, clock=lambda: NOW_US / SECOND - 10) as opened:
        await opened.add_company(slug=COMPANY, name="Télécom")
        await opened.add_service(
            slug=SERVICE,
            company=COMPANY,
            title="Aide",
            needs=[("lsf", 2)],
            hours=OFFICE,
        )
        await opened.set_tariff(SERVICE, offer="base", per_minute=600_000)
        await Contracting(opened, store, lambda: NOW_US / SECOND - 1).chain()
        yield opened


async def a_talk(store, call, wait_s, talk_s=60):
    await chained(
        store,
        [
            told("call_queued", 0, call),
            told("call_accepted", wait_s, call),
            told("call_answered", wait_s, call, evidence="presented"),
            told("call_ended", wait_s + talk_s, call, reason="hung_up"),
        ],
    )


async def labelled(store, accounts):
    return await LedgerClient(store).label(accounts, TELECOM, MONTH)


async def test_a_month_without_figures_keeps_no_promise_and_breaks_none(
    store, accounts
):
    label = await labelled(store, accounts)

    states = label.answered.state, label.pay.state, label.france
    assert {*states} == {State.UNKNOWN}
    assert (label.price.state, label.price.highest) == (State.KEPT, 600_000)
    assert [each.state for each in label.hours] == [State.UNKNOWN]


async def test_a_service_below_its_contract_breaks_the_first_pillar(store, accounts):
    await a_talk(store, "c1", 10)
    kept = await labelled(store, accounts)
    await a_talk(store, "c2", 61)
    broken = await labelled(store, accounts)

    assert (kept.answered.state, broken.answered.state) == (State.KEPT, State.BROKEN)
    (service,) = broken.answered.services
    assert (service.level.shown, service.share_permille) == (5000, 950)


async def test_sixty_percent_of_what_was_invoiced_go_to_agents_or_do_not(
    store, accounts
):
    await a_talk(store, "c1", 10, talk_s=6_000)  # 60 €
    pay = "".join(f"2026-11;fr;wages;p{number};720\n" for number in range(5))
    await accounts.import_pay(pay)
    kept = (await labelled(store, accounts)).pay
    await accounts.import_pay(pay.replace("720", "719"))
    broken = (await labelled(store, accounts)).pay

    assert (kept.state, kept.share, kept.people) == (State.KEPT, 6_000, 5)
    assert (broken.state, broken.share) == (State.BROKEN, 5_991)


async def test_hours_are_held_against_the_ordinary_ones_and_against_the_law(
    store, accounts
):
    await accounts.set_ordinary_hours(COMPANY, OFFICE)
    kept = (await labelled(store, accounts)).hours[0]
    await accounts.set_ordinary_hours(COMPANY, OpeningHours.always())
    short = (await labelled(store, accounts)).hours[0]
    await accounts.set_hours(SERVICE, OpeningHours.always())
    sundays = (await labelled(store, accounts)).hours[0]
    for kind in WorkKind:
        days = date(2026, 1, 1), date(2026, 12, 31)
        given = Authorisation(kind, *days, "arrêté", 9, date(2025, 12, 1))
        await accounts.authorise(given)
    allowed = (await labelled(store, accounts)).hours[0]

    assert (kept.state, short.state) == (State.KEPT, State.BROKEN)
    assert (sundays.state, sundays.unauthorised) == (
        State.BROKEN,
        {"sunday": 5, "night": 30},
    )
    assert (allowed.state, allowed.covered, allowed.ordinary) == (
        State.KEPT,
        30 * 24 * 60,
        30 * 24 * 60,
    )


async def test_a_label_names_no_sum_of_pay_and_nobody(store, accounts):
    await accounts.import_pay("2026-11;fr;wages;Jeanne;720\n")

    text = to_text(await labelled(store, accounts))

    assert not {"Jeanne", "720"} & {*json.loads(text)["pay"]}
    assert "Jeanne" not in text
    assert json.loads(text)["pay"]["share"] is None
