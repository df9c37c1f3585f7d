"""What an agent's console is told of its agent and their call, in people's words."""

from dataclasses import dataclass
from typing import Final

from queueing import messages as queue
from queueing.model import AgentState, AgentView, CallView, OfferReason
from signaling import protocol
from signaling.connection import Connection
from signaling.protocol import AgentStatus
from signaling.rooms import Rooms

STATUS: Final = {
    AgentState.AWAY: AgentStatus.AWAY,
    AgentState.READY: AgentStatus.READY,
    AgentState.OFFERED: AgentStatus.RINGING,
    AgentState.CONNECTING: AgentStatus.CONNECTING,
    AgentState.IN_CALL: AgentStatus.IN_CALL,
    AgentState.WRAP_UP: AgentStatus.WRAP_UP,
    AgentState.BREAK: AgentStatus.BREAK,
}
"""What the console shows of each state; the others have no console."""


@dataclass(frozen=True, slots=True)
class AgentTold:
    """Tells one console."""

    connection: Connection
    rooms: Rooms

    def state(self, view: AgentView | queue.AgentChanged) -> None:
        """Say what the agent is doing, until when, and what comes next."""
        status = STATUS.get(view.state)
        if status is None:
            return
        self.connection.send(
            protocol.AgentState(
                status=status,
                call=view.call,
                token=view.token,
                remaining_ms=self._left_ms(view.until),
                cool_ms=self._left_ms(view.cool_until) or None,
                wish=None if view.wish is None else STATUS.get(view.wish),
            )
        )

    def offer(
        self, view: CallView, token: int, expires_at: float | None, why: OfferReason
    ) -> None:
        """Say that a call rings, and why it does here."""
        words = self._words(view)
        self.connection.send(
            protocol.Offer(
                call=view.call,
                token=token,
                company=words.company,
                service=words.service,
                topic=words.topic,
                variant=words.variant,
                mode=view.mode,
                why=why,
                waited_ms=self.rooms.since_ms(view.leg_t0),
                expires_ms=self._left_ms(expires_at) or 0,
            )
        )

    def call(self, view: CallView, token: int) -> None:
        """Say which call the agent is in, to a console that has just come."""
        words = self._words(view)
        self.connection.send(
            protocol.AgentCall(
                call=view.call,
                token=token,
                company=words.company,
                service=words.service,
                topic=words.topic,
                variant=words.variant,
                mode=view.mode,
                talk_ms=self.rooms.since_ms(view.t1) if view.t1 else 0,
            )
        )

    def offer_ended(self, view: CallView, token: int, reason: str) -> None:
        """Say that the call is another's, or nobody's."""
        self.connection.send(
            protocol.OfferEnded(call=view.call, token=token, reason=reason)
        )

    def _left_ms(self, moment: float | None) -> int | None:
        return None if moment is None else max(0, -self.rooms.signed_ms(moment))

    def _words(self, view: CallView) -> "_Words":
        catalogue = self.rooms.catalogue
        service = catalogue.service(view.service)
        return _Words(
            company=service.company_name if service else view.company,
            service=service.title if service else view.service,
            topic=catalogue.topic_label(view.service, view.topic),
            variant=catalogue.variant_label(view.service, view.variant),
        )


@dataclass(frozen=True, slots=True)
class _Words:
    """What a call is about, as people say it."""

    company: str
    service: str
    topic: str | None
    variant: str | None
