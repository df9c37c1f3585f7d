"""Back at a queue that may have forgotten: by ticket, from a talk, as an agent.

A failover of the queue's store may lose its last second, a lost disk everything. What
the people of this process know is then truer than what the queue knows.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from queueing.errors import (
    RefusedError,
    UnknownAgentError,
    UnknownServiceError,
)
from queueing.messages import Ended
from queueing.model import (
    AgentId,
    AgentState,
    AgentView,
    CallId,
    CallState,
    CallView,
    EndReason,
    Mode,
    RelayId,
    RequestId,
    ServiceId,
    Side,
    TopicId,
    VariantId,
)
from signaling.requests import request_id
from signaling.rooms import Rooms
from signaling.tickets import TicketClaims

TALKING = frozenset({CallState.CONNECTING, CallState.ANSWERED})
"""The states of a call in which the two sides reach each other."""

_ENDS: Final = {EndReason.AGENT_HUNG_UP: Side.AGENT, EndReason.TECHNICAL: Side.SYSTEM}
"""Who ended a call that its caller did not end."""

Answer = TypeVar("Answer")


def claims_of(view: CallView) -> TicketClaims:
    """Say what a call's ticket says."""
    return TicketClaims(
        call=view.call,
        service=view.service,
        t0=view.t0,
        topic=view.topic,
        mode=view.mode,
        variant=view.variant,
        relay=view.relay,
        left=view.call_back,
    )


async def by_ticket(
    rooms: Rooms,
    claims: TicketClaims,
    *,
    connection: str,
    request: RequestId,
    is_here: bool = False,
    comes: bool = True,
) -> CallView:
    """Be the newest connection of a call that its ticket proves, or this process.

    Only a caller who ``comes`` in person ends a call-back; a page alone does not. Nor
    does it begin one: that the caller left is what the ticket says, not the page.

    Raises:
        queueing.errors.QueueError: see `QueueClient.adopt`.
    """
    known = claims.relay if claims.relay in rooms.relays else None
    relay = RelayId(known or rooms.place_call())
    return await _where_it_is_known(
        rooms,
        lambda: rooms.queue.adopt(
            call=CallId(claims.call),
            service=ServiceId(claims.service),
            topic=None if claims.topic is None else TopicId(claims.topic),
            mode=Mode(claims.mode),
            variant=None if claims.variant is None else VariantId(claims.variant),
            t0=claims.t0,
            relay=relay,
            connection=connection,
            request=request,
            is_here=is_here,
            comes=comes,
            left=claims.left,
        ),
    )


async def as_caller(rooms: Rooms, call: CallView, *, connection: str) -> CallView:
    """Present a caller of this process, with the talk that they are in, if any.

    Raises:
        queueing.errors.QueueError: see `QueueClient.adopt`.
    """
    await _with_talk(rooms, call, connection)
    return await by_ticket(
        rooms,
        claims_of(call),
        connection=connection,
        request=request_id("back", connection, rooms.clock()),
        is_here=True,
        comes=not call.call_back,
    )


async def as_agent(
    rooms: Rooms,
    agent: AgentId,
    call: CallView | None,
    was: AgentState | None,
    *,
    connection: str,
) -> AgentView:
    """Present an agent of this process, with their talk, as they were.

    Args:
        rooms: the queue and the directory that it may need again.
        agent: who.
        call: what this process knows of their call.
        was: their state as last heard, or what they wished to be next, if the queue
            has forgotten it. Nothing but the agent ends a break, nor the wish for one.
        connection: their console's.

    Raises:
        queueing.errors.QueueError: see `QueueClient.agent_connected`.
    """
    if call is not None:
        await _with_talk(rooms, call, connection)
    moment = rooms.clock()
    view = await _where_it_is_known(
        rooms,
        lambda: rooms.queue.agent_connected(
            agent=agent,
            connection=connection,
            request=request_id("back", connection, moment),
        ),
    )
    with suppress(RefusedError):
        if was is AgentState.BREAK and view.state is not AgentState.BREAK:
            return await rooms.queue.agent_break(
                agent=agent, request=request_id("break", connection, moment)
            )
        if was is AgentState.READY and view.state is AgentState.AWAY:
            return await rooms.queue.agent_ready(
                agent=agent, request=request_id("ready", connection, moment)
            )
        if was is AgentState.AWAY and view.state is AgentState.READY:
            return await rooms.queue.agent_away(
                agent=agent, request=request_id("away", connection, moment)
            )
    return view


async def end_again(rooms: Rooms, agent: AgentId, ended: Ended) -> None:
    """End an agent's call anew whose end the queue has forgotten.

    Its caller is gone and will not come back: until the grace for that is over, the
    agent could serve nobody.
    """
    with suppress(RefusedError):
        await rooms.queue.hang_up(
            call=ended.call,
            by=_ENDS.get(ended.reason, Side.CALLER),
            agent=agent,
            token=ended.token,
            request=request_id("over", agent, rooms.clock()),
        )


async def _with_talk(rooms: Rooms, call: CallView, connection: str) -> None:
    """Bring a talk back, before anybody is offered it; a refusal shows in the views."""
    if call.state not in TALKING or call.agent is None or call.token is None:
        return
    request = request_id("talk", connection, rooms.clock())
    with suppress(RefusedError):
        await _where_it_is_known(
            rooms, lambda: rooms.queue.adopt_talk(talk=call, request=request)
        )


async def _where_it_is_known(
    rooms: Rooms, ask: Callable[[], Awaitable[Answer]]
) -> Answer:
    """Ask; when the queue has lost the directory, give it back and ask again."""
    try:
        return await ask()
    except (UnknownServiceError, UnknownAgentError):
        await rooms.catalogue.restore()
        return await ask()
