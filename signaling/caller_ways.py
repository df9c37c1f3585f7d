"""What a caller may do besides waiting and talking: leave another way, ask anew."""

from queueing.model import CallView, Mode
from signaling import protocol
from signaling.errors import UnknownCallError
from signaling.participant import Participant
from signaling.requests import request_id
from signaling.rooms import Rooms


class CallerWays:
    """Acts for one caller; the queue knows what was offered and what is possible."""

    def __init__(self, rooms: Rooms, person: Participant) -> None:
        self._rooms = rooms
        self._person = person
        self.rateable: CallView | None = None
        """The answered call that has just ended."""

    async def leave(self, asked: protocol.LeaveAnotherWay) -> CallView:
        """Take another way out of the wait; who goes is filmed no longer.

        Raises:
            UnknownCallError: the call is not this socket's.

        """
        call = self._person.their_call(asked.call)
        view = await self._rooms.queue.leave_another_way(
            call=call.call,
            way=asked.way,
            request=request_id(call.call, "leave", asked.request),
        )
        if call.mode is Mode.VIDEO:
            await self._rooms.relay(call.relay).close_leg(
                call=call.call, participant=self._person.name
            )
        return view

    async def not_understood(self, asked: protocol.NotUnderstood) -> None:
        """Ask for another agent, in first place; the page hears `requeued`.

        Raises:
            UnknownCallError: the call is not this socket's.

        """
        call = self._person.their_call(asked.call)
        await self._rooms.queue.not_understood(
            call=call.call,
            request=request_id(call.call, "not_understood", asked.request),
        )

    async def rate(self, asked: protocol.Rate) -> None:
        """Note one of the three faces, once.

        Raises:
            UnknownCallError: no answered call of this socket has just ended, or it was
                rated.

        """
        call, self.rateable = self.rateable, None
        if call is None or call.call != asked.call:
            raise UnknownCallError
        await self._rooms.queue.note(
            kind="call_rated",
            company=call.company,
            service=call.service,
            call=call.call,
            facts={"face": asked.face},
            request=request_id(call.call, "rated"),
        )
