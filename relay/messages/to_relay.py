"""What a signaling process says to a relay: its commands, after a greeting."""

from typing import Annotated

import msgspec

from relay.messages.words import GrantText, Id, Message, Role, Sdp, Token


class OpenLeg(Message, frozen=True):
    """A browser's SDP offer; the same ``leg`` renegotiates, a new one replaces.

    Whose role is to watch unseen brings a ``grant``, or has one that lives.
    """

    call: Id
    participant: Id
    role: Role
    leg: Id
    token: Token
    sdp: Sdp
    eye: bool
    grant: GrantText | None = None


class Route(Message, frozen=True):
    """The whole set of (source, sink) pairs of a call. Idempotent; legs may come later."""

    call: Id
    token: Token
    routes: Annotated[tuple[tuple[Id, Id], ...], msgspec.Meta(max_length=64)]


class Pace(Message, frozen=True):
    """The most that a participant's browser may send."""

    call: Id
    participant: Id
    max_kbps: Annotated[int, msgspec.Meta(ge=30, le=20_000)]


class Watch(Message, frozen=True):
    """The eye's yes or no of a participant, from now on."""

    call: Id
    participant: Id
    yes: bool


class Pause(Message, frozen=True):
    """A participant is not seen or heard: a hold picture stands for them, until no."""

    call: Id
    participant: Id
    yes: bool


class KeyFrame(Message, frozen=True):
    """A participant's browser is asked for a key frame."""

    call: Id
    participant: Id


class Say(Message, frozen=True):
    """Words, a gesture or a presence, for the call's other participants."""

    call: Id
    participant: Id
    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    body: Annotated[str, msgspec.Meta(max_length=65_536)]


class Claim(Message, frozen=True):
    """This process speaks for the participant, who may have no leg (a text call).

    Another ``role`` than before holds from now on, over the same leg; a ``grant``
    replaces the one before.
    """

    call: Id
    participant: Id
    role: Role | None = None
    grant: GrantText | None = None


class Revoke(Message, frozen=True):
    """The participant's grant is void: what they watch unseen stops at once."""

    call: Id
    participant: Id


class Stats(Message, frozen=True):
    """How does everybody's leg in a call fare?"""

    call: Id


class CloseLeg(Message, frozen=True):
    """The participant leaves the call."""

    call: Id
    participant: Id


class CloseCall(Message, frozen=True):
    """The call is over, for everybody."""

    call: Id
    token: Token


Command = (
    OpenLeg
    | Route
    | Pace
    | Watch
    | Pause
    | KeyFrame
    | Say
    | Claim
    | Revoke
    | Stats
    | CloseLeg
    | CloseCall
)


class Hello(Message, frozen=True):
    """First on every channel: who speaks, and the proof that it may."""

    versions: Annotated[tuple[int, ...], msgspec.Meta(min_length=1, max_length=8)]
    server: Id
    secret: Annotated[str, msgspec.Meta(max_length=512)]


class Request(Message, frozen=True):
    """A command with its number, meant for one life of the relay."""

    n: Annotated[int, msgspec.Meta(ge=1)]
    incarnation: Id
    command: Command


ToRelay = Hello | Request
