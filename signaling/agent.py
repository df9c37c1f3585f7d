"""An agent's socket: away, ready, ringing, in a call, wrap-up."""

from typing import Final, assert_never

from accounts.model import Person
from queueing import messages as queue
from queueing.errors import FailedError as QueueFailedError
from queueing.errors import RefusedError as QueueRefusedError
from queueing.model import (
    AgentId,
    AgentState,
    AgentView,
    CallId,
    CallState,
    CallView,
    Mode,
    OfferReason,
    RequestId,
    Side,
)
from relay import messages as relay
from signaling import protocol
from signaling.agent_told import AgentTold
from signaling.coming_back import as_agent, end_again
from signaling.connection import Connection
from signaling.errors import BadMessageError, NotForYouError
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
    FULL_KBPS,
    Participant,
    agent_participant,
    insist,
)
from signaling.protocol import Presence, Speaker
from signaling.requests import request_id
from signaling.rooms import Rooms
from signaling.transfer import Transfer

_WITH_CALLER: Final = frozenset({AgentState.CONNECTING, AgentState.IN_CALL})

Wish = (
    protocol.AgentReady | protocol.AgentAway | protocol.AgentBreak | protocol.WrapUpDone
)


Handover = (
    protocol.TransferChoices | protocol.TransferToService | protocol.TransferToAgent
)


