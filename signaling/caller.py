"""A caller's socket: from *Appeler* to the end, with the ticket in between."""

from typing import Final, assert_never

from queueing import messages as queue
from queueing.errors import FailedError, RefusedError
from queueing.errors import UnknownCallError as QueueUnknownCallError
from queueing.model import (
    CallState,
    CallView,
    RequeueReason,
    Side,
)
from relay import messages as relay
from signaling import protocol
from signaling.admission import Admission
from signaling.caller_clock import CallerClock
from signaling.caller_told import CallerTold, end_of
from signaling.caller_ways import CallerWays
from signaling.coming_back import TALKING
from signaling.connection import Allowance, Connection
from signaling.errors import (
    AlreadyInCallError,
    BadMessageError,
    NotForYouError,
    TooFastError,
)
from signaling.events import (
    DeliveredOverdue,
    Drain,
    EdgeEvent,
    Place,
    RelayBack,
    RelayDoubt,
    SessionOver,
)
from signaling.moves import Moves
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

REQUEST_BURST: Final = 5
REQUEST_RATE: Final = 0.2
"""Calls that one socket may ask for at once, and a second after that."""

NEW_CLOCK: Final = frozenset({RequeueReason.TRANSFERRED, RequeueReason.NOT_UNDERSTOOD})
"""Why a call went back with a clock of its own (rules)."""

Choice = (
    protocol.LeaveAnotherWay
    | protocol.ComeBack
    | protocol.NotUnderstood
    | protocol.HangUp
    | protocol.Rate
)


