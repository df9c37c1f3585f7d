"""What the server may say: to a caller's page, to an agent's console, and to both."""

import msgspec

from queueing.model import Mode, OfferReason, Overflow
from signaling.protocol.words import (
    AgentStatus,
    ClosedReason,
    Legibility,
    LegWhy,
    Message,
    Presence,
    Speaker,
)


class IceServer(msgspec.Struct, frozen=True):
    """One entry of WebRTC's ``iceServers``, with credentials for one leg."""

    urls: tuple[str, ...]
    username: str
    credential: str


class Welcome(Message, frozen=True):
    """The version that both speak; ``turn``: ask for each leg's servers (`LegWish`)."""

    version: int
    connection: str
    turn: bool
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
    """Where the caller stands: 1 is next. ``nobody`` says that no signed-in agent fits.

    ``low_s`` to ``high_s`` is how many seconds from now the wait will probably last;
    null while nobody can tell.
    """

    call: str
    position: int
    waited_ms: int
    nobody: bool
    low_s: int | None
    high_s: int | None


class OverflowOffered(Message, frozen=True):
    """The wait is long: other ways out that the caller may take, or not."""

    call: str
    ways: tuple[Overflow, ...]


class CalledBackLater(Message, frozen=True):
    """The caller may go, the place stays: this page rings when an agent is there."""

    call: str


class Summoned(Message, frozen=True):
    """An agent calls back: ring, so that the caller comes.

    Within ``expires_ms``, which a page that has just come back is not told.
    """

    call: str
    name: str
    expires_ms: int | None


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
    """Back in the queue; ``reason`` says why, for people.

    With the same T0, except after a transfer and "I do not understand": then a new
    clock begins. ``waited_ms`` is the time on the one that runs.
    """

    call: str
    reason: str
    waited_ms: int


class IceServers(Message, frozen=True):
    """The TURN servers for one leg, whose credentials live ten minutes from now."""

    call: str
    leg: str
    ice_servers: tuple[IceServer, ...]


class LegAnswer(Message, frozen=True):
    """The relay's SDP answer to `LegOffer`."""

    call: str
    leg: str
    sdp: str


class LegLost(Message, frozen=True):
    """This participant's media have no way any more: the page builds a new leg.

    Where the relay only leaves, the old leg lives until the new one is up.
    """

    call: str
    leg: str
    why: LegWhy


class Offer(Message, frozen=True):
    """A call rings in the agent's console; `Accept` must carry the same token.

    ``why`` says why it rings here, ``variant`` how the caller wants to be served (in
    people's words; null: as the service usually does).
    """

    call: str
    token: int
    company: str
    service: str
    topic: str | None
    variant: str | None
    mode: Mode
    why: OfferReason
    waited_ms: int
    expires_ms: int


class OfferEnded(Message, frozen=True):
    """The ringing is over without this agent; ``reason`` is a reservation's end."""

    call: str
    token: int
    reason: str


class AgentState(Message, frozen=True):
    """The agent's own state. ``remaining_ms`` where the state ends by itself.

    ``cool_ms`` is how long the agent rests before any call, whatever they want;
    ``wish`` the state that follows this one, where they have asked for another.
    """

    status: AgentStatus
    call: str | None = None
    token: int | None = None
    remaining_ms: int | None = None
    cool_ms: int | None = None
    wish: AgentStatus | None = None


class AgentCall(Message, frozen=True):
    """The call that this agent is in, for a console that has just (re)loaded."""

    call: str
    token: int
    company: str
    service: str
    topic: str | None
    variant: str | None
    mode: Mode
    talk_ms: int


class Topic(msgspec.Struct, frozen=True):
    """What a call may be about, in people's words."""

    slug: str
    label: str


class ServiceChoice(msgspec.Struct, frozen=True):
    """Another service of the same company."""

    slug: str
    title: str
    topics: tuple[Topic, ...]


class Colleague(msgspec.Struct, frozen=True):
    """Somebody who is signed in and could serve this call."""

    agent: str
    name: str
    status: AgentStatus


class TransferOffer(Message, frozen=True):
    """Where this call could go; the answer to `TransferChoices`."""

    call: str
    services: tuple[ServiceChoice, ...]
    colleagues: tuple[Colleague, ...]


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
    """The call is over, and why; ``waited_ms`` and ``talk_ms`` for the end page.

    ``again`` is a caller's word for the same agent in the next `CallRequest`, for a
    quarter of an hour.
    """

    call: str
    reason: str
    waited_ms: int
    talk_ms: int
    again: str | None = None


class Closed(Message, frozen=True):
    """Outside the opening hours; ``opens_at`` is ISO 8601 in Europe/Paris.

    ``reason`` only where there is more to say than that.
    """

    service: str
    opens_at: str | None
    reason: ClosedReason | None = None


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
    | OverflowOffered
    | CalledBackLater
    | Summoned
    | AgentFound
    | Connecting
    | InCall
    | Requeued
    | IceServers
    | LegAnswer
    | LegLost
    | Offer
    | OfferEnded
    | AgentState
    | AgentCall
    | TransferOffer
    | TextFrom
    | AttentionFrom
    | Peer
    | Verdict
    | Ended
    | Closed
    | Problem
)
