"""What a relay says to a signaling process: events, and a reply to each request."""

import msgspec

from relay.messages.words import LegCondition, Message, Role


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
    """What the eye counted in a call's conversations, of everybody together.

    In windows, of one second each; told when the call's last leg here ends, by whose
    ``leg`` this telling is known.
    """

    call: str
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
