"""The relay at work: carries out commands on calls, legs, routes and the eye."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from relay import messages
from relay.background import background
from relay.calls import Call, Calls, Pair
from relay.errors import DrainingError
from relay.legs import Key, Legs, Post, leg_state
from relay.looking import Looking
from relay.messages import LegCondition
from relay.model import CallId, ParticipantId, ServerId
from relay.tempo import Tempo
from relay.transport.leg import Premises
from relay.wiring import Wiring


class Exchange:
    """Carries out the commands of signaling processes."""

    def __init__(
        self,
        premises: Premises,
        post: Post,
        wall: Callable[[], float],
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.calls: Final = Calls()
        self.legs: Final = Legs(premises, self.calls, post, self._changed, tasks)
        self.looking: Final = Looking(self.calls, self.legs, post)
        self.draining = False
        self._tempo = Tempo(premises.clock, self.calls, self.legs)
        self._clock = premises.clock
        self._post = post
        self._wall = wall

    @classmethod
    @asynccontextmanager
    async def open(
        cls, premises: Premises, post: Post, wall: Callable[[], float]
    ) -> AsyncIterator["Exchange"]:
        """Work until the block ends; then every leg says goodbye."""
        async with asyncio.TaskGroup() as tasks:
            exchange = cls(premises, post, wall, tasks)
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
            RefusedError: stale token, bad offer, no port, or the relay ends.

        """
        call = CallId(command.call)
        self.calls.check(call, command.token)
        if self.draining and self.calls.get(call) is None:
            raise DrainingError("this relay ends")
        return await self.legs.open(server, command)

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

    def say(self, command: messages.Say) -> None:
        """Hand words over to everybody else in the call."""
        key = CallId(command.call), ParticipantId(command.participant)
        speaker = self.calls.participant(*key)
        call = self.calls.get(key[0])
        if call is None:
            return
        content = messages.Content(
            call=call.id,
            participant=speaker.id,
            role=speaker.role,
            kind=command.kind,
            body=command.body,
        )
        for server in call.audience_of(speaker.id):
            self._post(server, content)

    def claim(self, server: ServerId, command: messages.Claim) -> None:
        """Let a server speak for a participant, and tell it how things stand."""
        name = ParticipantId(command.participant)
        call_id = CallId(command.call)
        self.calls.enter(call_id, name, command.role, server)
        leg = self.legs.get((call_id, name))
        if leg is not None and leg.condition is not None:
            self._post(server, leg_state((call_id, name), leg, leg.condition))
        call = self.calls.get(call_id)
        for evidence in call.evidence_of(name) if call is not None else ():
            self._post(server, evidence)

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

    # ----------------------------------------------------------------- routes

    def _changed(self, key: Key) -> None:
        """Let routes and eye follow a leg that came, went or changed."""
        self._wire(key[0])
        self.looking.look(key)

    def _wire(self, call_id: CallId) -> None:
        call = self.calls.get(call_id)
        if call is None:
            return
        browsers = {
            name: leg.browser
            for (owner, name), leg in self.legs.items()
            if owner == call_id
            and leg.condition in {LegCondition.CONNECTED, LegCondition.LOST}
        }
        token = call.token
        Wiring(
            call, browsers, lambda *facts: self._key_frame(call, token, *facts)
        ).apply()

    def _key_frame(
        self,
        call: Call,
        token: int,
        source: ParticipantId,
        sink: ParticipantId,
        delivered: bool,  # noqa: FBT001 - the wiring's callback
    ) -> None:
        kind = messages.KeyFrameDelivered if delivered else messages.KeyFrameForwarded
        event = kind(
            call=call.id, token=token, source=source, sink=sink, at=self._wall()
        )
        call.note(event)
        for server in call.servers_of(source, sink):
            self._post(server, event)
