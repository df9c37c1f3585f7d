"""Gathers what the label needs: figures of the chain, hours, pay."""

from accounts.client import AccountsClient
from accounts.model import CompanyId as AccountsCompanyId
from ledger.books.projector import Projector
from ledger.figures import halves, pillars
from ledger.figures.money import in_force, invoice
from ledger.figures.pillars import Label, State
from ledger.figures.reports import Scope, report
from ledger.model import CompanyId


class Labels:
    """Makes the labels of companies."""

    def __init__(self, accounts: AccountsClient, projector: Projector) -> None:
        self._accounts = accounts
        self._projector = projector

    async def label(self, company: CompanyId, month: str) -> Label:
        """Make a company's label of a month (`YYYY-MM`)."""
        made, slots = await self._projector.opened(company, month)
        told = await self._projector.terms(company, made.position)
        names = sorted({slot.service for slot in slots} | {*told.services})
        scopes = [
            Scope(company, name, month, made.position, made.as_of_us) for name in names
        ]
        terms = in_force(told, month)
        paid = await self._accounts.pay_share(await self._revenue(month), month)
        return Label(
            company=company,
            month=month,
            answered=pillars.answered([report(each, slots) for each in scopes], terms),
            france=State.UNKNOWN,
            price=pillars.price(terms),
            pay=pillars.paid_out(paid.shown, paid.people, paid.months),
            hours=await self._hours(company, month),
        )

    async def _hours(self, company: CompanyId, month: str) -> list[pillars.Hours]:
        begin, behind = map(halves.day, halves.of_month(month))
        mine = AccountsCompanyId(company)
        return [
            pillars.hours(each.service, each.covered, each.ordinary, each.unauthorised)
            for each in await self._accounts.hours_kept(mine, begin, behind)
        ]

    async def _revenue(self, until: str) -> dict[str, int]:
        """Add up what all companies pay, in each month that has imported pay."""
        months = {each.month for each in await self._accounts.pay()}
        revenue = dict.fromkeys(sorted(month for month in months if month <= until), 0)
        for company in await self._accounts.companies():
            for month in revenue:
                revenue[month] += await self._owed(CompanyId(company.id), month)
        return revenue

    async def _owed(self, company: CompanyId, month: str) -> int:
        made, slots = await self._projector.opened(company, month)
        scope = Scope(company, None, month, made.position, made.as_of_us)
        terms = await self._projector.terms(company, made.position)
        return invoice(report(scope, slots), terms).cents
