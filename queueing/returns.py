"""The part of the door for what people bring back after the store forgot it."""

from typing import Final

from queueing.asking import Asking, valid_id
from queueing.library import microseconds
from queueing.model import (
    CallId,
    CallState,
    CallView,
    Mode,
    RelayId,
    RequestId,
    ServiceId,
    TopicId,
    VariantId,
)
from queueing.views import read_call

_LOST_AT_ONCE: Final = 20


class Returns(Asking):
    """What a ticket and a talk in progress still know when the store does not."""

    _life = 0
    """When the store's present life began, by its own clock; microseconds."""

    _presented_in = 0
    """The life in which this server was asked to present its people."""

    async def adopt(
        self,
        *,
        call: CallId,
        service: ServiceId,
        topic: TopicId | None,
        mode: Mode,
        variant: VariantId | None,
        t0: float,
        relay: RelayId,
        connection: str,
        request: RequestId,
        is_here: bool = False,
        comes: bool = True,
        left: bool = False,
    ) -> CallView:
        """A caller is back with a valid ticket: as `resume`, even if the call is forgotten.

        A call that the queue does not know is put into it again with the ticket's T0.

        Args:
            call: the ticket's.
            service: the ticket's; so are ``topic``, ``mode``, ``variant`` and ``relay``.
            topic: what about, if the service has topics.
            mode: how the caller speaks.
            variant: another way to be served than the service's own.
            t0: when the caller's clock began; seconds.
            relay: where the pictures pass.
            connection: the caller's newest.
            request: a second sending is harmless.
            is_here: this process has had the caller all the time, so that the call is
                certainly not over, however long ago T0 is.
            comes: in person; see `resume`.
            left: it is certain that the caller has left to be called back, so that a
                page that is back alone makes the call a call-back if that was forgotten.

        Raises:
            EndedCallError: it is over; no ticket brings it back.
            UnknownCallError: T0 is more than an hour ago, and nothing is known of it.
            UnknownServiceError: the directory has no such service (yet).
            UnknownTopicError: the service has no such topic.
            UnknownVariantError: the service has no such variant.
        """
        return read_call(
            await self._transition(
                "adopt",
                request,
                valid_id(call),
                service,
                topic or "",
                mode,
                variant or "",
                microseconds(t0),
                valid_id(relay),
                self._own_server(),
                valid_id(connection),
                int(is_here),
                int(comes),
                int(left),
            )
        )

    async def adopt_talk(self, *, talk: CallView, request: RequestId) -> CallView:
        """One of the two in a talk knows of it; the store may have forgotten.

        No effect when it has not. Otherwise call and agent are in the talk again, under
        its token; whoever was offered the call meanwhile is told that it is over. Says
        nothing about connections: present those after it.

        Args:
            talk: the call as last known, connecting or answered.
            request: a second sending is harmless.

        Raises:
            EndedCallError: the call is over.
            StaleTokenError: the call or the agent went on without this talk.
            UnknownAgentError: the directory does not list the agent (yet).
            UnknownServiceError: the directory has no such service (yet).
        """
        return read_call(
            await self._transition(
                "adopt_talk",
                request,
                valid_id(talk.call),
                talk.service,
                talk.topic or "",
                talk.mode,
                talk.variant or "",
                microseconds(talk.t0),
                valid_id(talk.relay),
                valid_id(talk.agent or ""),
                talk.token or 0,
                "" if talk.t1 is None else microseconds(talk.t1),
                talk.evidence or "",
                talk.state,
                int(talk.call_back and talk.state is CallState.CONNECTING),
            )
        )

    async def presented(self) -> None:
        """After a `Resync`: everybody whom this server still holds has been presented.

        Whoever else is on its books is lost, with the grace to come back. A store that
        waited for this server alone matches again.
        """
        while not await self._store.number(
            "presented", self._own_server(), self._presented_in, _LOST_AT_ONCE
        ):
            pass
