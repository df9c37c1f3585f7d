"""The services as SQL keeps them: found, and written whole."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    delete,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.errors import UnknownServiceError
from accounts.hours_text import hours_from_text
from accounts.model import CompanyId, Need, Service, ServiceId, Topic, Variant
from accounts.naming import is_slug
from accounts.routing import Handling
from accounts.routing_text import (
    overflow_from_text,
    overflow_to_text,
    widening_from_text,
    widening_to_text,
)
from accounts.tables import COMPANY, SERVICE, SERVICE_NEED, TOPIC, VARIANT, VARIANT_NEED


async def one(sql: AsyncConnection, service: str) -> Service | None:
    if not is_slug(service):
        return None
    found = await _load(sql, SERVICE.c.id == service)
    return found[0] if found else None


async def require(sql: AsyncConnection, service: ServiceId) -> Service:
    """Raises `UnknownServiceError` when there is none."""
    found = await one(sql, service)
    if found is None:
        raise UnknownServiceError(f"There is no service {service!r}.")
    return found


async def every(
    sql: AsyncConnection, company: CompanyId | None = None
) -> tuple[Service, ...]:
    return await _load(sql, true() if company is None else SERVICE.c.company == company)


async def write_needs(
    sql: AsyncConnection,
    service: ServiceId,
    needs: Iterable[Need],
    topics: Iterable[Topic],
) -> None:
    """These in place of those of before."""
    for table in (SERVICE_NEED, TOPIC):
        await sql.execute(delete(table).where(table.c.service == service))
    await sql.execute(
        insert(SERVICE_NEED),
        [
            {"service": service, "skill": skill, "level": level}
            for skill, level in needs
        ],
    )
    rows = [
        {
            "service": service,
            "place": place,
            "slug": topic.slug,
            "label": topic.label,
            "skill": topic.skill,
            "level": topic.level,
        }
        for place, topic in enumerate(topics)
    ]
    if rows:
        await sql.execute(insert(TOPIC), rows)


async def write_variant(
    sql: AsyncConnection, service: ServiceId, variant: Variant
) -> None:
    """At the place of the one with the same slug, or after all others."""
    mine = VARIANT.c.service == service
    place = await sql.execute(
        select(VARIANT.c.place).where(mine, VARIANT.c.slug == variant.id)
    )
    last = await sql.execute(select(func.max(VARIANT.c.place)).where(mine))
    kept, highest = place.scalar_one_or_none(), last.scalar_one()
    await delete_variant(sql, service, variant.id)
    await sql.execute(
        insert(VARIANT).values(
            service=service,
            slug=variant.id,
            place=kept
            if kept is not None
            else 1 + (-1 if highest is None else highest),
            label=variant.label,
        )
    )
    await sql.execute(
        insert(VARIANT_NEED),
        [
            {"service": service, "variant": variant.id, "skill": skill, "level": level}
            for skill, level in variant.needs
        ],
    )


async def delete_variant(sql: AsyncConnection, service: ServiceId, slug: str) -> None:
    for table, named in (
        (VARIANT_NEED, VARIANT_NEED.c.variant),
        (VARIANT, VARIANT.c.slug),
    ):
        await sql.execute(
            delete(table).where(table.c.service == service, named == slug)
        )


async def write_handling(
    sql: AsyncConnection, service: ServiceId, handling: Handling
) -> None:
    await sql.execute(
        update(SERVICE)
        .where(SERVICE.c.id == service)
        .values(
            priority_s=handling.priority_s,
            widening=widening_to_text(handling.widening),
            overflow=overflow_to_text(handling.overflow),
            cool_down_s=handling.cool_down_s,
            wrap_up_s=handling.wrap_up_s,
            video_message_url=handling.video_message_url,
        )
    )


async def _load(
    sql: AsyncConnection, which: ColumnElement[bool]
) -> tuple[Service, ...]:
    rows = await sql.execute(
        select(SERVICE, COMPANY.c.name.label("company_name"))
        .join(COMPANY, SERVICE.c.company == COMPANY.c.id)
        .where(which)
        .order_by(SERVICE.c.id)
    )
    needs: defaultdict[str, list[Need]] = defaultdict(list)
    for need in await sql.execute(
        _parts(SERVICE_NEED, which).order_by(SERVICE_NEED.c.skill)
    ):
        needs[need.service].append(Need(need.skill, need.level))
    topics: defaultdict[str, list[Topic]] = defaultdict(list)
    for topic in await sql.execute(_parts(TOPIC, which).order_by(TOPIC.c.place)):
        topics[topic.service].append(
            Topic(topic.slug, topic.label, topic.skill, topic.level)
        )
    variants = await _load_variants(sql, which)
    return tuple(
        _service(row, needs[row.id], topics[row.id], variants[row.id]) for row in rows
    )


async def _load_variants(
    sql: AsyncConnection, which: ColumnElement[bool]
) -> defaultdict[str, list[Variant]]:
    needs: defaultdict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in await sql.execute(
        _parts(VARIANT_NEED, which).order_by(VARIANT_NEED.c.skill)
    ):
        needs[need.service, need.variant].append(Need(need.skill, need.level))
    variants: defaultdict[str, list[Variant]] = defaultdict(list)
    for row in await sql.execute(_parts(VARIANT, which).order_by(VARIANT.c.place)):
        variants[row.service].append(
            Variant(row.slug, row.label, tuple(needs[row.service, row.slug]))
        )
    return variants


def _parts(table: Table, which: ColumnElement[bool]) -> Select[Any]:
    return select(table).join(SERVICE, table.c.service == SERVICE.c.id).where(which)


def _service(
    row: Row[Any], needs: list[Need], topics: list[Topic], variants: list[Variant]
) -> Service:
    return Service(
        id=row.id,
        company=row.company,
        company_name=row.company_name,
        title=row.title,
        needs=tuple(needs),
        topics=tuple(topics),
        hours=hours_from_text(row.hours),
        target_s=row.target_s,
        share=row.share,
        variants=tuple(variants),
        handling=Handling(
            priority_s=row.priority_s,
            widening=widening_from_text(row.widening),
            overflow=overflow_from_text(row.overflow),
            cool_down_s=row.cool_down_s,
            wrap_up_s=row.wrap_up_s,
            video_message_url=row.video_message_url,
        ),
    )