class AgentSession:
    """Acts for one agent; its connection feeds it one item at a time."""

    def __init__(
        self, connection: Connection, rooms: Rooms, person: Person, session: str
    ) -> None:
        self._rooms = rooms
        self._session = session
        self._connection = connection
        self._agent = AgentId(person.id)
        self._word: AgentState | None = None  # where they are or wish to be next
        self._version = 0  # how new that is
        self._told = AgentTold(connection, rooms)
        self._transfer = Transfer(rooms, self._agent)
        self._person = Participant(
            connection, rooms, relay.Role.AGENT, agent_participant(person.id)
        )
        self._moves = Moves(connection, rooms, self._person)

    @property
    def _call(self) -> CallView | None:
        return self._person.call

    async def opened(self) -> None:
        """Take the agent's place over, and show where they stand."""
        others = self._rooms.switchboard.sign_in(self._agent, self._connection)
        try:
            view = await self._rooms.queue.agent_connected(
                agent=self._agent,
                connection=self._connection.name,
                request=request_id(self._agent, self._connection.name, "connected"),
            )
        except Exception:
            # the connection blames and logs it; the console comes back by itself, if only
            # because the queue has yet to hear of a new agent
            self._stand_back()
            self._connection.abort()
            raise
        for each in others:
            await each.supersede()
        await self._sit_down(view)
        self._rooms.sessions.watch(self._connection, self._session)

    async def message(self, message: protocol.ClientMessage) -> None:  # noqa: C901  one case a message
        """Act on a message of the console."""
        match message:
            case (
                protocol.AgentReady()
                | protocol.AgentAway()
                | protocol.AgentBreak()
                | protocol.WrapUpDone()
            ):
                await self._be(message)
            case protocol.Accept() | protocol.Refuse():
                await self._reply(message)
            case (
                protocol.TransferChoices()
                | protocol.TransferToService()
                | protocol.TransferToAgent()
            ):
                await self._hand_over(message)
            case protocol.LegOffer():
                await self._moves.carry(message)
                await self._person.pace(FULL_KBPS)
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
            case protocol.HangUp():
                await self._hang_up(message)
            case (
                protocol.CallRequest()
                | protocol.Resume()
                | protocol.FirstFrame()
                | protocol.BlankFrame()
                | protocol.TextShown()
                | protocol.LeaveAnotherWay()
                | protocol.ComeBack()
                | protocol.NotUnderstood()
                | protocol.Rate()
            ):
                raise NotForYouError
            case protocol.Hello() | protocol.Ping():
                raise BadMessageError
            case _:
                assert_never(message)

    async def event(self, event: EdgeEvent) -> None:
        """Act on an event of the queue, the call's relay or this process."""
        match event:
            case Place() | DeliveredOverdue():
                pass
            case Drain():
                await self._connection.close(1012, "restart")
            case SessionOver():
                await self._sign_out()
            case RelayBack():
                await self._person.relay_back(event)
            case RelayDoubt():
                await self._moves.doubt(event)
            case queue.Resync():
                try:
                    await self._resync()
                finally:
                    self._rooms.roll_call.here(self._connection)
            case _ if isinstance(event, relay.Event):
                await self._person.relayed(event)
            case _:
                await self._queue_event(event)

    async def left(self) -> None:
        """Give the offer back; in a call the caller waits a moment for the agent."""
        self._rooms.sessions.forget(self._connection)
        self._person.leave()
        # told even by a console that could not sit down: the queue may think it did
        await insist(
            lambda: self._rooms.queue.agent_lost(
                agent=self._agent,
                connection=self._connection.name,
                request=request_id(self._agent, self._connection.name, "lost"),
            )
        )

    def _own(self, request: str) -> RequestId:
        """Keep an agent's request ids apart from everybody else's."""
        return request_id(self._agent, request)

    async def _be(self, message: Wish) -> None:
        """Be ready, away, on a break: now, or when the call is over."""
        queue_, agent = self._rooms.queue, self._agent
        request = self._own(message.request)
        match message:
            case protocol.AgentReady():
                await queue_.agent_ready(agent=agent, request=request)
            case protocol.AgentAway():
                await queue_.agent_away(agent=agent, request=request)
            case protocol.AgentBreak():
                await queue_.agent_break(agent=agent, request=request)
            case protocol.WrapUpDone(ready=ready):
                await queue_.wrap_up_done(agent=agent, ready=ready, request=request)
            case _:
                assert_never(message)

    async def _reply(self, message: protocol.Accept | protocol.Refuse) -> None:
        """Take the ringing call, or pass it on."""
        accepts = isinstance(message, protocol.Accept)
        answer = self._rooms.queue.accept if accepts else self._rooms.queue.refuse
        await answer(
            agent=self._agent,
            call=message.call,
            token=message.token,
            request=self._own(message.request),
        )

    async def _hand_over(self, message: Handover) -> None:
        """Say where the call could go, or let it go there."""
        call = self._person.their_call(message.call)
        match message:
            case protocol.TransferChoices():
                self._connection.send(await self._transfer.choices(call))
            case protocol.TransferToService():
                await self._transfer.to_service(call, message)
            case protocol.TransferToAgent():
                await self._transfer.to_agent(call, message)
            case _:
                assert_never(message)

    async def _hang_up(self, asked: protocol.HangUp) -> None:
        call = self._person.their_call(asked.call)
        await self._rooms.queue.hang_up(
            call=call.call,
            by=Side.AGENT,
            agent=self._agent,
            token=call.token,
            difficult=asked.difficult,
            request=request_id(call.call, self._agent, "hang_up"),
        )

    def _stand_back(self) -> None:
        """Leave the agent to the console that was there; it has missed what came here."""
        heir = self._rooms.switchboard.sign_out(self._agent, self._connection)
        if heir is not None:
            heir.post(queue.Resync())

    async def _back_in_call(self, call: CallId) -> None:
        view = await self._rooms.queue.view(call)
        if view is None or view.token is None:
            return
        self._person.enter(view)
        self._told.call(view, view.token)
        if not await self._moves.look():
            await self._person.connect_both(self._agent)

    async def _queue_event(self, event: queue.QueueEvent) -> None:
        match event:
            case queue.Offered():
                await self._ring(event.call, event.token, event.expires_at, event.why)
            case queue.AgentChanged(agent=agent) if agent == self._agent:
                self._word, self._version = event.wish or event.state, event.version
                self._told.state(event)
            case queue.Superseded(agent=agent, connection=loser):
                if agent == self._agent and loser == self._connection.name:
                    self._person.leave()
                    await self._connection.supersede()
            case _:
                await self._call_event(event)

    async def _sit_down(self, view: AgentView) -> None:
        """Show a console that has just come where its agent stands."""
        self._word, self._version = view.wish or view.state, view.version
        if view.call is not None and view.state in _WITH_CALLER:
            await self._back_in_call(view.call)
        elif view.call is not None and view.state is AgentState.OFFERED:
            await self._ring(view.call, view.token, view.until, None)
        self._told.state(view)

    async def _sign_out(self) -> None:
        """Close a console whose session is over or was revoked."""
        await self._rooms.queue.agent_offline(
            agent=self._agent,
            request=request_id(self._agent, self._connection.name, "offline"),
        )
        await self._connection.sign_out()

    async def _ring(
        self,
        call: CallId,
        token: int | None,
        expires_at: float | None,
        why: OfferReason | None,
    ) -> None:
        """Show who calls; a console that has just come has not heard why, the call knows."""
        view = await self._rooms.queue.view(call)
        if view is None or token is None or view.token != token:
            return
        self._person.enter(view)
        reason = why or view.why or OfferReason.FIRST_OFFER
        self._told.offer(view, token, expires_at, reason)

    async def _call_event(self, event: queue.QueueEvent) -> None:  # noqa: C901  one case an event
        call = self._call
        if call is None or getattr(event, "call", None) != call.call:
            return
        self._person.heard(event.version)
        match event:
            case queue.OfferEnded(token=token, how=how) if token == call.token:
                self._told.offer_ended(call, token, how)
                await self._quit(call)
            case queue.Accepted(token=token) if token == call.token:
                self._person.moved(state=CallState.CONNECTING)
                await self._person.connect_both(self._agent)
            case queue.Answered(t1=t1, evidence=evidence):
                self._person.moved(state=CallState.ANSWERED, t1=t1, evidence=evidence)
            case queue.Requeued(reason=reason):
                self._told.offer_ended(call, call.token or 1, reason)
                await self._quit(call)
            case queue.CallMoved():
                await self._moves.follow(event)
            case queue.CallerLost():
                self._person.tell_presence(Speaker.CALLER, Presence.RECONNECTING)
            case queue.CallerBack():
                self._person.moved(call_back=False)
                self._person.tell_presence(Speaker.CALLER, Presence.HERE)
            case queue.Ended():
                self._connection.send(
                    self._rooms.ended(call.call, event.reason, event.t0, event.t1)
                )
                await self._quit(call)
            case _:
                pass

    async def _quit(self, call: CallView) -> None:
        self._person.leave()
        if call.mode == Mode.VIDEO:
            await self._rooms.relay(call.relay).close_leg(
                call=call.call, participant=self._person.name
            )

    async def _resync(self) -> None:
        """Events may be missing, or the queue's last second: sit down again."""
        try:
            known = await self._rooms.queue.agent_view(self._agent)
            forgot = known is None or known.version < self._version
            own = {None, self._connection.name}
            if known and known.connection not in own and not forgot:
                self._person.leave()
                await self._connection.supersede()
                return
            ended = self._rooms.ends.of(known.call) if known else None
            if ended is not None:
                await end_again(self._rooms, self._agent, ended)
            view = await as_agent(
                self._rooms,
                self._agent,
                self._call,
                self._word if forgot else None,
                connection=self._connection.name,
            )
        except Exception as error:
            self._connection.abort()  # the console comes back by itself
            if isinstance(error, QueueFailedError | QueueRefusedError):
                return
            raise
        if self._call is not None and view.call != self._call.call:
            await self._quit(self._call)
        await self._sit_down(view)
