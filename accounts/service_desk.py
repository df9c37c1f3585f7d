"""What an operator changes of services: needs, variants, waits, hours, skills."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Unpack

from accounts import contracts, services, skills
from accounts.desk import Desk
from accounts.hours import EmergencyClose, HolidayHours, Interval, OpeningHours
from accounts.model import (
    CompanyId,
    Contract,
    JournalKind,
    PersonId,
    ScarceReserve,
    Service,
    ServiceId,
    Skill,
    Topic,
    Variant,
)
from accounts.routing import HandlingChange, SkillKind
from accounts.tariffs import Payer, check_tariff


class ServiceDesk(Desk):
    """The half of the administration that is about services."""

    async def add_service(
        self,
        *,
        slug: str,
        company: CompanyId,
        title: str,
        needs: Iterable[tuple[str, int]],
        topics: Iterable[Topic] = (),
        hours: OpeningHours | None = None,
        target_s: float = 60,
        share: float = 0.95,
        by: PersonId | None = None,
    ) -> Service:
        """A public page `/<slug>`; closed until it has `hours`."""
        async with self._change(by) as change:
            return await services.add(
                change,
                slug=slug,
                company=company,
                title=title,
                needs=needs,
                topics=topics,
                hours=hours or OpeningHours.never(),
                target_s=target_s,
                share=share,
            )

    async def set_needs(
        self,
        service: ServiceId,
        *,
        needs: Iterable[tuple[str, int]],
        topics: Iterable[Topic],
        by: PersonId | None = None,
    ) -> None:
        """What the service asks for from now on, in place of what it asked for."""
        async with self._change(by) as change:
            await services.set_needs(change, service, needs, topics)

    async def set_variant(
        self, service: ServiceId, variant: Variant, *, by: PersonId | None = None
    ) -> None:
        """Another way to be served: a new one, or in place of the one of this name."""
        async with self._change(by) as change:
            await services.set_variant(change, service, variant)

    async def remove_variant(
        self, service: ServiceId, variant: str, *, by: PersonId | None = None
    ) -> None:
        """Nobody chooses it any more."""
        async with self._change(by) as change:
            await services.remove_variant(change, service, variant)

    async def set_promise(
        self,
        service: ServiceId,
        *,
        target_s: float | None = None,
        share: float | None = None,
        by: PersonId | None = None,
    ) -> None:
        """Another target or share; what is None stays."""
        async with self._change(by) as change:
            await services.set_promise(change, service, target_s=target_s, share=share)

    async def set_tariff(
        self,
        service: ServiceId,
        *,
        offer: str,
        per_minute: int,
        fixed_cents: int = 0,
        payer: str = Payer.COMPANY,
        by: PersonId | None = None,
    ) -> Contract:
        """Another tariff from now on, in millionths of a euro a minute.

        Raises:
            TariffTooHighError: above the label's ceiling.
            CallerNeverPaysError: it bills a caller.
        """
        tariff = check_tariff(offer, per_minute, fixed_cents, payer)
        async with self._change(by) as change:
            now = await services.contract(change.sql, service)
            return await contracts.agree(change, now, tariff=tariff)

    async def set_forecast(
        self,
        service: ServiceId,
        forecast: Iterable[int],
        *,
        by: PersonId | None = None,
    ) -> Contract:
        """Another volume from now on: calls in each half-hour of a week; empty: no band."""
        async with self._change(by) as change:
            now = await services.contract(change.sql, service)
            return await contracts.agree(change, now, forecast=tuple(forecast))

    async def contracts(self) -> tuple[Contract, ...]:
        """Every version of every contract, each service's oldest first."""
        async with self._database.reading() as sql:
            return await contracts.every(sql)

    async def contract_count(self) -> int:
        """How many versions there are: none ever goes away."""
        async with self._database.reading() as sql:
            return await contracts.count(sql)

    async def set_handling(
        self,
        service: ServiceId,
        *,
        by: PersonId | None = None,
        **changed: Unpack[HandlingChange],
    ) -> None:
        """Change the named parts of a service's `Handling`; the others stay.

        Raises:
            InvalidStepsError: a step that never widens, lowers a floor, or is misplaced.
        """
        async with self._change(by) as change:
            await services.set_handling(change, service, changed)

    async def set_hours(
        self, service: ServiceId, hours: OpeningHours, *, by: PersonId | None = None
    ) -> None:
        """A new calendar in place of the old one."""
        async with self._change(by) as change:
            await services.edit_hours(
                change, service, lambda _: hours, JournalKind.HOURS_CHANGED
            )

    async def set_week(
        self,
        service: ServiceId,
        *,
        days: Iterable[int],
        hours: Iterable[Interval],
        by: PersonId | None = None,
    ) -> None:
        """Other hours on these days of the week (0 is Monday)."""
        await self._edit_hours(service, lambda now: now.on_days(days, hours), by)

    async def set_day(
        self,
        service: ServiceId,
        day: date,
        hours: Iterable[Interval] | None,
        *,
        by: PersonId | None = None,
    ) -> None:
        """Other hours on one day; None ends its exception."""
        await self._edit_hours(service, lambda now: now.on_date(day, hours), by)

    async def set_holidays(
        self,
        service: ServiceId,
        holidays: HolidayHours | None,
        *,
        by: PersonId | None = None,
    ) -> None:
        """Other hours on public holidays; None takes no notice of them."""
        await self._edit_hours(service, lambda now: now.on_holidays(holidays), by)

    async def close_service(
        self,
        service: ServiceId,
        *,
        since: datetime,
        until: datetime | None = None,
        by: PersonId | None = None,
    ) -> None:
        """Closed in an emergency, whatever the calendar says (None: until reopened)."""
        async with self._change(by) as change:
            await services.edit_hours(
                change,
                service,
                lambda now: now.closed_now(EmergencyClose(since, until)),
                JournalKind.SERVICE_CLOSED,
            )

    async def reopen_service(
        self, service: ServiceId, *, by: PersonId | None = None
    ) -> None:
        """The emergency is over: the calendar holds again."""
        async with self._change(by) as change:
            await services.edit_hours(
                change,
                service,
                lambda now: now.closed_now(None),
                JournalKind.SERVICE_REOPENED,
            )

    async def _edit_hours(
        self,
        service: ServiceId,
        edit: Callable[[OpeningHours], OpeningHours],
        by: PersonId | None,
    ) -> None:
        async with self._change(by) as change:
            await services.edit_hours(change, service, edit, JournalKind.HOURS_CHANGED)

    async def skills(self) -> tuple[Skill, ...]:
        """Every skill that the house knows, the built-in ones first."""
        async with self._database.reading() as sql:
            return await skills.every(sql)

    async def add_skill(
        self, word: str, kind: SkillKind, *, label: str, by: PersonId | None = None
    ) -> None:
        """A skill of the house's own; `TakenError` when the word means one already."""
        async with self._change(by) as change:
            await skills.add(change, Skill(word, kind, label))

    async def set_skill(
        self,
        word: str,
        *,
        kind: SkillKind | None = None,
        label: str | None = None,
        by: PersonId | None = None,
    ) -> None:
        """Another kind or label of an own skill; no service may contradict the kind."""
        async with self._change(by) as change:
            await skills.set_one(change, word, kind=kind, label=label)
            await services.recheck(change.sql)

    async def remove_skill(self, word: str, *, by: PersonId | None = None) -> None:
        """Raises `SkillInUseError` while anybody has it or asks for it."""
        async with self._change(by) as change:
            await skills.remove(change, word)

    async def reserves(self) -> tuple[ScarceReserve, ...]:
        """How many idle agents are kept for which scarce skills."""
        async with self._database.reading() as sql:
            return await skills.reserves(sql)

    async def set_reserve(
        self, skill: str, keep: int, *, by: PersonId | None = None
    ) -> None:
        """Keep so many idle agents with a scarce skill; 0 ends it."""
        async with self._change(by) as change:
            await skills.set_reserve(change, skill, keep)
