"""A caller's socket: from *Appeler* to the end, with the ticket in between."""

import secrets
from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from queueing import messages as queue
from queueing.errors import FailedError, RefusedError
from queueing.model import (
    CallId,
    CallState,
    CallView,
    CompanyId,
    EndReason,
    RelayId,
    RequeueReason,
    ServiceId,
    Side,
)
from relay import messages as relay
from signaling import protocol
from signaling.caller_clock import CallerClock
from signaling.coming_back import TALKING, as_caller, by_ticket, claims_of
from signaling.connection import Allowance, Connection
from signaling.errors import (
    AlreadyInCallError,
    BadMessageError,
    NotForYouError,
    TooFastError,
    UnknownCallError,
    UnknownServiceError,
)
from signaling.events import (
    DeliveredOverdue,
    Drain,
    EdgeEvent,
    Place,
    RelayBack,
    SessionCheck,
)
from signaling.participant import (
    CALLER,
    FULL_KBPS,
    WAITING_KBPS,
    Participant,
    insist,
)
from signaling.protocol import Presence, Speaker
from signaling.requests import request_id
from signaling.rooms import Rooms
from signaling.tickets import sign, verify

PARIS: Final = ZoneInfo("Europe/Paris")

REQUEST_BURST: Final = 5
REQUEST_RATE: Final = 0.2
"""Calls that one socket may ask for at once, and a second after that."""


