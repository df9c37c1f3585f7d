"""The services that this process knows, kept when SQL is away, given to the queue."""

import asyncio
from collections.abc import Iterable
from typing import Final

import structlog

from accounts import routing
from accounts.client import AccountsClient
from accounts.model import Roster, Service, StaffMember
from queueing.catalogue import (
    AgentEntry,
    Directory,
    Need,
    OverflowStep,
    ScarceReserve,
    ServiceEntry,
    SkillKind,
    WideningStep,
)
from queueing.client import QueueClient
from queueing.matching import covers
from queueing.model import (
    AgentId,
    CallView,
    CompanyId,
    Overflow,
    ServiceId,
    TopicId,
    VariantId,
)
from queueing.needs import needs_of

INTERVAL: Final = 2.0

log = structlog.get_logger(__name__)


def directory(roster: Roster) -> Directory:
    """Say in the queue's words who may answer what."""
    return Directory(
        version=roster.version,
        services=tuple(_service_entry(service) for service in roster.services),
        agents=tuple(_agent_entry(member) for member in roster.staff),
        skills={
            skill.word: SkillKind(skill.kind)
            for skill in roster.skills
            if not skill.is_built_in
        },
        reserves=tuple(ScarceReserve(one.skill, one.keep) for one in roster.reserves),
    )


def _service_entry(service: Service) -> ServiceEntry:
    handling = service.handling
    return ServiceEntry(
        id=ServiceId(service.id),
        company=CompanyId(service.company),
        needs=_needs(service.needs),
        topics={
            TopicId(topic.slug): Need(topic.skill, topic.level)
            for topic in service.topics
        },
        variants={
            VariantId(variant.id): _needs(variant.needs) for variant in service.variants
        },
        target=service.target_s,
        priority=handling.priority_s,
        widening=tuple(map(_widening_step, handling.widening)),
        overflow=tuple(map(_overflow_step, handling.overflow)),
        cool_down=handling.cool_down_s,
        wrap_up=handling.wrap_up_s,
    )


def _needs(needs: Iterable[tuple[str, int]]) -> tuple[Need, ...]:
    return tuple(Need(skill, level) for skill, level in needs)


def _widening_step(step: routing.WideningStep) -> WideningStep:
    return WideningStep(
        after=step.after_s,
        relax=frozenset(map(SkillKind, step.relax)),
        reserve=step.reserve,
    )


def _overflow_step(step: routing.OverflowStep) -> OverflowStep:
    return OverflowStep(after=step.after_s, ways=frozenset(map(Overflow, step.ways)))


def _agent_entry(member: StaffMember) -> AgentEntry:
    return AgentEntry(
        id=AgentId(member.person.id),
        name=member.person.name,
        companies=frozenset(map(CompanyId, member.companies)),
        skills=dict(member.skills),
        reserve=member.reserve,
        independent=member.independent,
    )


class Catalogue:
    """The last known services; calls go on with them while SQL is away."""

    def __init__(self, accounts: AccountsClient, queue: QueueClient) -> None:
        self._accounts = accounts
        self._queue = queue
        self._version = -1
        self._services: dict[str, Service] = {}
        self._reserve: frozenset[str] = frozenset()
        self._directory: Directory | None = None
        self._restoring = asyncio.Lock()
        self._tries = 0
        self._is_missed = asyncio.Event()

    def service(self, slug: str) -> Service | None:
        """Look a service up by its address."""
        return self._services.get(slug)

    def topic_label(self, slug: str, topic: str | None) -> str | None:
        """Say a topic in people's words."""
        service = self._services.get(slug)
        topics = service.topics if service is not None else ()
        return next((each.label for each in topics if each.slug == topic), topic)

    def variant_label(self, slug: str, variant: str | None) -> str | None:
        """Say in people's words how a caller wants to be served."""
        service = self._services.get(slug)
        variants = service.variants if service is not None else ()
        return next((each.label for each in variants if each.id == variant), variant)

    def places(self) -> dict[str, ServiceId]:
        """Name every company that has a service, with one of them."""
        services = self._services.values()
        return {each.company: ServiceId(each.id) for each in services}

    def services_of(self, company: str) -> list[Service]:
        """List a company's services."""
        return [each for each in self._services.values() if each.company == company]

    def who_could_serve(self, call: CallView) -> list[AgentEntry]:
        """List the agents of a call's company whose skills cover what it needs."""
        known = self._directory
        services = known.services if known is not None else ()
        entry = next((one for one in services if one.id == call.service), None)
        if known is None or entry is None:
            return []
        needs = needs_of(entry, known.kind, variant=call.variant, topic=call.topic)
        return [
            agent
            for agent in known.agents
            if call.company in agent.companies and covers(agent.skills, needs)
        ]

    def is_in_reserve(self, agent: str) -> bool:
        """Say whether an agent is called only when a promise is in danger."""
        return agent in self._reserve

    def queue_holds(self, version: int) -> None:
        """Hear which directory the queue holds; an older one is replaced soon.

        A queue that lost its data knows no service until then. Whoever says so does
        not wait: a directory of thousands takes longer than a lease.
        """
        if version < self._version:
            self._is_missed.set()

    async def restore(self) -> None:
        """Give the queue the last known directory again; SQL may be away.

        Who asks while it is being given waits for that, well or ill, instead of giving
        it once more: thousands find out together that the queue has lost it.
        """
        before = self._tries
        async with self._restoring:
            if self._directory is None or self._tries != before:
                return
            try:
                await self._queue.publish(self._directory)
            finally:
                self._tries += 1

    async def refresh(self) -> None:
        """Read the accounts again if they changed, and tell the queue."""
        version = await self._accounts.directory_version()
        if version == self._version:
            return
        roster = await self._accounts.roster()
        # Thousands of agents take a tenth of a second to check: not on the loop.
        found = await asyncio.to_thread(directory, roster)
        await self._queue.publish(found)
        self._directory = found
        self._services = {service.id: service for service in roster.services}
        self._reserve = frozenset(each.id for each in found.agents if each.reserve)
        self._version = roster.version

    async def follow(self) -> None:
        """Refresh for ever; a failure is logged and tried again."""
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.refresh()
            except Exception:
                log.exception("directory not refreshed, the last one stays in use")

    async def follow_queue(self) -> None:
        """Give a queue that lost the directory the last one, for ever."""
        while True:
            await self._is_missed.wait()
            try:
                await self.restore()
            except Exception:  # whatever it is, the next heartbeat tries again
                log.exception("directory not restored, tried again")
            self._is_missed.clear()
