"""The words between a page and the server: one class a message, two closed unions.

Every message is a JSON object whose ``type`` names its class. Unknown types, unknown
fields and wrong values are refused at the edge (`bad_message`), so that past it every
value is already right. ``README.md`` beside this file tells the protocol to an outsider.
"""

import re
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from queueing.model import CallId, Mode, ServiceId, TopicId

PROTOCOL_VERSION: Final = 1
MAX_MESSAGE_BYTES: Final = 64 * 1024

Token = Annotated[int, msgspec.Meta(ge=1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=86_400_000)]
RequestId = Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
CallRef = Annotated[CallId, msgspec.Meta(min_length=1, max_length=64)]
LegRef = Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
Sdp = Annotated[str, msgspec.Meta(min_length=1, max_length=32_768)]
ServiceSlug = Annotated[ServiceId, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}\Z")]
TopicSlug = Annotated[TopicId, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}\Z")]


class Face(StrEnum):
    """The caller's three signed answers after a call."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Speaker(StrEnum):
    """Whose words, picture or gesture it is."""

    CALLER = "caller"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EXPERT = "expert"
    TRAINEE = "trainee"


class Presence(StrEnum):
    """What one side is told about the other."""

    HERE = "here"
    RECONNECTING = "reconnecting"
    ADJUSTING = "adjusting"
    HIDDEN = "hidden"


class AgentStatus(StrEnum):
    """What an agent's own console shows."""

    AWAY = "away"
    READY = "ready"
    RINGING = "ringing"
    CONNECTING = "connecting"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"


class Legibility(StrEnum):
    """The eye's verdict over its window."""

    LEGIBLE = "legible"
    AT_RISK = "at_risk"
    LOST = "lost"


def _tag(name: str) -> str:
    """Turn ``CallRequest`` into ``call_request``, the word on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Message(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=_tag,
):
    """What every message shares: it is frozen, closed and named on the wire."""


# ---------------------------------------------------------------- from a page


class Hello(Message, frozen=True):
    """First on every socket: the protocol versions that the page speaks."""

    versions: Annotated[tuple[int, ...], msgspec.Meta(min_length=1, max_length=8)]


class Ping(Message, frozen=True):
    """A page's heartbeat; answered by `Pong` with the same number."""

    n: Annotated[int, msgspec.Meta(ge=0)]


class CallRequest(Message, frozen=True):
    """A caller presses *Appeler*. T0 is the moment the queue takes it.

    ``request`` makes a second sending harmless; ``eye`` is the caller's explicit yes to
    the legibility check on the relay.
    """

    request: RequestId
    service: ServiceSlug
    mode: Mode
    eye: bool
    topic: TopicSlug | None = None


class Resume(Message, frozen=True):
    """A caller comes back with the ticket of a live call; the newest socket wins."""

    request: RequestId
    ticket: Annotated[str, msgspec.Meta(min_length=16, max_length=2048)]


class LegOffer(Message, frozen=True):
    """An SDP offer for this participant's media leg on the call's relay.

    The same ``leg`` renegotiates; a new one replaces the participant's leg.
    """

    call: CallRef
    leg: LegRef
    sdp: Sdp


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


ClientMessage = (
    Hello
    | Ping
    | CallRequest
    | Resume
    | LegOffer
    | FirstFrame
    | BlankFrame
    | TextShown
    | Text
    | Attention
    | Visibility
    | EyeConsent
    | HangUp
    | Rate
    | AgentReady
    | AgentAway
    | Accept
    | Refuse
    | WrapUpDone
)


# ------------------------------------------------------------- from the server


class IceServer(msgspec.Struct, frozen=True):
    """One entry of WebRTC's ``iceServers``, with credentials bound to one leg."""

    urls: tuple[str, ...]
    username: str
    credential: str


class Welcome(Message, frozen=True):
    """The version that both speak, and what the page needs for its first leg."""

    version: int
    connection: str
    ice_servers: tuple[IceServer, ...]
    heartbeat_ms: int


class Pong(Message, frozen=True):
    """The answer to `Ping`."""

    n: int


