"""What signaling processes are told of a call: of whom they speak for, and of the others.

Of somebody who watches unseen nobody hears but who speaks for them.
"""

from collections.abc import Callable, Iterable
from typing import Final

from relay import messages
from relay.calls import Calls
from relay.errors import UnseenError
from relay.messages import Event
from relay.model import CallId, LegId, ParticipantId, ServerId

Post = Callable[[ServerId, Event], None]
Key = tuple[CallId, ParticipantId]


class Telling:
    """Gives each event to those whom it concerns; ``wall`` is the time of day."""

    def __init__(self, calls: Calls, post: Post, wall: Callable[[], float]) -> None:
        self.post: Final = post
        self._calls = calls
        self._wall = wall

    def leg_state(
        self, key: Key, leg: LegId, state: messages.LegCondition, *, hidden: bool
    ) -> None:
        """Tell everybody in the call how a leg is, whose owner may have left it.

        Of a hidden one only who speaks for them hears.
        """
        call = self._calls.get(key[0])
        if call is None:
            return
        hearing = call.servers_of(key[1])
        if not hidden:
            hearing |= call.audience_of(key[1], self._wall())
        self._tell(hearing, leg_state(key, leg, state))

    def key_frame(
        self, call_id: CallId, token: int, *pair: ParticipantId, delivered: bool
    ) -> None:
        """Keep a key frame's way from a source to a sink as evidence, and tell it."""
        source, sink = pair
        call = self._calls.get(call_id)
        if call is None:
            return
        kind = messages.KeyFrameDelivered if delivered else messages.KeyFrameForwarded
        event = kind(
            call=call_id, token=token, source=source, sink=sink, at=self._wall()
        )
        call.note(event)
        concerned = (sink,) if call.hides(sink) else pair
        self._tell(call.servers_of(*concerned), event)

    def line(
        self, key: Key, leg: LegId, mid: str, source: ParticipantId | None
    ) -> None:
        """Tell whose picture a sink's m-line carries."""
        call = self._calls.get(key[0])
        if call is not None:
            self._tell(call.servers_of(key[1]), line_of(key, leg, mid, source))

    def content(self, command: messages.Say) -> None:
        """Hand words over to everybody else who may read them.

        Raises:
            UnknownParticipantError: nobody of that name is in that call.
            UnseenError: the others do not know of who speaks.

        """
        call_id, name = CallId(command.call), ParticipantId(command.participant)
        speaker = self._calls.participant(call_id, name)
        if speaker.is_hidden:
            raise UnseenError(f"{name} watches unseen")
        content = messages.Content(
            call=call_id,
            participant=name,
            role=speaker.role,
            kind=command.kind,
            body=command.body,
        )
        call = self._calls.get(call_id)
        if call is not None:
            self._tell(call.audience_of(name, self._wall()), content)

    def evidence(self, server: ServerId, key: Key) -> None:
        """Tell a server what was shown before it spoke for somebody."""
        call = self._calls.get(key[0])
        for event in call.evidence_of(key[1]) if call is not None else ():
            self.post(server, event)

    def _tell(self, servers: Iterable[ServerId], event: Event) -> None:
        for server in servers:
            self.post(server, event)


def leg_state(key: Key, leg: LegId, state: messages.LegCondition) -> messages.LegState:
    """Say how somebody's leg is."""
    return messages.LegState(call=key[0], participant=key[1], leg=leg, state=state)


def line_of(
    key: Key, leg: LegId, mid: str, source: ParticipantId | None
) -> messages.LineOf:
    """Say whose picture an m-line carries."""
    return messages.LineOf(
        call=key[0], participant=key[1], leg=leg, mid=mid, source=source
    )
