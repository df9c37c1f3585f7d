"""The services that this process knows, kept when SQL is away, given to the queue."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from accounts.client import AccountsClient
from accounts.model import Service, StaffMember
from queueing.catalogue import (
    BUILT_IN_SKILLS,
    AgentEntry,
    Directory,
    Need,
    ServiceEntry,
    SkillKind,
)
from queueing.client import QueueClient
from queueing.model import (
    AgentId,
    CompanyId,
    ServiceId,
    TopicId,
)

INTERVAL: Final = 2.0

log = structlog.get_logger(__name__)


def directory(
    version: int, services: Sequence[Service], staff: Sequence[StaffMember]
) -> Directory:
    """Say in the queue's words who may answer what."""
    return Directory(
        version=version,
        services=tuple(_service_entry(service) for service in services),
        agents=tuple(_agent_entry(member) for member in staff),
        skills=_skills(services, staff),
    )


def _skills(
    services: Sequence[Service], staff: Sequence[StaffMember]
) -> dict[str, SkillKind]:
    """Take what is not built in for a topic's skill, until accounts names kinds."""
    named = {need.skill for service in services for need in service.needs}
    named |= {topic.skill for service in services for topic in service.topics}
    named |= {skill for member in staff for skill in member.skills}
    return dict.fromkeys(named - set(BUILT_IN_SKILLS), SkillKind.TOPIC)


def _service_entry(service: Service) -> ServiceEntry:
    return ServiceEntry(
        id=ServiceId(service.id),
        company=CompanyId(service.company),
        needs=tuple(Need(skill, level) for skill, level in service.needs),
        topics={
            TopicId(topic.slug): Need(topic.skill, topic.level)
            for topic in service.topics
        },
    )


def _agent_entry(member: StaffMember) -> AgentEntry:
    return AgentEntry(
        id=AgentId(member.person.id),
        name=member.person.name,
        companies=frozenset(map(CompanyId, member.companies)),
        skills=dict(member.skills),
        reserve=member.reserve,
    )


class Catalogue:
    """The last known services; calls go on with them while SQL is away."""

    def __init__(self, accounts: AccountsClient, queue: QueueClient) -> None:
        self._accounts = accounts
        self._queue = queue
        self._version = -1
        self._services: dict[str, Service] = {}

    def service(self, slug: str) -> Service | None:
        """Look a service up by its address."""
        return self._services.get(slug)

    def topic_label(self, slug: str, topic: str | None) -> str | None:
        """Say a topic in people's words."""
        service = self._services.get(slug)
        topics = service.topics if service is not None else ()
        return next((each.label for each in topics if each.slug == topic), topic)

    def queue_holds(self, version: int) -> None:
        """Hear which directory the queue holds; an older one is published again.

        A queue that lost its data knows no service until then.
        """
        if version < self._version:
            self._version = -1

    async def refresh(self) -> None:
        """Read the accounts again if they changed, and tell the queue."""
        version = await self._accounts.directory_version()
        if version == self._version:
            return
        services = await self._accounts.services()
        staff = await self._accounts.staff()
        await self._queue.publish(directory(version, services, staff))
        self._services = {service.id: service for service in services}
        self._version = version

    async def follow(self) -> None:
        """Refresh for ever; a failure is logged and tried again."""
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.refresh()
            except Exception:
                log.exception("directory not refreshed, the last one stays in use")
