"""The relay at work: calls, legs, routes and the eye put together."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import structlog

from relay import messages
from relay.background import background
from relay.calls import Call, Calls, Pair, Participant
from relay.errors import DrainingError
from relay.eye_port import EncodedFrame, Eye, Verdict
from relay.forwarding.frames import Frame
from relay.forwarding.line import Kind
from relay.messages import Event, LegCondition
from relay.model import OBSERVERS, CallId, LegId, ParticipantId, ServerId
from relay.transport.leg import Leg, Premises
from relay.wiring import Wiring

log = structlog.get_logger()

TICK: Final = 0.02
IDLE_TICK: Final = 0.2
SECOND: Final = 1.0

Post = Callable[[ServerId, Event], None]
Key = tuple[CallId, ParticipantId]


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
        self.legs: Final[dict[Key, Leg]] = {}
        self.eye: Eye | None = None
        self.draining = False
        self.cpu_share = 0.0
        self.ended: Final[dict[str, int]] = {}
        self._premises = premises
        self._post = post
        self._wall = wall
        self._tasks = tasks
        self._watched: dict[Key, LegId] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, premises: Premises, post: Post, wall: Callable[[], float]
    ) -> AsyncIterator["Exchange"]:
        """Work until the block ends; then every leg says goodbye."""
        async with asyncio.TaskGroup() as tasks:
            exchange = cls(premises, post, wall, tasks)
            async with background(exchange._keep_time()):
                try:
                    yield exchange
                finally:
                    exchange.close()

    async def emptied(self) -> None:
        """Wait until there is no leg any more."""
        await self._empty.wait()

    def close(self) -> None:
        """End every call."""
        for call in self.calls:
            self._end(call)

    # --------------------------------------------------------------- commands

    async def open_leg(self, server: ServerId, command: messages.OpenLeg) -> str:
        """Take a browser's offer and give the answer.

        Raises:
            RefusedError: stale token, bad offer, no port, or the relay ends.

        """
        call, name = CallId(command.call), ParticipantId(command.participant)
        self.calls.check(call, command.token)
        if self.draining and self.calls.get(call) is None:
            raise DrainingError("this relay ends")
        leg = self.legs.get((call, name))
        if leg is None or leg.id != command.leg:
            return await self._new_leg(server, command)
        answer = await leg.answer(command.sdp)
        self._enter(server, command)
        self._wire(call)
        return answer

    def route(self, command: messages.Route) -> None:
        """Set all routes of a call."""
        pairs: Sequence[Pair] = [
            (ParticipantId(source), ParticipantId(sink))
            for source, sink in command.routes
        ]
        now = self._premises.clock()
        call = self.calls.route(CallId(command.call), command.token, pairs, now)
        self._wire(call.id)

    def pace(self, command: messages.Pace) -> None:
        """Cap what a participant sends."""
        key = CallId(command.call), ParticipantId(command.participant)
        self.calls.participant(*key).pace_kbps = command.max_kbps
        leg = self.legs.get(key)
        if leg is not None:
            leg.browser.pace(command.max_kbps * 1000)

    def watch(self, command: messages.Watch) -> None:
        """Let the eye look at a participant, or not."""
        key = CallId(command.call), ParticipantId(command.participant)
        self.calls.participant(*key).eye = command.yes
        self._look(key)

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
            self._post(server, _leg_state(call_id, name, leg, leg.condition))
        call = self.calls.get(call_id)
        for evidence in call.evidence_of(name) if call is not None else ():
            self._post(server, evidence)

    def close_leg(self, command: messages.CloseLeg) -> None:
        """Let a participant go."""
        self._leave(CallId(command.call), ParticipantId(command.participant))

    def close_call(self, command: messages.CloseCall) -> None:
        """End a call for everybody."""
        self.calls.check(CallId(command.call), command.token)
        call = self.calls.get(CallId(command.call))
        if call is not None:
            self._end(call)

    def server_lost(self, server: ServerId) -> None:
        """Note that a server's channel is gone; nothing closes."""
        self.calls.server_lost(server, self._premises.clock())

    # ------------------------------------------------------------------- legs

    async def _new_leg(self, server: ServerId, command: messages.OpenLeg) -> str:
        call, name = CallId(command.call), ParticipantId(command.participant)
        leg = Leg(
            LegId(command.leg),
            self._premises,
            observes=command.role in OBSERVERS,
            on_state=lambda leg, state: self._state(call, name, leg, state),
        )
        try:
            answer = await leg.answer(command.sdp)
            person = self._enter(server, command)
        except BaseException:
            await leg.discard()
            raise
        self._drop((call, name))
        self.legs[call, name] = leg
        self._empty.clear()
        person.leg = leg.id
        if person.pace_kbps is not None:
            leg.browser.pace(person.pace_kbps * 1000)
        self._tasks.create_task(self._live(leg))
        self._wire(call)
        return answer

    def _enter(self, server: ServerId, command: messages.OpenLeg) -> Participant:
        person = self.calls.enter(
            CallId(command.call),
            ParticipantId(command.participant),
            command.role,
            server,
            command.token,
        )
        person.eye = command.eye
        return person

    async def _live(self, leg: Leg) -> None:
        try:
            await leg.run()
        except Exception:
            log.exception("a leg broke", leg=leg.id)

    def _state(
        self, call: CallId, name: ParticipantId, leg: Leg, state: LegCondition
    ) -> None:
        """Act on a change of a leg, which may be one that was replaced."""
        log.info("leg", call=call, participant=name, leg=leg.id, state=str(state))
        known = self.calls.get(call)
        for server in known.servers_of(name) if known is not None else ():
            self._post(server, _leg_state(call, name, leg, state))
        if self.legs.get((call, name)) is not leg:
            return
        if state in {LegCondition.CLOSED, LegCondition.FAILED}:
            self._drop((call, name))
        self._wire(call)
        self._look((call, name))

    def _drop(self, key: Key) -> None:
        """Let go of a participant's leg; the participant stays."""
        leg = self.legs.pop(key, None)
        if leg is None:
            return
        self._look_away(key)
        if not self.legs:
            self._empty.set()
        for name, value in leg.counters().items():
            self.ended[name] = self.ended.get(name, 0) + value
        leg.stop()
        leg.browser.close()
        self._wire(key[0])

    def _leave(self, call: CallId, name: ParticipantId) -> None:
        self._drop((call, name))
        self.calls.leave(call, name, self._premises.clock())

    def _end(self, call: Call) -> None:
        for name in list(call.participants):
            self._leave(call.id, name)
        self.calls.end(call.id)

    # ----------------------------------------------------------------- routes

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

    # -------------------------------------------------------------------- eye

    def key_frame_wanted(self, call: str, participant: str) -> None:
        """Ask somebody's browser for a key frame, for the eye."""
        leg = self.legs.get((CallId(call), ParticipantId(participant)))
        for video in leg.browser.sources(Kind.VIDEO) if leg is not None else ():
            video.requests.want(urgent=False)

    def verdict(self, call: str, participant: str, verdict: Verdict) -> None:
        """Hand the eye's verdict to who speaks for the person concerned."""
        known = self.calls.get(CallId(call))
        event = messages.EyeVerdict(
            call=call,
            participant=participant,
            legibility=verdict.legibility,
            reasons=tuple(verdict.reasons),
        )
        for server in known.servers_of(participant) if known is not None else ():
            self._post(server, event)

    def _look(self, key: Key) -> None:
        """Begin or end to look at somebody, as consent and leg have it."""
        call, leg = self.calls.get(key[0]), self.legs.get(key)
        person = call.participants.get(key[1]) if call is not None else None
        if self.eye is None or leg is None or person is None:
            return
        if not person.eye:
            self._look_away(key)
        elif key not in self._watched and leg.condition is LegCondition.CONNECTED:
            video = next(iter(leg.browser.sources(Kind.VIDEO)), None)
            if video is not None:
                self._watched[key] = leg.id
                self.eye.start(*key)
                video.show(lambda frame, now: self._show(key, frame, now))

    def _show(self, key: Key, frame: Frame, now: float) -> None:
        if self.eye is not None:
            self.eye.submit(
                EncodedFrame(
                    call=key[0],
                    participant=key[1],
                    data=frame.data,
                    key=frame.key,
                    temporal_id=frame.temporal_id,
                    timestamp=frame.timestamp,
                    arrived=now,
                )
            )

    def _look_away(self, key: Key) -> None:
        watched = self._watched.pop(key, None)
        if self.eye is None or watched is None:
            return
        leg = self.legs.get(key)
        for video in leg.browser.sources(Kind.VIDEO) if leg is not None else ():
            video.show(None)
        counts = self.eye.stop(*key)
        call = self.calls.get(key[0])
        if counts is None or call is None:
            return
        event = messages.EyeCounted(
            call=key[0],
            participant=key[1],
            leg=watched,
            windows=counts.windows,
            legible=counts.legible,
            at_risk=counts.at_risk,
            lost=counts.lost,
        )
        for server in call.servers_of(key[1]):
            self._post(server, event)

    # ------------------------------------------------------------------- time

    async def _keep_time(self) -> None:
        """Do what is due, some fifty times a second while there are legs."""
        second = busy = 0.0
        while True:
            now = self._premises.clock()
            for leg in list(self.legs.values()):
                _tick(leg, now)
            if now - second >= SECOND:
                used = time.process_time()
                self.cpu_share = min(1.0, (used - busy) / max(now - second, SECOND))
                second, busy = now, used
                self._tidy(now)
            await asyncio.sleep(TICK if self.legs else IDLE_TICK)

    def _tidy(self, now: float) -> None:
        """Let go of participants without a claim, then of calls without use."""
        for call, name in self.calls.overdue(now):
            log.info("nobody claimed", call=call, participant=name)
            self._leave(call, name)
        for call in self.calls.forget(now, {owner for owner, _ in self.legs}):
            log.info("call forgotten", call=call)

    def load(self, incarnation: str) -> messages.Load:
        """Say how busy the relay is."""
        return messages.Load(
            incarnation=incarnation,
            calls=len(self.calls),
            legs=len(self.legs),
            cpu_share=round(self.cpu_share, 3),
            draining=self.draining,
        )


def _tick(leg: Leg, now: float) -> None:
    """Let a leg do what is due; one that breaks ends alone."""
    try:
        leg.tick(now)
    except Exception:
        log.exception("a leg broke", leg=leg.id)
        leg.stop()


def _leg_state(
    call: CallId, name: ParticipantId, leg: Leg, state: LegCondition
) -> messages.LegState:
    return messages.LegState(call=call, participant=name, leg=leg.id, state=state)
