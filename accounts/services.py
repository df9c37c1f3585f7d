"""The services: what each promises, asks of an agent, and when it is open.

Whatever is changed of a service, the whole of it must hold together afterwards: what
the queue would refuse never leaves the transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts import companies, contracts, skills
from accounts.errors import InvalidInputError, TakenError, UnknownVariantError
from accounts.hours import OpeningHours
from accounts.hours_text import hours_to_text
from accounts.journal import Change
from accounts.model import (
    CompanyId,
    Contract,
    JournalKind,
    Need,
    Service,
    ServiceId,
    Topic,
    Variant,
)
from accounts.naming import check_name, check_service_slug
from accounts.routing import Asked, HandlingChange
from accounts.routing_text import overflow_to_text, widening_to_text
from accounts.service_checks import (
    MAX_VARIANTS,
    check_needs,
    check_promise,
    check_topics,
    check_variant,
)
from accounts.service_rows import (
    delete_variant,
    every,
    one,
    require,
    write_handling,
    write_needs,
    write_variant,
)
from accounts.tables import SERVICE

__all__ = [
    "add",
    "contract",
    "edit_hours",
    "every",
    "one",
    "recheck",
    "remove_variant",
    "require",
    "set_handling",
    "set_needs",
    "set_promise",
    "set_variant",
]


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
    check_promise(target_s, share)
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
    await write_needs(change.sql, service, check_needs(needs), check_topics(topics))
    await change.note(JournalKind.SERVICE_ADDED, service, company=company)
    added = await _settled(change, service)
    await contracts.promise(change, added)
    return added


async def set_needs(
    change: Change,
    service: ServiceId,
    needs: Iterable[tuple[str, int]],
    topics: Iterable[Topic],
) -> None:
    """What the service asks from now on; nothing of before stays."""
    await require(change.sql, service)
    asked, about = check_needs(needs), check_topics(topics)
    await write_needs(change.sql, service, asked, about)
    await change.note(
        JournalKind.SERVICE_CHANGED,
        service,
        needs=_words(asked),
        topics=" ".join(f"{one.slug}={one.skill}:{one.level}" for one in about),
    )
    await _settled(change, service)


async def set_variant(change: Change, service: ServiceId, variant: Variant) -> None:
    """A new way to be served, or another meaning of one that there is."""
    await require(change.sql, service)
    checked = check_variant(variant)
    await write_variant(change.sql, service, checked)
    await change.note(
        JournalKind.VARIANT_CHANGED,
        service,
        variant=checked.id,
        label=checked.label,
        needs=_words(checked.needs),
    )
    settled = await _settled(change, service)
    if len(settled.variants) > MAX_VARIANTS:
        raise InvalidInputError(f"A service has at most {MAX_VARIANTS} variants.")


async def remove_variant(change: Change, service: ServiceId, variant: str) -> None:
    """Raises `UnknownVariantError` when the service has none of this name."""
    known = [each.id for each in (await require(change.sql, service)).variants]
    if variant not in known:
        told = f" It has {', '.join(known)}." if known else ""
        raise UnknownVariantError(
            f"The service {service!r} has no variant {variant[:80]!r}.{told}"
        )
    await delete_variant(change.sql, service, variant)
    await change.note(JournalKind.VARIANT_REMOVED, service, variant=variant)
    await _settled(change, service)


async def set_promise(
    change: Change, service: ServiceId, *, target_s: float | None, share: float | None
) -> None:
    """Another target or another share of the calls; the other one stays."""
    before = await require(change.sql, service)
    target_s = before.target_s if target_s is None else target_s
    share = before.share if share is None else share
    check_promise(target_s, share)
    await change.sql.execute(
        update(SERVICE)
        .where(SERVICE.c.id == service)
        .values(target_s=target_s, share=share)
    )
    await change.note(
        JournalKind.PROMISE_CHANGED, service, target_s=target_s, share=share
    )
    await contracts.promise(change, replace(before, target_s=target_s, share=share))
    await change.directory_changed()


async def contract(sql: AsyncConnection, service: ServiceId) -> Contract:
    """Raises `UnknownServiceError` when there is no such service."""
    found = await contracts.current(sql, service)
    if found is None:
        await require(sql, service)
        raise RuntimeError(f"the service {service} has no contract")
    return found


async def set_handling(
    change: Change, service: ServiceId, changed: HandlingChange
) -> None:
    """Change the named parts of `Handling`; the others stay."""
    before = (await require(change.sql, service)).handling
    handling = replace(before, **changed)
    await write_handling(change.sql, service, handling)
    written = {
        **changed,
        "widening": widening_to_text(handling.widening),
        "overflow": overflow_to_text(handling.overflow),
    }
    await change.note(
        JournalKind.HANDLING_CHANGED,
        service,
        **{name: written[name] for name in changed},
    )
    await _settled(change, service)


async def edit_hours(
    change: Change,
    service: ServiceId,
    edit: Callable[[OpeningHours], OpeningHours],
    kind: JournalKind,
) -> None:
    """Make another calendar of the one that holds."""
    before = await require(change.sql, service)
    written = hours_to_text(edit(before.hours))
    await change.sql.execute(
        update(SERVICE).where(SERVICE.c.id == service).values(hours=written)
    )
    await change.note(kind, service, hours=written)
    await change.directory_changed()


async def recheck(sql: AsyncConnection) -> None:
    """Refuse what no longer holds together, after a skill's kind has changed."""
    kinds = await skills.kinds(sql)
    for service in await every(sql):
        try:
            _asked(service, kinds)
        except InvalidInputError as error:
            raise type(error)(f"Service {service.id}: {error}") from error


async def _settled(change: Change, service: ServiceId) -> Service:
    """Load the changed service; nothing of the change stays if it contradicts itself."""
    await change.directory_changed()
    changed = await require(change.sql, service)
    _asked(changed, await skills.kinds(change.sql))
    return changed


def _asked(service: Service, kinds: skills.Kinds) -> Asked:
    topics = tuple(Need(topic.skill, topic.level) for topic in service.topics)
    for need in (*service.needs, *topics, *_variant_needs(service)):
        if need.skill not in kinds:
            raise skills.unknown(need.skill, kinds)
    return Asked(
        kinds=kinds,
        needs=service.needs,
        topics=topics,
        variants=service.variants,
        widening=service.handling.widening,
    )


def _variant_needs(service: Service) -> Iterable[Need]:
    return (need for variant in service.variants for need in variant.needs)


def _words(needs: Iterable[Need]) -> str:
    return " ".join(f"{skill}:{level}" for skill, level in needs)


async def _exists(sql: AsyncConnection, service: ServiceId) -> bool:
    found = await sql.execute(select(SERVICE.c.id).where(SERVICE.c.id == service))
    return found.first() is not None
