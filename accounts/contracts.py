"""The contracts of services: each change is another version, and none is ever edited."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.journal import Change
from accounts.model import CompanyId, Contract, JournalKind, Service, ServiceId
from accounts.tables import CONTRACT, SERVICE
from accounts.tariffs import Offer, Tariff, check_forecast


async def every(sql: AsyncConnection) -> tuple[Contract, ...]:
    """Every version of every service, each service's oldest first."""
    joined = select(CONTRACT, SERVICE.c.company).join(SERVICE)
    ordered = joined.order_by(CONTRACT.c.service, CONTRACT.c.version)
    return tuple(map(_contract, await sql.execute(ordered)))


async def count(sql: AsyncConnection) -> int:
    found: int = (
        await sql.execute(select(func.count()).select_from(CONTRACT))
    ).scalar_one()
    return found


async def current(sql: AsyncConnection, service: ServiceId) -> Contract | None:
    joined = select(CONTRACT, SERVICE.c.company).join(SERVICE)
    mine = joined.where(CONTRACT.c.service == service)
    newest = mine.order_by(CONTRACT.c.version.desc()).limit(1)
    row = (await sql.execute(newest)).one_or_none()
    return None if row is None else _contract(row)


async def promise(change: Change, service: Service) -> None:
    """Write a version with what the service promises now; the rest stays."""
    now = await current(change.sql, service.id)
    target_us, share = round(service.target_s * 1_000_000), round(service.share * 1000)
    if now is None:
        await _write(
            change, Contract(service.id, service.company, 0, 0, target_us, share)
        )
    else:
        await _write(change, replace(now, target_us=target_us, share_permille=share))


async def agree(
    change: Change,
    now: Contract,
    *,
    tariff: Tariff | None = None,
    forecast: tuple[int, ...] | None = None,
) -> Contract:
    """Write a version with another tariff or another forecast; None stays."""
    wanted = replace(
        now,
        tariff=now.tariff if tariff is None else tariff,
        forecast=now.forecast if forecast is None else check_forecast(forecast),
    )
    written = await _write(change, wanted)
    await change.note(
        JournalKind.CONTRACT_CHANGED,
        now.service,
        version=written.version,
        offer=written.tariff.offer,
        per_minute=written.tariff.per_minute,
        fixed_cents=written.tariff.fixed_cents,
        forecast=sum(written.forecast),
    )
    return written


async def _write(change: Change, wanted: Contract) -> Contract:
    written = replace(
        wanted, version=wanted.version + 1, since_us=int(change.at * 1_000_000)
    )
    await change.sql.execute(
        insert(CONTRACT).values(
            service=written.service,
            version=written.version,
            since_us=written.since_us,
            target_us=written.target_us,
            share_permille=written.share_permille,
            offer=written.tariff.offer.value,
            per_minute=written.tariff.per_minute,
            fixed_cents=written.tariff.fixed_cents,
            forecast=" ".join(map(str, written.forecast)),
        )
    )
    return written


def _contract(row: Row[Any]) -> Contract:
    return Contract(
        service=ServiceId(row.service),
        company=CompanyId(row.company),
        version=row.version,
        since_us=row.since_us,
        target_us=row.target_us,
        share_permille=row.share_permille,
        tariff=Tariff(Offer(row.offer), row.per_minute, row.fixed_cents),
        forecast=tuple(map(int, row.forecast.split())),
    )
