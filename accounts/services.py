"""The services: what each promises, asks of an agent, and when it is open."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts import companies
from accounts.errors import InvalidInputError, TakenError, UnknownServiceError
from accounts.hours import OpeningHours
from accounts.hours_text import hours_from_text, hours_to_text
from accounts.journal import Change
from accounts.model import CompanyId, JournalKind, Need, Service, ServiceId, Topic
from accounts.naming import (
    check_level,
    check_name,
    check_service_slug,
    check_skill,
    check_slug,
    is_slug,
)
from accounts.tables import COMPANY, SERVICE, SERVICE_NEED, TOPIC

MAX_TOPICS = 20


async def add(
    change: Change,
    *,
    slug: str,
    company: CompanyId,
    title: str,
    needs: Iterable[tuple[str, int]],
    topics: Iterable[Topic],
    hours: OpeningHours,
    target_s: float,
    share: float,
) -> Service:
    """A service of a company; its slug is its public address."""
    service = ServiceId(check_service_slug(slug))
    _check_promise(target_s, share)
    await companies.require(change.sql, company)
    if await _exists(change.sql, service):
        raise TakenError(f"There is a service {slug!r} already.")
    await change.sql.execute(
        insert(SERVICE).values(
            id=service,
            company=company,
            title=check_name(title),
            hours=hours_to_text(hours),
            target_s=target_s,
            share=share,
        )
    )
    await _write_needs(change.sql, service, check_needs(needs), check_topics(topics))
    await change.note(JournalKind.SERVICE_ADDED, service, company=company)
    await change.directory_changed()
    return await require(change.sql, service)


async def set_needs(
    change: Change,
    service: ServiceId,
    needs: Iterable[tuple[str, int]],
    topics: Iterable[Topic],
) -> None:
    """What the service asks from now on; nothing of before stays."""
    await require(change.sql, service)
    for table in (SERVICE_NEED, TOPIC):
        await change.sql.execute(delete(table).where(table.c.service == service))
    await _write_needs(change.sql, service, check_needs(needs), check_topics(topics))
    await change.note(JournalKind.SERVICE_CHANGED, service)
    await change.directory_changed()


async def set_hours(
    change: Change, service: ServiceId, hours: OpeningHours, kind: JournalKind
) -> None:
    await require(change.sql, service)
    written = hours_to_text(hours)
    await change.sql.execute(
        update(SERVICE).where(SERVICE.c.id == service).values(hours=written)
    )
    await change.note(kind, service, hours=written)
    await change.directory_changed()


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


def check_needs(needs: Iterable[tuple[str, int]]) -> tuple[Need, ...]:
    """At least one skill, none twice, each with a level from 1 to 3."""
    checked = tuple(
        Need(check_skill(skill), check_level(level)) for skill, level in needs
    )
    if not checked:
        raise InvalidInputError("A service asks for at least one skill.")
    _refuse_twice([need.skill for need in checked])
    return checked


def check_topics(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """At most `MAX_TOPICS`, none twice."""
    checked = tuple(
        Topic(
            slug=check_slug(topic.slug),
            label=check_name(topic.label),
            skill=check_skill(topic.skill),
            level=check_level(topic.level),
        )
        for topic in topics
    )
    if len(checked) > MAX_TOPICS:
        raise InvalidInputError(f"A service has at most {MAX_TOPICS} topics.")
    _refuse_twice([topic.slug for topic in checked])
    return checked


def _refuse_twice(words: Sequence[str]) -> None:
    for word in words:
        if words.count(word) > 1:
            raise InvalidInputError(f"{word!r} is named twice.")


def _check_promise(target_s: float, share: float) -> None:
    if not 1 <= target_s <= 3600:
        raise InvalidInputError("A target is 1 to 3600 seconds.")
    if not 0 < share <= 1:
        raise InvalidInputError("A share is above 0 and at most 1.")


async def _exists(sql: AsyncConnection, service: ServiceId) -> bool:
    found = await sql.execute(select(SERVICE.c.id).where(SERVICE.c.id == service))
    return found.first() is not None


async def _write_needs(
    sql: AsyncConnection,
    service: ServiceId,
    needs: tuple[Need, ...],
    topics: tuple[Topic, ...],
) -> None:
    await sql.execute(
        insert(SERVICE_NEED),
        [
            {"service": service, "skill": skill, "level": level}
            for skill, level in needs
        ],
    )
    if topics:
        await sql.execute(
            insert(TOPIC),
            [
                {
                    "service": service,
                    "place": place,
                    "slug": topic.slug,
                    "label": topic.label,
                    "skill": topic.skill,
                    "level": topic.level,
                }
                for place, topic in enumerate(topics)
            ],
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
        select(SERVICE_NEED)
        .join(SERVICE, SERVICE_NEED.c.service == SERVICE.c.id)
        .where(which)
        .order_by(SERVICE_NEED.c.skill)
    ):
        needs[need.service].append(Need(need.skill, need.level))
    topics: defaultdict[str, list[Topic]] = defaultdict(list)
    for topic in await sql.execute(
        select(TOPIC)
        .join(SERVICE, TOPIC.c.service == SERVICE.c.id)
        .where(which)
        .order_by(TOPIC.c.place)
    ):
        topics[topic.service].append(
            Topic(topic.slug, topic.label, topic.skill, topic.level)
        )
    return tuple(_service(row, needs[row.id], topics[row.id]) for row in rows)


def _service(row: Row[Any], needs: list[Need], topics: list[Topic]) -> Service:
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
    )