class CallerSession:
    """Acts for one caller; its connection feeds it one item at a time."""

    def __init__(self, connection: Connection, rooms: Rooms) -> None:
        self._rooms = rooms
        self._send = connection.send
        self._connection = connection
        self._person = Participant(connection, rooms, relay.Role.CALLER, CALLER)
        self._place: Place | None = None
        self._clock = CallerClock(connection, rooms, self._person)
        self._requests = Allowance(REQUEST_BURST, REQUEST_RATE, rooms.clock())
        self._told_closed = False
        self._rateable: CallView | None = None

    @property
    def _call(self) -> CallView | None:
        return self._person.call

    async def opened(self) -> None:
        """Wait for the caller."""

    async def message(self, message: protocol.ClientMessage) -> None:  # noqa: C901  one case a message
        """Act on a message of the caller's page."""
        match message:
            case protocol.CallRequest():
                await self._request(message)
            case protocol.Resume():
                await self._resume(message)
            case protocol.LegOffer():
                await self._person.shared(message)
                await self._person.pace(self._kbps())
            case (
                protocol.Text()
                | protocol.Attention()
                | protocol.Visibility()
                | protocol.EyeConsent()
            ):
                await self._person.shared(message)
            case protocol.FirstFrame() | protocol.TextShown():
                await self._clock.page_saw(message)
            case protocol.BlankFrame():
                self._clock.page_saw_nothing(message)
            case protocol.HangUp():
                await self._hang_up(message)
            case protocol.Rate():
                await self._rate(message)
            case (
                protocol.AgentReady()
                | protocol.AgentAway()
                | protocol.Accept()
                | protocol.Refuse()
                | protocol.WrapUpDone()
            ):
                raise NotForYouError
            case protocol.Hello() | protocol.Ping():
                raise BadMessageError
            case _:
                assert_never(message)

    async def event(self, event: EdgeEvent) -> None:  # noqa: C901  one case an event
        """Act on an event of the queue, the call's relay or this process."""
        match event:
            case Place():
                self._stands_at(event)
            case DeliveredOverdue():
                await self._clock.delivered(event)
            case Drain():
                await self._connection.close(1012, "restart")
            case SessionCheck():
                pass
            case RelayBack():
                await self._person.relay_back(event)
            case queue.Resync():
                try:
                    await self._resync()
                finally:
                    self._rooms.roll_call.here(self._connection)
            case relay.KeyFrameForwarded() | relay.KeyFrameDelivered():
                await self._clock.key_frame(event)
            case _ if isinstance(event, relay.Event):
                if isinstance(event, relay.Content):
                    self._clock.hear(event)
                await self._person.relayed(event)
            case _:
                await self._queued_event(event)

    async def left(self) -> None:
        """Keep the place: the caller may come back with the ticket."""
        call = self._call
        self._person.leave()
        if call is not None:
            await insist(
                lambda: self._rooms.queue.caller_lost(
                    call=call.call,
                    connection=self._connection.name,
                    request=request_id(call.call, self._connection.name, "lost"),
                )
            )

    # ------------------------------------------------------------ the page asks

    async def _request(self, asked: protocol.CallRequest) -> None:
        if self._call is not None:
            raise AlreadyInCallError
        if not self._requests.take(self._rooms.clock()):
            raise TooFastError
        service = self._rooms.catalogue.service(asked.service)
        if service is None:
            raise UnknownServiceError
        now = datetime.fromtimestamp(self._rooms.clock(), PARIS)
        if not service.hours.is_open(now):
            await self._closed(asked, now)
            return
        view = await self._rooms.queue.enqueue(
            call=CallId(secrets.token_hex(16)),
            service=asked.service,
            topic=asked.topic,
            mode=asked.mode,
            relay=RelayId(self._rooms.place_call()),
            connection=self._connection.name,
            request=request_id("enqueue", asked.request),
        )
        if view.connection != self._connection.name:  # asked before, on a lost socket
            view = await self._take_up(view.call, asked.request)
        self._person.eye = asked.eye
        await self._admit(view, asked.request)

    async def _closed(self, asked: protocol.CallRequest, now: datetime) -> None:
        service = self._rooms.catalogue.service(asked.service)
        if service is None:
            raise UnknownServiceError
        opens = service.hours.next_opening(now)
        self._send(
            protocol.Closed(
                service=service.id,
                opens_at=opens.astimezone(PARIS).isoformat() if opens else None,
            )
        )
        if self._told_closed:
            return
        self._told_closed = True
        await self._rooms.queue.note(
            kind="call_closed",
            company=CompanyId(service.company),
            service=ServiceId(service.id),
            call=None,
            facts={},
            request=request_id("closed", asked.request),
        )

    async def _resume(self, asked: protocol.Resume) -> None:
        if self._call is not None:
            raise AlreadyInCallError
        claims = verify(
            asked.ticket,
            secret=self._rooms.settings.ticket_secret,
            now=self._rooms.clock(),
        )
        view = await by_ticket(
            self._rooms,
            claims,
            connection=self._connection.name,
            request=request_id("resume", self._connection.name, asked.request),
        )
        await self._admit(view, asked.request)

    async def _take_up(self, call: CallId, request: str) -> CallView:
        """Be the newest connection of a live call."""
        return await self._rooms.queue.resume(
            call=call,
            connection=self._connection.name,
            request=request_id("resume", self._connection.name, request),
        )

    async def _admit(self, view: CallView, request: str) -> None:
        self._person.enter(view)
        self._clock.start()
        self._place = None
        self._send(
            protocol.Ticket(
                request=request,
                call=view.call,
                ticket=sign(claims_of(view), secret=self._rooms.settings.ticket_secret),
                mode=view.mode,
                eye=self._person.eye,
                waited_ms=self._rooms.since_ms(view.t0),
            )
        )
        self._say_state(view)
        await self._person.claim()

    async def _hang_up(self, asked: protocol.HangUp) -> None:
        call = self._person.their_call(asked.call)
        await self._rooms.queue.hang_up(
            call=call.call,
            by=Side.CALLER,
            request=request_id(call.call, "caller", "hang_up"),
        )

    async def _rate(self, asked: protocol.Rate) -> None:
        call = self._rateable
        if call is None or call.call != asked.call:
            raise UnknownCallError
        self._rateable = None
        await self._rooms.queue.note(
            kind="call_rated",
            company=call.company,
            service=call.service,
            call=call.call,
            facts={"face": asked.face},
            request=request_id(call.call, "rated"),
        )

    # ----------------------------------------------------------- the rooms tell

    async def _queued_event(self, event: queue.QueueEvent) -> None:  # noqa: C901  one case an event
        call = self._call
        if call is None or getattr(event, "call", None) != call.call:
            return
        self._person.heard(event.version)
        match event:
            case queue.Accepted(token=token) if (
                token == call.token and call.state in TALKING
            ):
                pass  # the other side brought back what this one never lost
            case queue.CallRinging():
                self._person.moved(state=CallState.OFFERED)
                self._send(protocol.AgentFound(call=call.call))
                await self._person.pace(FULL_KBPS)
            case queue.Accepted(agent=agent, token=token, agent_name=name):
                self._person.moved(
                    state=CallState.CONNECTING,
                    agent=agent,
                    token=token,
                    agent_name=name,
                )
                self._send(protocol.Connecting(call=call.call, name=name))
                await self._person.connect_both(agent)
                await self._clock.try_to_stop()
            case queue.Answered(t1=t1, evidence=evidence):
                self._person.moved(state=CallState.ANSWERED, t1=t1, evidence=evidence)
                self._say_in_call()
            case queue.OfferEnded():
                self._person.moved(state=CallState.QUEUED)
            case queue.Requeued(reason=reason):
                await self._person.disconnect()
                self._requeued(call, reason)
                await self._person.pace(WAITING_KBPS)
            case queue.AgentLost():
                self._person.tell_presence(Speaker.AGENT, Presence.RECONNECTING)
            case queue.AgentBack():
                self._person.tell_presence(Speaker.AGENT, Presence.HERE)
            case queue.Ended():
                self._ended(call, event.reason, event.t1)
            case queue.Superseded(connection=loser):
                await self._superseded(loser)
            case _:
                pass

    def _requeued(self, call: CallView, reason: str) -> None:
        self._clock.start()
        self._place = None
        self._person.moved(
            state=CallState.QUEUED, agent=None, agent_name=None, token=None
        )
        self._send(protocol.Requeued(call=call.call, reason=reason))

    def _ended(self, call: CallView, reason: EndReason, t1: float | None) -> None:
        self._person.leave()
        self._rateable = call if t1 is not None else None
        self._send(self._rooms.ended(call.call, reason, call.t0, t1))

    async def _superseded(self, loser: str) -> None:
        if loser != self._connection.name:
            return
        self._person.leave()
        await self._connection.supersede()

    async def _resync(self) -> None:
        """Events may be missing, or the queue's last second: present the caller again."""
        call = self._call
        if call is None:
            return
        try:
            view = await self._rooms.queue.view(call.call)
            if view is not None and not self._person.forgot(view):
                if view.connection not in {None, self._connection.name}:
                    await self._superseded(self._connection.name)
                    return
                if view.end_reason is not None:
                    self._ended(view, view.end_reason, view.t1)
                    return
            view = await as_caller(self._rooms, call, connection=self._connection.name)
        except (RefusedError, FailedError):
            self._connection.abort()  # the page comes back with its ticket
            return
        await self._stands_again(call, view)

    async def _stands_again(self, call: CallView, view: CallView) -> None:
        """Go on from what the queue says now."""
        if call.state in TALKING and view.state not in TALKING:
            await self._person.disconnect()
            self._requeued(call, RequeueReason.AGENT_LOST)
        if view.token != call.token:
            self._clock.start()
        self._person.enter(view)
        self._say_state(view)
        await self._person.claim()

    def _stands_at(self, place: Place) -> None:
        call = self._call
        if call is None or call.state is not CallState.QUEUED or place == self._place:
            return
        self._place = place
        self._say_waiting(call, place)

    # ------------------------------------------------------------ the page is told

    def _say_state(self, view: CallView) -> None:
        if view.state in {CallState.QUEUED, CallState.OFFERED, CallState.LOST}:
            place = Place(view.position or 1, view.nobody)
            self._place = place
            self._say_waiting(view, place)
        if view.state is CallState.OFFERED:
            self._send(protocol.AgentFound(call=view.call))
        if view.state is CallState.CONNECTING:
            self._send(protocol.Connecting(call=view.call, name=view.agent_name or ""))
        if view.state is CallState.ANSWERED:
            self._say_in_call()

    def _say_waiting(self, view: CallView, place: Place) -> None:
        self._send(
            protocol.Waiting(
                call=view.call,
                position=place.position,
                waited_ms=self._rooms.since_ms(view.t0),
                nobody=place.nobody,
            )
        )

    def _say_in_call(self) -> None:
        call = self._call
        if call is not None and call.t1 is not None:
            self._send(
                protocol.InCall(
                    call=call.call,
                    name=call.agent_name or "",
                    talk_ms=self._rooms.since_ms(call.t1),
                )
            )

    def _kbps(self) -> int:
        call = self._call
        waits = call is None or call.state in {CallState.QUEUED, CallState.LOST}
        return WAITING_KBPS if waits else FULL_KBPS
