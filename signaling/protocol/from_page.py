"""What a page may say: a caller's words, an agent's, and those of both."""

from typing import Annotated

import msgspec

from queueing.model import Mode, Overflow
from signaling.protocol.words import (
    AgentRef,
    CallRef,
    Face,
    LegRef,
    Message,
    Milliseconds,
    RequestId,
    Sdp,
    ServiceSlug,
    Signed,
    Token,
    TopicSlug,
    VariantSlug,
)


class Hello(Message, frozen=True):
    """First on every socket: the protocol versions that the page speaks."""

    versions: Annotated[tuple[int, ...], msgspec.Meta(min_length=1, max_length=8)]


class Ping(Message, frozen=True):
    """A page's heartbeat; answered by `Pong` with the same number."""

    n: Annotated[int, msgspec.Meta(ge=0)]


class CallRequest(Message, frozen=True):
    """A caller presses *Appeler*. T0 is the moment the queue takes it.

    ``request`` makes a second sending harmless; ``eye`` is the caller's explicit yes to
    the legibility check on the relay. ``variant`` is another way to be served than the
    service's own, ``again`` the word that `Ended` gave: the same agent, if they can.
    """

    request: RequestId
    service: ServiceSlug
    mode: Mode
    eye: bool
    topic: TopicSlug | None = None
    variant: VariantSlug | None = None
    again: Signed | None = None


class Resume(Message, frozen=True):
    """A caller comes back with the ticket of a live call; the newest socket wins.

    ``away`` says that only the page is back: its caller has asked to be called back,
    and still is not there.
    """

    request: RequestId
    ticket: Signed
    away: bool = False


class LegWish(Message, frozen=True):
    """A page is about to make a leg: it needs the TURN servers that `Welcome` spoke of."""

    call: CallRef
    leg: LegRef


class LegOffer(Message, frozen=True):
    """An SDP offer for this participant's media leg on the call's relay.

    The same ``leg`` renegotiates; a new one replaces the participant's leg.
    """

    call: CallRef
    leg: LegRef
    sdp: Sdp


class MediaLost(Message, frozen=True):
    """Nothing has arrived on a leg that was up: the relay may be gone."""

    call: CallRef
    leg: LegRef


class FirstFrame(Message, frozen=True):
    """Evidence that the caller's page presented the agent's first frame.

    ``elapsed_ms`` runs from the press on *Appeler* (after a reload from T0) to
    ``expectedDisplayTime``, or to the page's hearing of the frame if that is later;
    ``hidden`` says that the page was in the background when it came.
    """

    call: CallRef
    elapsed_ms: Milliseconds
    hidden: bool = False


class BlankFrame(Message, frozen=True):
    """The agent's picture has come and shows nothing: a covered camera is no evidence."""

    call: CallRef


class TextShown(Message, frozen=True):
    """Evidence in a text call: the agent's first own words are on the screen."""

    call: CallRef
    elapsed_ms: Milliseconds


class Text(Message, frozen=True):
    """Real-time text as it is typed (T.140: U+0008 erases, U+2028 ends a line)."""

    call: CallRef
    chars: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Attention(Message, frozen=True):
    """The waving button: a soft pulse around the other side's picture."""

    call: CallRef


class Visibility(Message, frozen=True):
    """The page went to the background, or came back."""

    call: CallRef
    hidden: bool


class EyeConsent(Message, frozen=True):
    """This person's yes or no to the legibility check; a no works at once."""

    call: CallRef
    yes: bool


class LeaveAnotherWay(Message, frozen=True):
    """The caller takes one of the ways out that `OverflowOffered` named."""

    request: RequestId
    call: CallRef
    way: Overflow


class ComeBack(Message, frozen=True):
    """Whoever asked to be called back is there again: waiting, or answering."""

    request: RequestId
    call: CallRef


class NotUnderstood(Message, frozen=True):
    """The caller does not understand this agent: another one, and in first place."""

    request: RequestId
    call: CallRef


class HangUp(Message, frozen=True):
    """This side ends the call; ``difficult`` is the agent's *appel difficile*."""

    call: CallRef
    difficult: bool = False


class Rate(Message, frozen=True):
    """One of the three faces, after the end."""

    call: CallRef
    face: Face


class AgentReady(Message, frozen=True):
    """The agent can take calls from now on."""

    request: RequestId


class AgentAway(Message, frozen=True):
    """The agent takes no calls for now."""

    request: RequestId


class AgentBreak(Message, frozen=True):
    """The agent takes a break: now, or after the call that they are in."""

    request: RequestId


class Accept(Message, frozen=True):
    """The agent takes the ringing call: a human act."""

    request: RequestId
    call: CallRef
    token: Token


class Refuse(Message, frozen=True):
    """The agent passes the ringing call on; the caller keeps the place."""

    request: RequestId
    call: CallRef
    token: Token


class WrapUpDone(Message, frozen=True):
    """The agent has finished the notes of the last call."""

    request: RequestId
    ready: bool


class TransferChoices(Message, frozen=True):
    """The agent asks where this call could go; answered by `TransferOffer`."""

    call: CallRef


class TransferToService(Message, frozen=True):
    """The agent hands the call over to another service of the same company."""

    request: RequestId
    call: CallRef
    token: Token
    service: ServiceSlug
    topic: TopicSlug | None = None


class TransferToAgent(Message, frozen=True):
    """The agent hands the call over to a colleague."""

    request: RequestId
    call: CallRef
    token: Token
    to: AgentRef


ClientMessage = (
    Hello
    | Ping
    | CallRequest
    | Resume
    | LegWish
    | LegOffer
    | MediaLost
    | FirstFrame
    | BlankFrame
    | TextShown
    | Text
    | Attention
    | Visibility
    | EyeConsent
    | LeaveAnotherWay
    | ComeBack
    | NotUnderstood
    | HangUp
    | Rate
    | AgentReady
    | AgentAway
    | AgentBreak
    | Accept
    | Refuse
    | WrapUpDone
    | TransferChoices
    | TransferToService
    | TransferToAgent
)