class Ticket(Message, frozen=True):
    """The call is in the queue (or was found again). The page's clock starts here.

    ``waited_ms`` is the time since T0 at the moment of sending (0 for a new call).
    """

    request: str
    call: str
    ticket: str
    mode: Mode
    eye: bool
    waited_ms: int


class Waiting(Message, frozen=True):
    """Where the caller stands: 1 is next. ``nobody`` says that no signed-in agent fits."""

    call: str
    position: int
    waited_ms: int
    nobody: bool


class AgentFound(Message, frozen=True):
    """An agent's console rings for this caller: send at full rate from now on."""

    call: str


class Connecting(Message, frozen=True):
    """The agent accepted; pictures are on their way. ``name`` is the agent's."""

    call: str
    name: str


class InCall(Message, frozen=True):
    """The call is answered: T1 is recorded. ``talk_ms`` is the time since then."""

    call: str
    name: str
    talk_ms: int


class Requeued(Message, frozen=True):
    """Back in the queue with the same T0; ``reason`` says why, for people."""

    call: str
    reason: str


class LegAnswer(Message, frozen=True):
    """The relay's SDP answer to `LegOffer`."""

    call: str
    leg: str
    sdp: str


class LegLost(Message, frozen=True):
    """The relay lost this participant's media: the page builds a new leg."""

    call: str
    leg: str


class Offer(Message, frozen=True):
    """A call rings in the agent's console; `Accept` must carry the same token."""

    call: str
    token: int
    company: str
    service: str
    topic: str | None
    mode: Mode
    waited_ms: int
    expires_ms: int


class OfferEnded(Message, frozen=True):
    """The ringing is over without this agent; ``reason`` is a reservation's end."""

    call: str
    token: int
    reason: str


class AgentState(Message, frozen=True):
    """The agent's own state. ``remaining_ms`` where the state ends by itself."""

    status: AgentStatus
    call: str | None = None
    token: int | None = None
    remaining_ms: int | None = None


class AgentCall(Message, frozen=True):
    """The call that this agent is in, for a console that has just (re)loaded."""

    call: str
    token: int
    company: str
    service: str
    topic: str | None
    mode: Mode
    talk_ms: int


class TextFrom(Message, frozen=True):
    """Real-time text of another participant."""

    call: str
    speaker: Speaker
    chars: str


class AttentionFrom(Message, frozen=True):
    """Another participant waves."""

    call: str
    speaker: Speaker


class Peer(Message, frozen=True):
    """How another participant is: here, reconnecting, adjusting, page hidden."""

    call: str
    speaker: Speaker
    presence: Presence


class Verdict(Message, frozen=True):
    """The eye's verdict on **this** person's picture, with reasons in rank order."""

    call: str
    legibility: Legibility
    reasons: tuple[str, ...]


class Ended(Message, frozen=True):
    """The call is over, and why; ``waited_ms`` and ``talk_ms`` for the end page."""

    call: str
    reason: str
    waited_ms: int
    talk_ms: int


class Closed(Message, frozen=True):
    """Outside the opening hours; ``opens_at`` is ISO 8601 in Europe/Paris."""

    service: str
    opens_at: str | None


class Problem(Message, frozen=True):
    """A refusal. ``code`` is stable; ``text`` is for people and may change."""

    code: str
    text: str
    request: str | None = None


ServerMessage = (
    Welcome
    | Pong
    | Ticket
    | Waiting
    | AgentFound
    | Connecting
    | InCall
    | Requeued
    | LegAnswer
    | LegLost
    | Offer
    | OfferEnded
    | AgentState
    | AgentCall
    | TextFrom
    | AttentionFrom
    | Peer
    | Verdict
    | Ended
    | Closed
    | Problem
)

_decoder: Final[msgspec.json.Decoder[ClientMessage]] = msgspec.json.Decoder(
    ClientMessage
)
_encoder: Final = msgspec.json.Encoder()


def decode(data: str | bytes) -> ClientMessage:
    """Read one message of a page.

    Raises:
        msgspec.DecodeError: the bytes are no JSON, or no message of the union.

    """
    return _decoder.decode(data)


def encode(message: ServerMessage) -> str:
    """Write one message for a page."""
    return _encoder.encode(message).decode()
