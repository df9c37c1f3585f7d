"""Where an agent may hand a call over: other services, colleagues who could serve it."""

import asyncio
from itertools import islice
from typing import Final

from queueing.model import AgentId, AgentState, CallView
from signaling import protocol
from signaling.agent_told import STATUS
from signaling.requests import request_id
from signaling.rooms import Rooms

MOST_COLLEAGUES: Final = 30
"""More than this nobody reads while a caller waits."""

MOST_LOOKED_AT: Final = 300

AT_WORK: Final = (
    AgentState.READY,
    AgentState.WRAP_UP,
    AgentState.OFFERED,
    AgentState.CONNECTING,
    AgentState.IN_CALL,
)
"""The soonest free first; who is away or takes a break is left in peace."""


class Transfer:
    """Hands an agent's call over."""

    def __init__(self, rooms: Rooms, agent: AgentId) -> None:
        self._rooms = rooms
        self._agent = agent

    async def choices(self, call: CallView) -> protocol.TransferOffer:
        """List where a call could go, now."""
        services = (
            protocol.ServiceChoice(
                slug=service.slug,
                title=service.title,
                topics=tuple(
                    protocol.Topic(slug=topic.slug, label=topic.label)
                    for topic in service.topics
                ),
            )
            for service in self._rooms.catalogue.services_of(call.company)
            if service.slug != call.service or service.topics
        )
        return protocol.TransferOffer(
            call=call.call,
            services=tuple(services),
            colleagues=await self._colleagues(call),
        )

    async def to_service(
        self, call: CallView, asked: protocol.TransferToService
    ) -> None:
        """Let another service of the company go on; its clock begins now."""
        await self._rooms.queue.transfer_to_service(
            agent=self._agent,
            call=call.call,
            token=asked.token,
            service=asked.service,
            topic=asked.topic,
            request=request_id(self._agent, asked.request),
        )

    async def to_agent(self, call: CallView, asked: protocol.TransferToAgent) -> None:
        """Let a colleague go on; everybody else may after a while."""
        await self._rooms.queue.transfer_to_agent(
            agent=self._agent,
            call=call.call,
            token=asked.token,
            to=asked.to,
            request=request_id(self._agent, asked.request),
        )

    async def _colleagues(self, call: CallView) -> tuple[protocol.Colleague, ...]:
        able = self._rooms.catalogue.who_could_serve(call)
        others = [each for each in able if each.id != self._agent]
        async with asyncio.TaskGroup() as looks:
            asked = [
                (each, looks.create_task(self._rooms.queue.agent_view(each.id)))
                for each in islice(others, MOST_LOOKED_AT)
            ]
        found = [
            (AT_WORK.index(view.state), each.name, each.id)
            for each, look in asked
            if (view := look.result()) is not None and view.state in AT_WORK
        ]
        return tuple(
            protocol.Colleague(agent=agent, name=name, status=STATUS[AT_WORK[rank]])
            for rank, name, agent in sorted(found)[:MOST_COLLEAGUES]
        )
