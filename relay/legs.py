"""Everybody's leg: made, replaced, lost, dropped."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, ValuesView
from typing import Final

import structlog

from relay import messages
from relay.calls import Call, Calls, Participant
from relay.errors import FullError
from relay.grants import Grant
from relay.messages import LegCondition
from relay.model import OBSERVERS, CallId, LegId, ParticipantId, ServerId
from relay.telling import Key, Telling
from relay.transport.leg import Leg, Premises
from relay.transport.ports import room

log = structlog.get_logger()

FULL_FOR: Final = 10.0
"""Seconds for which a relay that has found no port says so, before it is tried again."""


class Legs(Mapping[Key, Leg]):
    """The legs of this relay by call and participant; nobody has two.

    ``on_change`` hears of every participant whose leg came, went or changed.
    """

    def __init__(
        self,
        premises: Premises,
        calls: Calls,
        telling: Telling,
        on_change: Callable[[Key], None],
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.ended: Final[dict[str, int]] = {}
        self._legs: dict[Key, Leg] = {}
        self._premises = premises
        self._calls = calls
        self._telling = telling
        self._on_change = on_change
        self._tasks = tasks
        self._full_at = -FULL_FOR
        self._empty = asyncio.Event()
        self._empty.set()

    def __getitem__(self, key: Key) -> Leg:
        return self._legs[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._legs)

    def __len__(self) -> int:
        return len(self._legs)

    def values(self) -> ValuesView[Leg]:
        """Give every leg."""
        return self._legs.values()

    def room(self) -> int:
        """Count the further calls that find ports for both of their legs.

        Other programs may have ports of the range too.
        """
        if self._premises.clock() - self._full_at < FULL_FOR:
            return 0
        widest = max((leg.ports for leg in self._legs.values()), default=1)
        return room(
            len(self._premises.ports) // widest, len(self._legs), len(self._calls)
        )

    async def emptied(self) -> None:
        """Wait until there is no leg any more."""
        await self._empty.wait()

    async def open(
        self, server: ServerId, command: messages.OpenLeg, grant: Grant | None
    ) -> str:
        """Make a participant's new leg, which replaces the one before, or renegotiate.

        Raises:
            RefusedError: stale token, bad offer, no port.

        """
        key = CallId(command.call), ParticipantId(command.participant)
        leg = self.get(key)
        if leg is None or leg.id != command.leg:
            return await self._new(key, server, command, grant)
        answer = await leg.answer(command.sdp)
        self._enter(server, command, grant)
        self.follow_role(key)
        self._on_change(key)
        return answer

    def follow_role(self, key: Key) -> None:
        """Let a standing leg be that of somebody who observes now, or no longer."""
        leg, call = self.get(key), self._calls.get(key[0])
        if leg is not None and call is not None:
            leg.browser.steering.observes = call.hides(key[1])

    def drop(self, key: Key) -> None:
        """Let go of a participant's leg; the participant stays."""
        leg = self._legs.pop(key, None)
        if leg is None:
            return
        if not self._legs:
            self._empty.set()
        for name, value in leg.counters().items():
            self.ended[name] = self.ended.get(name, 0) + value
        leg.stop()
        leg.browser.close()
        self._on_change(key)

    def leave(self, call: CallId, name: ParticipantId) -> None:
        """Let a participant go, and their leg."""
        self.drop((call, name))
        self._calls.leave(call, name, self._premises.clock())

    def end(self, call: Call) -> None:
        """Let everybody in a call go."""
        for name in list(call.participants):
            self.leave(call.id, name)
        self._calls.end(call.id)

    async def _new(
        self,
        key: Key,
        server: ServerId,
        command: messages.OpenLeg,
        grant: Grant | None,
    ) -> str:
        leg = Leg(
            LegId(command.leg),
            self._premises,
            observes=command.role in OBSERVERS,
            on_state=lambda leg, state: self._state(key, leg, state),
        )
        try:
            answer = await leg.answer(command.sdp)
            person = self._enter(server, command, grant)
        except BaseException as error:
            await leg.discard()
            if isinstance(error, FullError):
                self._full_at = self._premises.clock()
            raise
        self.drop(key)
        self._legs[key] = leg
        self._empty.clear()
        person.leg = leg.id
        if person.pace_kbps is not None:
            leg.browser.steering.pace(person.pace_kbps * 1000)
        self._tasks.create_task(_live(leg))
        self._on_change(key)
        return answer

    def _enter(
        self, server: ServerId, command: messages.OpenLeg, grant: Grant | None
    ) -> Participant:
        person = self._calls.enter(
            CallId(command.call),
            ParticipantId(command.participant),
            command.role,
            server,
            token=command.token,
            grant=grant,
        )
        person.eye = command.eye
        return person

    def _state(self, key: Key, leg: Leg, state: LegCondition) -> None:
        """Act on a change of a leg, which may be one that was replaced."""
        call, name = key
        log.info("leg", call=call, participant=name, leg=leg.id, state=str(state))
        hidden = leg.browser.steering.observes
        self._telling.leg_state(key, leg.id, state, hidden=hidden)
        if self.get(key) is not leg:
            return
        if state in {LegCondition.CLOSED, LegCondition.FAILED}:
            self.drop(key)
        else:
            self._on_change(key)


async def _live(leg: Leg) -> None:
    try:
        await leg.run()
    except Exception:
        log.exception("a leg broke", leg=leg.id)
