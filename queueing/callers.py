"""The part of the door that callers come in by."""

from collections.abc import Set as AbstractSet

from queueing.asking import Asking, valid_id
from queueing.model import (
    Act,
    AgentId,
    CallId,
    CallView,
    Mode,
    Overflow,
    RelayId,
    RequestId,
    ServiceId,
    TopicId,
    Trigger,
    VariantId,
)
from queueing.views import read_call


class Callers(Asking):
    """What a caller does: come, come back, be lost."""

    async def enqueue(
        self,
        *,
        call: CallId,
        service: ServiceId,
        topic: TopicId | None,
        mode: Mode,
        relay: RelayId,
        connection: str,
        request: RequestId,
        variant: VariantId | None = None,
        prefer: AgentId | None = None,
    ) -> CallView:
        """Put a caller into the queue: this is T0.

        Args:
            call: its new id.
            service: whom the caller asks for.
            topic: what about, if the service has topics.
            mode: a text call is served in the variant `text` where the service has one
                and no other is asked.
            relay: where its pictures will pass.
            connection: the caller's.
            request: a second sending is harmless.
            prefer: an agent whom the caller has met: if at work and able, the call waits
                for that one alone for a short time first.
            variant: another way to be served than the service's own.

        Raises:
            UnknownServiceError: the directory has no such service.
            UnknownTopicError: the service has no such topic.
            UnknownVariantError: the service has no such variant.
            CallExistsError: another request took this call id.
        """
        # a service, topic or variant that is no id at all is unknown, not a broken
        # protocol
        return read_call(
            await self._transition(
                "enqueue",
                request,
                valid_id(call),
                service,
                topic or "",
                mode,
                valid_id(relay),
                self._own_server(),
                valid_id(connection),
                variant or "",
                valid_id(prefer) if prefer else "",
            )
        )

    async def resume(
        self,
        *,
        call: CallId,
        connection: str,
        request: RequestId,
        comes: bool = True,
    ) -> CallView:
        """A caller is back, or opens a newer connection: the newest one wins.

        Args:
            call: which call.
            connection: the new one.
            request: a second sending is harmless.
            comes: in person. Only that ends a call-back: its caller then waits on, or
                is connected if summoned. A page that merely has its network back says
                `False`.

        Raises:
            UnknownCallError: there is no such call.
            EndedCallError: it is over.
        """
        return read_call(
            await self._transition(
                "resume",
                request,
                valid_id(call),
                self._own_server(),
                valid_id(connection),
                int(comes),
            )
        )

    async def caller_lost(
        self, *, call: CallId, connection: str, request: RequestId
    ) -> None:
        """The caller's connection is gone; no effect if it is not the newest one."""
        await self._transition(
            "caller_lost", request, valid_id(call), valid_id(connection)
        )

    async def leave_another_way(
        self, *, call: CallId, way: Overflow, request: RequestId
    ) -> CallView:
        """The caller takes one of the other ways that were offered (`CallView.ways`).

        `CALL_BACK`: the caller leaves and the place stays, for the duration `call_back`;
        whoever accepts summons the caller (`Summoned`), who comes by `resume`. `TEXT`:
        waits on as a text call, with the same deadline. `VIDEO_MESSAGE`: the call ends.

        Raises:
            NotOfferedError: this way was not offered, or the caller does not wait.
            UnknownServiceError: a text call, of a service that is no longer there.
        """
        return read_call(
            await self._transition("leave_another_way", request, valid_id(call), way)
        )

    async def hasten(
        self,
        *,
        call: CallId,
        leg: int,
        acts: AbstractSet[Act],
        trigger: Trigger,
        breach: float,
        request: RequestId,
    ) -> CallView:
        """Take now what is left of the steps for danger, of a call that waits.

        It makes the caller fit more agents, or shows other ways; whoever rests, writes
        notes or has a break goes on. No effect on a later leg, on a call that does not
        wait, and the second time.

        Args:
            call: which call.
            leg: the clock that is in danger.
            acts: what may be done: widen (which calls the reserve), offer other ways.
            trigger: what the ledger says of why.
            breach: how probable it is that the promise breaks.
            request: a second sending is harmless.

        Raises:
            UnknownCallError: there is no such call.
            EndedCallError: it is over.
        """
        return read_call(
            await self._transition(
                "hasten",
                request,
                valid_id(call),
                leg,
                int(not acts.isdisjoint({Act.WIDEN, Act.RESERVE})),
                int(Act.OFFER in acts),
                trigger,
                round(1000 * breach),
            )
        )

    async def not_understood(self, *, call: CallId, request: RequestId) -> CallView:
        """The caller does not understand the agent: another one, before everybody.

        That agent is never asked for this call again, and writes notes. It begins a new
        leg.

        Raises:
            InvalidTransitionError: nobody has answered, or the caller is lost.
        """
        return read_call(
            await self._transition("not_understood", request, valid_id(call))
        )
