"""What a caller's and an agent's session do alike: leg, words, gestures, verdicts."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final, assert_never

from queueing.errors import FailedError
from queueing.model import CallView, Mode, RelayId
from relay import messages as relay
from relay.errors import StaleTokenError, UnknownParticipantError
from signaling import protocol, turn
from signaling.coming_back import TALKING
from signaling.connection import Connection
from signaling.errors import NotForYouError, UnknownCallError
from signaling.events import RelayBack
from signaling.protocol import LegWhy, Presence, Speaker
from signaling.rooms import Rooms

WAITING_KBPS: Final = 150
"""What a caller's leg may send before an agent is found."""

FULL_KBPS: Final = 2_000
"""What a leg may send in a call: 720p at thirty pictures a second."""

SETTLING: Final = 0.1
"""Seconds after a move in which words wait."""

INSIST_PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between tries; each try has its own patience of ten."""

Shared = (
    protocol.LegWish
    | protocol.LegOffer
    | protocol.Text
    | protocol.Attention
    | protocol.Visibility
    | protocol.EyeConsent
)


class Participant:
    """One person in one call, as the call's relay knows them."""

    def __init__(
        self, connection: Connection, rooms: Rooms, role: relay.Role, name: str
    ) -> None:
        self.connection: Final = connection
        self.rooms: Final = rooms
        self.role: Final = role
        self.name: Final = name
        self.call: CallView | None = None
        self.eye = False
        self.version = 0  # of the newest news about the call
        self.leg: str | None = None
        """The newest that the page has offered."""

        self._others_lost: set[str] = set()
        self._moved_at = -SETTLING

    def their_call(self, call: str) -> CallView:
        """Give the call that a message names.

        Raises:
            UnknownCallError: it is not this socket's.

        """
        if self.call is None or self.call.call != call:
            raise UnknownCallError
        return self.call

    def enter(self, call: CallView) -> None:
        """Bring this call's events here."""
        before = self.call
        self.call, self.version = call, call.version
        if before and before.call == call.call and before.relay != call.relay:
            self.change_relay(call.relay, LegWhy.RELAY_GONE)
        self.rooms.switchboard.join(call.call, self.connection, since=call.version)

    def heard(self, version: int) -> None:
        """Note how new the news about the call are."""
        self.version = max(self.version, version)

    def forgot(self, view: CallView | None) -> bool:
        """Tell whether the queue shows the call older than what it told before."""
        return view is None or view.version < self.version

    def moved(self, **changes: Any) -> None:
        """Note what the queue says has changed about the call."""
        if self.call is not None:
            self.call = replace(self.call, **changes)

    def leave(self) -> None:
        """Be done with the call."""
        if self.call is not None:
            self.rooms.switchboard.leave(self.call.call, self.connection)
        self.call = None
        self.leg = None

    async def shared(self, message: Shared) -> None:
        """Act on a message that both sides may send."""
        call = self.their_call(message.call)
        match message:
            case protocol.LegWish():
                self._ice_servers(call, message)
            case protocol.LegOffer():
                await self._leg_offer(call, message)
            case protocol.Text():
                await self._hand_over(call, "text", message.chars)
            case protocol.Attention():
                await self._hand_over(call, "attention", "")
            case protocol.Visibility():
                presence = Presence.HIDDEN if message.hidden else Presence.HERE
                await self._hand_over(call, "presence", presence)
            case protocol.EyeConsent():
                await self._eye_consent(call, yes=message.yes)
            case _:
                assert_never(message)

    async def relayed(self, event: relay.Event) -> None:
        """Act on an event of the call's relay."""
        if (
            self.call is None
            or getattr(event, "call", self.call.call) != self.call.call
        ):
            return
        match event:
            case relay.LegState(participant=name) if name == self.name:
                self._leg_state(event)
            case relay.LegState(participant=name) if self.listens_to(name):
                self._others_leg(event)
            case relay.Content(participant=name) if self.listens_to(name):
                self._content(self.call, event)
            case relay.EyeVerdict(participant=name) if name == self.name:
                await self._verdict(self.call, event)
            case _:
                pass

    def listens_to(self, participant: str) -> bool:
        """Tell whether somebody's words are for this person, now.

        Not those of an agent whose offer is over.
        """
        call = self.call
        if call is None or participant == self.name:
            return False
        if not participant.startswith(agent_participant("")):
            return True
        return call.state in TALKING and participant == agent_participant(
            call.agent or ""
        )

    def _leg_state(self, event: relay.LegState) -> None:
        if self.leg is None and event.state is not relay.LegCondition.CLOSED:
            self.leg = event.leg  # the page kept it over a new socket
        if event.leg == self.leg and event.state in _LOST:
            self.lose_leg(LegWhy.SILENT)

    def _others_leg(self, event: relay.LegState) -> None:
        """Show that the other's media have no way for a moment, or have one again."""
        name, is_lost = event.participant, event.state in _LOST
        if is_lost:
            self._others_lost.add(name)
            self.tell_presence(_speaker(name), Presence.RECONNECTING)
        elif name in self._others_lost and event.state is relay.LegCondition.CONNECTED:
            self._others_lost.discard(name)
            self.tell_presence(_speaker(name), Presence.HERE)

    def lose_leg(self, why: LegWhy) -> None:
        """Tell the page to make a new leg, if it has one."""
        if self.call is not None and self.leg is not None:
            self.connection.send(
                protocol.LegLost(call=self.call.call, leg=self.leg, why=why)
            )

    def change_relay(self, to: RelayId, why: LegWhy) -> None:
        """Note that the call's media pass another relay, and have a new leg made."""
        self.moved(relay=to)
        self._moved_at = asyncio.get_running_loop().time()
        self.lose_leg(why)

    async def relay_back(self, event: RelayBack) -> None:
        """The call's relay answers again: speak for this person there."""
        call = self.call
        if call is None or call.relay != event.relay:
            return
        try:
            await self.claim()
        finally:
            if not event.same:
                await self._begin_again()

    async def _begin_again(self) -> None:
        """The relay lives anew and knows nothing: routes and leg are made again."""
        self.lose_leg(LegWhy.RELAY_GONE)
        await self.speak()

    async def speak(self) -> None:
        """Speak for this person at the call's relay, and let a talk's pictures through."""
        call = self.call
        talks = call is not None and call.state in TALKING and not call.call_back
        if call is not None and talks and call.agent is not None:
            await self.connect_both(call.agent)
        else:
            await self.claim()

    async def claim(self) -> None:
        """Speak for this person at the call's relay."""
        if self.call is not None:
            await self.rooms.relay(self.call.relay).claim(
                call=self.call.call, participant=self.name, role=self.role
            )

    async def pace(self, kbps: int) -> None:
        """Cap what this person's page sends."""
        call = self.call
        if call is None or call.mode is not Mode.VIDEO:
            return
        with suppress(UnknownParticipantError):  # no leg yet: it will ask again
            await self.rooms.relay(call.relay).pace(
                call=call.call, participant=self.name, max_kbps=kbps
            )

    async def connect_both(self, agent: str) -> None:
        """Let the pictures through, both ways; whoever comes first does it."""
        call = self.call
        if call is None or call.token is None:
            return
        await self.claim()
        other = agent_participant(agent)
        if call.mode == Mode.VIDEO:
            await self.rooms.relay(call.relay).route(
                call=call.call,
                token=call.token,
                routes=((CALLER, other), (other, CALLER)),
            )

    async def _eye_consent(self, call: CallView, *, yes: bool) -> None:
        """Keep the answer for the next leg, and let it work on this one at once."""
        self.eye = yes
        with suppress(UnknownParticipantError):  # no leg yet: the answer goes with it
            await self.rooms.relay(call.relay).watch(
                call=call.call, participant=self.name, yes=yes
            )

    async def disconnect(self) -> None:
        """Let no picture through any longer: the agent is not in this call now."""
        call = self.call
        if call is None or call.token is None or call.mode is not Mode.VIDEO:
            return
        with suppress(StaleTokenError):  # a newer offer has cut the routes already
            await self.rooms.relay(call.relay).route(
                call=call.call, token=call.token, routes=()
            )

    def _ice_servers(self, call: CallView, wish: protocol.LegWish) -> None:
        settings = self.rooms.settings
        servers = turn.ice_servers(
            settings.turn_urls.split(),
            secret=settings.turn_secret,
            leg=wish.leg,
            now=self.rooms.clock(),
        )
        self.connection.send(
            protocol.IceServers(call=call.call, leg=wish.leg, ice_servers=servers)
        )

    async def _leg_offer(self, call: CallView, offer: protocol.LegOffer) -> None:
        if call.mode != Mode.VIDEO:
            raise NotForYouError
        self.leg = offer.leg
        try:
            answer = await self._open_leg(call, offer)
        except StaleTokenError:
            # a new offer overtook the caller's reload; an agent's old offer stays old
            newer = await self.rooms.queue.view(call.call)
            if self.role is not relay.Role.CALLER or newer is None:
                raise
            self.moved(token=newer.token)
            answer = await self._open_leg(newer, offer)
        self.connection.send(
            protocol.LegAnswer(call=call.call, leg=offer.leg, sdp=answer)
        )

    async def _open_leg(self, call: CallView, offer: protocol.LegOffer) -> str:
        return await self.rooms.relay(call.relay).open_leg(
            call=call.call,
            participant=self.name,
            role=self.role,
            leg=offer.leg,
            token=call.token or 0,
            sdp=offer.sdp,
            eye=self.eye,
        )

    async def _hand_over(self, call: CallView, kind: str, body: str) -> None:
        if call.state not in TALKING:
            return
        await self._until_settled()
        say = partial(
            self.rooms.relay(call.relay).content,
            call=call.call,
            participant=self.name,
            kind=kind,
            body=body,
        )
        try:
            await say()
        except UnknownParticipantError:  # the relay forgets a call silent for an hour
            await self.claim()
            await say()

    async def _until_settled(self) -> None:
        """Let the other person's process find the new relay, too: else words are lost."""
        moved_for = asyncio.get_running_loop().time() - self._moved_at
        if moved_for < SETTLING:
            await asyncio.sleep(SETTLING - moved_for)

    def _content(self, call: CallView, content: relay.Content) -> None:
        speaker = Speaker(content.role)
        match content.kind:
            case "text":
                self.connection.send(
                    protocol.TextFrom(
                        call=call.call, speaker=speaker, chars=content.body
                    )
                )
            case "attention":
                self.connection.send(
                    protocol.AttentionFrom(call=call.call, speaker=speaker)
                )
            case "presence":
                self.tell_presence(speaker, Presence(content.body))
            case _:
                pass

    def tell_presence(self, speaker: Speaker, presence: Presence) -> None:
        """Tell this person how another one is."""
        if self.call is not None:
            self.connection.send(
                protocol.Peer(call=self.call.call, speaker=speaker, presence=presence)
            )

    async def _verdict(self, call: CallView, verdict: relay.EyeVerdict) -> None:
        legibility = protocol.Legibility(verdict.legibility)
        self.connection.send(
            protocol.Verdict(
                call=call.call,
                legibility=legibility,
                reasons=tuple(verdict.reasons),
            )
        )
        presence = Presence.ADJUSTING if legibility in _TROUBLED else Presence.HERE
        await self._hand_over(call, "presence", presence)


CALLER: Final = "caller"
_TROUBLED: Final = frozenset({protocol.Legibility.AT_RISK, protocol.Legibility.LOST})
_LOST: Final = frozenset({relay.LegCondition.LOST, relay.LegCondition.FAILED})


async def insist(report: Callable[[], Awaitable[None]]) -> None:
    """Report a departure until the queue has heard it, or is back and knows better.

    A departure that nobody reports leaves a ghost that rings agents.
    """
    for pause in INSIST_PAUSES:
        try:
            await report()
        except FailedError:
            await asyncio.sleep(pause)
        else:
            return


def _speaker(participant: str) -> Speaker:
    """Tell whose words and pictures a participant's are."""
    return Speaker(participant.partition(":")[0])


def agent_participant(agent: str) -> str:
    """Name an agent as the relay knows them."""
    return f"agent:{agent}"
