"""The words between a signaling process and a relay: closed unions, one class a message.

One WebSocket at ``/control`` carries them as JSON text. First comes `Hello`, answered by
`Welcome` or by `Refused` and the end. Then each `Request` is answered by exactly one of
`Done`, `Answered`, `Figures` and `Refused` with the same ``n``, and events come whenever they happen.
"""

import re
from enum import StrEnum
from typing import Annotated, Final, TypeVar

import msgspec

PROTOCOL_VERSION: Final = 1
MAX_MESSAGE_BYTES: Final = 96 * 1024
MAX_SDP_CHARACTERS: Final = 32_768
UNSHOWN: Final = frozenset({"secret", "sdp", "body", "grant"})
"""Fields that no log and no traceback may show."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=96)]
Token = Annotated[int, msgspec.Meta(ge=0)]
GrantText = Annotated[str, msgspec.Meta(max_length=4096)]
Sdp = Annotated[str, msgspec.Meta(max_length=MAX_SDP_CHARACTERS)]


class Role(StrEnum):
    """What somebody is in a call."""

    CALLER = "caller"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EXPERT = "expert"
    TRAINEE = "trainee"


class LegCondition(StrEnum):
    """How a media leg is."""

    CONNECTED = "connected"
    LOST = "lost"
    FAILED = "failed"
    CLOSED = "closed"


def _tag(name: str) -> str:
    """Turn ``OpenLeg`` into ``open_leg``, the word on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Message(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=_tag,
):
    """What every message shares: it is frozen, closed and named on the wire."""

    def __repr__(self) -> str:
        """Show the facts, but no secret, no SDP and no word of anybody."""
        facts = (
            f"{name}={'…' if name in UNSHOWN else repr(getattr(self, name))}"
            for name in self.__struct_fields__
        )
        return f"{type(self).__name__}({', '.join(facts)})"


# ------------------------------------------------------- from a signaling process


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


# ------------------------------------------------------------------ from a relay


class LegState(Message, frozen=True):
    """A leg came up, fell silent for two seconds, could not be made, or ended.

    Told to who speaks for anybody in the call; of a hidden one only to who speaks for
    them.
    """

    call: str
    participant: str
    leg: str
    state: LegCondition


class LineOf(Message, frozen=True):
    """Whose picture a receiving video line of a leg carries from now on, if anybody's."""

    call: str
    participant: str
    leg: str
    mid: str
    source: str | None


class KeyFrameForwarded(Message, frozen=True):
    """The first whole key frame of a source has gone to a sink over this route.

    ``at`` is in seconds since the epoch, by the relay's clock.
    """

    call: str
    token: int
    source: str
    sink: str
    at: float


class KeyFrameDelivered(Message, frozen=True):
    """The sink's RTCP has acknowledged that key frame; ``at`` as above."""

    call: str
    token: int
    source: str
    sink: str
    at: float


class Content(Message, frozen=True):
    """What another participant said; it was never written anywhere."""

    call: str
    participant: str
    role: Role
    kind: str
    body: str


class EyeVerdict(Message, frozen=True):
    """How legible a participant's picture is, with reasons in rank order."""

    call: str
    participant: str
    legibility: str
    reasons: tuple[str, ...]


class EyeCounted(Message, frozen=True):
    """What the eye counted over a leg's life, in windows."""

    call: str
    participant: str
    leg: str
    windows: int
    legible: int
    at_risk: int
    lost: int


class Load(Message, frozen=True):
    """How busy this life of the relay is; sent every second.

    ``cpu_share`` is the share of one core in use, 0 to 1; ``room`` counts the further
    calls that find ports.
    """

    incarnation: str
    calls: int
    legs: int
    room: int
    cpu_share: float
    draining: bool


class ChannelLost(Message, frozen=True):
    """Made by the client: the relay does not answer; its calls go on."""


class ChannelRefused(Message, frozen=True):
    """Made by the client: nobody listens where the relay was; its calls are gone."""


class ChannelBack(Message, frozen=True):
    """Made by the client: the relay answers again; claim your participants.

    ``same`` says that it is the same life of the relay, with the calls that it had.
    """

    same: bool


Event = (
    LegState
    | LineOf
    | KeyFrameForwarded
    | KeyFrameDelivered
    | Content
    | EyeVerdict
    | EyeCounted
    | Load
    | ChannelLost
    | ChannelRefused
    | ChannelBack
)


class Welcome(Message, frozen=True):
    """The version that both speak, and which life of which relay this is."""

    version: int
    relay: str
    incarnation: str


class Done(Message, frozen=True):
    """The command with this number has been carried out."""

    n: int


class Answered(Message, frozen=True):
    """The SDP answer to `OpenLeg`."""

    n: int
    sdp: str


class LegFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one participant's leg fared in the last second.

    ``in`` is what their browser sends, ``out`` what it is sent; ``lost_…`` are shares,
    ``fps`` their pictures a second as the relay gets them, ``told_kbps`` what the
    browser was last told that it may send. ``sees`` names whose pictures it is sent.
    """

    participant: str
    role: Role
    hidden: bool
    paused: bool
    leg: str | None = None
    state: LegCondition | None = None
    sees: tuple[str, ...] = ()
    rtt_ms: int = 0
    in_kbps: int = 0
    out_kbps: int = 0
    told_kbps: int = 0
    fps: float = 0.0
    lost_in: float = 0.0
    lost_out: float = 0.0


class Figures(Message, frozen=True):
    """The answer to `Stats`, everybody in the call; empty where there is no such call."""

    n: int
    legs: tuple[LegFigures, ...]


class Refused(Message, frozen=True):
    """The command was not carried out; ``code`` is stable. ``n`` 0 ends the channel."""

    n: int
    code: str
    text: str


Reply = Welcome | Done | Answered | Figures | Refused
FromRelay = Event | Reply

_Read = TypeVar("_Read")
_to_relay: Final[msgspec.json.Decoder[ToRelay]] = msgspec.json.Decoder(ToRelay)
_from_relay: Final[msgspec.json.Decoder[FromRelay]] = msgspec.json.Decoder(FromRelay)
_encoder: Final = msgspec.json.Encoder()


def decode_for_relay(data: str | bytes) -> ToRelay:
    """Read a message of a signaling process.

    Raises:
        msgspec.DecodeError: it is no JSON, or no message of the union.

    """
    return _read(_to_relay, data)


def decode_from_relay(data: str | bytes) -> FromRelay:
    """Read a message of a relay.

    Raises:
        msgspec.DecodeError: it is no JSON, or no message of the union.

    """
    return _read(_from_relay, data)


def _read(decoder: "msgspec.json.Decoder[_Read]", data: str | bytes) -> _Read:
    try:
        return decoder.decode(data)
    except RecursionError as error:
        raise msgspec.DecodeError("nested too deep") from error


def encode(message: ToRelay | FromRelay) -> str:
    """Write a message."""
    return _encoder.encode(message).decode()
