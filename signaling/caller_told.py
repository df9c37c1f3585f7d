"""What a caller's page is told of their call, in the page's words."""

from dataclasses import dataclass
from typing import Final

from queueing.messages import Ended
from queueing.model import AgentId, CallState, CallView, EndReason, Overflow
from signaling import protocol, regulars
from signaling.connection import Connection
from signaling.events import Place
from signaling.rooms import Rooms

WAITING: Final = frozenset({CallState.QUEUED, CallState.OFFERED, CallState.LOST})


@dataclass(slots=True)
class CallerTold:
    """Tells one page; remembers the place, so that only a change is told."""

    connection: Connection
    rooms: Rooms
    place: Place | None = None

    def ticket(self, view: CallView, ticket: str, *, request: str, eye: bool) -> None:
        """Say that the call is in the queue, or was found there again."""
        self.connection.send(
            protocol.Ticket(
                request=request,
                call=view.call,
                ticket=ticket,
                mode=view.mode,
                eye=eye,
                waited_ms=self.rooms.since_ms(view.leg_t0),
            )
        )

    def state(self, view: CallView) -> None:
        """Say where a call stands, to a page that has just come."""
        if view.state in WAITING:
            self.waiting(view, Place(view.position or 1, view.nobody))
            self.ways(view)
        if view.call_back:
            self.connection.send(protocol.CalledBackLater(call=view.call))
            if view.state is CallState.CONNECTING:
                self.summoned(view, None)
        elif view.state is CallState.OFFERED:
            self.connection.send(protocol.AgentFound(call=view.call))
        elif view.state is CallState.CONNECTING:
            self.connecting(view)
        elif view.state is CallState.ANSWERED:
            self.in_call(view)

    def stands_at(self, view: CallView, place: Place) -> None:
        """Say a place that is another than before."""
        if place != self.place:
            self.waiting(view, place)

    def waiting(self, view: CallView, place: Place) -> None:
        """Say the place in the queue and the rest of the wait."""
        self.place = place
        self.connection.send(
            protocol.Waiting(
                call=view.call,
                position=place.position,
                waited_ms=self.rooms.since_ms(view.leg_t0),
                nobody=place.nobody,
                low_s=_seconds(place.low),
                high_s=_seconds(place.high),
            )
        )

    def ways(self, view: CallView) -> None:
        """Say which other ways out of the wait are open, if any is."""
        ways = view.ways - self._closed_ways(view)
        if ways:
            open_ways = tuple(sorted(ways))
            self.connection.send(
                protocol.OverflowOffered(call=view.call, ways=open_ways)
            )

    def _closed_ways(self, view: CallView) -> frozenset[Overflow]:
        """A video message needs the company's own page for it."""
        service = self.rooms.catalogue.service(view.service)
        if service is None or service.video_message_url is None:
            return frozenset({Overflow.VIDEO_MESSAGE})
        return frozenset()

    def connecting(self, view: CallView) -> None:
        """Say who has accepted."""
        name = view.agent_name or ""
        self.connection.send(protocol.Connecting(call=view.call, name=name))

    def summoned(self, view: CallView, expires_at: float | None) -> None:
        """Ring: an agent calls back; a page that has just come is not told how long."""
        self.connection.send(
            protocol.Summoned(
                call=view.call,
                name=view.agent_name or "",
                expires_ms=None
                if expires_at is None
                else max(0, -self.rooms.signed_ms(expires_at)),
            )
        )

    def in_call(self, view: CallView) -> None:
        """Say that the clock has stopped."""
        if view.t1 is not None:
            self.connection.send(
                protocol.InCall(
                    call=view.call,
                    name=view.agent_name or "",
                    talk_ms=self.rooms.since_ms(view.t1),
                )
            )

    def requeued(self, view: CallView, reason: str) -> None:
        """Say that the call is without this agent again, and why."""
        self.place = None
        self.connection.send(
            protocol.Requeued(
                call=view.call,
                reason=reason,
                waited_ms=self.rooms.since_ms(view.leg_t0),
            )
        )

    def ended(self, view: CallView, event: Ended) -> None:
        """Say that the call is over, with a word for the same agent."""
        self.connection.send(
            self.rooms.ended(
                view.call,
                event.reason,
                view.t0,
                event.t1,
                again=self._again(view, event.agent) if event.t1 else None,
            )
        )

    def _again(self, view: CallView, agent: AgentId | None) -> str | None:
        if agent is None:
            return None
        return regulars.word_for(
            agent,
            service=view.service,
            secret=self.rooms.settings.ticket_secret,
            now=self.rooms.clock(),
        )


def _seconds(seconds: float | None) -> int | None:
    return None if seconds is None else max(0, round(seconds))


def end_of(view: CallView, reason: EndReason) -> Ended:
    """Read off a view what an event would have told."""
    return Ended(
        call=view.call, agent=view.agent, reason=reason, t0=view.t0, t1=view.t1
    )
