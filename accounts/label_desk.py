"""What an operator says for the label: ordinary hours, authorisations, pay."""

from collections.abc import Mapping, Sequence
from datetime import date

from accounts import labels, services
from accounts.desk import Desk
from accounts.hours import OpeningHours
from accounts.legal import Authorisation, coverage, unauthorised
from accounts.model import CompanyId, PersonId, Service, ServiceHours
from accounts.pay_words import Pay, PayShare, read_pay, share


class LabelDesk(Desk):
    """The part of the administration that is about the label and the law."""

    async def ordinary_hours(self, company: CompanyId) -> OpeningHours | None:
        """When the company's ordinary customer service is open, if somebody said so."""
        async with self._database.reading() as sql:
            return await labels.ordinary(sql, company)

    async def set_ordinary_hours(
        self, company: CompanyId, hours: OpeningHours, *, by: PersonId | None = None
    ) -> None:
        async with self._change(by) as change:
            await labels.set_ordinary(change, company, hours)

    async def authorisations(self) -> tuple[Authorisation, ...]:
        """For Sundays and nights, also those that are over."""
        async with self._database.reading() as sql:
            return await labels.authorisations(sql)

    async def authorise(
        self, given: Authorisation, *, by: PersonId | None = None
    ) -> None:
        """Write down an authorisation; the same kind and first day corrects one."""
        async with self._change(by) as change:
            await labels.authorise(change, given)

    async def hours_kept(
        self, company: CompanyId, first: date, behind: date
    ) -> tuple[ServiceHours, ...]:
        """Compare hours with what the law asks, by the calendars that are in force now."""
        async with self._database.reading() as sql:
            found = await services.every(sql, company)
            usual = await labels.ordinary(sql, company)
            allowed = await labels.authorisations(sql)
        return tuple(_kept(each, usual, allowed, first, behind) for each in found)

    async def pay_share(self, revenue: Mapping[str, int], until: str) -> PayShare:
        """Compare agents' pay with revenue (cents by month), up to twelve months."""
        return share(await self.pay(), revenue, until)

    async def pay(self) -> tuple[Pay, ...]:
        """Sums of imported pay, by month."""
        async with self._database.reading() as sql:
            return await labels.pay(sql)

    async def import_pay(self, text: str, *, by: PersonId | None = None) -> int:
        """Read lines of `month;pool;kind;person;cents`, and keep their sums alone.

        Raises:
            InvalidInputError: a line cannot be; nothing is kept then.
        """
        imported = read_pay(text)
        async with self._change(by) as change:
            await labels.import_pay(change, imported)
        return len(imported)


def _kept(
    service: Service,
    usual: OpeningHours | None,
    allowed: Sequence[Authorisation],
    first: date,
    behind: date,
) -> ServiceHours:
    beside = service.hours if usual is None else usual
    found = coverage(service.hours, beside, first, behind)
    missing = unauthorised(service.hours, first, behind, allowed)
    return ServiceHours(
        service.id,
        found.covered,
        None if usual is None else found.ordinary,
        {kind.value: days for kind, days in missing.items()},
    )
