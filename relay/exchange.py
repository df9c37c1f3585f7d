"""The relay at work: carries out commands on calls, legs, routes and the eye."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from relay import messages
from relay.background import background
from relay.calls import Calls, Pair
from relay.errors import DrainingError
from relay.figures import figures_of
from relay.forwarding.hold import HoldPictures, read_still
from relay.forwarding.line import Kind
from relay.grants import Grant, grant_for
from relay.legs import Legs
from relay.looking import Looking
from relay.messages import LegCondition
from relay.model import OBSERVERS, CallId, ParticipantId, ServerId
from relay.telling import Key, Post, Telling, leg_state, line_of
from relay.tempo import Tempo
from relay.transport.leg import Premises
from relay.wiring import Told, View, Wiring, seated_on

HOLD_PICTURE: Final = Path(__file__).parent / "forwarding" / "hold.ivf"
"""Drawn by `tools/hold_picture`."""


class Exchange:
    """Carries out the commands of signaling processes."""

    def __init__(
        self,
        premises: Premises,
        post: Post,
        wall: Callable[[], float],
        secret: str,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.calls: Final = Calls()
        self._telling = Telling(self.calls, post, wall)
        self.legs: Final = Legs(
            premises, self.calls, self._telling, self._changed, tasks
        )
        self.looking: Final = Looking(self.calls, self.legs, post, premises.clock)
        self.draining = False
        self.holds: Final = HoldPictures(read_still(HOLD_PICTURE.read_bytes()))
        self._tempo = Tempo(
            premises.clock, self.calls, self.legs, self.holds, self._look
        )
        self._clock = premises.clock
        self._wall = wall
        self._secret = secret

    @classmethod
    @asynccontextmanager
    async def open(
        cls, premises: Premises, post: Post, wall: Callable[[], float], secret: str
    ) -> AsyncIterator["Exchange"]:
        """Work until the block ends; then every leg says goodbye."""
        async with asyncio.TaskGroup() as tasks:
            exchange = cls(premises, post, wall, secret, tasks)
            async with background(exchange._tempo.keep()):
                try:
                    yield exchange
                finally:
                    exchange.close()

    def close(self) -> None:
        """End every call."""
        for call in self.calls:
            self.legs.end(call)

    def load(self, incarnation: str) -> messages.Load:
        """Say how busy the relay is."""
        return messages.Load(
            incarnation=incarnation,
            calls=len(self.calls),
            legs=len(self.legs),
            room=self.legs.room(),
            cpu_share=round(self._tempo.cpu_share, 3),
            draining=self.draining,
        )

    # --------------------------------------------------------------- commands

    async def open_leg(self, server: ServerId, command: messages.OpenLeg) -> str:
        """Take a browser's offer and give the answer.

        Raises:
            RefusedError: stale token, no grant, bad offer, no port, or the relay ends.

        """
        call, name = CallId(command.call), ParticipantId(command.participant)
        self.calls.check(call, command.token)
        if self.draining and self.calls.get(call) is None:
            raise DrainingError("this relay ends")
        grant = self._grant(call, name, command.grant)
        if command.role in OBSERVERS:
            self.calls.check_hidden(call, name, grant, self._wall())
        return await self.legs.open(server, command, grant)

    def route(self, command: messages.Route) -> None:
        """Set all routes of a call."""
        pairs: Sequence[Pair] = [
            (ParticipantId(source), ParticipantId(sink))
            for source, sink in command.routes
        ]
        now = self._clock()
        call = self.calls.route(CallId(command.call), command.token, pairs, now)
        self._wire(call.id)

    def pace(self, command: messages.Pace) -> None:
        """Cap what a participant sends."""
        key = CallId(command.call), ParticipantId(command.participant)
        self.calls.participant(*key).pace_kbps = command.max_kbps
        leg = self.legs.get(key)
        if leg is not None:
            leg.browser.steering.pace(command.max_kbps * 1000)

    def watch(self, command: messages.Watch) -> None:
        """Let the eye look at a participant, or not."""
        key = CallId(command.call), ParticipantId(command.participant)
        self.calls.participant(*key).eye = command.yes
        self.looking.look(key)

    def pause(self, command: messages.Pause) -> None:
        """Let a hold picture stand for a participant, or no longer."""
        call, name = CallId(command.call), ParticipantId(command.participant)
        self.calls.participant(call, name).paused = command.yes
        self._wire(call)

    def key_frame(self, command: messages.KeyFrame) -> None:
        """Ask a participant's browser for a key frame."""
        call, name = CallId(command.call), ParticipantId(command.participant)
        self.calls.participant(call, name)
        leg = self.legs.get((call, name))
        for video in leg.browser.sources(Kind.VIDEO) if leg is not None else ():
            video.requests.want(urgent=False)

    def say(self, command: messages.Say) -> None:
        """Hand words over to everybody else in the call."""
        self._telling.content(command)

    def claim(self, server: ServerId, command: messages.Claim) -> None:
        """Let a server speak for a participant, and tell it how things stand."""
        call, name = CallId(command.call), ParticipantId(command.participant)
        grant = self._grant(call, name, command.grant)
        self.calls.enter(call, name, command.role, server, grant=grant)
        self.legs.follow_role((call, name))
        self._wire(call)
        self._tell_legs(server, call, name)
        self._telling.evidence(server, (call, name))

    def revoke(self, command: messages.Revoke) -> None:
        """Let somebody watch unseen no longer."""
        call, name = CallId(command.call), ParticipantId(command.participant)
        self.calls.participant(call, name).grant = None
        self._wire(call)

    def stats(self, command: messages.Stats) -> tuple[messages.LegFigures, ...]:
        """Tell how everybody's leg in a call fares."""
        call = self.calls.get(CallId(command.call))
        people = call.participants.values() if call is not None else ()
        return tuple(
            figures_of(one, self.legs.get((CallId(command.call), one.id)))
            for one in people
        )

    def close_leg(self, command: messages.CloseLeg) -> None:
        """Let a participant go."""
        self.legs.leave(CallId(command.call), ParticipantId(command.participant))

    def close_call(self, command: messages.CloseCall) -> None:
        """End a call for everybody."""
        self.calls.check(CallId(command.call), command.token)
        call = self.calls.get(CallId(command.call))
        if call is not None:
            self.legs.end(call)

    def server_lost(self, server: ServerId) -> None:
        """Note that a server's channel is gone; nothing closes."""
        self.calls.server_lost(server, self._clock())

    def _grant(
        self, call: CallId, name: ParticipantId, text: str | None
    ) -> Grant | None:
        if text is None:
            return None
        return grant_for(text, self._secret, call, name, self._wall())

    def _tell_legs(self, server: ServerId, call: CallId, name: ParticipantId) -> None:
        """Tell how a participant's leg is, then which lines it has, then the others'."""
        known = self.calls.get(call)
        legs = [(key, leg) for key, leg in self.legs.items() if key[0] == call]
        for key, leg in sorted(legs, key=lambda found: found[0][1] != name):
            may = known is not None and known.lets_follow(name, self._wall())
            hidden = known is None or known.hides(key[1])
            if leg.condition is None or (key[1] != name and (hidden or not may)):
                continue
            self._telling.post(server, leg_state(key, leg.id, leg.condition))
            for outlet in leg.browser.outlets(Kind.VIDEO) if key[1] == name else ():
                line = line_of(key, leg.id, outlet.line.mid, seated_on(outlet))
                self._telling.post(server, line)

    # ----------------------------------------------------------------- routes

    def _look(self) -> None:
        """See whose grant has ended."""
        for call in self.calls.lapsed(self._wall()):
            self._wire(call)

    def _changed(self, key: Key) -> None:
        """Let routes and eye follow a leg that came, went or changed."""
        self._wire(key[0])
        self.looking.look(key)

    def _wire(self, call_id: CallId) -> None:
        call = self.calls.get(call_id)
        if call is None:
            return
        browsers = {
            name: View(leg.browser, silent=leg.condition is LegCondition.LOST)
            for (owner, name), leg in self.legs.items()
            if owner == call_id
            and leg.condition in {LegCondition.CONNECTED, LegCondition.LOST}
        }
        Wiring(
            call,
            browsers,
            self._wall(),
            self._told(call_id, call.token),
            lambda who: self.holds.of((call_id, who)),
        ).apply()
        self.looking.follow(call_id)

    def _told(self, call: CallId, token: int) -> Told:
        def key_frame(
            source: ParticipantId,
            sink: ParticipantId,
            delivered: bool,  # noqa: FBT001 - the wiring's callback
        ) -> None:
            self._telling.key_frame(call, token, source, sink, delivered=delivered)

        def line(sink: ParticipantId, mid: str, source: ParticipantId | None) -> None:
            leg = self.legs.get((call, sink))
            if leg is not None:
                self._telling.line((call, sink), leg.id, mid, source)

        return Told(key_frame, line)
