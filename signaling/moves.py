"""Keeps one person's call on a relay that lives: looks, moves it, follows it."""

from collections.abc import Callable
from typing import Final

import structlog

from queueing import messages as queue
from queueing.errors import FailedError as QueueFailedError
from queueing.errors import RefusedError as QueueRefusedError
from queueing.model import CallView, Mode, RelayId
from relay.errors import DrainingError, FullError
from relay.errors import FailedError as RelayFailedError
from signaling import protocol
from signaling.connection import Connection
from signaling.events import RelayDoubt
from signaling.moving import Doubt, must_move
from signaling.participant import Participant, Shared
from signaling.protocol import LegWhy
from signaling.requests import request_id
from signaling.rooms import Rooms

LOOK_AGAIN: Final = 0.5
"""Seconds between two looks at a relay that does not answer, or is the only one."""

log = structlog.get_logger(__name__)


class Moves:
    """What one session does when its call's relay dies, vanishes or ends.

    Both people's sessions do the same: whoever comes first moves the call, the other one
    hears where it is. ``moved`` is told of each new relay.
    """

    def __init__(
        self,
        connection: Connection,
        rooms: Rooms,
        person: Participant,
        moved: Callable[[CallView], None] = lambda _: None,
    ) -> None:
        self._connection = connection
        self._rooms = rooms
        self._person = person
        self._moved = moved
        self._looks_again = False
        self._nowhere: str | None = None  # the relay that there is none instead of

    async def carry(self, message: Shared) -> None:
        """Act on a message; a relay that does not take it may have to be left.

        Words find their way to the next one; of a leg the page hears that it is lost.
        """
        call = self._person.their_call(message.call)
        try:
            await self._person.shared(message)
        except (RelayFailedError, DrainingError):
            moved = await self.look(is_silent=call.mode is Mode.TEXT)
            if not moved or isinstance(message, protocol.LegOffer):
                raise
            await self._person.shared(message)
        except FullError:  # the page hears of the move, and makes another leg
            if not await self._find_room(call):
                raise

    async def media_lost(self, report: protocol.MediaLost) -> None:
        """Take the page's word that nothing arrives, and look whether the relay lives."""
        call = self._person.their_call(report.call)
        if report.leg == self._person.leg:
            await self.look(is_silent=True)
        else:  # the call's relay does not know this leg
            self._connection.send(
                protocol.LegLost(call=call.call, leg=report.leg, why=LegWhy.RELAY_GONE)
            )

    async def doubt(self, event: RelayDoubt) -> None:
        """Something speaks against a relay: look, if it is the call's."""
        if event.again:
            self._looks_again = False
        call = self._person.call
        if call is not None and call.relay == event.relay:
            await self.look(in_turn=event.again)

    async def follow(self, event: queue.CallMoved) -> None:
        """Bring this person to the relay that the call was moved to."""
        if event.version >= self._person.version:
            await self._go(event.relay)

    async def look(self, *, is_silent: bool = False, in_turn: bool = True) -> bool:
        """Move the call if its relay must be left; says whether it is elsewhere now."""
        call = self._person.call
        if call is None:
            return False
        why = must_move(await self._doubt(call, is_silent=is_silent))
        if why is None:
            if self._rooms.relay(call.relay).load is None:
                self._look_again(LOOK_AGAIN)
            else:
                self._nowhere = None
            return False
        if why is LegWhy.RELAY_LEAVES and not in_turn:
            self._look_again(self._rooms.turns.wait(self._rooms.clock()))
            return False
        return await self._leave(call, why)

    async def _doubt(self, call: CallView, *, is_silent: bool) -> Doubt:
        relay, has_media = self._rooms.relay(call.relay), call.mode is Mode.VIDEO
        is_in_doubt = is_silent or (not has_media and relay.lost_for is not None)
        return Doubt(
            is_mute=is_in_doubt and not await relay.is_alive(),
            is_gone=relay.is_gone,
            is_leaving=relay.load is not None and relay.load.draining,
            is_silent=is_silent,
            lost_for=relay.lost_for,
            has_media=has_media,
        )

    async def _find_room(self, call: CallView) -> bool:
        """Move a call away from a relay without a free port, to one that has some."""
        if not self._rooms.is_room_besides(call.relay):
            return False
        return await self._leave(call, LegWhy.RELAY_LEAVES)

    async def _leave(self, call: CallView, why: LegWhy) -> bool:
        to = self._rooms.relay_instead_of(call.relay)
        if to is None:
            self._stay(call, why)
            return False
        moment = self._rooms.clock()
        try:
            view = await self._rooms.queue.move_call(
                call=call.call,
                away_from=call.relay,
                to=RelayId(to),
                request=request_id("move", self._connection.name, to, moment),
            )
        except QueueFailedError:
            self._look_again(LOOK_AGAIN)
            return False
        except QueueRefusedError:
            return False  # it is over, or forgotten: the queue tells that by itself
        log.info("call moved", call=call.call, relay=view.relay, why=why)
        self._person.heard(view.version)
        await self._go(view.relay, why)
        return True

    async def _go(self, relay: RelayId, why: LegWhy | None = None) -> None:
        call = self._person.call
        if call is None or call.relay == relay:
            return
        self._nowhere = None
        self._person.change_relay(relay, why or self._why_left(call.relay))
        self._moved(self._person.their_call(call.call))
        try:
            await self._person.speak()
        except RelayFailedError:
            self._look_again(LOOK_AGAIN)

    def _why_left(self, relay: str) -> LegWhy:
        """Say why another process has taken the call away from a relay."""
        client = self._rooms.relays.get(relay)
        load = None if client is None else client.load
        is_leaving = load is not None and load.draining
        return LegWhy.RELAY_LEAVES if is_leaving else LegWhy.RELAY_GONE

    def _stay(self, call: CallView, why: LegWhy) -> None:
        """Nobody else can carry the call: say so once, and go on looking."""
        if why is LegWhy.RELAY_GONE and self._nowhere != call.relay:
            self._nowhere = call.relay
            self._person.lose_leg(LegWhy.NO_RELAY)
        self._look_again(LOOK_AGAIN)

    def _look_again(self, delay: float) -> None:
        call = self._person.call
        if call is None or self._looks_again:
            return
        self._looks_again = True
        self._connection.post_later(delay, RelayDoubt(call.relay, again=True))