class CallerSession:
    """Acts for one caller; its connection feeds it one item at a time."""

    def __init__(self, connection: Connection, rooms: Rooms) -> None:
        self._rooms = rooms
        self._connection = connection
        self._person = Participant(connection, rooms, relay.Role.CALLER, CALLER)
        self._clock = CallerClock(connection, rooms, self._person)
        self._told = CallerTold(connection, rooms)
        self._admission = Admission(rooms, connection)
        self._ways = CallerWays(rooms, self._person)
        self._moves = Moves(connection, rooms, self._person, self._sign_again)
        self._requests = Allowance(REQUEST_BURST, REQUEST_RATE, rooms.clock())

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
                await self._moves.carry(message)
                await self._person.pace(self._kbps())
            case protocol.MediaLost():
                await self._moves.media_lost(message)
            case (
                protocol.LegWish()
                | protocol.Text()
                | protocol.Attention()
                | protocol.Visibility()
                | protocol.EyeConsent()
            ):
                await self._moves.carry(message)
            case protocol.FirstFrame() | protocol.TextShown():
                await self._clock.page_saw(message)
            case protocol.BlankFrame():
                self._clock.page_saw_nothing(message)
            case (
                protocol.LeaveAnotherWay()
                | protocol.ComeBack()
                | protocol.NotUnderstood()
                | protocol.HangUp()
                | protocol.Rate()
            ):
                await self._choose(message)
            case (
                protocol.AgentReady()
                | protocol.AgentAway()
                | protocol.AgentBreak()
                | protocol.Accept()
                | protocol.Refuse()
                | protocol.WrapUpDone()
                | protocol.TransferChoices()
                | protocol.TransferToService()
                | protocol.TransferToAgent()
            ):
                raise NotForYouError
            case protocol.Hello() | protocol.Ping():
                raise BadMessageError
            case _:
                assert_never(message)

    async def _choose(self, message: Choice) -> None:
        """Act on a choice that the caller made about their call."""
        match message:
            case protocol.LeaveAnotherWay():
                view = await self._ways.leave(message)
                if view.end_reason is None:  # the end is an event of its own
                    await self._admit(view, message.request)
            case protocol.ComeBack():
                await self._come_back(message)
            case protocol.NotUnderstood():
                await self._ways.not_understood(message)
            case protocol.HangUp():
                await self._hang_up(message)
            case protocol.Rate():
                await self._ways.rate(message)
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
            case SessionOver():
                pass
            case RelayBack():
                await self._person.relay_back(event)
            case RelayDoubt():
                await self._moves.doubt(event)
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
        self._rooms.spool.left(self._connection.name)
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
        service, hours = self._admission.service(asked.service)
        if not hours.is_open:
            self._connection.send(
                protocol.Closed(
                    service=service.id, opens_at=hours.opens_at, reason=hours.reason
                )
            )
            await self._admission.note_closed(service, asked.request)
            return
        with self._rooms.switchboard.expecting(self._connection):
            view = await self._admission.enqueue(asked, service)
            self._person.eye = asked.eye
            await self._admit(view, asked.request)

    async def _resume(self, asked: protocol.Resume) -> None:
        if self._call is not None:
            raise AlreadyInCallError
        with self._rooms.switchboard.expecting(self._connection):
            await self._admit(await self._admission.resume(asked), asked.request)

    async def _come_back(self, asked: protocol.ComeBack) -> None:
        """Be there again after a call-back was asked for, or to answer it."""
        call = self._person.their_call(asked.call)
        with self._rooms.switchboard.expecting(self._connection):
            view = await self._admission.take_up(call.call, asked.request)
            await self._admit(view, asked.request)
        if view.state is CallState.CONNECTING and view.agent is not None:
            await self._person.connect_both(view.agent)

    async def _admit(self, view: CallView, request: str) -> None:
        self._person.enter(view)
        self._clock.start()
        self._told.ticket(
            view, self._admission.ticket(view), request=request, eye=self._person.eye
        )
        self._told.state(view)
        if not await self._moves.look():
            await self._person.claim()

    def _sign_again(self, view: CallView) -> None:
        """Give a new ticket: the old one says that the call is on another relay."""
        ticket = self._admission.ticket(view)
        self._told.ticket(view, ticket, request="", eye=self._person.eye)

    async def _hang_up(self, asked: protocol.HangUp) -> None:
        call = self._person.their_call(asked.call)
        try:
            await self._end(call)
        except QueueUnknownCallError:  # forgotten: it must be known to be over
            await self._resync()
            await self._end(call)

    async def _end(self, call: CallView) -> None:
        await self._rooms.queue.hang_up(
            call=call.call,
            by=Side.CALLER,
            request=request_id(call.call, "caller", "hang_up"),
        )

    # ----------------------------------------------------------- the rooms tell

    async def _queued_event(self, event: queue.QueueEvent) -> None:  # noqa: C901, PLR0912  one case an event
        call = self._call
        if call is None or getattr(event, "call", None) != call.call:
            return
        self._person.heard(event.version)
        match event:
            case queue.CallRinging():
                await self._ringing(call)
            case queue.Accepted():
                await self._accepted(call, event)
            case queue.Summoned(expires_at=expires_at):
                # it comes before the event that names the agent
                view = await self._rooms.queue.view(call.call)
                self._told.summoned(view or call, expires_at)
            case queue.OverflowOffered(ways=ways):
                self._person.moved(ways=ways)
                self._told.ways(self._person.their_call(call.call))
            case queue.Answered(t1=t1, evidence=evidence):
                self._person.moved(
                    state=CallState.ANSWERED, t1=t1, evidence=evidence, call_back=False
                )
                self._told.in_call(self._person.their_call(call.call))
            case queue.OfferEnded():
                self._person.moved(state=CallState.QUEUED)
            case queue.CallMoved():
                await self._moves.follow(event)
            case queue.Requeued(reason=reason):
                await self._person.disconnect()
                self._requeued(call, reason)
                await self._person.pace(WAITING_KBPS)
            case queue.AgentLost() | queue.AgentBack():
                is_back = isinstance(event, queue.AgentBack)
                presence = Presence.HERE if is_back else Presence.RECONNECTING
                self._person.tell_presence(Speaker.AGENT, presence)
            case queue.Ended():
                self._ended(call, event)
            case queue.Superseded(connection=loser):
                await self._superseded(loser)
            case _:
                pass

    async def _ringing(self, call: CallView) -> None:
        self._person.moved(state=CallState.OFFERED)
        if call.call_back:
            return  # the page rings once somebody has accepted
        self._connection.send(protocol.AgentFound(call=call.call))
        await self._person.pace(FULL_KBPS)

    async def _accepted(self, call: CallView, event: queue.Accepted) -> None:
        if event.token == call.token and call.state in TALKING:
            return  # the other side brought back what this one never lost
        self._person.moved(
            state=CallState.CONNECTING,
            agent=event.agent,
            token=event.token,
            agent_name=event.agent_name,
        )
        if event.call_back:
            return  # the caller has yet to come
        self._told.connecting(self._person.their_call(event.call))
        await self._person.connect_both(event.agent)
        await self._clock.try_to_stop()

    def _requeued(self, call: CallView, reason: RequeueReason) -> None:
        self._clock.start()
        begins = self._rooms.clock() if reason in NEW_CLOCK else call.leg_t0
        self._person.moved(
            state=CallState.QUEUED,
            agent=None,
            agent_name=None,
            token=None,
            leg_t0=begins,
            ways=frozenset() if reason in NEW_CLOCK else call.ways,
        )
        self._told.requeued(self._person.their_call(call.call), reason)

    def _ended(self, call: CallView, event: queue.Ended) -> None:
        self._person.leave()
        self._ways.rateable = call if event.t1 is not None else None
        self._told.ended(call, event)

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
                    self._ended(view, end_of(view, view.end_reason))
                    return
            view = await self._admission.present(call)
        except Exception as error:
            self._connection.abort()  # the page comes back with its ticket
            if isinstance(error, RefusedError | FailedError):
                return
            raise
        await self._stands_again(call, view)

    async def _stands_again(self, call: CallView, view: CallView) -> None:
        """Go on from what the queue says now."""
        if call.state in TALKING and view.state not in TALKING:
            await self._person.disconnect()
            self._requeued(call, RequeueReason.AGENT_LOST)
        if view.token != call.token:
            self._clock.start()
        self._person.enter(view)
        self._told.state(view)
        if not await self._moves.look():
            await self._person.claim()

    def _stands_at(self, place: Place) -> None:
        call = self._call
        if call is not None and call.state is CallState.QUEUED:
            self._told.stands_at(call, place)

    def _kbps(self) -> int:
        call = self._call
        waits = call is None or call.state in {CallState.QUEUED, CallState.LOST}
        return WAITING_KBPS if waits else FULL_KBPS
